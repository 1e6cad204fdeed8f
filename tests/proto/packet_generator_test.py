"""Tests of tools/packet_generator. Its folder comes by PYTHONPATH (see CMakeLists.txt)."""

import contextlib
import io
import pathlib
import tempfile
import unittest

from google.protobuf import descriptor_pb2

import generate_packets
from packet_model import GeneratorError, InputFile, Side, build_protocol, check_sides

PREFIXES = ("C_", "S_")


def descriptor_set(**files):
    """descriptor_set(Town=["C_MOVE", "Part"]) describes Town.proto with these empty messages."""
    result = descriptor_pb2.FileDescriptorSet()
    for stem, messages in files.items():
        file = result.file.add(name=f"{stem}.proto", package="Town", syntax="proto3")
        for message in messages:
            file.message_type.add(name=message)
    return result


def ids(protocol):
    return {packet.name: packet.id for packet in protocol.packets}


class IdsTest(unittest.TestCase):
    def test_are_given_in_order_of_declaration_to_packets_only(self):
        descriptors = descriptor_set(Town=["S_LATE", "Part", "C_EARLY"])
        protocol = build_protocol(descriptors, [InputFile("Town.proto")], PREFIXES, 1000)
        self.assertEqual(ids(protocol), {"S_LATE": 1000, "C_EARLY": 1001})
        self.assertEqual(protocol.namespace, "Town")

    def test_go_on_from_file_to_file_or_start_where_the_file_says(self):
        descriptors = descriptor_set(A=["C_A"], B=["C_B"], D=["C_D"])
        files = [InputFile("A.proto"), InputFile("B.proto"), InputFile("D.proto", 2000)]
        protocol = build_protocol(descriptors, files, PREFIXES, 7)
        self.assertEqual(ids(protocol), {"C_A": 7, "C_B": 8, "C_D": 2000})

    def test_given_twice_are_an_error_that_names_both(self):
        descriptors = descriptor_set(A=["C_A", "C_B"], D=["S_D"])
        files = [InputFile("A.proto", 5), InputFile("D.proto", 6)]
        with self.assertRaisesRegex(GeneratorError, "C_B and S_D would both get id 6"):
            build_protocol(descriptors, files, PREFIXES, 1000)

    def test_beyond_the_header_are_an_error(self):
        with self.assertRaisesRegex(GeneratorError, "C_B would get id 65536"):
            build_protocol(
                descriptor_set(A=["C_A", "C_B"]), [InputFile("A.proto")], PREFIXES, 65535
            )


class InputTest(unittest.TestCase):
    def test_a_file_that_is_not_there_is_told_with_those_that_are(self):
        with self.assertRaisesRegex(GeneratorError, "Twon.proto is not .* has: Town.proto"):
            build_protocol(descriptor_set(Town=[]), [InputFile("Twon.proto")], PREFIXES, 1000)

    def test_no_packet_at_all_is_an_error(self):
        with self.assertRaisesRegex(GeneratorError, "no message begins with"):
            build_protocol(descriptor_set(A=["Part"]), [InputFile("A.proto")], PREFIXES, 1000)

    def test_two_packages_are_an_error(self):
        descriptors = descriptor_set(A=["C_A"], B=["C_B"])
        descriptors.file[1].package = "Village"
        files = [InputFile("A.proto"), InputFile("B.proto")]
        with self.assertRaisesRegex(GeneratorError, "A.proto has Town, B.proto has Village"):
            build_protocol(descriptors, files, PREFIXES, 1000)

    def test_no_package_is_an_error(self):
        descriptors = descriptor_set(A=["C_A"])
        descriptors.file[0].package = ""
        with self.assertRaisesRegex(GeneratorError, "A.proto has no package"):
            build_protocol(descriptors, [InputFile("A.proto")], PREFIXES, 1000)


class SidesTest(unittest.TestCase):
    def test_a_prefix_that_nobody_receives_is_an_error(self):
        with self.assertRaisesRegex(GeneratorError, "no side receives prefix S_"):
            check_sides([Side("Handler", ("C_",), ("S_",))], PREFIXES)

    def test_a_prefix_that_is_not_one_is_an_error(self):
        with self.assertRaisesRegex(GeneratorError, "names prefix X_"):
            check_sides([Side("Handler", ("X_",), ())], PREFIXES)

    def test_are_read_from_options(self):
        side = generate_packets.parse_side("H=C_,D_/S_")
        self.assertEqual(side, Side("H", ("C_", "D_"), ("S_",)))
        with self.assertRaisesRegex(GeneratorError, "write HANDLER=RECEIVES/SENDS"):
            generate_packets.parse_side("H:C_")
        with self.assertRaisesRegex(GeneratorError, "must be the first id"):
            generate_packets.parse_file("Town.proto:x")


class CommandTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.descriptors = self.folder / "town.descriptors"
        self.descriptors.write_bytes(
            descriptor_set(Town=["C_MOVE", "S_MOVE"]).SerializeToString()
        )

    def run_generator(self, *more):
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors):
            code = generate_packets.main([
                "--descriptor-set", str(self.descriptors), "--file", "Town.proto",
                "--output-dir", str(self.folder / "out"), *more,
            ])
        return code, errors.getvalue()

    def test_writes_ids_codec_and_a_handler_a_side(self):
        code, _ = self.run_generator("--side", "FromClients=C_/S_", "--side", "FromServer=S_/C_")
        self.assertEqual(code, 0)
        written = {path.name: path.read_text() for path in (self.folder / "out").iterdir()}
        self.assertEqual(
            set(written), {"PacketIds.h", "PacketCodec.h", "FromClients.h", "FromServer.h"}
        )
        self.assertIn("PKT_C_MOVE = 1000,", written["PacketIds.h"])
        self.assertIn("Handle_C_MOVE(session, message);", written["FromClients.h"])
        self.assertNotIn("Handle_S_MOVE", written["FromClients.h"])
        self.assertIn("const S_MOVE& message) {", written["FromClients.h"])
        self.assertIn("Handle_S_MOVE(session, message);", written["FromServer.h"])

    def test_tells_what_is_wrong_and_fails(self):
        code, errors = self.run_generator("--side", "FromClients=C_/S_")
        self.assertEqual(code, 1)
        self.assertIn("generate_packets: no side receives prefix S_", errors)

    def test_refuses_a_file_that_is_no_descriptor_set(self):
        self.descriptors.write_bytes(b"\xff\xff\xff\xff")
        code, errors = self.run_generator("--side", "H=C_,S_/")
        self.assertEqual(code, 1)
        self.assertIn("is not a descriptor set", errors)


if __name__ == "__main__":
    unittest.main()
