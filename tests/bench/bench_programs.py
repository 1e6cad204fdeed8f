"""Starts the programs of a benchmark on their cores and reads what they say."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

SCENARIOS = Path(__file__).resolve().parent / "scenarios"
CONNECTIONS = 1_000
PATIENCE_SECONDS = 60  # beyond a run's own length


class BenchError(Exception):
    """A sentence for the user."""


def choose_cores():
    """(server's, client's): the first two that this process may use."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise BenchError("needs two cores: one for the server, one for the client")
    return cores[0], cores[1]


def choose_drawing_core():
    """One that neither server nor client has; where there are only two, the server's."""
    cores = sorted(os.sched_getaffinity(0))
    return cores[2] if len(cores) > 2 else cores[0]


def on_core(core, command):
    return ["taskset", "-c", str(core), *map(str, command)]


def program(path):
    if not path.exists():
        raise BenchError(f"{path} is missing; build first: ./dev build")
    return path


def finish(process, timeout):
    """Waits for a child. Returns its processor time; its output must be read already or be a file."""
    end = time.monotonic() + timeout
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid != 0:
            process.returncode = os.waitstatus_to_exitcode(status)
            return usage.ru_utime + usage.ru_stime
        if time.monotonic() > end:
            process.kill()
            process.wait()
            raise BenchError(f"{process.args[3]} did not end")
        time.sleep(0.02)


class Server:
    """bench_server, on a port of its own choice, while the `with` lasts."""

    def __init__(self, build, mode, core):
        self.command = on_core(core, [program(build / "tests/bench/bench_server"), mode])

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            raise BenchError("the server did not start")
        self.port = int(line)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


class FloorClient:
    def __init__(self, build, core):
        self.program = program(build / "tests/bench/bench_floor")
        self.core = core

    def run(self, load, port, seconds):
        command = on_core(self.core, [self.program, load, port, CONNECTIONS, seconds])
        with tempfile.TemporaryFile("w+") as output:
            process = subprocess.Popen(command, stdout=output)
            cpu_seconds = finish(process, seconds + PATIENCE_SECONDS)
            output.seek(0)
            text = output.read()
        if process.returncode != 0:
            raise BenchError(f"the floor program failed at {load}")
        tally = json.loads(text)
        if tally["failed"] > 0 or tally["done"] == 0:
            raise BenchError(f"the floor program had failures at {load}: {text.strip()}")
        return {"per_second": tally["done"] / tally["seconds"], "cpu_seconds": cpu_seconds,
                "cpu_us_each": 1e6 * cpu_seconds / tally["done"]}


