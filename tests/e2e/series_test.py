"""`stressbot run --repeat N --until-fail`: many runs, and what they say together."""

import json
import subprocess
import unittest

from harness import BIN, PATIENCE_S, ROOT, SCENARIOS, EndToEndTest

# Works, but for its second start: then it ends before it listens.
FLAKY = """#!/bin/sh
echo started >> {log}
[ "$(wc -l < {log})" -eq 2 ] && exit 3
exec {server}
"""


class Series(EndToEndTest):

    def words(self, server, *options):
        return [BIN / "stressbot", "run", SCENARIOS / "chat.json", "--server", server, "--target", "127.0.0.1:0",
                "--bots", "5", "--on-saturation", "warn", *options]

    def test_a_flaky_server_is_told_with_its_seed(self):
        here = self.directory()
        script = here / "flaky.sh"
        script.write_text(FLAKY.format(log=here / "log", server=self.SERVER))
        done = subprocess.run(self.words(f"sh {script}", "--duration", "1s", "--repeat", "10", "--until-fail",
                                         "--seed", "7", "--out", f"json={here / 'run.json'}"),
                              capture_output=True, text=True, cwd=ROOT, timeout=PATIENCE_S)
        self.assertEqual(done.returncode, 106, done.stdout + done.stderr)
        lines = done.stdout.splitlines()
        self.assertRegex(lines[0], r"^run 1 of 10   seed 7   PASS 0   ")
        self.assertRegex(lines[1], r"^run 2 of 10   seed 8   FAIL 106   .*exited with code 3 before it listened")
        self.assertIn("1 of 2 runs passed   FAIL 106", lines[2])
        self.assertRegex(lines[3], r"^  1 of 2   106  .*   seed 8$")
        # Each run has reports of its own, with its seed.
        self.assertEqual([(f.name, json.loads(f.read_text())["seed"]) for f in sorted(here.glob("run-*.json"))],
                         [("run-01.json", 7), ("run-02.json", 8)])

    def test_ctrl_c_ends_the_series_and_it_still_tells(self):
        code, said = self.interrupt_while_a_run_goes_on(
            self.words(self.SERVER, "--duration", "60s", "--repeat", "3"))
        self.assertEqual(code, 105, said)
        self.assertIn("0 of 1 runs passed   FAIL 105", said)

    def test_mistakes_are_told_once(self):
        done = subprocess.run([BIN / "stressbot", "run", "none.json", "--repeat", "3"], capture_output=True, text=True,
                              timeout=PATIENCE_S)
        self.assertEqual((done.returncode, done.stdout), (104, ""))
        self.assertEqual(done.stderr.count("none.json"), 2, done.stderr)  # the mistake, and the closing line


if __name__ == "__main__":
    unittest.main()
