#!/usr/bin/python3
"""Measures StressBot beside a program that does the least possible: ./dev bench [CASE...]

The server runs on one core, the client on another. Floor and StressBot take turns against the same
kind of server, and each pair gives one ratio, so that what else the machine does falls on both.
docs/BENCHMARKS.md says what each case means.
"""

import argparse
import datetime
import json
import os
import platform
import statistics
import sys
from pathlib import Path

from bench_programs import (BenchError, DashboardWindow, FloorClient, Server, StressBot, choose_cores,
                            choose_drawing_core, run_rooms)

PAIRS = 3
WARMUP_SECONDS = 0.5  # as in scenarios/*.json
IDLE_BOTS = (10, 10_000)
IDLE_SETTLED_SECONDS = 4.0
RATE_ASKED = 20_000.0  # scenarios/rate.json: 1,000 bots, one request every 50 ms
RATIO_CASES = {
    # case: (server, unit, metric that counts a unit, target)
    "echo": ("echo", "round trips", "request_duration", 0.6),
    "broadcast": ("blast", "packets", "packets_received", 0.1),
    "churn": ("echo", "connections", "iteration_duration", 0.5),
}


def measure_ratio(bench, name):
    """Floor, ours, floor, ours ...: the median of the pairs' ratios."""
    server_mode, unit, metric, target = RATIO_CASES[name]
    pairs = []
    for _ in range(PAIRS):
        with Server(bench.build, server_mode, bench.server_core) as server:
            floor = bench.floor.run(name, server.port, bench.seconds)
        with Server(bench.build, server_mode, bench.server_core) as server:
            run = bench.stressbot.run(name, server.port, WARMUP_SECONDS + bench.seconds)
        measured, whole = run.total(metric, "measured"), run.total(metric, "whole")
        if measured == 0:
            raise BenchError(f"{name}: StressBot counted no {unit}")
        ours = {"per_second": measured / run.measured_seconds, "cpu_seconds": run.cpu_seconds,
                "cpu_us_each": 1e6 * run.cpu_seconds / whole}
        pairs.append({"ours": ours, "floor": floor,
                      "ratio": ours["per_second"] / floor["per_second"],
                      "cpu_ratio": floor["cpu_us_each"] / ours["cpu_us_each"]})

    def middle(*path):
        return statistics.median(look_up(pair, path) for pair in pairs)

    result = {"unit": unit, "target_ratio": target, "ratio": middle("ratio"),
              "cpu_ratio": middle("cpu_ratio"),
              "ours_per_second": middle("ours", "per_second"),
              "floor_per_second": middle("floor", "per_second"),
              "ours_cpu_us_each": middle("ours", "cpu_us_each"),
              "floor_cpu_us_each": middle("floor", "cpu_us_each"), "pairs": pairs}
    result["line"] = (
        f"{result['ours_per_second']:>12,.0f} {unit + '/s':<14} floor "
        f"{result['floor_per_second']:>12,.0f}   ratio {result['ratio']:.2f} (at least {target})   "
        f"CPU each {result['ours_cpu_us_each']:.2f} us, floor {result['floor_cpu_us_each']:.2f} us")
    return result


def measure_idle(bench):
    """What a bot that waits costs: the growth of the process from few to many bots."""
    resident = []
    for bots in IDLE_BOTS:
        with Server(bench.build, "echo", bench.server_core) as server:
            run = bench.stressbot.run("idle", server.port, IDLE_SETTLED_SECONDS + 1, bots=bots,
                                      resident_after=IDLE_SETTLED_SECONDS)
        if run.total("request_duration", "whole") != bots:
            raise BenchError(f"idle: not all of {bots} bots were answered")
        resident.append(run.resident_bytes)
    each = (resident[1] - resident[0]) / (IDLE_BOTS[1] - IDLE_BOTS[0])
    return {"bots": IDLE_BOTS, "resident_bytes": resident, "bytes_per_bot": each,
            "target_bytes": 4096,
            "line": f"{each:>12,.0f} bytes a bot   ({IDLE_BOTS[1]:,} bots: "
                    f"{resident[1] / 2**20:.1f} MiB; at most 4,096)"}


