"""The packed protocol of the reference server: bots speak it, and no id or byte of a client harms it."""

import re
import socket
import struct
import subprocess
import unittest

from harness import EndToEndTest, Series, listening_port_of, interrupt, wait_until


def served(text):
    """The server's own totals: `served sessions=... in_order_received=...`."""
    line = next(l for l in text.splitlines() if l.startswith("served sessions="))
    return {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", line)}


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
        series = Series(report)
        server = served("\n".join(report["servers"][0]["last_lines"]))
        ours = lambda way, how: series.count(f"session_packets_{way}", how=how)
        self.assertEqual(ours("sent", "orderly"), server["in_order_received"])
        self.assertEqual(ours("received", "orderly"), server["in_order_sent"])
        others = lambda way: ours(way, "reset") + ours(way, "other")
        self.assertLessEqual(server["other_received"], others("sent"))
        self.assertLessEqual(others("received"), server["other_sent"])
        self.assertGreater(server["in_order"], 100)
        self.assertGreater(series.count("packets_received", packet="S_CHAT"), 1000)
        self.assertEqual(series.count("packets_invalid"), 0)
        self.assertEqual(server["chunks_in_use"], 0)

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
