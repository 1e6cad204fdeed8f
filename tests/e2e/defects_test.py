"""Mistakes that real servers make, made by ours on purpose: each is found, and a sound server passes."""

import re
import subprocess
import unittest

from harness import BIN, PATIENCE_S, ROOT, EndToEndTest, Series, served

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
        self.assertGreaterEqual(entered, 150)
        self.assertLess(entered, 300)

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
        return max(memory) - memory[0], left

    def test_session_leak(self):
        grown, left = self.memory_growth("session-leak")
        self.assertGreater(grown, 10_000 * left)

    def test_players_never_removed(self):
        grown, left = self.memory_growth("players-never-removed")
        self.assertGreater(grown, 2_000 * left)

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
        self.assertRegex(reason, r"; [\d,]+ bots connected at \d+\.\d s; last event \"killed in a broadcast \(\d+ of 20, S_CHAT "
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
