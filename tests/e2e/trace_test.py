"""`stressbot trace`, and the conversation that a failure in a run comes with."""

import json
import socket
import subprocess
import threading
import unittest

from harness import BIN, PATIENCE_S, ROOT, EndToEndTest, free_port


class Trace(EndToEndTest):

    def trace(self, scenario, *options):
        done = subprocess.run([BIN / "stressbot", "trace", scenario, *options], stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=PATIENCE_S, cwd=ROOT)
        return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")

    def test_a_bot_is_followed(self):
        code, said, errors = self.trace(ROOT / "scenarios/login_enter_chat.json", "--server", self.SERVER, "--target",
                                        "127.0.0.1:0", "--packets", "8")
        self.assertEqual(code, 0, said + errors)
        lines = said.splitlines()
        for line in lines:
            self.assertRegex(line, r"^ +\d+\.\d{3} s  (->|<-|< |--) ")
            self.assertLessEqual(len(line), 160)
        self.assertIn("iteration 1 begins", lines[0])
        self.assertRegex(said, r'-> C_LOGIN \(1000\) +\d+ B  \{name: "bot-0"\}')
        self.assertRegex(said, r"<- S_ENTER_GAME \(1003\) .*success: true")
        self.assertRegex(said, r"-> C_CHAT \(1004\) .*\[chat\]")
        self.assertIn("connection to game is closed, by us", said)
        self.assertIn("packets of bot 0", errors)

    def test_any_bot_may_be_followed(self):
        code, said, errors = self.trace(ROOT / "scenarios/login_enter_chat.json", "--server", self.SERVER, "--target",
                                        "127.0.0.1:0", "--packets", "2", "--bot", "7", "--bots", "10")
        self.assertEqual(code, 0, said + errors)
        self.assertIn('{name: "bot-7"}', said)
        code, said, errors = self.trace(ROOT / "scenarios/login_enter_chat.json", "--bot", "1000")
        self.assertEqual(code, 104, said)
        self.assertIn("from 0 to 999", errors)

    def test_nobody_listens(self):
        code, said, errors = self.trace(ROOT / "scenarios/login_enter_chat.json", "--target",
                                        f"127.0.0.1:{free_port()}")
        self.assertEqual(code, 107, said + errors)
        self.assertIn("failed: connect to game failed", said)

    def test_a_mistake_is_104(self):
        code, _, errors = self.trace(ROOT / "scenarios/login_enter_caht.json")
        self.assertEqual(code, 104)
        self.assertIn("did you mean", errors)

    def failing_scenario(self):
        scenario = {
            "servers": {"game": {"protocol": str(ROOT / "scenarios/chat.protocol.json"), "target": "127.0.0.1:7777"}},
            "groups": {"players": {"executor": "constant-bots", "flow": "player", "bots": 5, "duration": "1s"}},
            "flows": {"player": [
                {"connect": "game"},
                {"request": "C_LOGIN", "fields": {"name": "bot-${bot.id}"}, "expect": "S_LOGIN",
                 "check": {"players.0.name": "somebody else"}},
                {"repeat": "until-stop", "steps": [{"think": "100ms"}]}]}}
        file = self.directory() / "failing.json"
        file.write_text(json.dumps(scenario))
        return file

    def test_a_failing_check_shows_its_conversation(self):
        run = self.start(self.failing_scenario(), "--server", self.SERVER, "--target", "127.0.0.1:0")
        self.expect_exit(run, 99)
        self.assertRegex(run.text(), r'check players\.0\.name failed in step C_LOGIN: it is "\w')
        self.assertRegex(run.text(), r'(?s)before that: bot \d+ .*-> C_LOGIN \(1000\).*<- S_LOGIN \(1001\)')
        failure = next(f for f in run.report()["first_failures"] if f["metric"] == "checks")
        ways = [(line["way"], line.get("packet")) for line in failure["conversation"]]
        self.assertEqual(ways, [("note", None), ("sent", "C_LOGIN"), ("received", "S_LOGIN")])
        self.assertIn("success: true", failure["conversation"][2]["content"])

    def test_hostile_servers_do_not_reach_the_terminal(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        words = b"\x1b[2J\xff\n\xc2\x9b"
        payload = b"\x08\x01\x12" + bytes([len(words) + 4]) + b"\x08\x01\x12" + bytes([len(words)]) + words
        packet = (4 + len(payload)).to_bytes(2, "little") + (1001).to_bytes(2, "little") + payload

        def serve():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=talk, args=(connection,), daemon=True).start()

        def talk(connection):
            with connection:
                try:
                    if connection.recv(4096):
                        connection.sendall(packet)
                    while connection.recv(4096):
                        pass
                except OSError:
                    pass

        threading.Thread(target=serve, daemon=True).start()
        run = self.start(self.failing_scenario(), "--target", f"127.0.0.1:{listener.getsockname()[1]}")
        run.wait()
        text = run.text()
        self.assertIn("before that: ", text)
        self.assertIn("\\x1b[2J\\xff", text)
        self.assertNotIn("\x1b", text)
        self.assertNotIn("\x9b", text)
        self.assertTrue(run.report()["first_failures"][0]["conversation"])


if __name__ == "__main__":
    unittest.main()
