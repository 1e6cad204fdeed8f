"""A hook, the shipped example, between bots and a server whose packets no protocol file can describe."""

import json
import shutil
import subprocess
import sys
import unittest

from harness import BIN, HERE, PATIENCE_S, EndToEndTest, Series

SERVERS = HERE / "servers"
HALL = [sys.executable, str(SERVERS / "scrambled_hall.py"), "--port", "0"]


class Hook(EndToEndTest):

    def place(self, scenario):
        """The scenario, in a new directory where the protocol file finds the hook."""
        directory = self.directory()
        (directory / "hooks").symlink_to(BIN.parent / "hooks")
        for file in (f"{scenario}.json", "scrambled_hall.protocol.json"):
            shutil.copy(SERVERS / file, directory)
        return directory / f"{scenario}.json"

    def play(self, scenario):
        run = self.start(self.place(scenario), "--server", " ".join(HALL), "--target", "127.0.0.1:0")
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

    def stressbot(self, *arguments, typed=""):
        done = subprocess.run([BIN / "stressbot", *arguments], input=typed.encode(), capture_output=True,
                              timeout=PATIENCE_S)
        said = done.stdout.decode("utf-8")
        self.assertEqual(done.returncode, 0, said + done.stderr.decode("utf-8"))
        return said

    def test_trace_and_probe_show_what_is_meant(self):
        scenario = self.place("scrambled_hall")
        said = self.stressbot("trace", scenario, "--server", " ".join(HALL), "--target", "127.0.0.1:0", "--packets", "4")
        self.assertRegex(said, r'-> LoginReq \(101\) .*\{name: "bot-0"\}')
        self.assertRegex(said, r"<- LoginRes \(102\) .*\{ok: true, playerId: 1\}")
        self.assertRegex(said, r"-> SayReq \(103\) .*안녕하세요")
        self.assertRegex(said, r"<- SayRes \(104\) .*playerId: 1.*안녕하세요")

        server = subprocess.Popen(HALL, stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        target = server.stdout.readline().split()[1]
        said = self.stressbot("probe", "--target", target, "--protocol", scenario.with_name("scrambled_hall.protocol.json"),
                              "--listen", "1", typed='LoginReq {"name": "bot-7"}\nSayReq {"text": "안녕"}\n')
        for line in (r'-> LoginReq \(101\) .*\{name: "bot-7"\}', r"<- LoginRes \(102\) .*\{ok: true, playerId: 1\}",
                     r'-> SayReq \(103\) .*\{text: "안녕"\}', r'<- SayRes \(104\) .*\{playerId: 1, text: "안녕"\}'):
            self.assertRegex(said, line)


if __name__ == "__main__":
    unittest.main()
