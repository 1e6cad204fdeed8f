"""Servers of others, written in Python (servers/): bots speak to each as it wants, and both count the same packets.

A server takes nothing that is not right to the byte (servers/kit.py), so that it agrees is most of the test.
"""

import json
import sys
import unittest

from harness import HERE, EndToEndTest, Series

SERVERS = HERE / "servers"


def totals_of(report):
    """What the server of a run said at its end."""
    lines = [line for line in report["servers"][0]["last_lines"] if line.startswith("served ")]
    if len(lines) != 1:
        raise AssertionError(f"{len(lines)} lines of totals: {report['servers'][0]}")
    return json.loads(lines[0].removeprefix("served "))


class Servers(EndToEndTest):

    def play(self, name, *options, server=None):
        """Runs the scenario of a server against it; returns series and totals, which agree in everything."""
        command = f"{sys.executable} {SERVERS / (server or name)}.py --port 0"
        run = self.start(SERVERS / f"{name}.json", "--server", command, "--target", "127.0.0.1:0", *options)
        report = self.expect_exit(run, 0).report()
        totals = totals_of(report)
        self.assertEqual(totals["violations"], [])
        series = Series(report)
        for ours, theirs in (("packets_sent", "received"), ("packets_received", "sent")):
            counts = {s["tags"]["packet"]: s["whole"]["count"] for s in series.named(ours)
                      if s["whole"]["count"] > 0}
            self.assertEqual(counts, totals[theirs])
        self.assertEqual(series.count("data_sent"), totals["bytes_received"])
        self.assertEqual(series.count("data_received"), totals["bytes_sent"])
        self.assertEqual(series.count("packets_invalid"), 0)
        self.assertEqual(totals["other"], 0)
        self.assertEqual(totals["orderly"], totals["sessions"])
        return series, totals

    def test_course_chat(self):
        series, totals = self.play("course_chat")
        self.assertEqual(series.count("packets_unhandled", packet="S_NOTICE"), 0)
        self.assertGreater(totals["sent"]["S_CHAT"], totals["received"]["C_CHAT"])

    def test_fixed_arena(self):
        _, totals = self.play("fixed_arena")
        self.assertEqual(totals["received"]["CS_SAY"], totals["received"]["CS_MOVE"])

    def test_hashed_town(self):
        _, totals = self.play("hashed_town")
        self.assertEqual(totals["received"]["WaveNotify"], totals["received"]["BuildReq"])

    def test_big_greeter(self):
        _, totals = self.play("big_greeter")
        self.assertEqual(totals["sent"]["S_HELLO"], totals["sessions"])

    def test_inner_race(self):
        _, totals = self.play("inner_race")
        self.assertGreater(totals["received"]["StepReq"], 10)

    def test_tiny_duel(self):
        _, totals = self.play("tiny_duel")
        self.assertGreater(totals["received"]["C_PONG"], 0)

    def test_tiny_duel_without_knowing_its_packets(self):
        _, totals = self.play("tiny_duel_raw", server="tiny_duel")
        self.assertGreater(totals["received"]["C_PONG"], 0)

    def test_first_packets_to_the_byte(self):
        """Written by hand, so that server and bots cannot be wrong alike."""
        name = b"bot-0".hex()
        first = {
            "course_chat": "0d00 e803 0a05" + name + "1007",
            "fixed_arena": "2d00 6500 01" + name + "00" * 15 + "ebb984ebb080" + "00" * 10 + "fdffffff",
            "hashed_town": "08000000 220cf95f",
            "big_greeter": "000b 0201 001abcde 0005" + name,
            "inner_race": "77 0d00 0700 0400 20c1 18c2 2d00 3000 03",
            "tiny_duel_raw": "05 01 100000",
        }
        for scenario, expected in first.items():
            with self.subTest(scenario):
                _, totals = self.play(scenario, "--bots", "1", "--duration", "100ms",
                                      server=scenario.removesuffix("_raw"))
                self.assertEqual(totals["first"][0], expected.replace(" ", ""))

    def test_violations_are_reported(self):
        """The servers judge: a bot that is wrong by one field is seen, reset, and fails the run."""
        here = self.directory()
        for name in ("tiny_duel.json", "tiny_duel.protocol.json"):
            (here / name).write_text((SERVERS / name).read_text().replace('"combo": "${loop}"', '"combo": 7'))
        run = self.start(here / "tiny_duel.json", "--server", f"{sys.executable} {SERVERS / 'tiny_duel.py'} --port 0",
                         "--target", "127.0.0.1:0", "--bots", "1")
        report = self.expect_exit(run, 99, 107).report()
        self.assertIn("combo 7, not 0", totals_of(report)["violations"])


if __name__ == "__main__":
    unittest.main()
