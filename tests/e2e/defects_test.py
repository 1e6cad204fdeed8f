"""Mistakes that real servers make, made by ours on purpose: each is found, and a sound server passes."""

import re
import subprocess
import unittest

from harness import BIN, PATIENCE_S, ROOT, EndToEndTest, Series, served

SHIPPED = ROOT / "scenarios"


class Defects(EndToEndTest):

    def start_broken(self, defect, scenario, *options):
        return self.start(SHIPPED / f"{scenario}.json", "--server", f"{self.SERVER} --defect {defect}",
                          "--target", "127.0.0.1:0", *options)

    def test_broadcast_disconnect_is_123_and_tells_why(self):
        run = self.start_broken("broadcast-disconnect", "broadcast_disconnect")
        report = self.expect_exit(run, 123).report()
        reason = report["verdict"]["reasons"][0]["text"]
        # With a sanitizer the server ends by itself.
        self.assertRegex(reason, r"was killed by signal 11 \(SIGSEGV\) at|exited with code 1 at")
        self.assertRegex(reason, r"; [\d,]+ bots connected; last event \"killed in a broadcast \([12] of 20, S_CHAT "
                                 r"seen by bot \d+\): [\d,]+ bots were reset\" \d+ ms before$")
        server = report["servers"][0]
        said = "\n".join(server["last_lines"])
        self.assertRegex(said, r"in walk \d+ of \d+ sessions a send failed")
        if "Sanitizer" in said:  # its stack
            self.assertIn("BroadcastDisconnect::Broadcast", said)
        else:
            self.assertIn("gdb", server["stack"])
        self.assertIn("S_CHAT", server["last_packets"])
        self.assertEqual(run.text().count("its session leaves the set"), 1)

    def test_a_sound_server_survives_the_broadcasts(self):
        run = self.start_with_server(SHIPPED / "broadcast_disconnect.json", "--duration", "3s")
        report = self.expect_exit(run, 0).report()
        self.assertGreaterEqual(Series(report).count("sessions_ended", by="us", how="reset"), 1_000)
        self.expect_nothing_left(report)

    def expect_nothing_left(self, report):
        server = served(report["servers"][0]["last_lines"])
        self.assertEqual(server["sessions"], server["in_order"] + server["other"])
        for what in ("sessions_open", "players_open", "rooms_open", "chunks_in_use"):
            self.assertEqual(server[what], 0, what)

    def series(self, server, *options):
        """Twenty runs, each with a seed and a server of its own."""
        return subprocess.run(
            [BIN / "stressbot", "run", SHIPPED / "broadcast_disconnect.json", "--server", server, "--target",
             "127.0.0.1:0", "--on-saturation", "warn", "--repeat", "20", *options],
            capture_output=True, text=True, cwd=ROOT, timeout=20 * PATIENCE_S)

    def test_twenty_of_twenty_runs_find_broadcast_disconnect(self):
        done = self.series(f"{self.SERVER} --defect broadcast-disconnect")
        self.assertEqual(done.returncode, 123, done.stdout + done.stderr)
        self.assertIn("0 of 20 runs passed", done.stdout)
        self.assertEqual(len(re.findall(r"FAIL 123 .*killed in a broadcast \([12] of 20", done.stdout)), 20, done.stdout)

    def test_twenty_of_twenty_runs_pass_a_sound_server(self):
        done = self.series(self.SERVER, "--duration", "6s")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_twenty_cycles_leave_nothing(self):
        run = self.start_with_server(SHIPPED / "broadcast_disconnect.json")
        report = self.expect_exit(run, 0).report()
        cycles = [event for event in report["events"] if event["text"].startswith("killed in a broadcast")]
        self.assertEqual(len(cycles), 20)
        self.expect_nothing_left(report)
        memory = Series(report).named("server_memory")[0]["timeline"]["last"]
        half = len(memory) // 2
        self.assertLess(max(memory[half:]), max(memory[:half]) + 2_000_000)


if __name__ == "__main__":
    unittest.main()
