"""The dashboard's window, on a display of the test's own or on none, and what its probe says of it."""

import functools
import json
import os
import struct
import subprocess
import tempfile
import time
import zlib
from pathlib import Path

from harness import BIN, wait_until

PROGRAM = BIN / "stressbot-dashboard"
# Drawn by the processor, the same on each machine; no settings and fonts of who runs the test.
# The sanitizers of GCC before 14 take some blocks of a driver's thread-local data for those of a C library of 2014,
# and the search for leaks then reads at a made-up address ("Tracer caught signal 11"), once in some hundred runs.
ENVIRONMENT = {"LIBGL_ALWAYS_SOFTWARE": "1", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8",
               "ASAN_OPTIONS": "intercept_tls_get_addr=0"}


def environment(**more):
    kept = {name: value for name, value in os.environ.items()
            if name not in ("DISPLAY", "WAYLAND_DISPLAY", "LANG", "LC_MESSAGES", "GTK_THEME", "XDG_CONFIG_HOME")}
    return {**kept, **ENVIRONMENT, **more}


def middle_of(place):
    x, y, width, height = place
    return int(x + width / 2), int(y + height / 2)


class Display:
    """A display server without a screen: one of the test's own, or one that is there."""

    def __init__(self, size="1280x900", name=None):
        self.name = name
        if name:
            return
        self.process = subprocess.Popen(
            ["Xvfb", "-displayfd", "1", "-screen", "0", f"{size}x24", "-nolisten", "tcp"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.name = ":" + self.process.stdout.readline().strip()

    def xdotool(self, *words):
        subprocess.run(["xdotool", *map(str, words)], check=True, env=environment(DISPLAY=self.name), timeout=30)

    def move_to(self, item, window):
        """The pointer to the middle of a probe's item, within the window of that title."""
        self.xdotool("search", "--onlyvisible", "--name", f"^{window}$",
                     "mousemove", "--window", "%1", *middle_of(item))

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


class Dashboard:
    """A running stressbot-dashboard. Offscreen it is told commands, see docs/DASHBOARD.md."""

    def __init__(self, *options, program=(PROGRAM,), display=None, cwd=None):
        self.directory = tempfile.TemporaryDirectory()
        self.probe_file = Path(self.directory.name) / "probe.json"
        self.said = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [*program, "--probe", self.probe_file, *options], stdin=subprocess.PIPE, stdout=self.said,
            stderr=subprocess.STDOUT, text=True, cwd=cwd,
            env=environment(**({"DISPLAY": display.name} if display else {})))
        self.wait_for("the first picture", lambda probe: probe["frames"] >= 3)

    def probe(self):
        try:
            return json.loads(self.probe_file.read_text())
        except FileNotFoundError:
            return None

    def wait_for(self, what, condition):
        """The probe's first state for which the condition holds."""
        def look():
            if self.process.poll() is not None:
                raise AssertionError(f"it ended ({self.process.returncode}) before {what}: {self.output()}")
            probe = self.probe()
            return probe if probe and condition(probe) else None
        return wait_until(what, look)

    def wait_for_value(self, name, value):
        return self.wait_for(f"{name} = {value}", lambda probe: probe["values"].get(name) == value)

    def wait_for_item(self, name):
        return self.wait_for(name, lambda probe: name in probe["items"])

    def tell(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def place_of(self, item):
        """Where it is, once it stays there: tables fit their columns after the first picture."""
        place = None
        while place != (place := self.wait_for_item(item)["items"][item]):
            time.sleep(0.05)
        return place

    def click(self, item):
        self.place_of(item)
        self.tell(f"click {item}")

    def picture(self, file):
        self.tell(f"picture {file}")
        wait_until(f"{file}", Path(file).exists)
        return Picture(file)

    def output(self):
        self.said.seek(0)
        return self.said.read()

    def end(self):
        """Exit code, once it has been asked to close."""
        self.process.stdin.close()
        return self.process.wait(60)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if not self.process.stdin.closed:
            self.process.stdin.close()
        self.said.close()
        self.directory.cleanup()


class Picture:
    """A PNG file as we write them: 8 bits, red, green and blue. Its pixels are decoded when they are asked for,
    which takes a second for a million of them."""

    def __init__(self, file):
        data = Path(file).read_bytes()
        assert data[:8] == b"\x89PNG\r\n\x1a\n", "no PNG"
        packed, at = b"", 8
        while at < len(data):
            size, kind = struct.unpack(">I4s", data[at:at + 8])
            body = data[at + 8:at + 8 + size]
            if kind == b"IHDR":
                self.width, self.height, depth, color = struct.unpack(">IIBB", body[:10])
                assert (depth, color) == (8, 2), "not 8 bits of red, green and blue"
            elif kind == b"IDAT":
                packed += body
            at += 12 + size
        self._data = zlib.decompress(packed)

    @functools.cached_property
    def rows(self):
        return list(self._unfiltered(self._data))

    def _unfiltered(self, data):
        stride = 3 * self.width
        above = bytearray(stride)
        for y in range(self.height):
            kind, row = data[y * (stride + 1)], bytearray(data[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
            for i in range(stride if kind else 0):
                a, b, c = (row[i - 3], above[i], above[i - 3]) if i >= 3 else (0, above[i], 0)
                p = a + b - c
                paeth = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
                row[i] = (row[i] + (0, a, b, (a + b) // 2, paeth)[kind]) & 255
            above = row
            yield row

    def pixel(self, x, y):
        return tuple(self.rows[y][3 * x:3 * x + 3])

    def colors(self, every=1):
        """Those of every so many rows."""
        return set().union(*(zip(row[::3], row[1::3], row[2::3]) for row in self.rows[::every]))
