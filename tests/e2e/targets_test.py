"""A login server says where the game server is: bots go there, wherever that may be, and trust it with nothing."""

import json
import sys
import unittest

from harness import HERE, EndToEndTest, Series, free_port

SERVERS = HERE / "servers"


class Targets(EndToEndTest):

    def play(self, *options, codes=(0,), server=()):
        port = free_port()
        command = " ".join([sys.executable, str(SERVERS / "gate.py"), "--port", str(port), *server])
        run = self.start(SERVERS / "gate.json", "--server", command, "--target", f"gate=127.0.0.1:{port}", *options)
        report = self.expect_exit(run, *codes).report()
        lines = [line for line in report["servers"][0]["last_lines"] if line.startswith("served ")]
        totals = json.loads(lines[-1].removeprefix("served "))
        self.assertEqual(totals["violations"], [])
        return report, Series(report), totals

    def test_a_reply_says_where_and_brings_the_token(self):
        report, series, totals = self.play()
        self.assertEqual(totals["received"], {"C_ASK": 30, "C_JOIN": 30, "C_SAY": 30})
        self.assertEqual(totals["orderly"], 60)
        self.assertEqual(series.count("iterations", outcome="completed"), 30)
        self.assertLess(report["duration_s"], 30)  # per-bot-iterations end when they are done

    def test_a_name_is_looked_up(self):
        _, _, totals = self.play(server=("--address", "localhost"))
        self.assertEqual(totals["received"]["C_SAY"], 30)

    def test_an_address_out_of_reach_is_mapped(self):
        _, _, totals = self.play("--map-target", "203.0.113.9=127.0.0.1", server=("--address", "203.0.113.9"))
        self.assertEqual(totals["received"]["C_SAY"], 30)

    def test_a_public_address_is_refused(self):
        report, series, totals = self.play(codes=(99,), server=("--address", "203.0.113.9"))
        self.assertNotIn("C_JOIN", totals["received"])
        refused = series.named("connects_failed", server="hall", reason="target")
        self.assertEqual(refused[0]["whole"]["passed"], 30)
        self.assertIn("--allow-public-target", json.dumps(report["first_failures"]))

    def test_a_hostile_server_leads_nobody_anywhere(self):
        report, series, totals = self.play("--bots", "32", codes=(99,), server=("--hostile",))
        self.assertNotIn("C_JOIN", totals["received"])
        refused = series.named("connects_failed", server="hall", reason="target")
        self.assertEqual(refused[0]["whole"]["passed"], 96)
        self.assertEqual(series.count("iterations", outcome="failed"), 96)
        for failure in report["first_failures"]:
            self.assertLess(len(failure["text"]), 300)


if __name__ == "__main__":
    unittest.main()
