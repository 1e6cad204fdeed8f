"""The programs for Windows under Wine: against each other, and against those for Linux."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import (BIN, PATIENCE_S, ROOT, SCENARIOS, EndToEndTest, Series, connections_to, interrupt, served,
                     wait_until)

WINE = os.environ["STRESSBOT_EMULATOR"]
LINUX_BIN = Path(os.environ["STRESSBOT_LINUX_BIN"])
CHILD_PROGRAM = BIN.parent / "tests" / "child_program.exe"

WINDOWS_SERVER = (WINE, BIN / "reference-server.exe")
LINUX_BOTS = (LINUX_BIN / "stressbot",)
LINUX_SERVER = (LINUX_BIN / "reference-server",)

# Small rooms: Wine takes ten times as long for each packet as Windows or Linux do.
SERVING = ("--listen", "127.0.0.1:0", "--quiet", "--room-size", "20")


class Server:
    """A server that is asked to end by us: --server cannot ask under Wine, only kill."""

    def __init__(self, program, *options):
        self.said = tempfile.TemporaryFile("w+", encoding="utf-8")
        self.process = subprocess.Popen([*program, *SERVING, *options], stdin=subprocess.DEVNULL,
                                        stdout=self.said, stderr=subprocess.STDOUT, cwd=ROOT)

    def text(self):
        self.said.seek(0)
        return self.said.read()

    def port(self):
        line = wait_until("the server's port", lambda: re.search(r"listening on 127.0.0.1:(\d+)\s", self.text()))
        return int(line.group(1))

    def end(self):
        """Its totals."""
        interrupt(self.process)
        self.process.wait(PATIENCE_S)
        return served(self.text().splitlines())

    def close(self):
        EndToEndTest.end(self.process)
        self.said.close()


class Windows(EndToEndTest):
    STRESSBOT = (WINE, BIN / "stressbot.exe")

    def serve(self, program, *options):
        server = Server(program, *options)
        self.addCleanup(server.close)
        return server

    def start_against(self, server, scenario, *options, **where):
        return self.start(scenario, *options, "--target", f"127.0.0.1:{server.port()}", **where)

    def variant(self, scenario, file, replaced):
        """A copy of a scenario of these tests, with some texts replaced by others."""
        text = (SCENARIOS / scenario).read_text(encoding="utf-8")
        for old, new in replaced.items():
            self.assertIn(old, text)
            text = text.replace(old, new)
        file.write_text(text, encoding="utf-8")
        return file

    def churn(self):
        """Arguments of a run. Who comes back has a new name: Wine may still be busy with the old one, and
        whose login is handled first would be thrown out by the other."""
        file = self.variant("churn.json", self.directory() / "churn.json", {
            "../../../scenarios": str(ROOT / "scenarios"), "${bot.id}": "${bot.id}-${iteration}"})
        return [file, "--bots", "100", "--duration", "4s"]

    def test_both_for_windows(self):
        command = f"{BIN / 'reference-server.exe'} {' '.join(SERVING)}"
        run = self.expect_exit(self.start(*self.churn(), "--server", command, "--target", "127.0.0.1:0"), 0)
        report = run.report()
        series = Series(report)
        self.assertGreater(series.count("packets_received", packet="S_CHAT"), 200)
        self.assertGreater(series.count("sessions_ended", by="us", how="reset"), 10)
        self.assertTrue(report["servers"][0]["alive"])
        self.assertGreater(report["generator"]["cpu_percent"], 0)
        self.assertGreater(report["generator"]["memory_bytes"], 2**20)
        self.assertGreater(self.gauge(series, "server_cpu"), 0)
        self.assertGreater(self.gauge(series, "server_memory"), 2**20)

    @staticmethod
    def gauge(series, metric):
        return series.named(metric)[0]["measured"]["max"]

    def test_linux_bots_and_windows_server(self):
        server = self.serve(WINDOWS_SERVER)
        run = self.expect_exit(self.start_against(server, *self.churn(), program=LINUX_BOTS), 0)
        self.expect_balance(run.report(), server.end())

    def test_windows_bots_and_linux_server(self):
        server = self.serve(LINUX_SERVER)
        run = self.expect_exit(self.start_against(server, *self.churn()), 0)
        self.expect_balance(run.report(), server.end())

    def test_korean_files_and_chat(self):
        folder = self.directory() / "부하 시험"
        for part in ("scenarios", "proto"):
            shutil.copytree(ROOT / part, folder / part)
        scenario = self.variant("chat.json", folder / "scenarios" / "채팅.json",
                                {"../../../scenarios/": "", "hello ${stamp}": "안녕하세요 ${stamp}"})
        server = self.serve(LINUX_SERVER)
        run = self.start_against(server, scenario, "--bots", "20", "--duration", "2s",
                                 report_file=folder / "결과.json")
        report = self.expect_exit(run, 0).report()
        self.assertEqual(Path(report["scenario"]["file"]).name, "채팅.json")
        # Each waits for its own words to come back.
        self.assertGreater(Series(report).count("request_duration", step="chat"), 20)
        self.expect_balance(report, server.end())

    def test_korean_database(self):
        database = self.directory() / "계정.db"
        server = self.serve(WINDOWS_SERVER, "--db", database)
        run = self.start_against(server, "chat.json", "--bots", "10", "--duration", "1s", program=LINUX_BOTS)
        self.expect_balance(self.expect_exit(run, 0).report(), server.end())
        self.assertTrue(database.read_bytes().startswith(b"SQLite format 3"))

    def test_a_thousand_connections(self):
        server = self.serve(WINDOWS_SERVER)
        run = self.start_against(server, "crowd.json")
        wait_until("1,000 connections", lambda: connections_to(server.port()) >= 1000)
        report = self.expect_exit(run, 0).report()
        self.assertEqual(report["bots_max"], 1000)
        totals = server.end()
        self.expect_balance(report, totals)
        self.assertEqual(totals["in_order"], 1000)

    def test_ctrl_c_is_105_with_a_report_within_5_s(self):
        server = self.serve(LINUX_SERVER)
        run = self.start_against(server, "chat.json", "--duration", "60s")
        wait_until("50 connections", lambda: connections_to(server.port()) >= 50)
        self.expect_prompt_105(run)
        self.assertGreater(Series(run.report()).count("packets_received"), 0)

    def start_with_child(self, words):
        """A run whose server is a program that does what these words say."""
        return self.start("silent.json", "--server", f"{CHILD_PROGRAM} {words}", "--target", "127.0.0.1:0")

    def test_server_that_exits_is_123(self):
        run = self.expect_exit(self.start_with_child("print greetings listen pause 4000 complain farewell exit 3"), 123)
        self.assertIn("exited with code 3", run.text())
        self.assertIn("farewell", run.text())
        (server,) = run.report()["servers"]
        self.assertFalse(server["alive"])
        self.assertEqual(server["last_lines"], ["greetings", "farewell"])

    def test_twenty_runs_find_broadcast_disconnect(self):
        """Once in twenty times Wine tells the fault, and then hangs instead of ending the program."""
        command = f"{BIN / 'reference-server.exe'} {' '.join(SERVING)} --defect broadcast-disconnect"
        endings = []
        for seed in range(20):
            run = self.start(ROOT / "scenarios" / "broadcast_disconnect.json", "--bots", "players=299", "--duration",
                             "35s", "--seed", str(seed), "--server", command, "--target", "127.0.0.1:0")
            run.wait()
            report = run.report()
            reason = report["verdict"]["reasons"][0]["text"] if report["verdict"]["reasons"] else "nothing"
            if report["verdict"]["code"] == 123:
                self.assertRegex(reason, r'last event "killed in a broadcast \(\d+ of 20, S_CHAT seen by bot \d+\)')
                self.assertRegex("\n".join(report["servers"][0]["last_lines"]),
                                 r"in walk \d+ of \d+ sessions a send failed")
            elif "wine: Unhandled page fault" in run.text():
                reason = "fault, but Wine hangs"
            endings.append(reason)
        # With code 3 where the library saw first that something was broken (abort).
        found = [end for end in endings if re.search(r"\(0xC0000005\) at|exited with code 3 at|fault", end)]
        self.assertGreaterEqual(len(found), 19, endings)
        self.assertGreaterEqual(sum("(0xC0000005)" in end for end in found), 15, endings)

    def test_server_that_crashes_before_it_listens_is_106(self):
        run = self.expect_exit(self.start_with_child("print farewell crash"), 106)
        self.assertIn("crashed: access violation (0xC0000005)", run.text())
        self.assertIn("farewell", run.text())


if __name__ == "__main__":
    unittest.main()
