"""`stressbot protocol`: from .proto files to a protocol that a server understands."""

import json
import re
import sys
import unittest

from harness import ROOT, EndToEndTest, check
from servers_test import SERVERS, totals_of


class Protocol(EndToEndTest):

    def test_drafted_protocol_speaks_with_its_server(self):
        """Nothing but a .proto file and an address: the draft is right as it is, for the commonest header."""
        here = self.directory()
        draft = here / "course_chat.protocol.json"
        code, said = check("protocol", "init", "--proto", str(SERVERS / "course_chat.proto"), "--out", str(draft))
        self.assertEqual(code, 0, said)
        self.assertIn(f"{draft}: 5 packets. Look at what is marked CHECK", said)
        scenario = here / "course_chat.json"
        scenario.write_text((SERVERS / "course_chat.json").read_text())
        run = self.start(scenario, "--server", f"{sys.executable} {SERVERS / 'course_chat.py'} --port 0",
                         "--target", "127.0.0.1:0", "--bots", "2")
        totals = totals_of(self.expect_exit(run, 0).report())
        self.assertEqual(totals["violations"], [])
        self.assertGreater(totals["received"]["C_CHAT"], 0)

        code, said = check("protocol", "init", "--proto", str(SERVERS / "course_chat.proto"), "--out", str(draft))
        self.assertEqual(code, 104, said)
        self.assertIn("is there already", said)

    def test_draft_to_the_terminal_is_a_protocol(self):
        code, said = check("protocol", "init", "--proto", "proto/Protocol.proto", "--proto", "proto/Field.proto")
        self.assertEqual(code, 0, said)
        protocol = json.loads(re.sub(r"^\s*//.*$", "", said, flags=re.MULTILINE))
        self.assertEqual([entry["start"] for entry in protocol["ids"]], [1000, 2000])
        self.assertEqual(protocol["directions"], {"C_": "send", "S_": "receive"})
        self.assertEqual(protocol["payload"]["importPaths"], ["proto"])

    def test_show_prints_what_the_generated_header_has(self):
        code, said = check("protocol", "show", "scenarios/town.protocol.json")
        self.assertEqual(code, 0, said)
        shown = {name: int(number) for number, name in re.findall(r"^ *(\d+) +0x[0-9A-F]+ +(\w+) ", said, re.MULTILINE)}
        lock = (ROOT / "proto" / "packets.lock").read_text()
        locked = {name: int(number) for number, name in re.findall(r"^(\d+) (\w+)$", lock, re.MULTILINE)}
        self.assertEqual(shown, locked)
        self.assertIn("success bool, players [id uint64, name string, playerType PlayerType], reason string", said)
        self.assertIn("length 2 bytes at 0 (counts the packet), id 2 bytes at 2", said)

    def test_mistakes_are_told(self):
        for arguments, sentence in (
                (["show", "scenarios/twn.protocol.json"], 'did you mean "town.protocol.json"?'),
                (["show"], "PROTOCOL is required"),
                (["init", "--proto", "proto/Protocl.proto"], 'did you mean "Protocol.proto"?'),
                (["init", "--proto", "proto/Protocol.proto", "--out", "/no/such/place.json"], "/no/such"),
                (["int"], 'no command "int"; did you mean "init"?')):
            with self.subTest(arguments):
                code, said = check("protocol", *arguments)
                self.assertEqual(code, 104, said)
                self.assertIn(sentence, said)
        for arguments in (["protocol", "--help"], ["protocol", "init", "--help"], ["protocol", "show", "--help"]):
            code, said = check(*arguments)
            self.assertEqual(code, 0, said)
            self.assertIn("protocol", said)


if __name__ == "__main__":
    unittest.main()
