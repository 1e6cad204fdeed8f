"""`stressbot probe`: what somebody does first against a new server, with the reference server and with ones that
speak otherwise than the protocol file says."""

import contextlib
import signal
import socket
import struct
import subprocess
import threading
import unittest

from documents_test import BLOCK
from harness import BIN, PATIENCE_S, ROOT, EndToEndTest, check, free_port

CHAT = ROOT / "scenarios" / "chat.protocol.json"


class Probe(EndToEndTest):

    def probe(self, port, typed="", *options, protocol=CHAT, listen="0.3"):
        done = subprocess.run(
            [BIN / "stressbot", "probe", "--target", f"127.0.0.1:{port}", "--protocol", protocol, "--listen", listen,
             *options], input=typed.encode(), capture_output=True, timeout=PATIENCE_S, cwd=ROOT)
        return done.returncode, done.stdout.decode("utf-8") + done.stderr.decode("utf-8")

    def serve(self, *replies, close=False):
        """A server that says these bytes to whoever connects, then listens, or closes."""
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def run():
            connection, _ = listener.accept()
            with connection, contextlib.suppress(ConnectionResetError):
                for reply in replies:
                    connection.sendall(reply)
                while not close and connection.recv(4096):
                    pass

        threading.Thread(target=run, daemon=True).start()
        return listener.getsockname()[1]

    def test_log_in_enter_and_chat(self):
        _, port = self.start_server()
        code, said = self.probe(port, 'C_LOGIN {"name": "alice"}\nwait 300ms\nC_ENTER_GAME {"playerIndex": 0}\n'
                                      'wait 300ms\n// a comment\n\nC_CHAT {"msg": "안녕 \\"you\\""}\n', listen="1s")
        self.assertEqual(code, 0, said)
        for text in ("connected; 7 packets are known", '-> C_LOGIN (1000)', '{name: "alice"}', "<- S_LOGIN (1001)",
                     "success: true", "<- S_ENTER_GAME (1003)", "<- S_CHAT (1005)", '안녕 \\"you\\"'):
            self.assertIn(text, said)

    def test_from_nothing_to_a_chatting_bot(self):
        """The way that docs/PROTOCOLS.md shows, from the .proto file on."""
        here = self.directory()
        protocol = here / "chat.protocol.json"
        code, said = check("protocol", "init", "--proto", ROOT / "proto" / "Protocol.proto", "--out", protocol)
        self.assertEqual(code, 0, said)
        _, port = self.start_server()
        code, said = self.probe(port, 'C_LOGIN {"name": "alice"}\n', protocol=protocol, listen="1")
        self.assertEqual(code, 0, said)
        self.assertRegex(said, r"<- S_LOGIN \(1001\) .*success: true")
        scenario = here / "first.json"
        scenario.write_text(dict(BLOCK.findall((ROOT / "docs" / "PROTOCOLS.md").read_text()))["first.json"])
        run = self.start(scenario, "--target", f"127.0.0.1:{port}", "--duration", "2s")
        self.expect_exit(run, 0)

    def test_help_and_packets(self):
        port = self.serve(b"")
        code, said = self.probe(port, "help\npackets\n")
        self.assertEqual(code, 107, said)
        for text in ('PACKET {"field": value', "C_LOGIN         1000  you send it          name string",
                     "S_CHAT          1005  the server sends it  playerId", "Many servers speak only when spoken to"):
            self.assertIn(text, said)

    def test_mistakes_in_what_is_typed(self):
        port = self.serve(b"")
        code, said = self.probe(port, 'C_LOGN {"name": "a"}\nS_LOGIN\nC_LOGIN {"nmae": "a"}\nC_LOGIN {"name": \n'
                                      'C_LOGIN 5\nwait long\n\x1b[2J\n')
        self.assertEqual(code, 104, said)
        for text in ('did you mean "C_LOGIN"?', '"S_LOGIN" is sent by the server', 'did you mean "name"?',
                     "not valid JSON", "fields are an object", "with a unit", "\\x1b[2J"):
            self.assertIn(text, said)
        self.assertNotIn("->", said)

    def test_nobody_listens(self):
        code, said = self.probe(free_port())
        self.assertEqual(code, 107, said)
        self.assertIn("cannot connect", said)
        self.assertIn("Does the server run", said)

    def test_options_that_are_wrong(self):
        for target, protocol, text in (("127.0.0.1:1", "chta.protocol.json", "did you mean"),
                                       ("8.8.8.8:7777", "chat.protocol.json", "--allow-public-target")):
            done = subprocess.run(
                [BIN / "stressbot", "probe", "--target", target, "--protocol", CHAT.with_name(protocol)],
                input=b"", capture_output=True, timeout=PATIENCE_S, cwd=ROOT)
            self.assertEqual(done.returncode, 104, done)
            self.assertIn(text, done.stderr.decode())

    def test_the_other_byte_order_is_recognised(self):
        """16 bytes as 4,096: no error ever, only a packet that never becomes whole."""
        port = self.serve(struct.pack(">HH", 16, 1001) + b"\x08\x01" + b"\0" * 10)
        code, said = self.probe(port, listen="2s")
        self.assertEqual(code, 107, said)
        self.assertIn("only the beginning of a packet", said)
        self.assertIn("the length field (00 10, little endian) says 4,096", said)
        self.assertIn('Read as big endian it says 16: is "byteOrder" right?', said)

    def test_a_length_without_the_header(self):
        port = self.serve(struct.pack("<HH", 2, 1001) + b"\x08\x01")
        code, said = self.probe(port, listen="1s")
        self.assertEqual(code, 107, said)
        self.assertIn("says 2, less than the header's own 4 bytes", said)
        self.assertIn('"counts": "payload"', said)

    def test_unknown_ids_and_undecodable_payloads(self):
        port = self.serve(struct.pack("<HH", 6, 2001) + b"\x01\x02", struct.pack(">H", 4)[::-1] + struct.pack(">H", 1001),
                          struct.pack("<HH", 7, 1001) + b"\xff\xff\xff")
        code, said = self.probe(port, listen="1s")
        self.assertEqual(code, 0, said)
        self.assertIn("unknown (2001)", said)
        self.assertIn("01 02", said)
        self.assertIn("the protocol's ids lie between 1000 and 2006", said)
        self.assertIn("read as big endian it is 1001, S_LOGIN", said)
        self.assertIn("undecodable, 3 bytes: ff ff ff", said)
        self.assertIn("these bytes are no S_LOGIN", said)

    def test_hostile_bytes_stay_on_their_line(self):
        message = b"\x1b[2J\xff\nfake"
        payload = b"\x08\x01\x12" + bytes([len(message)]) + message
        port = self.serve(struct.pack("<HH", 4 + len(payload), 1005) + payload, close=True)
        code, said = self.probe(port, listen="1s")
        self.assertEqual(code, 0, said)
        self.assertIn("\\x1b[2J\\xff\\nfake", said)
        self.assertNotIn("\x1b", said)
        self.assertIn("the server closed the connection", said)

    def test_ctrl_c_ends_in_order(self):
        server, port = self.start_server()
        probe = subprocess.Popen(
            [BIN / "stressbot", "probe", "--target", f"127.0.0.1:{port}", "--protocol", CHAT],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT)
        self.addCleanup(self.end, probe)
        self.addCleanup(probe.stdin.close)
        self.addCleanup(probe.stdout.close)
        probe.stdin.write(b'C_LOGIN {"name": "a"}\n')
        probe.stdin.flush()
        said = b""
        while b"S_LOGIN" not in said:
            line = probe.stdout.readline()
            self.assertTrue(line, said)
            said += line
        probe.send_signal(signal.SIGINT)
        self.assertEqual(probe.wait(PATIENCE_S), 0)
        self.assertIn(b"the connection is closed", probe.stdout.read())


if __name__ == "__main__":
    unittest.main()
