"""A hook, the shipped example, between bots and a server whose packets no protocol file can describe."""

import json
import shutil
import sys
import unittest

from harness import BIN, HERE, EndToEndTest, Series

SERVERS = HERE / "servers"


class Hook(EndToEndTest):

    def play(self, scenario):
        """Runs it in a directory where the protocol file finds the hook."""
        directory = self.directory()
        (directory / "hooks").symlink_to(BIN.parent / "hooks")
        for file in (f"{scenario}.json", "scrambled_hall.protocol.json"):
            shutil.copy(SERVERS / file, directory)
        command = f"{sys.executable} {SERVERS / 'scrambled_hall.py'} --port 0"
        run = self.start(directory / f"{scenario}.json", "--server", command, "--target", "127.0.0.1:0")
        report = self.expect_exit(run, 0).report()
        lines = [line for line in report["servers"][0]["last_lines"] if line.startswith("served ")]
        totals = json.loads(lines[0].removeprefix("served "))
        self.assertEqual(totals["violations"], [])
        return Series(report), totals

    def test_many_bots_over_a_stream_that_is_cut_and_glued(self):
        series, totals = self.play("scrambled_hall")
        for ours, theirs in (("packets_sent", "received"), ("packets_received", "sent")):
            for packet, count in totals[theirs].items():
                self.assertEqual(series.count(ours, packet=packet), count, packet)
        self.assertEqual(series.count("data_sent"), totals["bytes_received"])
        self.assertEqual(series.count("data_received"), totals["bytes_sent"])
        self.assertEqual(series.count("packets_invalid"), 0)
        self.assertGreater(totals["received"]["SayReq"], 300)
        self.assertEqual(totals["other"], 0)

    def test_what_is_no_packet_ends_its_connection_alone(self):
        series, totals = self.play("scrambled_hall_broken")
        breaks = totals["received"]["BreakReq"]
        self.assertGreater(breaks, 50)
        self.assertEqual(series.count("packets_invalid"), breaks)
        self.assertGreater(series.count("requests", group="talkers", packet="SayReq"), 100)


if __name__ == "__main__":
    unittest.main()
