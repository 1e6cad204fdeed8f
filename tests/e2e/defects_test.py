"""Mistakes that real servers make, made by ours on purpose: each is found, and a sound server passes."""

import json
import re
import resource
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import (BIN, PATIENCE_S, ROOT, EndToEndTest, Series, interrupt, listening_port_of, served, wait_until)

SHIPPED = ROOT / "scenarios"


class Defects(EndToEndTest):

    def start_broken(self, defect, scenario, *options, server=""):
        return self.start(SHIPPED / f"{scenario}.json", "--server", f"{self.SERVER} --defect {defect}{server}",
                          "--target", "127.0.0.1:0", *options)

    def expect_death(self, run):
        """A crash: with a sanitizer the server ends by itself. Returns the report."""
        report = self.expect_exit(run, 123).report()
        self.assertRegex(report["verdict"]["reasons"][0]["text"],
                         r"was killed by signal \d+ \(SIG\w+\) at|exited with code 1 at")
        return report

    def expect_death_after(self, defect, mark):
        """A hostile client kills it, and what it tried last is told."""
        report = self.expect_death(self.start_broken(defect, "hostile_clients", "--duration", "3s"))
        self.assertIn(f"mark {mark}", " ".join(event["text"] for event in report["events"]))
        if "Sanitizer" not in "".join(report["servers"][0]["last_lines"]):  # that takes its time to tell
            self.assertIn(f'last event "mark {mark}', report["verdict"]["reasons"][0]["text"])

    def test_handler_table(self):
        self.expect_death_after("handler-table", "sends ids beyond the table of handlers")

    def test_player_index(self):
        self.expect_death_after("player-index", "chooses players that it does not have")

    def test_enter_before_login(self):
        self.expect_death_after("enter-before-login", "enters before the login")

    def test_size_zero_leaves_a_server_that_lives_and_is_silent(self):
        server, port = self.start_server("--defect", "size-zero", "--shards", "1")  # it would not end when asked
        run = self.start(SHIPPED / "hostile_clients.json", "--target", f"127.0.0.1:{port}", "--duration", "2s")
        report = self.expect_exit(run, 99, 107).report()
        self.assertIsNone(server.poll())
        failed = {t["metric"] for t in report["thresholds"] if not t["passed"]}
        self.assertLessEqual({"checks", "requests_failed"}, failed)
        self.assertGreaterEqual(Series(report).count("hostile_outcomes", step="size-zero", outcome="ignored"), 1)
        self.assertGreaterEqual(sum(s["whole"]["passed"] for s in Series(report).named(
            "requests_failed", step="chat", reason="timeout")), 20)

    def test_spawn_list(self):
        run = self.start_broken("spawn-list", "chat_storm", "--bots", "400", "--duration", "6s",
                                server=" --room-size 1000")
        report = self.expect_death(run)
        entered = Series(report).count("packets_received", packet="S_ENTER_GAME")
        # The list is full with 235 others. Of what it sent last not all arrives when it dies.
        self.assertGreaterEqual(entered, 150)
        self.assertLess(entered, 245)

    def test_room_lock(self):
        run = self.start_broken("room-lock", "full_room", "--bots", "400", "--duration", "2s",
                                server=" --room-size 1000")
        report = self.expect_exit(run, 99).report()
        self.assertIn("chat_rtt", [t["metric"] for t in report["thresholds"] if not t["passed"]])

    def test_lost_reply(self):
        report = self.expect_exit(self.start_broken("lost-reply", "every_reply", "--duration", "2s"), 99).report()
        self.assertEqual([t["metric"] for t in report["thresholds"] if not t["passed"]], ["requests_failed"])

    def memory_growth(self, defect):
        """What each of the players who left keeps of the server's memory, in bytes."""
        run = self.start_broken(defect, "reconnects", "--rate", "500", "--duration", "3s")
        report = self.expect_exit(run, 0, 99, 121).report()
        memory = Series(report).named("server_memory")[0]["timeline"]["last"]
        left = Series(report).count("iterations", outcome="completed")
        self.assertGreater(left, 300)
        return max(memory) - memory[0], left, report

    def test_session_leak(self):
        grown, left, _ = self.memory_growth("session-leak")
        self.assertGreater(grown, 10_000 * left)

    def test_players_never_removed(self):
        grown, left, report = self.memory_growth("players-never-removed")
        self.assertGreater(grown, 2_000 * left)
        # Each word also goes to all who were there before.
        self.assertGreater(served(report["servers"][0]["last_lines"])["stale_sends"], 10 * left)

    def test_each_says_at_start_that_it_is_broken_and_at_its_end_whether_it_was(self):
        for defect in ("broadcast-disconnect", "handler-table", "player-index", "enter-before-login", "size-zero",
                       "spawn-list", "players-never-removed", "session-leak", "room-lock", "lost-reply"):
            with self.subTest(defect):
                with tempfile.TemporaryFile("w+") as said:
                    server = subprocess.Popen([*self.SERVER.split(), "--defect", defect], stdout=said, stderr=said)
                    self.addCleanup(self.end, server)
                    wait_until("the server's port", lambda: listening_port_of(server.pid))
                    interrupt(server)
                    self.assertEqual(server.wait(PATIENCE_S), 5)
                    said.seek(0)
                    text = said.read()
                self.assertIn(f"--defect {defect}: this server is broken on purpose: ", text)
                self.assertIn(f"defect {defect}: not exercised", text)

    def test_a_run_that_exercised_nothing_shows_so(self):
        run = self.start_broken("broadcast-disconnect", "every_reply", "--bots", "5", "--duration", "1s")
        report = self.expect_exit(run, 0).report()
        self.assertTrue(report["servers"][0]["ended_badly"])
        self.assertIn("alive; asked to end: exited with code 5", run.text())
        self.assertIn("| defect broadcast-disconnect: not exercised", run.text())

    def test_sound_servers_pass_what_finds_the_defects(self):
        runs = [self.start_with_server(SHIPPED / f"{name}.json", *options) for name, options in {
            "hostile_clients": ("--duration", "3s"), "every_reply": ("--duration", "2s")}.items()]
        crowd = self.start(SHIPPED / "chat_storm.json", "--bots", "400", "--duration", "6s", "--target", "127.0.0.1:0",
                           "--server", f"{self.SERVER} --room-size 1000")
        for run in runs:
            self.expect_exit(run, 0)
        # How fast it is with so many does not matter here.
        report = self.expect_exit(crowd, 0, 99).report()
        self.assertTrue(report["servers"][0]["alive"])
        self.assertEqual(Series(report).count("packets_received", packet="S_ENTER_GAME"), 400)

    def test_broadcast_disconnect_is_123_and_tells_why(self):
        """Each time: two runs, with different seeds."""
        runs = [self.start_broken("broadcast-disconnect", "broadcast_disconnect", "--seed", seed) for seed in ("1", "2")]
        for run in runs:
            self.expect_broadcast_disconnect(run)

    def expect_broadcast_disconnect(self, run):
        report = self.expect_exit(run, 123).report()
        reason = report["verdict"]["reasons"][0]["text"]
        # With a sanitizer the server ends by itself.
        self.assertRegex(reason, r"was killed by signal 11 \(SIGSEGV\) at|exited with code 1 at")
        self.assertRegex(reason, r"; (1,000|99\d) bots connected at \d+\.\d s; last event \"killed in a broadcast \(\d+ of 20, S_CHAT "
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

    def test_what_is_kept_of_those_who_left_is_121(self):
        runs = {defect: self.start_broken(defect, "reconnects", "--duration", "1m")
                for defect in ("session-leak", "players-never-removed")}
        sound = self.start_with_server(SHIPPED / "reconnects.json", "--duration", "1m")
        for defect, run in runs.items():
            report = self.expect_exit(run, 121).report()
            self.assertEqual([t["metric"] for t in report["thresholds"] if not t["passed"]], ["server_memory"], defect)
        self.expect_exit(sound, 0)

    def test_a_core_file_and_gdb_show_the_stack(self):
        """Where the system leaves core files beside the program; else it is told who took it."""
        directory = self.directory()
        report_file = directory / "report.json"
        done = subprocess.run(
            [BIN / "stressbot", "run", SHIPPED / "broadcast_disconnect.json", "--server",
             f"{self.SERVER} --defect broadcast-disconnect", "--target", "127.0.0.1:0", "--on-saturation", "warn",
             "--out", f"json={report_file}"], cwd=directory, capture_output=True, text=True, timeout=PATIENCE_S,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2))
        self.assertEqual(done.returncode, 123, done.stdout + done.stderr)
        stack = json.loads(report_file.read_text())["servers"][0]["stack"]
        if not re.fullmatch(r"([^|%]|%[%pPe])*", Path("/proc/sys/kernel/core_pattern").read_text().strip()):
            self.assertIn("core file", stack)  # somebody takes it, or its name is not known here
        else:
            self.assertEqual(stack.count("#0 "), 1)
            self.assertTrue(stack.splitlines()[-1].startswith("gdb "), stack)
            self.assertIn("BroadcastDisconnect::", stack)
            self.assertIn("BroadcastDisconnect::", done.stdout)

    def test_the_room_lock_collapses_as_the_room_grows(self):
        """Four times the players are sixteen times the work while the lock is held."""
        p99 = {}
        for bots in ("100", "400"):
            run = self.start_broken("room-lock", "full_room", "--bots", bots, "--duration", "10s",
                                    server=" --room-size 1000")
            report = self.expect_exit(run, 0, 99).report()
            p99[bots] = Series(report).named("request_duration", step="chat")[0]["measured"]["p99_ms"]
        self.assertGreater(p99["400"], 4 * p99["100"])
        run = self.start(SHIPPED / "full_room.json", "--bots", "400", "--duration", "10s", "--server",
                         f"{self.SERVER} --room-size 1000", "--target", "127.0.0.1:0")
        sound = Series(self.expect_exit(run, 0, 99).report()).named("request_duration", step="chat")[0]
        self.assertGreater(p99["400"], 4 * sound["measured"]["p99_ms"])

    def test_commands_of_the_document_find_the_defects(self):
        """As they stand there: with the port that they name, and for as long as they take."""
        text = (ROOT / "docs" / "DEFECTS.md").read_text()
        codes = dict(re.findall(r"^\| \[([a-z-]+)\]\(#.*\| (\d+) \|$", text, re.MULTILINE))
        commands = re.findall(r"^## ([a-z-]+)$.*?^```\n(build/bin/stressbot [^\n]*)\n```$", text,
                              re.MULTILINE | re.DOTALL)
        self.assertEqual(dict(commands).keys(), codes.keys())
        for defect, command in commands:
            with self.subTest(defect):
                done = subprocess.run(command + " --on-saturation warn", shell=True, cwd=self.tree(),
                                      stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=2 * PATIENCE_S)
                self.assertEqual(str(done.returncode), codes[defect], done.stdout + done.stderr)

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
        cycles = [int(n) for n in re.findall(r"FAIL 123 .*killed in a broadcast \((\d+) of 20", done.stdout)]
        self.assertEqual(len(cycles), 20, done.stdout)
        self.assertLessEqual(max(cycles), 5, done.stdout)  # on a quiet machine 2

    def test_twenty_of_twenty_runs_leave_nothing_of_a_sound_server(self):
        """Each of the runs has all its cycles; two at a time, for they wait most of it."""
        for _ in range(10):
            for run in [self.start_with_server(SHIPPED / "broadcast_disconnect.json") for _ in range(2)]:
                self.expect_twenty_cycles_without_a_trace(run)

    def expect_twenty_cycles_without_a_trace(self, run):
        report = self.expect_exit(run, 0).report()
        cycles = [event for event in report["events"] if event["text"].startswith("killed in a broadcast")]
        self.assertEqual(len(cycles), 20)
        self.expect_nothing_left(report)
        memory = Series(report).named("server_memory")[0]["timeline"]["last"]
        half = len(memory) // 2
        self.assertLess(max(memory[half:]), max(memory[:half]) + 2_000_000)


if __name__ == "__main__":
    unittest.main()
