"""Mistakes are refused before anything starts (104), each in words that help."""

import tempfile
import unittest
from pathlib import Path

from harness import ROOT, SCENARIOS, check


class Refusals(unittest.TestCase):

    def refused(self, *arguments):
        code, said = check(*arguments)
        self.assertEqual(code, 104, said)
        return said

    def with_text_replaced(self, old, new):
        """`stressbot check` on a copy of the scenario; tells what was said and where `new` is."""
        text = (SCENARIOS / "chat.json").read_text()
        self.assertIn(old, text)
        text = text.replace(old, new, 1).replace("../../../scenarios", str(SCENARIOS / "../../../scenarios"))
        line = next(i for i, l in enumerate(text.splitlines(), 1) if new in l)
        with tempfile.TemporaryDirectory() as directory:
            file = Path(directory) / "wrong.json"
            file.write_text(text)
            said = self.refused("check", str(file))
        self.assertIn(f"wrong.json:{line}:", said)
        return said

    def test_misspelt_key(self):
        said = self.with_text_replaced('"stages":', '"stagse":')
        self.assertIn('groups.players.stagse: unknown key "stagse"; did you mean "stages"?', said)
        self.assertNotIn("missing", said)
        self.assertNotIn("thresholds", said)

    def test_misspelt_packet(self):
        said = self.with_text_replaced('"request": "C_LOGIN"', '"request": "C_LOGN"')
        self.assertIn("flows.player[1]", said)
        self.assertIn("C_LOGIN", said)

    def test_misspelt_field(self):
        said = self.with_text_replaced('"playerIndex": 0', '"playerIndx": 0')
        self.assertIn("flows.player[2]", said)
        self.assertIn("playerIndex", said)

    def test_misspelt_variable(self):
        said = self.with_text_replaced("hello ${stamp}", "hello ${stmap}")
        self.assertIn("flows.player[3]", said)
        self.assertIn("stamp", said)

    def test_misspelt_metric(self):
        said = self.with_text_replaced('"bots_dropped"', '"bots_droped"')
        self.assertIn("bots_dropped", said)

    def test_all_mistakes_at_once(self):
        text = (SCENARIOS / "chat.json").read_text()
        text = text.replace("C_LOGIN", "C_LOGN").replace("playerIndex", "playerIndx")
        text = text.replace("../../../scenarios", str(SCENARIOS / "../../../scenarios"))
        with tempfile.TemporaryDirectory() as directory:
            file = Path(directory) / "wrong.json"
            file.write_text(text)
            said = self.refused("check", str(file))
        self.assertIn("C_LOGN", said)
        self.assertIn("playerIndx", said)

    def test_too_many_bots_are_one_sentence(self):
        said = self.refused("run", str(SCENARIOS / "chat.json"), "--bots", "30000000")
        self.assertRegex(said, r"30,000,000 bots need 30,000,\d+ descriptors, this process may hold")
        self.assertIn("or raise ulimit -n, or run several processes", said)

    def test_public_target(self):
        said = self.refused("run", str(SCENARIOS / "chat.json"), "--target", "8.8.8.8:7777")
        self.assertIn("--allow-public-target", said)

    def test_port_zero_without_a_server(self):
        said = self.refused("run", str(SCENARIOS / "chat.json"), "--target", "127.0.0.1:0")
        self.assertIn("--server", said)

    def test_report_into_a_missing_directory(self):
        said = self.refused("run", str(SCENARIOS / "chat.json"), "--out", "json=/no/such/dir/a.json")
        self.assertIn("there is no directory /no/such/dir", said)

    def test_report_into_a_directory_that_takes_no_files(self):
        # Not even root may make files in /proc.
        said = self.refused("run", str(SCENARIOS / "chat.json"), "--out", "json=/proc/a.json")
        self.assertRegex(said, r"no file can be made in /proc: \w.*; name a directory")

    def test_unknown_host(self):
        said = self.refused("run", str(SCENARIOS / "chat.json"), "--target", "no-such-host.invalid:7777")
        self.assertIn("no-such-host.invalid:7777", said)
        self.assertNotIn("route", said)

    def test_threshold_without_a_series(self):
        said = self.with_text_replaced('"bots_dropped": ["count==0"]',
                                       '"request_duration{step:nowhere}": ["p(99)<1s"]')
        self.assertIn("chat", said)
        self.assertRegex(said, r"1 mistake in .*wrong\.json; nothing was started")

    def test_process_that_cannot_be_watched(self):
        said = self.refused("run", str(SCENARIOS / "chat.json"), "--watch-pid", "2147483647")
        self.assertIn("--watch-pid 2147483647: there is no such process", said)
        self.assertIn("is no process", self.refused("run", str(SCENARIOS / "chat.json"), "--watch-pid", "game="))

    def test_threshold_on_a_process_that_nobody_watches(self):
        text = (SCENARIOS / "chat.json").read_text()
        text = text.replace('"checks": ["rate==1"]', '"server_memory": ["max<1GB"]')
        with tempfile.TemporaryDirectory() as directory:
            file = Path(directory) / "watched.json"
            file.write_text(text.replace("../../../scenarios", str(SCENARIOS / "../../../scenarios")))
            self.assertIn("give --server or --watch-pid", self.refused("run", str(file)))
            code, said = check("check", str(file))
            self.assertEqual(code, 0, said)

    def test_unknown_command(self):
        self.assertIn('no command "rnu"; did you mean "run"?', self.refused("rnu", "town.json"))

    def test_no_arguments_show_the_help(self):
        self.assertIn("Examples:", self.refused())

    def test_unknown_option(self):
        said = self.refused("run", str(SCENARIOS / "chat.json"), "--durations", "3s")
        self.assertIn('Did you mean "--duration"?', said)

    def test_files_that_are_none(self):
        protocol = (ROOT / "scenarios" / "chat.protocol.json").read_text().replace("../proto", ".").replace(', "Field.proto"', "")
        scenario = (SCENARIOS / "chat.json").read_text()
        at_home = scenario.replace("../../../scenarios/", "")
        names_proto = next(i for i, l in enumerate(protocol.splitlines(), 1) if '"files"' in l)
        table = [  # what lies in the directory, and the one line that is said
            ({"a.json": b""}, "a.json: the file is empty"),
            ({"a.json": b'{\n  "name": "x",\n}'}, "a.json:3: not valid JSON"),
            ({"a.json": None}, "a.json: this is a directory"),
            ({"a.json": b"{\n\x7fELF\xff\xfe\x01"}, "a.json:2: this is no text file (byte 5 of line 2 is not UTF-8)"),
            ({"a.json": at_home.encode(), "chat.protocl.json": b"{}"},
             'a.json:4: servers.game.protocol: no file DIR/chat.protocol.json; did you mean "chat.protocl.json"?'),
            ({"a.json": at_home.encode(), "chat.protocol.json": protocol.encode()},
             f'chat.protocol.json:{names_proto}: payload.files[0]: no file "Protocol.proto" in the import paths (DIR)'),
        ]
        for files, sentence in table:
            with self.subTest(sentence), tempfile.TemporaryDirectory() as directory:
                for name, content in files.items():
                    file = Path(directory) / name
                    file.mkdir() if content is None else file.write_bytes(content)
                said = self.refused("check", str(Path(directory) / "a.json"))
                self.assertIn(f"{directory}/{sentence.replace('DIR', directory)}", said)
                self.assertIn("1 mistake in ", said)
                self.assertTrue(all(c.isprintable() or c == "\n" for c in said), said)

    def test_missing_scenario(self):
        said = self.refused("run", "no-such.json")
        self.assertIn("no-such.json", said)

    def test_help_and_version(self):
        for arguments in (["--help"], ["run", "--help"], ["check", "--help"], ["--version"]):
            code, said = check(*arguments)
            self.assertEqual(code, 0, said)
        _, said = check("run", "--help")
        self.assertIn("Examples:", said)
        self.assertIn("Exit codes", said)

    def test_check_explains(self):
        code, said = check("check", str(SCENARIOS / "chat.json"), "--bots", "500")
        self.assertEqual(code, 0, said)
        self.assertIn("500", said)


if __name__ == "__main__":
    unittest.main()
