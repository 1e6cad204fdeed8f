"""Shipped scenarios of crowds, scaled down."""

import unittest

from harness import EndToEndTest, Series, served


class Storms(EndToEndTest):

    def run_shipped(self, name, *options, server=""):
        run = self.start(f"../../../scenarios/{name}.json", "--target", "127.0.0.1:0",
                         "--server", self.SERVER + server, "--seed", "7", *options)
        # Latencies may break their limits on a busy machine; everything else may not.
        report = self.expect_exit(run, 0, 99).report()
        failed = {t["metric"] for t in report["thresholds"] if not t["passed"]}
        self.assertLessEqual(failed, {"chat_rtt", "login_rtt", "load_delivered"}, run.text())
        return run, report

    def test_chat_storm(self):
        _, report = self.run_shipped("chat_storm", "--bots", "60", "--duration", "8s",
                                     server=" --room-size 1000")
        self.expect_balance(report, served(report["servers"][0]["last_lines"]))
        series = Series(report)
        # All are in one room: with all of them there each chat is heard by 60.
        self.assertGreater(series.count("packets_received", packet="S_CHAT"),
                           20 * series.count("packets_sent", packet="C_CHAT"))

    def test_rendezvous(self):
        run, report = self.run_shipped("rendezvous", "--bots", "80", "--duration", "6s")
        self.assertIn("  mark all log in", run.text())
        marks = [e for e in report["events"] if e["text"].startswith("mark all log in, ")]
        self.assertEqual(len(marks), 1)
        # One meeting of all; who came back by the end of the load did not wait any more.
        series = Series(report)
        logins = series.count("requests", step="login")
        self.assertGreaterEqual(logins, 80)
        self.assertEqual(series.count("iterations", outcome="completed"), logins)


if __name__ == "__main__":
    unittest.main()
