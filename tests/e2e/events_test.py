"""Events of a scenario: bots that are dropped, and a server that is killed, stopped, paused and restarted."""

import json
import os
import re
import signal
import unittest

from harness import ROOT, SCENARIOS, EndToEndTest, Series, check, served, wait_until


class Events(EndToEndTest):

    def scenario(self, events, duration="6s", bots=100, **changes):
        """chat.json with these events, and bots that come back soon."""
        text = (SCENARIOS / "chat.json").read_text().replace("../../../scenarios", str(ROOT / "scenarios"))
        scenario = json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.M))
        scenario["groups"]["players"] = {"executor": "constant-bots", "flow": "player", "bots": bots,
                                         "duration": duration, "gracefulStop": "30s"}
        scenario["defaults"] = {"retry": {"after": "100ms", "factor": 1.5, "max": "500ms"}}
        scenario["events"] = events
        file = self.directory() / "events.json"
        file.write_text(json.dumps({**scenario, **changes}))
        return file

    def run_events(self, events, **changes):
        return self.start_with_server(self.scenario(events, **changes))

    @staticmethod
    def told(report):
        return "\n".join(event["text"] for event in report["events"])

    def test_killed_server_comes_back_with_its_bots(self):
        run = self.run_events([{"at": "2s", "server": "kill", "for": "500ms", "expect": {"drops": "30s"}}])
        report = self.expect_exit(run, 0).report()
        self.assertIn("server kill: kills the server", self.told(report))
        self.assertIn("SIGKILL", self.told(report))
        self.assertIn("listens again", self.told(report))
        self.assertTrue(report["servers"][0]["alive"])
        series = Series(report)
        self.assertEqual(series.count("drops_excused"), 100)
        self.assertEqual(series.count("bots_dropped"), 0)
        self.assertEqual(series.count("recovery_duration"), 100)
        recovery = series.named("recovery_duration")[0]["whole"]
        self.assertGreaterEqual(recovery["min_ms"], 500)

    def test_stopped_server_stays_down_and_that_is_no_death(self):
        run = self.run_events([{"at": "2s", "server": "stop", "expect": {"drops": "1m"}}], duration="9s")
        report = self.expect_exit(run, 0).report()
        self.assertIn("exited with code 0", self.told(report))
        self.assertNotIn("lost", self.told(report))  # though nobody has answered for 7 s
        self.assertFalse(report["servers"][0]["alive"])
        self.assertGreater(Series(report).count("connects_excused"), 100)

    def test_what_nobody_excuses_counts(self):
        run = self.run_events([{"at": "2s", "server": "restart"}], duration="5s")
        report = self.expect_exit(run, 99).report()
        self.assertEqual(Series(report).count("bots_dropped"), 100)

    def test_pause_shows_in_the_tail(self):
        run = self.run_events([{"at": "2s", "server": "pause", "for": "2s"}])
        report = self.expect_exit(run, 0).report()
        self.assertIn("the server goes on", self.told(report))
        chat = Series(report).named("request_duration", step="chat")[0]["measured"]
        self.assertGreaterEqual(chat["max_ms"], 1800)
        self.assertGreaterEqual(chat["p99_ms"], 1000)
        self.assertEqual(Series(report).count("bots_dropped"), 0)

    def test_end_while_paused(self):
        run = self.run_events([{"at": "2s", "server": "pause", "for": "1m"}], duration="60s")
        wait_until("the pause", lambda: "pauses the server" in run.text())
        self.expect_prompt_105(run)

    def test_death_after_a_restart_is_123(self):
        run = self.run_events([{"at": "1s", "server": "restart", "expect": {"drops": "1m"}}], duration="60s")
        wait_until("the restart", lambda: "listens again" in run.text())
        os.kill(run.server_pid(), signal.SIGKILL)
        report = self.expect_exit(run, 123).report()
        self.assertIn("although nobody asked", report["verdict"]["reasons"][0]["text"])

    def test_server_that_does_not_come_back_is_123(self):
        been_here = self.directory() / "been_here"
        command = f'/bin/sh -c "test -e {been_here} && exit 3; touch {been_here}; exec {self.SERVER}"'
        run = self.start(self.scenario([{"at": "1s", "server": "kill", "for": "0s",
                                         "expect": {"drops": "1m"}}], duration="60s"),
                         "--server", command, "--target", "127.0.0.1:0")
        report = self.expect_exit(run, 123).report()
        self.assertIn("exited with code 3", report["verdict"]["reasons"][0]["text"])

    def test_server_events_need_a_server_of_ours(self):
        file = self.scenario([{"at": "1s", "name": "noon", "server": "restart"}])
        code, said = check("run", str(file), "--target", "127.0.0.1:9")
        self.assertEqual(code, 104)
        self.assertIn('events[0] ("noon") restarts the server', said)
        self.assertIn("--server", said)
        self.assertIn("Nothing was started", said)

    def test_on_a_packet_all_are_reset_twenty_times(self):
        # As soon as any bot hears a chat; meanwhile all come back.
        run = self.run_events([{"on": {"packet": "S_CHAT", "by": "any"}, "from": "1s", "count": 20,
                                "cooldown": "300ms", "name": "cycle", "drop": {"how": "reset"}}],
                              duration="12s", bots=60)
        report = self.expect_exit(run, 0).report()
        cycles = [event for event in report["events"] if event["text"].startswith("cycle (")]
        self.assertEqual(len(cycles), 20)
        self.assertIn("cycle (20 of 20, S_CHAT seen by bot", cycles[-1]["text"])
        series = Series(report)
        self.assertEqual(series.count("sessions_ended", by="us", how="reset"),
                         sum(cycle["bots"] for cycle in cycles))
        self.assertGreater(sum(cycle["bots"] for cycle in cycles), 600)
        server = served(report["servers"][0]["last_lines"])
        self.assertEqual(server["chunks_in_use"], 0)

    def run_shipped(self, name, may_fail, *options):
        """Scaled down; what judges speed may fail on a busy machine."""
        run = self.start_with_server(f"../../../scenarios/{name}.json", *options)
        report = self.expect_exit(run, 0, 99).report()
        failed = {t["metric"] for t in report["thresholds"] if not t["passed"]}
        self.assertLessEqual(failed, set(may_fail), run.text())
        return report

    def test_shipped_reconnect_storm(self):
        report = self.run_shipped("reconnect_storm", ["chat_rtt", "recovery_duration"],
                                  "--bots", "100", "--duration", "6s")
        self.assertEqual([event["bots"] for event in report["events"] if "bots" in event], [50, 100])
        self.assertGreaterEqual(Series(report).count("recovery_duration"), 100)

    def test_shipped_channel_restart(self):
        report = self.run_shipped("channel_restart", ["recovery_duration"],
                                  "--bots", "50", "--duration", "8s")
        self.assertIn("listens again", self.told(report))
        self.assertEqual(Series(report).count("recovery_duration"), 50)

    def test_shipped_soak(self):
        report = self.run_shipped("soak", ["chat_rtt", "load_delivered"],
                                  "--bots", "30", "--duration", "4s")
        self.assertGreater(Series(report).count("packets_received"), 0)


if __name__ == "__main__":
    unittest.main()
