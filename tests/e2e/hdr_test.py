"""The HdrHistogram log of a real run: decoded here by the format's description, and in ./dev verify by HdrHistogram's
own tools. Both must tell what the JSON report tells."""

import base64
import re
import struct
import subprocess
import unittest
import zlib
from pathlib import Path

from harness import PATIENCE_S, EndToEndTest, Series

JAR = Path("/usr/share/java/hdrhistogram.jar")


def zigzag_numbers(data):
    while data:
        value = size = 0
        for size in range(9):
            value |= (data[size] & (0xFF if size == 8 else 0x7F)) << 7 * size
            if size == 8 or data[size] < 0x80:
                break
        data = data[size + 1:]
        yield value >> 1 ^ -(value & 1)


def decode(text):
    """Bucket and count of each that has some."""
    data = base64.b64decode(text, validate=True)
    cookie, size = struct.unpack_from(">II", data)
    if cookie != 0x1C849314 or size != len(data) - 8:
        raise AssertionError(f"{cookie:x} {size}")
    plain = zlib.decompress(data[8:])
    cookie, size, offset, digits, low, high, ratio = struct.unpack_from(">IIIIQQd", plain)
    if (cookie, size, offset, digits, low, high, ratio) != (0x1C849313, len(plain) - 40, 0, 3, 1, 2**42 - 1, 1.0):
        raise AssertionError(plain[:40])
    bucket = 0
    for number in zigzag_numbers(plain[40:]):
        if number > 0:
            yield bucket
            yield number
        bucket += max(1, -number)


class Hdr(EndToEndTest):

    def setUp(self):
        self.log = self.directory() / "run.hlog"
        run = self.start_with_server("chat.json", "--bots", "20", "--duration", "2s", "--out", f"hdr={self.log}")
        self.trends = [s for s in self.expect_exit(run, 0, 99).report()["series"]
                       if s["kind"] == "trend" and s["measured"]["count"] > 0]
        self.assertGreater(len(self.trends), 3)

    @staticmethod
    def tag_of(series):
        return series["metric"] + "{" + ";".join(f"{k}:{v}" for k, v in series["tags"].items()) + "}"

    def test_buckets_are_those_of_the_run(self):
        lines = dict(re.findall(r"^Tag=([^,]+),.*,(\S+)$", self.log.read_text(), re.MULTILINE))
        self.assertEqual(set(lines), {self.tag_of(s) for s in self.trends})
        for series in self.trends:
            self.assertEqual(list(decode(lines[self.tag_of(series)])), series["measured"]["histogram"]["buckets"])

    def test_its_own_tools_read_it(self):
        self.assertTrue(JAR.exists(), "needs Debian's libhdrhistogram-java; ./dev verify installs it")
        for series in self.trends:
            done = subprocess.run(["java", "-cp", JAR, "org.HdrHistogram.HistogramLogProcessor", "-i", self.log,
                                   "-tag", self.tag_of(series), "-outputValueUnitRatio", "1000000"],
                                  capture_output=True, text=True, timeout=PATIENCE_S)
            measured = series["measured"]
            count = re.search(r"Total count\s*=\s*(\d+)", done.stdout)
            self.assertIsNotNone(count, done.stdout + done.stderr)
            self.assertEqual(int(count.group(1)), measured["count"])
            mean = float(re.search(r"Mean\s*=\s*([0-9.]+)", done.stdout).group(1))
            self.assertAlmostEqual(mean, measured["avg_ms"], delta=measured["avg_ms"] * 0.001 + 0.001)
            most = float(re.search(r"Max\s*=\s*([0-9.]+)", done.stdout).group(1))
            self.assertAlmostEqual(most, measured["max_ms"], delta=measured["max_ms"] * 0.001 + 0.001)


if __name__ == "__main__":
    unittest.main()
