"""Bots that misbehave, against the reference server: it does what is said of good servers."""

import json
import unittest

from harness import SCENARIOS, EndToEndTest, Series, check

CLOSED = ["size-zero", "size-one", "size-header-minus-one", "half-open", "raw"]
IGNORED = ["unknown-id", "id-max", "malformed-payload", "size-max"]
REPLIED = ["out-of-order", "byte-by-byte", "glued", "flood"]


class Hostile(EndToEndTest):

    def test_each_misbehaviour_has_its_outcome(self):
        run = self.start_with_server("hostile.json")
        report = self.expect_exit(run, 0).report()
        series = Series(report)
        for outcome, steps in (("closed", CLOSED), ("ignored", IGNORED), ("replied", REPLIED)):
            for step in steps:
                self.assertEqual(series.count("hostile_outcomes", step=step, outcome=outcome), 3, step)
        self.assertEqual(series.count("sessions_ended", by="server"), 3 * len(CLOSED))
        self.assertEqual(series.count("packets_sent", packet="C_CHAT"), 3 * (1 + 20 + 2000))
        self.assertEqual(sum(s["whole"]["total"] - s["whole"]["passed"] for s in series.named("checks")), 0)
        self.assertEqual(series.count("iterations", outcome="completed"), 3)
        self.assertIn("exited with code 0", report["servers"][0]["ending"])

    def test_too_few_rows_are_told_before_anything_starts(self):
        code, said = check("run", str(SCENARIOS / "hostile.json"), "--bots", "10")
        self.assertEqual(code, 104, said)
        self.assertIn("feeds.account: has 3 rows for 10 bots", said)

    def test_a_server_that_does_not_close_fails_the_check(self):
        lines = (SCENARIOS / "hostile.json").read_text(encoding="utf-8").splitlines()
        scenario = json.loads("".join(line for line in lines if not line.startswith("//")))
        game = scenario["servers"]["game"]
        game["protocol"] = str((SCENARIOS / game["protocol"]).resolve())
        del scenario["feeds"]
        scenario["flows"]["rude"] = [{"connect": "game"},
                                     {"hostile": "unknown-id", "expect": "close", "timeout": "300ms"},
                                     {"think": "3s"}]
        file = self.directory() / "polite.json"
        file.write_text(json.dumps(scenario))
        run = self.expect_exit(self.start_with_server(file), 99)
        self.assertIn("the server did nothing in step unknown-id, expected: close", run.text())
        series = Series(run.report())
        self.assertEqual(series.count("hostile_outcomes", outcome="ignored"), 3)
        self.assertEqual(series.count("sessions_ended", by="us", how="reset"), 3)


if __name__ == "__main__":
    unittest.main()
