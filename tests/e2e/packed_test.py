"""The packed protocol of the reference server: bots speak it, and no id or byte of a client harms it."""

import re
import socket
import struct
import subprocess
import unittest

from harness import EndToEndTest, Series, interrupt, listening_port_of, served, wait_until


def packet(packet_id, payload=b""):
    return struct.pack("<HH", 4 + len(payload), packet_id) + payload


def login(name):
    text = name.encode("utf-16-le")
    return packet(1, struct.pack("<HH", 8, len(text) // 2) + text)


class Packed(EndToEndTest):
    SERVER = EndToEndTest.SERVER + " --protocol packed"

    def test_packets_balance(self):
        run = self.start_with_server("../../../scenarios/packed_chat.json", "--duration", "4s")
        # Its latency threshold may break on a busy machine; everything else may not.
        report = self.expect_exit(run, 0, 99).report()
        failed = [t["metric"] for t in report["thresholds"] if not t["passed"]]
        self.assertLessEqual(set(failed), {"chat_rtt", "load_delivered"})
        server = served(report["servers"][0]["last_lines"])
        self.expect_balance(report, server)
        self.assertGreater(server["in_order"], 100)
        series = Series(report)
        self.assertGreater(series.count("packets_received", packet="S_CHAT"), 1000)
        self.assertEqual(series.count("packets_invalid"), 0)

    def test_every_id_is_safe(self):
        server = subprocess.Popen(self.SERVER.split(), stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.end, server)
        self.addCleanup(server.stdout.close)
        port = wait_until("the server's port", lambda: listening_port_of(server.pid))
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.settimeout(60)
            client.sendall(b"".join(packet(i) for i in range(65536)))
            lone_surrogate = packet(1, struct.pack("<HHH", 8, 1, 0xD800))
            far_list = packet(1, struct.pack("<HH", 0xFFFF, 0xFFFF))
            client.sendall(lone_surrogate + far_list + login("가나"))
            stream = client.makefile("rb")
            size, packet_id = struct.unpack("<HH", stream.read(4))
            payload = stream.read(size - 4)
            self.assertEqual((packet_id, payload[0]), (2, 1))
            self.assertIn("가나".encode("utf-16-le"), payload)
        interrupt(server)
        said = server.communicate(timeout=60)[0]
        self.assertEqual(server.returncode, 0, said)
        refused = dict(re.findall(r"([a-z ]+) ([\d,]+)", said.split("refused: ")[1].splitlines()[0]))
        counts = {name.strip(): int(number.replace(",", "")) for name, number in refused.items()}
        self.assertEqual(counts["unknown id"], 65536 - 6)
        self.assertEqual(counts["wrong direction"], 3)
        self.assertEqual(counts["undecodable"], 3 + 2)  # three without their fields


if __name__ == "__main__":
    unittest.main()
