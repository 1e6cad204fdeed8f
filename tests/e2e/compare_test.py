"""`stressbot compare`: what a person and a CI job see of runs that were kept."""

import json
import re
import subprocess
import unittest
from xml.etree import ElementTree

from harness import BIN, PATIENCE_S, ROOT, EndToEndTest


class Compare(EndToEndTest):

    def test_what_got_worse_and_what_cannot_be_compared(self):
        """One real run; others are made of it."""
        run = self.start_with_server("../../../scenarios/login_enter_chat.json", "--bots", "30", "--duration", "2s")
        self.expect_exit(run, 0, 99)
        self.report = run.report()
        self.here = run.report_file.parent
        self.worse_is_told_everywhere()
        self.the_incomparable_is_104()

    def made(self, name, memory=1.0, **changes):
        """The run again, with another memory of its server: of 100 MB, for a small one grows unseen by less than
        the least that counts."""
        report = json.loads(json.dumps(self.report | changes))
        report["servers"][0]["memory_bytes"] = round(100_000_000 * memory)
        (self.here / name).write_text(json.dumps(report))
        return name

    def compare(self, *words):
        done = subprocess.run([BIN / "stressbot", "compare", *words], capture_output=True, text=True, cwd=self.here,
                              encoding="utf-8", timeout=PATIENCE_S)
        return done.returncode, done.stdout, done.stderr

    def worse_is_told_everywhere(self):
        old = [self.made(f"base-{i}.json", 1 + i / 50) for i in range(1, 6)]
        code, said, _ = self.compare(*old, self.made("same.json", 1.05))
        self.assertEqual(code, 0, said)
        self.assertIn("0 of ", said)
        # t(4) for 5 % is 2.13, so the noise is 2.13 * 3.16 % * 1.095 = 7.4 % of what it was.
        code, said, _ = self.compare(*old, self.made("new.json", 1.15), "--out", "json=c.json", "--out", "junit=c.xml",
                                     "--out", "markdown=c.md")
        self.assertEqual(code, 99, said)
        self.assertRegex(said, r"WORSE +server memory ")
        figures = json.loads((self.here / "c.json").read_text())["figures"]
        self.assertEqual([f["name"] for f in figures if f["change"] == "worse"], ["server memory"])
        failed = [c.get("name") for c in ElementTree.parse(self.here / "c.xml").getroot().iter("testcase")
                  if c.find("failure") is not None]
        self.assertEqual(failed, ["server memory"])
        self.assertIn("| **WORSE** | server memory |", (self.here / "c.md").read_text())
        # A tolerance that is wider makes it noise; the examples of the document work.
        self.assertEqual(self.compare(*old, "new.json", "--tolerance", "20%")[0], 0)
        self.made("base.json")
        for example in re.findall(r"^stressbot compare (.*)$", (ROOT / "docs" / "REPORTS.md").read_text(), re.MULTILINE):
            words = [f for word in example.split() for f in (old if word == "base-*.json" else [word])]
            self.assertIn(self.compare(*words)[0], (0, 99), example)

    def the_incomparable_is_104(self):
        old = self.made("base.json")
        for changes, words in (({"changed_by_hand": True}, "somebody changed the load"),
                               ({"bots_max": 31}, "had different loads"),
                               ({"scenario": self.report["scenario"] | {"hash": "other"}}, "different texts"),
                               ({"verdict": {"code": 120, "passed": False, "reasons": [{"code": 120, "text": "x"}]}},
                                "its generator was the bottleneck")):
            code, said, told = self.compare(old, self.made("new.json", **changes))
            self.assertEqual((code, said), (104, ""))
            self.assertIn(words, told)
        code, _, told = self.compare(old, "none.json")
        self.assertEqual((code, told), (104, "stressbot compare: none.json cannot be read: no such file, or it may not "
                                             "be read.\n"))


if __name__ == "__main__":
    unittest.main()
