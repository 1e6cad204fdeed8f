"""What takes too long for every change."""

import json
import subprocess
import sys
import unittest

from harness import ROOT, SCENARIOS, EndToEndTest, Series


class Long(EndToEndTest):

    def test_ten_thousand_bots(self):
        run = self.start_with_server("../../../scenarios/login_enter_chat.json", "--bots", "10000")
        # How fast this machine is does not matter here; that nothing is lost does.
        report = self.expect_exit(run, 0, 99).report()
        failed = [t["metric"] for t in report["thresholds"] if not t["passed"]]
        self.assertLessEqual(set(failed), {"chat_rtt", "load_delivered"}, run.text())
        bots = Series(report).count("iterations")
        self.assertGreaterEqual(bots, 10_000)

    def test_a_million_connects_leave_nothing(self):
        run = self.start_with_server("million_connects.json", "--source-addresses", "127.0.0.1-127.0.0.8")
        self.assertEqual(run.process.wait(300), 0, run.text())
        report = run.report()
        self.assertEqual(Series(report).count("sessions_ended", by="us", how="reset"),
                         Series(report).count("connect_duration"))
        self.expect_memory_as_after_ten_thousand_connects(report, connects_min=1_000_000)

    def test_what_grows_for_certain_is_121(self):
        # Memory, and every half second a handle and a thread.
        leaking = ("import time, threading\nkept = []\nwhile True:\n  for n in range(5):\n    kept.append(b'x' * 100_000)\n"
                   "    time.sleep(0.1)\n  kept.append(open('/dev/null'))\n"
                   "  threading.Thread(target=time.sleep, args=(600,), daemon=True).start()")
        breathing = "import time\nwhile True:\n  kept = b'x' * 50_000_000\n  time.sleep(2)\n  kept = b''\n  time.sleep(2)"
        processes = []
        for program in (leaking, breathing):
            processes.append(subprocess.Popen([sys.executable, "-c", program]))
            self.addCleanup(self.end, processes[-1])
        text = (SCENARIOS / "chat.json").read_text().replace("../../../scenarios", str(ROOT / "scenarios"))
        limits = {f"{metric}{{server:{server}}}": [f"slope<{limit}"] for server in ("leaks", "breathes")
                  for metric, limit in (("server_memory", "100MB/h"), ("server_handles", "100/h"), ("server_threads", "100/h"))}
        text = text.replace('"thresholds": {', '"thresholds": {' + json.dumps(limits)[1:-1] + ", ")
        file = self.directory() / "soak.json"
        file.write_text(text)
        run = self.start_with_server(file, "--bots", "5", "--duration", "40s",
                                     "--watch-pid", f"leaks={processes[0].pid}",
                                     "--watch-pid", f"breathes={processes[1].pid}")
        report = self.expect_exit(run, 121).report()
        slopes = [t for t in report["thresholds"] if t["expression"].startswith("slope")]
        self.assertEqual(len(slopes), 6)
        for slope in slopes:
            self.assertEqual(slope["passed"], slope["tags"]["server"] == "breathes", slope)
            self.assertGreaterEqual(slope["slope"]["samples"], 35)
            if not slope["passed"]:
                self.assertGreater(slope["slope"]["low"], 100e6 if slope["metric"] == "server_memory" else 100)


if __name__ == "__main__":
    unittest.main()
