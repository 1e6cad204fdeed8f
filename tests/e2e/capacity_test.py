"""`stressbot capacity`: how many a real server carries."""

import json
import subprocess
import unittest

from harness import BIN, PATIENCE_S, ROOT, SCENARIOS, EndToEndTest


class Capacity(EndToEndTest):

    def words(self, *options):
        # It resets whoever comes when 4 are there. So few are there in time on a busy machine too.
        return [BIN / "stressbot", "capacity", SCENARIOS / "chat.json", "--on-saturation", "warn",
                "--hold", "bots_dropped: count==0", "--hold", "connects_failed: rate==0",
                "--server", f"{self.SERVER} --max-sessions 4", "--target", "127.0.0.1:0", *options]

    def test_a_known_limit_is_found(self):
        file = self.directory() / "capacity.json"
        done = subprocess.run(self.words("--vary", "players=4..5", "--duration", "600ms", "--at-least", "5",
                                         "--out", f"json={file}"),
                              capture_output=True, text=True, cwd=ROOT, timeout=PATIENCE_S)
        self.assertEqual(done.returncode, 99, done.stdout + done.stderr)
        self.assertIn("\n4 players hold, 5 do not. Asked for were 5.\n", done.stdout)
        found = json.loads(file.read_text())
        self.assertEqual([found[key] for key in ("kind", "value", "next", "sure", "hopeless", "code")],
                         ["found", 4, 5, 4, 5, 99])
        self.assertEqual([(p["value"], p["outcome"], p["seed"]) for p in found["probes"]],
                         [(4, "held", 42), (5, "failed", 43), (4, "held", 44), (5, "failed", 45)])

    def test_ctrl_c_tells_what_is_known(self):
        ended = self.interrupt_while_a_run_goes_on(
            self.words("--vary", "bots=5..10", "--duration", "60s", "--fresh-server"))
        self.assertEqual(ended, (105, "Interrupted; so far: nothing was tried.\n"))

    def test_mistakes_are_told_before_anything_starts(self):
        for options, words in ((("--vary", "plyers=5..10"), "--vary takes bots, rate, a group"),
                               (("--vary", "rate=5..10"), "no group of the scenario has an arrival executor"),
                               (("--vary", "bots=5..10", "--hold", "chat_rt: p(99)<1s"), 'Did you mean "chat_rtt"?'),
                               (("--vary", "bots=5..10", "--hold", "checks{step:x}: rate==1"), "has these tags")):
            done = subprocess.run(self.words(*options), capture_output=True, text=True, cwd=ROOT, timeout=PATIENCE_S)
            self.assertEqual((done.returncode, done.stdout), (104, ""))
            self.assertIn(words, done.stderr)


if __name__ == "__main__":
    unittest.main()
