"""The reference server as a program: what it prints, how it ends.

Its path comes by REFERENCE_SERVER.
"""

import os
import pty
import re
import resource
import signal
import socket
import subprocess
import unittest

from server_process import C_LOGIN, PATIENCE_S, SERVER, ServerProcessTest, packet, receive, run


class ReferenceServerTest(ServerProcessTest):
    def test_a_stop_closes_in_order_and_tells_what_was_served(self):
        for stop in (signal.SIGINT, signal.SIGTERM):
            server, address = self.start("--quiet", "--queued-bytes-max", "256K")
            with self.connect(address) as client:
                client.sendall(b"\x04\x00\xe8\x03")  # C_LOGIN without a name
                self.assertEqual(client.recv(4)[2:], b"\xe9\x03")  # S_LOGIN
                client.shutdown(socket.SHUT_WR)
                while client.recv(4096):
                    pass
            server.send_signal(stop)
            report = server.stdout.read()
            self.assertEqual(server.wait(PATIENCE_S), 0)
            served = re.search(r"^served sessions=1 .*$", report, re.MULTILINE)
            self.assertIsNotNone(served, report)
            for part in ("in_order=1", "in_order_C_LOGIN=1", "in_order_S_LOGIN=1", "other=0",
                         "chunks_in_use=0"):
                self.assertIn(f" {part}", served.group())

    def test_the_second_stop_ends_it_at_once(self):
        server, address = self.start()
        client = self.connect(address)
        client.sendall(b"\x04\x00\xe8\x03")
        client.recv(4)
        server.send_signal(signal.SIGINT)
        while client.recv(4096):  # its end is there: it waits for ours now
            pass
        server.send_signal(signal.SIGINT)
        self.assertEqual(server.wait(PATIENCE_S), -signal.SIGINT)

    def enter(self, address):
        """A client in the game, with what it was sent so far read; room for little more."""
        client = socket.socket()
        self.addCleanup(client.close)
        client.settimeout(PATIENCE_S)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(address)
        client.sendall(b"\x04\x00\xe8\x03" b"\x04\x00\xea\x03")  # C_LOGIN, C_ENTER_GAME
        receive(client)
        receive(client)
        return client

    def test_a_client_that_does_not_read_is_dropped_and_the_others_hear_everything(self):
        server, address = self.start("--quiet", "--queued-bytes-max", "256K", "--shards", "2")
        talker, listener = self.enter(address), self.enter(address)
        self.enter(address)  # and never reads again
        text = b"\x0a\xe8\x07" + b"x" * 1000
        chat = (4 + len(text)).to_bytes(2, "little") + b"\xec\x03" + text
        for _ in range(4000):  # 4 MB: the system takes some of it, then the server's queue fills
            talker.sendall(chat)
            self.assertIn(b"x" * 1000, receive(talker)[1])
            self.assertIn(b"x" * 1000, receive(listener)[1])
        server.send_signal(signal.SIGINT)
        report = server.stdout.read()
        self.assertIn(" dropped_peer_does_not_read=1 ", report)
        held_kib = re.search(r"at most ([\d,]+) KiB held", report).group(1).replace(",", "")
        self.assertLess(int(held_kib), 1024)

    def test_a_client_that_says_nothing_is_dropped(self):
        server, address = self.start("--quiet", "--idle-timeout", "100ms")
        client = self.connect(address)
        with self.assertRaises(ConnectionError):
            client.recv(1)
        server.send_signal(signal.SIGINT)
        self.assertIn("\n  idle 1\n", server.stdout.read())

    def test_a_port_in_use_is_one_clear_sentence(self):
        _, address = self.start()
        second = run("--listen", f"127.0.0.1:{address[1]}")
        self.assertEqual(second.returncode, 1)
        self.assertIn(f"cannot listen on 127.0.0.1:{address[1]}: ", second.stderr)
        self.assertEqual(second.stderr.count("\n"), 1)

    @unittest.skipIf(os.environ.get("STRESSBOT_SANITIZE") == "thread",
                     "the thread sanitizer starts no program whose limit moves its memory so far")
    def test_no_threads_left_is_one_clear_sentence(self):
        # A thread's stack is as large as this limit says, and nobody has so much address space.
        shown = subprocess.run(
            [SERVER, "--listen", "127.0.0.1:0", "--shards", "2"],
            capture_output=True, text=True, timeout=PATIENCE_S, check=False,
            preexec_fn=lambda: resource.setrlimit(
                resource.RLIMIT_STACK, (100 << 40, resource.RLIM_INFINITY)),
        )
        self.assertEqual(shown.returncode, 1, shown.stderr)
        self.assertRegex(shown.stderr, r"^reference-server: cannot start: .*\n$")

    def test_a_terminal_shows_a_line_each_second(self):
        terminal, its_end = pty.openpty()
        server = subprocess.Popen([SERVER, "--listen", "127.0.0.1:0"], stdout=its_end)
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        with open(terminal, encoding="utf-8", closefd=True) as lines:
            address = ("127.0.0.1", int(lines.readline().rpartition(":")[2]))
            with self.connect(address) as client:
                client.sendall(packet(C_LOGIN))
                self.assertRegex(lines.readline(), r"^ +\d+ s  sessions 1  players 0 .* memory \d+ MiB$")
        os.close(its_end)

    def test_help_teaches_by_examples(self):
        shown = run("--help")
        self.assertEqual(shown.returncode, 0)
        self.assertIn("reference-server --listen 127.0.0.1:0", shown.stdout)

    def test_mistakes_in_options_are_explained(self):
        for options, sentence in (
            (["--listen", "7777"], "write ADDR:PORT"),
            (["--shards", "0"], "--shards"),
            (["--room-sise", "3"], "--room-sise"),
            (["--idle-timeout", "30"], "--idle-timeout"),
        ):
            shown = run(*options)
            self.assertEqual(shown.returncode, 1, options)
            self.assertIn(sentence, shown.stderr)

    def test_takes_the_hard_descriptor_limit_and_tells_when_it_is_too_low(self):
        server = subprocess.Popen(
            [SERVER, "--listen", "127.0.0.1:0", "--shards", "1", "--max-sessions", "5000"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (500, 1000)),
        )
        self.addCleanup(server.kill)
        self.assertIn("listening on", server.stdout.readline())
        server.send_signal(signal.SIGTERM)
        _, errors = server.communicate(timeout=PATIENCE_S)
        self.assertIn("--max-sessions 5000 is more than the 1000 descriptors", errors)


if __name__ == "__main__":
    unittest.main()
