"""Faults around a run (docs/RELIABILITY.md): it goes on, or ends in order, and says what it was."""

import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
import unittest
from pathlib import Path

from harness import (BIN, PATIENCE_S, ROOT, SCENARIOS, EndToEndTest, Run, Series, children_of, connections_to, free_port,
                     interrupt, wait_until)

# One that is nobody's concern: root needs no user namespace for it, and may be forbidden to make one.
UNSHARE = ["unshare"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user"]
DOCUMENT = ROOT / "docs" / "RELIABILITY.md"
# A fault of the document: its heading, its commands, and what they print, beginning with the exit code.
SECTION = re.compile(r"^## ([^\n]+)\n.*?```sh\n(.*?)```.*?```\n(.*?)```", re.DOTALL | re.MULTILINE)


def name_of(pid):
    try:
        return Path(f"/proc/{pid}/comm").read_text()
    except FileNotFoundError:
        return ""  # it has ended


def with_few_ports(words, taken):
    """A command in a network of its own, with 20 ports for connections, of which those are taken."""
    program = f"""
import fcntl, os, socket, struct, sys
sockets = [socket.socket() for _ in range({len(taken) + 1})]
fcntl.ioctl(sockets[0], 0x8914, struct.pack('16sh', b'lo', 0x41))  # SIOCSIFFLAGS: up and running
open('/proc/sys/net/ipv4/ip_local_port_range', 'w').write('40000 40019')
for port, taker in zip({[40000 + place for place in taken]}, sockets[1:]):
    taker.bind(('127.0.0.1', port))
    taker.set_inheritable(True)
os.execv(sys.argv[1], sys.argv[1:])
"""
    return [*UNSHARE, "--net", sys.executable, "-c", program, *words]


class Faults(EndToEndTest):

    def scenario(self, bots, duration, ramp=None, **defaults):
        """chat.json with so many bots, at once or in the time of `ramp`, who soon come back."""
        text = (SCENARIOS / "chat.json").read_text().replace("../../../scenarios", str(ROOT / "scenarios"))
        text = re.sub(r', "timeout": "30s"', "", text)
        scenario = json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.M))
        load = {"executor": "constant-bots", "bots": bots, "duration": duration}
        if ramp:
            load = {"executor": "ramping-bots", "stages": [{"duration": ramp, "target": bots},
                                                           {"duration": duration, "target": bots}]}
        scenario["groups"]["players"] = {"flow": "player", "gracefulStop": "30s", **load}
        scenario["defaults"] = {"timeout": "30s", "retry": {"after": "100ms", "factor": 2, "max": "500ms"}, **defaults}
        file = self.directory() / "faults.json"
        file.write_text(json.dumps(scenario))
        return file

    def start_judged(self, scenario, *options, program=None):
        """A run that says when this machine is to blame."""
        run = Run([str(scenario), *options], self.directory() / "report.json", program or self.STRESSBOT)
        self.addCleanup(run.close)
        return run

    def reasons(self, run):
        return "\n".join(reason["text"] for reason in run.report()["verdict"]["reasons"])

    def test_a_server_started_again_gets_its_bots_back(self):
        port = free_port()
        words = [BIN / "reference-server", "--listen", f"127.0.0.1:{port}", "--quiet"]

        def serve():
            server = subprocess.Popen(words, stdout=subprocess.DEVNULL)
            self.addCleanup(self.end, server)
            return server

        first = serve()
        run = self.start(self.scenario(50, "4s"), "--target", f"127.0.0.1:{port}")
        wait_until("50 connections", lambda: connections_to(port) >= 50)
        self.end(first)
        time.sleep(0.5)  # so long it is down
        serve()
        # Refused meanwhile, which nobody excused.
        report = self.expect_exit(run, 99).report()
        series = Series(report)
        self.assertEqual(series.count("bots_dropped"), 50)
        self.assertEqual(series.count("recovery_duration"), 50)
        self.assertGreater(sum(s["whole"]["passed"] for s in series.named("connects_failed", reason="refused")), 0)
        self.assertIn("recovery after a drop", run.text())

    def test_a_full_accept_queue_is_told(self):
        with socket.create_server(("127.0.0.1", 0), backlog=1) as listener:
            port = listener.getsockname()[1]
            run = self.start(self.scenario(40, "2s", timeout="700ms", retry={"after": "10s"}),
                             "--target", f"127.0.0.1:{port}")
            report = self.expect_exit(run, 107).report()
        # Linux takes one more than it is told.
        self.assertIn("2 connections, but no packet was ever received; 38 further attempts failed", self.reasons(run))
        self.assertIn("timed out", self.reasons(run))
        timed_out = Series(report).named("connects_failed", reason="timeout")
        self.assertEqual(sum(s["whole"]["passed"] for s in timed_out), 38)

    def test_out_of_descriptors_is_120_and_the_server_lives(self):
        server, port = self.start_server()
        run = self.start_judged(self.scenario(60, "500ms", ramp="2s"), "--target", f"127.0.0.1:{port}",
                                "--watch-pid", str(server.pid))
        wait_until("some of the connections", lambda: connections_to(port) >= 10)
        most = len(os.listdir(f"/proc/{run.pid}/fd"))  # what it has it keeps
        resource.prlimit(run.pid, resource.RLIMIT_NOFILE, (most, most))
        report = self.expect_exit(run, 120).report()
        self.assertIn("Too many open files", self.reasons(run))
        self.assertTrue(report["servers"][0]["alive"])

    def test_out_of_ports_is_120_and_no_verdict_on_the_server(self):
        run = self.start_judged(self.scenario(20, "2s"), "--target", "127.0.0.1:7777",
                                "--server", f"{BIN / 'reference-server'} --listen 127.0.0.1:7777",
                                program=with_few_ports(self.STRESSBOT, taken=range(10, 20)))
        report = self.expect_exit(run, 120).report()
        self.assertIn("out of local ports", self.reasons(run))
        self.assertIn("Cannot assign requested address", self.reasons(run))
        connects = Series(report).named("connects_failed")
        local = sum(s["whole"]["passed"] for s in connects if s["tags"].get("reason") == "local")
        self.assertEqual(local, sum(s["whole"]["passed"] for s in connects))
        self.assertGreater(Series(report).count("packets_received"), 0)  # the others play

    def test_no_port_at_all_does_not_blame_the_target(self):
        run = self.start_judged(self.scenario(20, "1s"), "--target", "127.0.0.1:7777",
                                "--server", f"{BIN / 'reference-server'} --listen 127.0.0.1:7777",
                                program=with_few_ports(self.STRESSBOT, taken=range(20)))
        self.expect_exit(run, 120)
        self.assertNotIn("unreachable", self.reasons(run))

    def test_a_disk_that_fills_up_costs_its_reports_alone(self):
        disk = self.directory()
        kinds = ["json", "junit", "html", "markdown", "csv", "hdr"]
        outs = [word for kind in kinds for word in ("--out", f"{kind}={disk / kind}")]
        mounted = ["sh", "-c", f"mount -t tmpfs -o size=64k none {disk} && exec \"$@\"", "sh"]
        run = self.start(self.scenario(5, "2s"), "--server", self.SERVER, "--target", "127.0.0.1:0", *outs,
                         program=[*UNSHARE, "--mount", *mounted, *self.STRESSBOT])
        # Not as soon as it has a child: the first is mount.
        wait_until("the server", lambda: any(name_of(pid).startswith("reference") for pid in children_of(run.pid)))
        seen = Path(f"/proc/{run.pid}/root{disk}")  # as the run sees it
        fill = open(seen / "fill", "wb", buffering=0)
        self.addCleanup(fill.close)
        self.assertNotEqual(os.fstat(fill.fileno()).st_dev, os.stat(disk).st_dev)  # never this machine's own
        with self.assertRaisesRegex(OSError, "No space"):
            for _ in range(100):
                fill.write(bytes(4096))
        folder = os.open(seen, os.O_RDONLY)
        self.addCleanup(os.close, folder)
        self.expect_exit(run, 122)
        said = run.text()
        for kind in kinds:
            self.assertIn(f"Could not write {disk / kind}: No space left on device. Make room there", said)
        self.assertEqual(os.listdir(folder), ["fill"])  # nothing half written
        self.assertTrue(run.report()["verdict"]["passed"])  # that one is on another disk

    def test_a_disk_that_is_full_is_told_before_the_run(self):
        disk = self.directory()
        fill = f"mount -t tmpfs -o size=64k none {disk} && ! head -c 100k /dev/zero 2>/dev/null >{disk}/fill && exec \"$@\""
        run = self.start("chat.json", "--out", f"html={disk}/run.html",
                         program=[*UNSHARE, "--mount", "sh", "-c", fill, "sh", *self.STRESSBOT])
        self.expect_exit(run, 104)
        self.assertIn(f"no file can be made in {disk}: No space left on device", run.text())

    def test_a_summary_that_cannot_be_printed_is_122(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([*self.STRESSBOT, "run", self.scenario(1, "200ms"), "--on-saturation", "warn",
                                   "--server", self.SERVER, "--target", "127.0.0.1:0"], stdout=full,
                                  stderr=subprocess.PIPE, text=True, cwd=ROOT, timeout=PATIENCE_S)
        self.assertEqual(done.returncode, 122, done.stderr)
        self.assertIn("could not write to the standard output: No space left on device", done.stderr)

    def test_ctrl_c_twice_ends_at_once(self):
        server, port = self.start_server()
        run = self.start(self.scenario(20, "60s"), "--target", f"127.0.0.1:{port}")
        self.wait_for_bots(run, 20, server.pid)
        os.kill(server.pid, signal.SIGSTOP)
        time.sleep(0.5)  # longer than the period of the requests: none of the bots can end by itself
        interrupt(run.process)
        wait_until("the first", lambda: "once more stops at once" in run.text())
        interrupt(run.process)
        report = self.expect_exit(run, 105).report()
        first, second, *_ = [event["at_s"] for event in report["events"]]
        self.assertEqual(report["events"][1]["text"], "stopping at once")
        self.assertLess(report["duration_s"] - second, 1.9)  # it takes 2 s to leave such a server in order
        self.assertLess(second - first, 2.9)  # as by itself
        server.send_signal(signal.SIGCONT)

    def test_a_server_stopped_for_10_s_goes_on(self):
        server, port = self.start_server()
        run = self.start(self.scenario(100, "14s"), "--target", f"127.0.0.1:{port}")
        self.wait_for_bots(run, 100, server.pid)
        server.send_signal(signal.SIGSTOP)
        time.sleep(10)  # the stop itself
        server.send_signal(signal.SIGCONT)
        report = self.expect_exit(run, 0).report()
        chat = Series(report).named("request_duration", step="chat")[0]["measured"]
        self.assertGreaterEqual(chat["max_ms"], 9_800)
        self.assertEqual(Series(report).count("bots_dropped"), 0)

    def test_commands_of_the_document_show_the_faults(self):
        sections = SECTION.findall(DOCUMENT.read_text())
        self.assertGreaterEqual(len(sections), 9)
        for fault, commands, printed in sections:
            with self.subTest(fault):
                self.show(commands, printed)

    def show(self, commands, printed):
        """Runs commands as they stand there, but in a folder of their own and with a free port."""
        done = subprocess.run(["bash", "-c", commands.replace("7777", str(free_port()))], cwd=self.tree(),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=PATIENCE_S)
        for line in printed.splitlines():
            words = ".*".join(re.escape(part) for part in line.split("..."))
            self.assertRegex(done.stdout, words.replace(r"\ ", " +"), commands)


if __name__ == "__main__":
    unittest.main()
