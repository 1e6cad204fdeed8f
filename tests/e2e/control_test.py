"""A run that is looked at and steered while it goes on: over HTTP, and by keys."""

import fcntl
import json
import os
import pty
import re
import socket
import subprocess
import termios
import unittest
import urllib.error
import urllib.request

from harness import ROOT, SCENARIOS, EndToEndTest, Series, check, connections_to, wait_until

BOTS = 30


class Control(EndToEndTest):

    def scenario(self):
        """chat.json with bots that are all there at once, for longer than a test may take."""
        text = (SCENARIOS / "chat.json").read_text().replace("../../../scenarios", str(ROOT / "scenarios"))
        scenario = json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.M))
        scenario["groups"]["players"] = {"executor": "constant-bots", "flow": "player", "bots": BOTS,
                                         "duration": "2m"}
        file = self.directory() / "controlled.json"
        file.write_text(json.dumps(scenario))
        return file

    def start_controlled(self, *options):
        run = self.start_with_server(self.scenario(), "--control", "127.0.0.1:0", *options)
        found = wait_until("the interface", lambda: re.search(r"control: (http://\S+)/status", run.text()))
        self.url = found.group(1)
        return run

    def ask(self, path, body=None, **headers):
        """Status and text of the answer: to a GET without a body, else to a POST."""
        data = None if body is None else (body if isinstance(body, bytes) else json.dumps(body).encode())
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url + path, data, headers)) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def status(self):
        code, text = self.ask("/status")
        self.assertEqual(code, 200, text)
        return json.loads(text)

    def do(self, command, body=None):
        code, text = self.ask(f"/{command}", body or {})
        self.assertEqual(code, 200, text)
        return json.loads(text)["done"]

    def newest_requests(self, after_s):
        """Requests a second of a whole second that began after that time."""
        newest = wait_until("a second", lambda: (now := self.status()["newest"])["from_s"] >= after_s and now)
        return newest["requests_per_s"]

    def test_pause_bots_drop_mark_and_stop(self):
        run = self.start_controlled()
        port = self.wait_for_bots(run, BOTS)
        self.assertEqual(self.status()["state"], "running")
        self.do("pause")
        paused_at = self.status()["load_s"]
        self.assertEqual(self.newest_requests(paused_at), 0)
        self.assertEqual(connections_to(port), BOTS)
        self.assertEqual(self.status()["state"], "paused")
        self.assertEqual(self.status()["load_s"], paused_at)
        self.do("resume")
        self.do("drop", {"share": 0.1, "away": "100ms"})
        self.assertIn("players goes to 20 bots", self.do("bots", {"bots": 20}))
        wait_until("20 bots", lambda: connections_to(port) == 20)
        self.do("mark", {"name": "deploy"})
        code, metrics = self.ask("/metrics")
        self.assertEqual(code, 200)
        self.assertIn('stressbot_bots_wanted{group="players"} 20\n', metrics)
        self.assertEqual(self.ask("/bots", {"bots": BOTS + 1})[0], 400)
        self.assertEqual(self.ask("/bots", b"{")[0], 400)
        self.assertEqual(self.ask("/pause", {}, Origin="http://evil.example")[0], 403)
        self.do("stop")
        report = self.expect_exit(run, 0).report()
        self.assertTrue(report["changed_by_hand"])
        self.assertLess(report["duration_s"], 60)
        told = "\n".join(event["text"] for event in report["events"])
        for words in ("the load is paused", "the load goes on", "goes to 20 bots", "3 bots were reset",
                      "mark deploy", "ended by hand"):
            self.assertIn(words, told)
        self.assertIn("changed by hand", run.text())
        series = Series(report)
        self.assertEqual(series.count("requests_omitted"), 0)
        self.assertEqual(series.count("bots_dropped"), 0)

    def test_prometheus_own_tool_reads_the_metrics(self):
        """Needs promtool, which ./dev verify unpacks."""
        run = self.start_controlled()
        self.wait_for_bots(run, BOTS)
        wait_until("a second", lambda: self.status()["newest"]["requests_per_s"] > 0)
        code, metrics = self.ask("/metrics")
        self.assertEqual(code, 200)
        done = subprocess.run(["promtool", "check", "metrics"], input=metrics, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))
        self.do("stop")
        self.expect_exit(run, 0)

    def test_abort_is_103_and_a_token_is_asked_for(self):
        run = self.start_controlled("--control-token", "0123456789abcdef")
        self.wait_for_bots(run, BOTS)
        self.assertEqual(self.ask("/abort", {})[0], 401)
        self.assertEqual(self.ask("/status")[0], 401)
        self.assertEqual(self.ask("/abort", {}, Authorization="Bearer 0123456789abcdef")[0], 200)
        report = self.expect_exit(run, 103).report()
        self.assertIn("aborted by hand", report["verdict"]["reasons"][0]["text"])

    def test_a_taken_port_is_106(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            run = self.start_with_server(self.scenario(), "--control", f"127.0.0.1:{port}")
            report = self.expect_exit(run, 106).report()
        self.assertIn(f"127.0.0.1:{port}", report["verdict"]["reasons"][0]["text"])

    def test_who_can_be_reached_needs_a_token(self):
        for options in (["--control", "0.0.0.0:0"], ["--control", "127.0.0.1:0", "--control-token", "short"],
                        ["--control", "6565"], ["--control-token", "0123456789abcdef"]):
            code, text = check("run", str(self.scenario()), *options)
            self.assertEqual(code, 104, text)

    def test_keys_steer_and_the_terminal_is_as_before(self):
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        self.addCleanup(os.close, theirs)
        before = termios.tcgetattr(theirs)
        report_file = self.directory() / "report.json"
        process = subprocess.Popen(
            [*self.STRESSBOT, "run", str(self.scenario()), "--server", self.SERVER, "--target", "127.0.0.1:0",
             "--on-saturation", "warn", "--out", f"json={report_file}"],
            stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs, cwd=ROOT, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        self.addCleanup(self.end, process)
        os.set_blocking(ours, False)
        self.shown = ""

        def shows(words):
            try:
                self.shown += os.read(ours, 65536).decode(errors="replace")
            except BlockingIOError:
                pass
            return words in self.shown

        wait_until("the keys", lambda: shows("p pause"))
        os.write(ours, b"p")
        wait_until("the pause", lambda: shows("the load is paused"))
        os.write(ours, b"p-m")
        wait_until("the mark", lambda: shows("mark 1"))
        self.assertIn("players goes to 27 bots", self.shown)
        self.assertIn("the load goes on", self.shown)
        os.write(ours, b"q")
        wait_until("the end", lambda: shows("ended by hand") and process.poll() is not None)
        self.assertEqual(process.returncode, 0, self.shown)
        self.assertEqual(termios.tcgetattr(theirs), before)
        self.assertTrue(json.loads(report_file.read_text())["changed_by_hand"])


if __name__ == "__main__":
    unittest.main()
