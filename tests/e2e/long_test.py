"""What takes too long for every change."""

import unittest

from harness import EndToEndTest, Series


class Long(EndToEndTest):

    def test_ten_thousand_bots(self):
        run = self.start_with_server("../../../scenarios/login_enter_chat.json", "--bots", "10000")
        # How fast this machine is does not matter here; that nothing is lost does.
        report = self.expect_exit(run, 0, 99).report()
        failed = [t["metric"] for t in report["thresholds"] if not t["passed"]]
        self.assertLessEqual(set(failed), {"chat_rtt", "load_delivered"}, run.text())
        bots = Series(report).count("iterations")
        self.assertGreaterEqual(bots, 10_000)


if __name__ == "__main__":
    unittest.main()
