"""./dev soak: a server that keeps something of each client that left is told from one that does not."""

import json
import os
import subprocess
import unittest

from harness import PATIENCE_S, EndToEndTest


class Soak(EndToEndTest):

    def soak(self, tree, *words):
        """Starts ./dev soak where nothing is left to install and to build."""
        tools = self.directory()
        for name, script in {"cmake": ":", "dpkg-query": "echo install ok installed"}.items():
            (tools / name).write_text(f"#!/bin/sh\n{script}\n")
            (tools / name).chmod(0o755)
        soak = subprocess.Popen([tree / "dev", "soak", *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True,
                                env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"})
        self.addCleanup(self.end, soak)
        return soak

    def judged(self, tree, soak, code):
        """Its report, when it ended with that code."""
        said, _ = soak.communicate(timeout=120 + PATIENCE_S)
        self.assertEqual(soak.returncode, code, said)
        reports = sorted((tree / "build" / "soak").glob("*/*"))
        self.assertEqual([file.name for file in reports], ["soak.html", "soak.json", "soak.md"])
        self.assertIn(f"reports: build/soak/{reports[0].parent.name}/soak.html", said)
        return json.loads(reports[1].read_text(encoding="utf-8"))

    def expect_slopes(self, tree, report, failed):
        for file in (tree / "build" / "soak").glob("*/soak.*"):
            if file.suffix != ".json":
                self.assertIn("99 % sure", file.read_text(encoding="utf-8"), file.name)  # the fit is shown
        slopes = {t["metric"]: t for t in report["thresholds"] if t["expression"].startswith("slope")}
        self.assertEqual(set(slopes), {"server_memory", "server_handles", "server_threads", "chat_rtt"})
        for slope in slopes.values():
            self.assertGreaterEqual(slope["slope"]["samples"], 80)
        self.assertEqual([t["metric"] for t in report["thresholds"] if not t["passed"]], failed)

    def test_two_minutes_tell_a_leaking_server_from_a_clean_one(self):
        # How busy this machine is says nothing about the program.
        options = ("2m", "--on-saturation", "warn")
        clean, leaking = self.tree(), self.tree()
        runs = self.soak(clean, *options), self.soak(leaking, *options, "--defect", "session-leak")
        report = self.judged(leaking, runs[1], 121)
        self.expect_slopes(leaking, report, ["server_memory"])
        self.expect_memory_as_after_ten_thousand_connects(report, connects_min=30_000)
        report = self.judged(clean, runs[0], 0)
        self.expect_slopes(clean, report, [])
        self.expect_memory_as_after_ten_thousand_connects(report, connects_min=30_000)

    def test_any_server_is_soaked(self):
        tree = self.tree()
        report = self.judged(tree, self.soak(tree, "1s", "--server", f"{self.SERVER} --shards 1"), 0)
        self.assertIn("--shards 1", report["servers"][0]["command"])

    def test_mistakes_are_told(self):
        tree = self.tree()
        for words, told in ((("forever",), '"forever" is no duration'), (("2m", "--defect"), "--defect takes a value")):
            soak = self.soak(tree, *words)
            said, _ = soak.communicate(timeout=PATIENCE_S)
            self.assertEqual(soak.returncode, 2, said)
            self.assertIn(told, said)


if __name__ == "__main__":
    unittest.main()
