"""What all end-to-end tests share: the real programs, started on free ports, and their reports."""

import json
import os
import random
import re
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BIN = Path(os.environ.get("STRESSBOT_BIN", ROOT / "build" / "bin"))
SCENARIOS = HERE / "scenarios"
PATIENCE_S = 90  # nothing here takes that long; a busy machine may


def wait_until(what, condition):
    """Looks at a condition again and again; fails when it does not come true."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited in vain for {what}")


def children_of(pid):
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in text.split()]


def tcp_table():
    """Local port, remote address and state of each IPv4 socket, and its inode."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        words = line.split()
        remote = socket.inet_ntoa(bytes.fromhex(words[2].split(":")[0])[::-1])
        yield int(words[1].split(":")[1], 16), remote, words[3], words[9]


def peers_of(port):
    """The addresses from which a local port has connections."""
    return {remote for local, remote, state, _ in tcp_table() if local == port and state == "01"}


def connections_to(port):
    """How many established connections a local port has, seen from the server."""
    return sum(1 for local, _, state, _ in tcp_table() if local == port and state == "01")


def listening_port_of(pid):
    """The port on which a process listens, or None."""
    inodes = set()
    try:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            inodes.update(re.findall(r"socket:\[(\d+)\]", os.readlink(link)))
    except OSError:
        return None
    return next((port for port, _, state, inode in tcp_table() if state == "0A" and inode in inodes),
                None)


def free_port():
    """A port on which nobody listens, and that the system gives to no test that runs beside this one: it
    takes those that it chooses from 32768 upwards."""
    for port in random.sample(range(20000, 32000), 100):
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue
    raise AssertionError("no free port among 100")


class Series:
    """The series of a report."""

    def __init__(self, report):
        self.report = report

    def named(self, metric, **tags):
        return [s for s in self.report["series"] if s["metric"] == metric
                and all(s["tags"].get(k) == v for k, v in tags.items())]

    def count(self, metric, **tags):
        return sum(s["whole"]["count"] for s in self.named(metric, **tags))


