"""1,000 bots with churn against the reference server: both sides must tell the same story."""

import re
import unittest

from harness import EndToEndTest, Series


class Traffic(EndToEndTest):

    def served(self, report):
        """The server's own totals: `served sessions=... in_order_received=...`."""
        lines = [l for l in report["servers"][0]["last_lines"] if l.startswith("served sessions=")]
        self.assertEqual(len(lines), 1, report["servers"][0]["last_lines"])
        return {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", lines[0])}

    def test_packets_balance(self):
        run = self.expect_exit(self.start_with_server("churn.json"), 0)
        report = run.report()
        series = Series(report)
        server = self.served(report)
        ours = lambda way, how: series.count(f"session_packets_{way}", how=how)

        self.assertEqual(ours("sent", "orderly"), server["in_order_received"])
        self.assertEqual(ours("received", "orderly"), server["in_order_sent"])
        # What was on its way when a connection was reset is lost: received is at most sent.
        others = lambda way: ours(way, "reset") + ours(way, "other")
        self.assertLessEqual(server["other_received"], others("sent"))
        self.assertLessEqual(others("received"), server["other_sent"])

        self.assertGreater(server["in_order"], 100)
        self.assertGreater(series.count("sessions_ended", by="us", how="reset"), 100)
        self.assertEqual(server["chunks_in_use"], 0)
        self.assertEqual(series.count("packets_received"),
                         sum(ours("received", how) for how in ("orderly", "reset", "other")))
        self.assertIn("exited with code 0", report["servers"][0]["ending"])

    def test_shipped_scenario_as_in_readme(self):
        run = self.start_with_server("../../../scenarios/login_enter_chat.json", "--bots", "50",
                                     "--duration", "4s", "--seed", "7")
        # Its latency threshold may break on a busy machine; everything else may not.
        report = self.expect_exit(run, 0, 99).report()
        self.assertEqual(report["seed"], 7)
        self.assertEqual(report["bots_max"], 50)
        failed = [t["metric"] for t in report["thresholds"] if not t["passed"]]
        self.assertLessEqual(set(failed), {"chat_rtt", "load_delivered"})

    def test_players_move_leave_and_answer_heartbeats(self):
        run = self.start("../../../scenarios/move.json", "--target", "127.0.0.1:0",
                         "--server", self.SERVER + " --heartbeat-timeout 5s",
                         "--bots", "50", "--duration", "6s", "--seed", "7")
        report = self.expect_exit(run, 0, 99).report()
        failed = [t["metric"] for t in report["thresholds"] if not t["passed"]]
        self.assertLessEqual(set(failed), {"move_rtt", "load_delivered"})
        server = self.served(report)
        for packet in ("C_MOVE", "C_LEAVE", "S_PING", "C_PONG"):
            self.assertGreater(server[f"in_order_{packet}"], 0, packet)
        self.assertGreater(server["accounts_saved"], 0)
        self.assertEqual(server["refused_no_heartbeat"], 0)


if __name__ == "__main__":
    unittest.main()