def run_rooms(build, mode, seconds):
    """bench_rooms, which takes all cores: what it measured."""
    command = [str(program(build / "tests/bench/bench_rooms")), mode, str(seconds)]
    try:
        # It measures three times, and settles between.
        run = subprocess.run(command, stdout=subprocess.PIPE, text=True,
                             timeout=4 * seconds + PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        raise BenchError("bench_rooms did not end") from None
    if run.returncode != 0:
        raise BenchError(f"bench_rooms {mode} ended with {run.returncode}")
    return json.loads(run.stdout)


class StressBotRun:
    """What a run of StressBot reported."""

    def __init__(self, report, cpu_seconds, resident_bytes):
        self.report = report
        self.cpu_seconds = cpu_seconds
        self.resident_bytes = resident_bytes

    @property
    def measured_seconds(self):
        return self.report["measured_s"]

    def find(self, metric):
        return next(series for series in self.report["series"] if series["metric"] == metric)

    def total(self, metric, part):
        """`part`: measured or whole. Sum of the counts of all series of the metric."""
        return sum(series[part]["count"] for series in self.report["series"]
                   if series["metric"] == metric)


class StressBot:
    def __init__(self, build, core):
        self.program = program(build / "bin/stressbot")
        self.core = core

    def run(self, scenario, port, seconds, bots=CONNECTIONS, resident_after=None):
        """`resident_after`: when to look at its memory, in seconds."""
        with tempfile.TemporaryDirectory() as directory:
            out = Path(directory) / "run.json"
            # A closed loop saturates its core: that is what is measured here, not a fault.
            command = [self.program, "run", SCENARIOS / f"{scenario}.json",
                       "--target", f"127.0.0.1:{port}", "--bots", bots, "--shards", 1,
                       "--duration", f"{round(seconds * 1000)}ms", "--on-saturation", "warn",
                       "--quiet", "--out", f"json={out}"]
            with tempfile.TemporaryFile("w+") as output:
                process = subprocess.Popen(on_core(self.core, command), stdout=output,
                                           stderr=subprocess.STDOUT)
                resident = None
                if resident_after is not None:
                    time.sleep(resident_after)
                    resident = resident_bytes(process)
                cpu_seconds = finish(process, seconds + PATIENCE_SECONDS)
                output.seek(0)
                text = output.read().strip()
            if process.returncode != 0 or not out.exists():
                raise BenchError(f"stressbot run {scenario} ended with {process.returncode}: {text}")
            return StressBotRun(json.loads(out.read_text()), cpu_seconds, resident)


class DashboardWindow:
    """stressbot-dashboard with a scenario. It draws on one core, what it runs is on another."""

    def __init__(self, build, run_core, drawing_core):
        self.program = program(build / "bin/stressbot-dashboard")
        self.run_core = run_core
        self.drawing_core = drawing_core

    def run(self, scenario, port, seconds):
        """Requests a second in the measured part, and frames drawn meanwhile."""
        with tempfile.TemporaryDirectory() as directory:
            folder = Path(directory)
            self.probe_file = folder / "probe.json"
            for file in ("bench.protocol.json", "bench.proto"):
                shutil.copy(SCENARIOS / file, folder)
            text = json.loads((SCENARIOS / f"{scenario}.json").read_text())
            for group in text["groups"].values():
                group["duration"] = f"{round(seconds * 1000)}ms"
            (folder / "run.json").write_text(json.dumps(text))
            command = on_core(self.drawing_core, [
                self.program, folder / "run.json", "--target", f"127.0.0.1:{port}",
                "--offscreen", "1280x720", "--probe", self.probe_file])
            # Drawn by the processor, and by the one thread that is on the drawing core.
            environment = {**os.environ, "LIBGL_ALWAYS_SOFTWARE": "1", "LP_NUM_THREADS": "0"}
            with tempfile.TemporaryFile("w+") as output:
                self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=output,
                                                stderr=subprocess.STDOUT, text=True, env=environment)
                try:
                    return self._click_through(seconds)
                finally:
                    self.process.stdin.close()
                    finish(self.process, PATIENCE_SECONDS)

    def _click_through(self, seconds):
        self._wait_for(lambda told: "start.run" in told["items"], PATIENCE_SECONDS)
        frames = self._wait_for(lambda told: told["frames"] >= 3, PATIENCE_SECONDS)["frames"]
        self.process.stdin.write("click start.run\n")
        self.process.stdin.flush()
        told = self._wait_for(lambda told: told["values"].get("run.state") == "over",
                              seconds + PATIENCE_SECONDS)
        return {"per_second": told["values"]["run.requests_per_s"], "frames": told["frames"] - frames}

    def _wait_for(self, condition, timeout):
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise BenchError(f"the dashboard ended with {self.process.returncode}")
            self._place_threads()
            try:
                told = json.loads(self.probe_file.read_text())
                if condition(told):
                    return told
            except FileNotFoundError:
                pass
            time.sleep(0.02)
        raise BenchError("the dashboard did not do what it was told")

    def _place_threads(self):
        """The first thread draws, all others run."""
        for thread in Path(f"/proc/{self.process.pid}/task").iterdir():
            if int(thread.name) == self.process.pid:
                continue
            try:
                os.sched_setaffinity(int(thread.name), {self.run_core})
            except ProcessLookupError:
                pass  # it has ended


def resident_bytes(process):
    try:
        for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
    except FileNotFoundError:
        pass
    raise BenchError("the program ended before its memory was looked at")