def measure_rate(bench):
    """Whether a set rate is kept."""
    runs = []
    for _ in range(PAIRS):
        with Server(bench.build, "echo", bench.server_core) as server:
            run = bench.stressbot.run("rate", server.port, WARMUP_SECONDS + bench.seconds)
        delivered = run.total("requests", "measured") / run.measured_seconds
        runs.append({"per_second": delivered, "cpu_seconds": run.cpu_seconds,
                     "error_percent": 100 * (delivered - RATE_ASKED) / RATE_ASKED,
                     "lateness_p99_ms": run.find("generator_lateness")["measured"]["p99_ms"]})
    middle = sorted(runs, key=lambda run: abs(run["error_percent"]))[len(runs) // 2]
    lateness = statistics.median(run["lateness_p99_ms"] for run in runs)
    return {"asked_per_second": RATE_ASKED, "delivered_per_second": middle["per_second"],
            "error_percent": middle["error_percent"], "lateness_p99_ms": lateness, "runs": runs,
            "line": f"{middle['per_second']:>12,.1f} requests/s     asked "
                    f"{RATE_ASKED:,.0f}   error {middle['error_percent']:+.3f} % (0.5)   "
                    f"lateness p99 {lateness:.3f} ms (1)"}


def measure_rooms(bench):
    """A hot room and a hundred quiet ones: rooms as job queues beside rooms under a lock."""
    pairs = []
    for _ in range(PAIRS):
        pair = {mode: run_rooms(bench.build, mode, bench.seconds) for mode in ("queue", "lock")}
        pair["ratio"] = (pair["queue"]["deliveries_per_second"]
                         / pair["lock"]["deliveries_per_second"])
        pairs.append(pair)

    def middle(*path):
        return statistics.median(look_up(pair, path) for pair in pairs)

    def waits(mode):
        return (f"{middle(mode, 'quiet_alone', 'p99_us'):,.0f} to "
                f"{middle(mode, 'quiet_beside_hot', 'p99_us'):,.0f} us")

    queue, lock = (middle(mode, "deliveries_per_second") for mode in ("queue", "lock"))
    return {"ratio": middle("ratio"), "queue_per_second": queue, "lock_per_second": lock,
            "pairs": pairs,
            "line": f"{queue:>12,.0f} deliveries/s   under a lock {lock:>12,.0f}   "
                    f"ratio {middle('ratio'):.1f}   quiet rooms' p99, alone to beside the hot one: "
                    f"{waits('queue')}, under locks {waits('lock')}"}


def measure_dashboard(bench):
    """What it costs a run to be looked at: in the window, and without, turn by turn."""
    window = DashboardWindow(bench.build, bench.client_core, choose_drawing_core())
    pairs = []
    for _ in range(PAIRS):
        with Server(bench.build, "echo", bench.server_core) as server:
            run = bench.stressbot.run("echo", server.port, WARMUP_SECONDS + bench.seconds)
        alone = run.total("requests", "measured") / run.measured_seconds
        with Server(bench.build, "echo", bench.server_core) as server:
            shown = window.run("echo", server.port, WARMUP_SECONDS + bench.seconds)
        pairs.append({"alone_per_second": alone, "shown": shown, "ratio": shown["per_second"] / alone})
    middle = sorted(pairs, key=lambda pair: pair["ratio"])[len(pairs) // 2]
    return {"ratio": middle["ratio"], "target_ratio": 0.97, "pairs": pairs,
            "line": f"{middle['shown']['per_second']:>12,.0f} round trips/s  without a window "
                    f"{middle['alone_per_second']:,.0f}   ratio {middle['ratio']:.3f} (at least 0.97)   "
                    f"{middle['shown']['frames']} frames drawn"}


def look_up(value, path):
    for key in path:
        value = value[key]
    return value


class Bench:
    """What all cases share."""

    def __init__(self, options):
        self.build = options.build
        self.seconds = options.seconds
        self.server_core, self.client_core = choose_cores()
        self.floor = FloorClient(options.build, self.client_core)
        self.stressbot = StressBot(options.build, self.client_core)


CASES = {name: (lambda bench, name=name: measure_ratio(bench, name)) for name in RATIO_CASES}
CASES |= {"idle": measure_idle, "rate": measure_rate, "rooms": measure_rooms,
          "dashboard": measure_dashboard}


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"of {', '.join(CASES)}; all")
    parser.add_argument("--build", type=Path, default=Path("build"), help="the build directory")
    parser.add_argument("--seconds", type=float, default=3.0, help="length of each measurement")
    parser.add_argument("--out", type=Path, help="the JSON file (BUILD/bench.json)")
    options = parser.parse_args()
    unknown = [case for case in options.cases if case not in CASES]
    if unknown:
        parser.error(f"no case {unknown[0]}; there are {', '.join(CASES)}")
    if options.seconds <= 0:
        parser.error("--seconds must be above 0")
    options.out = options.out or options.build / "bench.json"
    return options


def main():
    options = parse_options()
    report = {"date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
              "cores": os.cpu_count(), "machine": platform.machine(),
              "system": f"{platform.system()} {platform.release()}",
              "seconds": options.seconds, "cases": {}}
    failed = False
    try:
        bench = Bench(options)
        for case in options.cases or CASES:
            try:
                report["cases"][case] = CASES[case](bench)
                print(f"{case:<10}{report['cases'][case].pop('line')}", flush=True)
            except BenchError as error:
                failed = True
                report["cases"][case] = {"error": str(error)}
                print(f"{case:<10}{error}", flush=True)
    except BenchError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    options.out.write_text(json.dumps(report, indent=2) + "\n")
    print(f"written to {options.out}; load average {os.getloadavg()[0]:.1f}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
