"""When something breaks, a run ends promptly, with the right exit code and a report."""

import os
import signal
import socket
import tempfile
import threading
import time
import unittest
from pathlib import Path

from harness import (ROOT, SCENARIOS, EndToEndTest, Run, Series, free_port, peers_of, wait_until)


class Failures(EndToEndTest):

    def reasons(self, run):
        return " ".join(reason["text"] for reason in run.report()["verdict"]["reasons"])

    def test_killed_watched_server_is_123(self):
        run = self.start_with_server("chat.json", "--duration", "60s")
        self.wait_for_bots(run, 50)
        os.kill(run.server_pid(), signal.SIGKILL)
        killed_at = time.monotonic()
        self.expect_exit(run, 123)
        self.assertLess(time.monotonic() - killed_at, 15)
        self.assertIn("SIGKILL", self.reasons(run))
        self.assertFalse(run.report()["servers"][0]["alive"])

    def test_process_of_watch_pid_that_ends_is_123(self):
        server, port = self.start_server()
        run = self.start("chat.json", "--target", f"127.0.0.1:{port}", "--duration", "60s",
                         "--watch-pid", str(server.pid), "--watch-pid", f"test={os.getpid()}")
        self.wait_for_bots(run, 200, server.pid)  # for 2 s
        server.kill()
        server.wait()
        report = self.expect_exit(run, 123).report()
        self.assertIn(f"the process {server.pid} of --watch-pid (game) ended", self.reasons(run))
        self.assertEqual([(each["name"], each["pid"], each["alive"]) for each in report["servers"]],
                         [("game", server.pid, False), ("test", os.getpid(), True)])
        for name in ("game", "test"):
            memory = Series(report).named("server_memory", server=name)[0]
            self.assertGreater(max(memory["timeline"]["last"]), 1e6)

    def test_killed_unwatched_server_ends_the_run(self):
        server, port = self.start_server()
        run = self.start("chat.json", "--target", f"127.0.0.1:{port}", "--duration", "60s")
        self.wait_for_bots(run, 50, server.pid)
        server.kill()
        killed_at = time.monotonic()
        self.expect_exit(run, 99, 107)
        self.assertLess(time.monotonic() - killed_at, 25)
        self.assertGreater(Series(run.report()).count("bots_dropped"), 0)

    def test_nobody_listens_is_107_unreachable(self):
        run = self.start("chat.json", "--target", f"127.0.0.1:{free_port()}", "--duration", "60s")
        self.expect_exit(run, 107)
        self.assertIn("unreachable", self.reasons(run))
        self.assertIn("refused", self.reasons(run))

    def test_server_that_never_answers_is_107_silent(self):
        with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
            accepted = []
            threading.Thread(target=self.accept_all, args=(listener, accepted), daemon=True).start()
            port = listener.getsockname()[1]
            run = self.start("silent.json", "--target", f"127.0.0.1:{port}")
            self.expect_exit(run, 107)
            self.assertIn("silent", self.reasons(run))
            listener.shutdown(socket.SHUT_RDWR)
            for connection in accepted:
                connection.close()

    @staticmethod
    def accept_all(listener, accepted):
        try:
            while True:
                accepted.append(listener.accept()[0])
        except OSError:
            return

    def test_stalled_server_shows_in_the_tail(self):
        run = self.start_with_server("chat.json")
        self.wait_for_bots(run, 150)
        server = run.server_pid()
        os.kill(server, signal.SIGSTOP)
        time.sleep(1)  # the stall itself
        os.kill(server, signal.SIGCONT)
        report = self.expect_exit(run, 0).report()
        chat = Series(report).named("request_duration", step="chat")[0]["measured"]
        self.assertGreaterEqual(chat["max_ms"], 800)
        self.assertGreaterEqual(chat["p99.9_ms"], 800)

    def test_generator_that_stands_still_is_120(self):
        run = Run([str(SCENARIOS / "chat.json"), "--server", self.SERVER, "--target", "127.0.0.1:0",
                   "--duration", "3s"], self.directory() / "report.json")
        self.addCleanup(run.close)
        self.wait_for_bots(run, 100)
        os.kill(run.pid, signal.SIGSTOP)
        time.sleep(0.5)
        os.kill(run.pid, signal.SIGCONT)
        self.expect_exit(run, 120)
        self.assertIn("timers ran late", self.reasons(run))

    def test_report_that_cannot_be_written_is_122(self):
        run = self.start_with_server("chat.json", "--bots", "5", "--duration", "1s", "--out", "junit=/dev/full")
        self.expect_exit(run, 122)
        self.assertIn("/dev/full", self.reasons(run))
        self.assertTrue(run.report()["verdict"]["passed"])

    def test_ctrl_c_is_105_with_a_report_within_5_s(self):
        run = self.start_with_server("chat.json", "--duration", "60s")
        self.wait_for_bots(run, 50)
        self.expect_prompt_105(run)
        self.assertGreater(Series(run.report()).count("packets_received"), 0)

    def hang(self, server_pid):
        """Stops a server; returns when every bot waits for a reply, so that none can end by itself."""
        os.kill(server_pid, signal.SIGSTOP)
        time.sleep(0.5)  # longer than the period of the bots' requests

    def test_ctrl_c_while_our_server_hangs_is_105_within_5_s(self):
        run = self.start_with_server("chat.json", "--duration", "60s")
        self.wait_for_bots(run, 50)
        self.hang(run.server_pid())
        self.expect_prompt_105(run)

    def test_ctrl_c_while_another_server_hangs_is_105_within_5_s(self):
        server, port = self.start_server()
        run = self.start("chat.json", "--target", f"127.0.0.1:{port}", "--duration", "60s")
        self.wait_for_bots(run, 50, server.pid)
        self.hang(server.pid)
        self.expect_prompt_105(run)
        server.send_signal(signal.SIGCONT)

    def test_ctrl_c_before_the_server_listens_is_105(self):
        deaf = "/bin/sh -c \"trap '' TERM; while :; do sleep 600; done\""
        run = self.start("chat.json", "--server", deaf, "--target", "127.0.0.1:0")
        run.server_pid()
        self.expect_prompt_105(run)

    def test_a_lost_target_is_99_without_any_threshold(self):
        text = (SCENARIOS / "chat.json").read_text()
        thresholds = text[text.index('"thresholds"'):]
        server, port = self.start_server()
        run = self.start_variant(thresholds, '"thresholds": {}}', "--target", f"127.0.0.1:{port}")
        self.wait_for_bots(run, 50, server.pid)
        server.kill()
        self.expect_exit(run, 99)
        self.assertIn("target lost", self.reasons(run))

    def start_variant(self, old, new, *options):
        """A run of chat.json in which one text stands for another, by default with a server."""
        text = (SCENARIOS / "chat.json").read_text()
        self.assertIn(old, text)
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        file = Path(directory.name) / "variant.json"
        file.write_text(text.replace(old, new).replace("../../../scenarios", str(ROOT / "scenarios")))
        start = self.start if options else self.start_with_server
        return start(file, "--duration", "60s", *options)

    def test_abort_run_is_103(self):
        run = self.start_variant('"player.name": "bot-${bot.id}"}',
                                 '"player.name": "somebody"}, "onFail": "abort-run"')
        self.expect_exit(run, 103)

    def test_all_bots_stopped_is_107(self):
        run = self.start_variant('"player.name": "bot-${bot.id}"}',
                                 '"player.name": "somebody"}, "onFail": "stop-bot"')
        self.expect_exit(run, 107)
        self.assertIn("stop-bot", self.reasons(run))

    def test_source_addresses_are_used(self):
        run = self.start_with_server("chat.json", "--source-addresses", "127.0.0.2-127.0.0.3")
        port = self.wait_for_bots(run, 50)
        sources = peers_of(port)
        self.expect_exit(run, 0)
        self.assertEqual(sources, {"127.0.0.2", "127.0.0.3"})

    def test_server_that_does_not_start_is_106(self):
        run = self.start("chat.json", "--server", "/no/such/server", "--target", "127.0.0.1:0")
        self.expect_exit(run, 106)
        self.assertIn("/no/such/server", self.reasons(run))


if __name__ == "__main__":
    unittest.main()
