"""`stressbot conformance`: what servers do about clients that break the rules, our own and careless ones."""

import json
import subprocess
import sys
import unittest
import xml.etree.ElementTree as ElementTree

from harness import BIN, HERE, PATIENCE_S, ROOT, EndToEndTest, Series, free_port, listening_port_of, wait_until

CHAT = ROOT / "scenarios" / "chat.protocol.json"
CARELESS = HERE / "servers" / "careless.protocol.json"
NAMES = ["size-zero", "size-one", "size-header-minus-one", "size-max", "unknown-id", "id-max", "malformed-payload",
         "out-of-order", "byte-by-byte", "glued", "flood", "slow-reader", "half-open"]


class Conformance(EndToEndTest):

    def conformance(self, protocol, *options, timeout="100ms"):
        """Exit code, what each misbehaviour came to, and everything that was said."""
        report = self.directory() / "conformance.json"
        done = subprocess.run(
            [BIN / "stressbot", "conformance", "--protocol", protocol, "--timeout", timeout, "--out",
             f"json={report}", *options], capture_output=True, text=True, cwd=ROOT, timeout=PATIENCE_S)
        said = done.stdout + done.stderr
        rows = {}
        if report.exists():
            found = json.loads(report.read_text())
            self.assertEqual(found["code"], done.returncode, said)
            rows = {row["name"]: row for row in found["misbehaviours"]}
            self.assertEqual(list(rows), NAMES)
        return done.returncode, rows, said

    def careless(self, mistake):
        return ["--server", f"{sys.executable} {HERE / 'servers' / 'careless.py'} {mistake}", "--target",
                "127.0.0.1:0"]

    def test_the_reference_server_does_what_good_servers_do(self):
        junit = self.directory() / "conformance.xml"
        code, rows, said = self.conformance(
            CHAT, "--server", self.SERVER, "--target", "127.0.0.1:0", "--hello", 'C_LOGIN:{"name": "c${bot.id}"}',
            "--out", f"junit={junit}")
        self.assertEqual(code, 0, said)
        self.assertEqual({row["verdict"] for row in rows.values()}, {"good"}, said)
        for name in ("size-zero", "size-one", "size-header-minus-one", "half-open"):
            self.assertEqual(rows[name]["did"], "closed", said)
        self.assertEqual(rows["byte-by-byte"]["did"], "replied", said)
        self.assertIn("13 of 13 as good servers do.", said)
        suite = ElementTree.parse(junit).getroot()[0]
        self.assertEqual([case.get("name") for case in suite], NAMES)
        self.assertEqual(suite.get("failures"), "0")

    def test_a_server_that_reads_on_is_99(self):
        code, rows, said = self.conformance(CARELESS, *self.careless("keeps"))
        self.assertEqual(code, 99, said)
        failed = {name for name, row in rows.items() if row["verdict"] == "failed"}
        self.assertEqual(failed, {"size-zero", "size-one", "size-header-minus-one"}, said)
        self.assertEqual(rows["size-zero"]["did"], "replied", said)
        self.assertRegex(said, r"FAIL +size-zero +replied +A header whose length is 0 +close: nothing behind it")

    def test_a_server_that_hangs_is_99_and_a_fresh_one_is_asked_the_rest(self):
        code, rows, said = self.conformance(CARELESS, *self.careless("spins talks"))
        self.assertEqual(code, 99, said)
        self.assertEqual(rows.pop("size-zero")["did"], "hung", said)
        self.assertEqual({row["verdict"] for row in rows.values()}, {"good"}, said)
        self.assertEqual(rows["size-max"]["did"], "replied", "it speaks by itself: no reply to that\n" + said)

    def test_a_server_that_dies_is_123(self):
        code, rows, said = self.conformance(CARELESS, *self.careless("dies"), "--hello", 'C_HELLO:{"number": 7}')
        self.assertEqual(code, 123, said)
        died = {name for name, row in rows.items() if row["did"] == "died"}
        self.assertEqual(died, {"unknown-id", "id-max"}, said)
        self.assertIn("IndexError", said)
        self.assertEqual(rows["glued"]["did"], "replied", said)

    def test_a_watched_server_that_dies_ends_the_table(self):
        server = subprocess.Popen([sys.executable, HERE / "servers" / "careless.py", "dies"], stderr=subprocess.DEVNULL)
        self.addCleanup(self.end, server)
        port = wait_until("the server's port", lambda: listening_port_of(server.pid))
        code, rows, said = self.conformance(CARELESS, "--target", f"127.0.0.1:{port}", "--watch-pid", str(server.pid))
        self.assertEqual(code, 123, said)
        self.assertEqual(rows["unknown-id"]["did"], "died", said)
        self.assertEqual(rows["id-max"]["did"], "not tried", said)

    def test_nothing_to_test(self):
        target = f"127.0.0.1:{free_port()}"
        code, _, said = self.conformance(CARELESS, "--target", target)
        self.assertEqual(code, 107, said)
        self.assertIn(f"nothing reachable at {target}", said)
        code, _, said = self.conformance(CARELESS, *self.careless("none"), "--hello", "C_HELO")
        self.assertEqual(code, 104, said)
        self.assertIn('did you mean "C_HELLO"?', said)

    def test_players_do_not_notice(self):
        run = self.start_with_server(ROOT / "scenarios" / "hostile_among_players.json", "--scale", "0.1", "--duration",
                                     "3s")
        series = Series(self.expect_exit(run, 0).report())
        self.assertGreater(series.count("hostile_outcomes", step="size-zero", outcome="closed"), 0)
        self.assertEqual(series.count("sessions_ended", group="players", by="server"), 0)

    def test_five_hundred_players_keep_their_latency(self):
        """Before the hostile clients come and while they are there: the same limit in every 5 s."""
        report = self.expect_exit(self.start_with_server(ROOT / "scenarios" / "hostile_among_players.json"), 0).report()
        series = Series(report)
        self.assertEqual(series.count("sessions_ended", group="players", by="server"), 0)
        self.assertEqual(series.count("bots_dropped"), 0)
        self.assertGreater(series.count("hostile_outcomes"), 1_000)
        (chat,) = series.named("request_duration", step="chat")
        self.assertGreater(chat["measured"]["count"], 17_000)  # 500 a second, 35 s

    def test_each_is_a_scenario_for_ours(self):
        files = sorted((ROOT / "scenarios" / "hostile").glob("*.json"))
        self.assertEqual(len(files), 13)
        for file, run in [(file, self.start_with_server(file)) for file in files]:
            with self.subTest(file.stem):
                self.assertEqual(run.wait(), 0, run.text())
                self.assertGreater(Series(run.report()).count("hostile_outcomes", step=file.stem), 0)

    def test_each_is_a_scenario_for_any_server(self):
        run = self.start(ROOT / "scenarios" / "hostile" / "id-max.json", *self.careless("none"), "--protocol",
                         str(CARELESS))
        series = Series(self.expect_exit(run, 0).report())
        self.assertEqual(series.count("hostile_outcomes", step="id-max", outcome="ignored"), 3)


if __name__ == "__main__":
    unittest.main()
