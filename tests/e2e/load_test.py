"""How many bots there are when: executors and what ends a run early, by the real programs."""

import json
import time
import unittest

from harness import ROOT, EndToEndTest, Series, served


class Load(EndToEndTest):

    def shipped(self, name, *options, latencies=()):
        """Runs a shipped scenario; latency and load may suffer on a busy machine, everything else may not."""
        run = self.start(ROOT / "scenarios" / name, *options)
        report = self.expect_exit(run, 0, 99).report()
        failed = {t["metric"] for t in report["thresholds"] if not t["passed"]}
        self.assertLessEqual(failed, {"load_delivered", *latencies}, run.text())
        return report

    def test_ramp_10000(self):
        report = self.shipped("ramp_10000.json", "--server", self.SERVER, "--target", "127.0.0.1:0",
                              "--scale", "0.02", "--duration", "8s", latencies=("chat_rtt", "login_rtt"))
        self.assertEqual(report["bots_max"], 200)
        self.expect_balance(report, served(report["servers"][0]["last_lines"]))

    def test_arrival_rate(self):
        report = self.shipped("arrival_rate.json", "--server", self.SERVER, "--target", "127.0.0.1:0",
                              "--scale", "0.3", "--duration", "6s", latencies=("login_rtt",))
        series = Series(report)
        # 30/s for 6 s, and the other group's ramps: half of its time each way and in between.
        self.assertEqual(series.count("iterations", group="visitors"), 180)
        self.assertEqual(series.count("dropped_iterations"), 0)
        self.expect_balance(report, served(report["servers"][0]["last_lines"]))

    def test_two_servers(self):
        (_, lobby), (_, game) = self.start_server(), self.start_server()
        report = self.shipped("two_servers.json", "--target", f"lobby=127.0.0.1:{lobby}",
                              "--target", f"game=127.0.0.1:{game}", "--scale", "0.1", "--duration", "6s",
                              latencies=("lobby_rtt", "game_rtt"))
        series = Series(report)
        self.assertEqual(series.count("iterations", outcome="completed"), 50)
        for server in ("lobby", "game"):
            self.assertEqual(series.count("sessions_ended", server=server, by="us", how="orderly"), 50)
        self.assertGreater(series.count("requests", step="game_chat"), series.count("requests", step="lobby_chat"))

    def test_abort_on_fail_is_99_at_once(self):
        began = time.monotonic()
        run = self.expect_exit(self.start_with_server("abort.json"), 99)
        self.assertLess(time.monotonic() - began, 30)
        report = run.report()
        self.assertIn("abortOnFail", json.dumps(report["events"]))
        threshold = report["thresholds"][0]
        self.assertEqual(threshold["window_ms"], 2000)
        self.assertIn("it ended the run at 3.0 s", threshold["detail"])

    def test_rates_from_the_command_line(self):
        run = self.start(ROOT / "scenarios" / "arrival_rate.json", "--server", self.SERVER, "--target", "127.0.0.1:0",
                         "--rate", "visitors=600/m", "--rate", "rush=1/10s", "--duration", "3s")
        report = self.expect_exit(run, 0, 99).report()
        series = Series(report)
        self.assertEqual(series.count("iterations", group="visitors"), 30)
        self.assertEqual(series.count("iterations", group="rush"), 1)


if __name__ == "__main__":
    unittest.main()