def served(said):
    """A reference server's own totals, of the lines it said: `served sessions=... in_order_received=...`."""
    lines = [line for line in said if line.startswith("served sessions=")]
    if len(lines) != 1:
        raise AssertionError(f"{len(lines)} lines of totals in {said}")
    return {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", lines[0])}


class Run:
    """One `stressbot run` as a child process."""

    def __init__(self, arguments, report_file, program=(BIN / "stressbot",)):
        self.report_file = Path(report_file)
        self.log = tempfile.TemporaryFile("w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [*program, "run", *arguments, "--out", f"json={self.report_file}"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT, cwd=ROOT)

    @property
    def pid(self):
        return self.process.pid

    def server_pid(self):
        return wait_until("the server's process", lambda: children_of(self.pid))[0]

    def wait(self):
        return self.process.wait(PATIENCE_S)

    def text(self):
        self.log.seek(0)
        return self.log.read()

    def report(self):
        return json.loads(self.report_file.read_text(encoding="utf-8"))

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.log.close()


class EndToEndTest(unittest.TestCase):
    """Starts programs and ends them, whatever happens."""

    SERVER = f"{BIN / 'reference-server'} --listen 127.0.0.1:0 --quiet"

    STRESSBOT = (BIN / "stressbot",)

    def directory(self):
        """A new one that is gone when the test is."""
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        return Path(directory.name)

    def tree(self):
        """The project with a build/ of its own, in which the programs under test have been built already."""
        tree = self.directory()
        for entry in ROOT.iterdir():
            if entry.name != "build":
                (tree / entry.name).symlink_to(entry)
        (tree / "build").mkdir()
        (tree / "build" / "bin").symlink_to(BIN)
        return tree

    def start(self, scenario, *options, program=None, report_file=None):
        # How busy the testing machine is says nothing about the program.
        run = Run([str(SCENARIOS / scenario), "--on-saturation", "warn", *options],
                  report_file or self.directory() / "report.json", program or self.STRESSBOT)
        self.addCleanup(run.close)
        return run

    def start_with_server(self, scenario, *options):
        return self.start(scenario, "--server", self.SERVER, "--target", "127.0.0.1:0", *options)

    def start_server(self, *options):
        """The reference server on its own; returns it and its port."""
        server = subprocess.Popen([*self.SERVER.split(), *options], stdout=subprocess.DEVNULL)
        self.addCleanup(self.end, server)
        port = wait_until("the server's port", lambda: listening_port_of(server.pid))
        return server, port

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.wait()

    def interrupt_while_a_run_goes_on(self, words):
        """Ctrl-C for a command that starts runs with servers, while the first goes on: its exit code and what it
        said."""
        command = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(self.end, command)
        run = wait_until("the run", lambda: children_of(command.pid))[0]
        wait_until("its server", lambda: children_of(run))
        interrupt(command)
        pressed_at = time.monotonic()
        said, _ = command.communicate(timeout=PATIENCE_S)
        self.assertLess(time.monotonic() - pressed_at, 10)
        return command.returncode, said

    def expect_exit(self, run, *codes):
        code = run.wait()
        self.assertIn(code, codes, run.text())
        if run.report_file.exists():
            self.assertEqual(run.report()["verdict"]["code"], code)
        return run

    def expect_prompt_105(self, run):
        """Presses Ctrl-C: the report is there soon, though the run or its server may take longer to end."""
        interrupted_at = time.monotonic()
        interrupt(run.process)
        wait_until("the report", run.report_file.exists)
        self.assertLess(time.monotonic() - interrupted_at, 5)
        self.expect_exit(run, 105)

    def expect_balance(self, report, server):
        """Bots and server (its totals) tell the same of every packet of sessions that ended in order."""
        series = Series(report)
        ours = lambda way, how: series.count(f"session_packets_{way}", how=how)
        self.assertEqual(ours("sent", "orderly"), server["in_order_received"])
        self.assertEqual(ours("received", "orderly"), server["in_order_sent"])
        # What was on its way when a connection was reset is lost: received is at most sent.
        others = lambda way: ours(way, "reset") + ours(way, "other")
        self.assertLessEqual(server["other_received"], others("sent"))
        self.assertLessEqual(others("received"), server["other_sent"])
        self.assertEqual(series.count("packets_received"),
                         sum(ours("received", how) for how in ("orderly", "reset", "other")))
        self.assertGreater(server["in_order"], 0)
        self.assertEqual(server["chunks_in_use"], 0)

    def expect_memory_as_after_ten_thousand_connects(self, report, connects_min):
        """StressBot's own, within 2 MB: what it keeps of time and latencies takes some, each connect nothing."""
        connects = [0] * len(report["timeline"]["to_s"])
        for series in Series(report).named("connect_duration"):
            for point, count in enumerate(series["timeline"]["count"], series["timeline"]["first"]):
                connects[point] += count
        self.assertGreaterEqual(sum(connects), connects_min)
        ten_thousand = next(n for n in range(len(connects)) if sum(connects[:n + 1]) >= 10_000)
        memory = Series(report).named("generator_memory")[0]["timeline"]
        values = memory["last"][ten_thousand - memory["first"]:]
        self.assertLess(max(values), values[0] + 2_000_000, memory["last"])

    def wait_for_bots(self, run, bots, server_pid=None):
        """Until that many are connected; returns the server's port."""
        pid = server_pid or run.server_pid()
        port = wait_until("the server's port", lambda: listening_port_of(pid))
        wait_until(f"{bots} connections", lambda: connections_to(port) >= bots)
        return port


def check(*arguments):
    """`stressbot check`: exit code and everything it said."""
    done = subprocess.run([BIN / "stressbot", *arguments], capture_output=True, text=True, cwd=ROOT,
                          timeout=PATIENCE_S)
    return done.returncode, done.stdout + done.stderr


def interrupt(process):
    process.send_signal(signal.SIGINT)
