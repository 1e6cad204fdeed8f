"""Tests of tools/packet_generator. Its folder comes by PYTHONPATH (see CMakeLists.txt)."""

import contextlib
import io
import pathlib
import tempfile
import unittest
from unittest import mock

from google.protobuf import descriptor_pb2

import generate_packets
from packet_lock import check_locked, read_lock, update_lock
from packet_model import GeneratorError, InputFile, Packet, Side, build_protocol, check_sides


def descriptor_set(**files):
    """descriptor_set(Town=["C_MOVE", "Part"]) describes Town.proto with these empty messages, one a line."""
    result = descriptor_pb2.FileDescriptorSet()
    for stem, messages in files.items():
        file = result.file.add(name=f"{stem}.proto", package="Town", syntax="proto3")
        for index, message in enumerate(messages):
            file.message_type.add(name=message)
            file.source_code_info.location.add(path=[4, index], span=[index, 0, 9])
    return result


def ids(protocol):
    return {packet.name: packet.id for packet in protocol.packets}


def packets(*names, start=1000):
    return build_protocol(
        descriptor_set(Town=names), [InputFile("Town.proto", start)]
    ).packets


class IdsTest(unittest.TestCase):
    def test_are_given_in_order_of_declaration_to_packets_only(self):
        descriptors = descriptor_set(Town=["S_LATE", "Part", "C_EARLY"])
        protocol = build_protocol(descriptors, [InputFile("Town.proto", 1000)])
        self.assertEqual(ids(protocol), {"S_LATE": 1000, "C_EARLY": 1001})
        self.assertEqual(protocol.namespace, "Town")

    def test_start_where_each_file_says(self):
        descriptors = descriptor_set(A=["C_A", "S_A"], B=["C_B"])
        files = [InputFile("A.proto", 1000), InputFile("B.proto", 2000)]
        protocol = build_protocol(descriptors, files)
        self.assertEqual(ids(protocol), {"C_A": 1000, "S_A": 1001, "C_B": 2000})

    def test_are_counted_by_the_prefixes_of_each_file(self):
        descriptors = descriptor_set(A=["C_A", "IN_A"], B=["C_B", "IN_B"])
        files = [InputFile("A.proto", 1), InputFile("B.proto", 2, ("IN_",))]
        self.assertEqual(ids(build_protocol(descriptors, files)), {"C_A": 1, "IN_B": 2})

    def test_of_one_file_may_have_a_range_a_prefix(self):
        files = [InputFile("A.proto", 1000, ("C_",)), InputFile("A.proto", 2000, ("S_",))]
        protocol = build_protocol(descriptor_set(A=["C_A", "S_A", "C_B"]), files)
        self.assertEqual(ids(protocol), {"C_A": 1000, "C_B": 1001, "S_A": 2000})
        self.assertEqual(protocol.files, ("A.proto",))

    def test_are_not_given_to_nested_messages(self):
        descriptors = descriptor_set(Town=["C_A", "S_A"])
        descriptors.file[0].message_type[0].nested_type.add(name="C_NESTED")
        protocol = build_protocol(descriptors, [InputFile("Town.proto", 1000)])
        self.assertEqual(ids(protocol), {"C_A": 1000, "S_A": 1001})

    def test_stay_when_packets_are_appended_or_other_messages_added(self):
        before = {packet.name: packet.id for packet in packets("C_A", "S_A")}
        after = {packet.name: packet.id for packet in packets("Part", "C_A", "Info", "S_A", "C_B")}
        self.assertEqual(after, before | {"C_B": 1002})

    def test_given_twice_are_an_error_that_names_both(self):
        descriptors = descriptor_set(A=["C_A", "C_B"], D=["S_D"])
        files = [InputFile("A.proto", 5), InputFile("D.proto", 6)]
        with self.assertRaisesRegex(
            GeneratorError,
            r"^D.proto:1: S_D would get id 6, which C_B has \(A.proto:2\): let D.proto start beyond 6",
        ):
            build_protocol(descriptors, files)

    def test_that_would_run_into_the_next_range_are_an_error(self):
        descriptors = descriptor_set(A=["C_A", "C_B"], D=["S_D"])
        files = [InputFile("D.proto", 6), InputFile("A.proto", 5)]
        with self.assertRaisesRegex(GeneratorError, "^A.proto:2: C_B would get id 6, which S_D has"):
            build_protocol(descriptors, files)

    def test_beyond_the_header_are_an_error(self):
        self.assertEqual(packets("C_A", start=65535)[0].id, 65535)
        with self.assertRaisesRegex(
            GeneratorError, "^Town.proto:2: C_B would get id 65536, .* let Town.proto start lower"
        ):
            packets("C_A", "C_B", start=65535)


class InputTest(unittest.TestCase):
    def test_a_file_that_is_not_there_is_told_with_those_that_are(self):
        with self.assertRaisesRegex(GeneratorError, "Twon.proto is not .* has: Town.proto"):
            build_protocol(descriptor_set(Town=[]), [InputFile("Twon.proto", 1000)])

    def test_each_file_must_have_a_packet(self):
        descriptors = descriptor_set(A=["C_A"], B=["Part", "IN_B"])
        files = [InputFile("A.proto", 1000), InputFile("B.proto", 2000)]
        with self.assertRaisesRegex(GeneratorError, "^B.proto: no message begins with C_ or S_: "):
            build_protocol(descriptors, files)

    def test_two_packages_are_an_error(self):
        descriptors = descriptor_set(A=["C_A"], B=["C_B"])
        descriptors.file[1].package = "Village"
        files = [InputFile("A.proto", 1000), InputFile("B.proto", 2000)]
        with self.assertRaisesRegex(GeneratorError, "A.proto has Town, B.proto has Village"):
            build_protocol(descriptors, files)

    def test_no_package_is_an_error(self):
        descriptors = descriptor_set(A=["C_A"])
        descriptors.file[0].package = ""
        with self.assertRaisesRegex(GeneratorError, "A.proto has no package"):
            build_protocol(descriptors, [InputFile("A.proto", 1000)])

    def test_one_name_in_two_files_is_an_error_that_names_both_places(self):
        descriptors = descriptor_set(A=["C_A", "C_B"], B=["C_B"])
        files = [InputFile("A.proto", 1000), InputFile("B.proto", 2000)]
        with self.assertRaisesRegex(
            GeneratorError,
            r"^B.proto:1: C_B is a packet already, with id 1001 \(A.proto:2\): rename",
        ):
            build_protocol(descriptors, files)

    def test_a_name_with_two_prefixes_is_an_error(self):
        with self.assertRaisesRegex(
            GeneratorError, "^A.proto:2: C_GM_B begins with C_ and with C_GM_, .* rename it"
        ):
            build_protocol(
                descriptor_set(A=["C_A", "C_GM_B"]), [InputFile("A.proto", 1000, ("C_", "C_GM_"))]
            )

    def test_places_without_source_info_are_the_file(self):
        self.assertEqual(Packet("C_A", 1, "C_", "A.proto").place, "A.proto")

    def test_files_are_read_from_options(self):
        self.assertEqual(generate_packets.parse_file("A.proto:7"), InputFile("A.proto", 7))
        self.assertEqual(
            generate_packets.parse_file("A.proto:7:IN_,OUT_"),
            InputFile("A.proto", 7, ("IN_", "OUT_")),
        )
        for wrong in ("A.proto", "A.proto:", "A.proto:x", "A.proto:-1", "A.proto:7:"):
            with self.assertRaisesRegex(GeneratorError, f"--file {wrong}: write NAME:START"):
                generate_packets.parse_file(wrong)


class SidesTest(unittest.TestCase):
    INPUTS = [InputFile("A.proto", 1000)]

    def test_a_prefix_that_nobody_receives_is_an_error(self):
        with self.assertRaisesRegex(GeneratorError, "no side receives prefix S_"):
            check_sides([Side("Handler", ("C_",), ("S_",))], self.INPUTS)

    def test_a_prefix_that_is_not_one_is_an_error(self):
        with self.assertRaisesRegex(GeneratorError, "names prefix X_, but .* are C_, S_"):
            check_sides([Side("Handler", ("X_",), ())], self.INPUTS)

    def test_every_file_has_a_say_in_the_prefixes(self):
        inputs = [*self.INPUTS, InputFile("B.proto", 2000, ("IN_", "S_"))]
        with self.assertRaisesRegex(GeneratorError, "no side receives prefix IN_"):
            check_sides([Side("Handler", ("C_", "S_"), ())], inputs)
        check_sides([Side("Handler", ("C_", "S_", "IN_"), ())], inputs)

    def test_one_name_for_two_headers_is_an_error(self):
        sides = [Side("Handler", ("C_",), ("S_",)), Side("Handler", ("S_",), ("C_",))]
        with self.assertRaisesRegex(GeneratorError, r"Handler.h: .* --side NAME=S_/C_"):
            check_sides(sides, self.INPUTS)
        with self.assertRaisesRegex(GeneratorError, "two headers would be called PacketIds.h"):
            check_sides([Side("PacketIds", ("C_", "S_"), ())], self.INPUTS)

    def test_are_read_from_options(self):
        side = generate_packets.parse_side("H=C_,D_/S_")
        self.assertEqual(side, Side("H", ("C_", "D_"), ("S_",)))
        with self.assertRaisesRegex(GeneratorError, "write HANDLER=RECEIVES/SENDS"):
            generate_packets.parse_side("H:C_")


class LockTest(unittest.TestCase):
    LOCKED = {1000: "C_A", 1001: "S_A", 1002: "C_B"}

    def check(self, *names, start=1000):
        check_locked(self.LOCKED, packets(*names, start=start), "packets.lock")

    def test_lets_packets_be_appended_and_other_messages_be_added(self):
        self.check("Part", "C_A", "S_A", "Info", "C_B", "S_B")

    def test_refuses_an_insertion_and_names_the_new_packet(self):
        with self.assertRaisesRegex(
            GeneratorError,
            r"^Town.proto:3: S_A would change its id from 1001 to 1002, because C_NEW \(Town.proto:2\) "
            "is new in front of it: declare new packets at the end .* delete their lines in packets.lock",
        ):
            self.check("C_A", "C_NEW", "S_A", "C_B")

    def test_refuses_a_new_order_and_a_new_start(self):
        with self.assertRaisesRegex(GeneratorError, "S_A would change its id from 1001 to 1002"):
            self.check("C_A", "C_B", "S_A")
        with self.assertRaisesRegex(
            GeneratorError, "C_A would .* from 1000 to 900, because Town.proto has another start"
        ):
            self.check("C_A", "S_A", "C_B", start=900)

    def test_refuses_a_removal_and_a_new_name(self):
        with self.assertRaisesRegex(GeneratorError, "^packets.lock: S_A has id 1001, but no packet"):
            self.check("C_A", "C_B")
        with self.assertRaisesRegex(GeneratorError, "renamed, its new name belongs into that line"):
            self.check("C_A", "S_A", "C_RENAMED")

    def test_refuses_to_use_the_id_of_the_last_packet_again(self):
        with self.assertRaisesRegex(GeneratorError, "C_B has id 1002, but no packet is called so"):
            self.check("C_A", "S_A")

    def test_file_is_written_once_and_then_only_for_new_packets(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "packets.lock"
            self.assertEqual(len(update_lock(path, packets("C_A", "S_A"))), 2)
            first = path.read_text()
            self.assertEqual(read_lock(first, path), {1000: "C_A", 1001: "S_A"})
            self.assertEqual(update_lock(path, packets("C_A", "S_A")), [])
            self.assertEqual(path.read_text(), first)
            self.assertEqual([new.name for new in update_lock(path, packets("C_A", "S_A", "C_B"))],
                             ["C_B"])
            self.assertEqual(path.read_text(), first + "1002 C_B\n")

    def test_file_is_whole_when_writing_breaks_off(self):
        def half(path, text, **how):
            path.write_bytes(text.encode()[: len(text) // 2])
            raise OSError("no space left on device")

        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "packets.lock"
            update_lock(path, packets("C_A"))
            before = path.read_text()
            with mock.patch.object(pathlib.Path, "write_text", half), self.assertRaises(OSError):
                update_lock(path, packets("C_A", "S_A"))
            self.assertEqual(path.read_text(), before)

    def test_file_is_left_alone_after_an_error(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "packets.lock"
            path.write_text("1000 C_A\n")
            with self.assertRaises(GeneratorError):
                update_lock(path, packets("C_NEW", "C_A"))
            self.assertEqual(path.read_text(), "1000 C_A\n")

    def test_lines_that_are_none_are_told_with_their_number(self):
        with self.assertRaisesRegex(GeneratorError, "^packets.lock:2: expected an id and a name"):
            read_lock("1000 C_A\n<<<<<<< HEAD\n", "packets.lock")
        for repeated in ("1000 C_B", "1001 C_A"):
            with self.assertRaisesRegex(GeneratorError, f"^packets.lock:2: {repeated} repeats"):
                read_lock(f"1000 C_A\n{repeated}\n", "packets.lock")


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
                "--descriptor-set", str(self.descriptors), "--file", "Town.proto:1000",
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

    def test_adds_new_packets_to_the_lock_and_refuses_what_changes_it(self):
        lock = self.folder / "packets.lock"
        options = ("--side", "H=C_,S_/", "--lock", str(lock))
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            self.assertEqual(self.run_generator(*options)[0], 0)
        self.assertIn("Town.proto:1: C_MOVE is new and has id 1000", said.getvalue())
        written = (self.folder / "out" / "PacketIds.h").read_text()

        self.descriptors.write_bytes(
            descriptor_set(Town=["C_MOVE", "C_NEW", "S_MOVE"]).SerializeToString()
        )
        code, errors = self.run_generator(*options)
        self.assertEqual(code, 1)
        self.assertIn("S_MOVE would change its id from 1001 to 1002", errors)
        self.assertEqual((self.folder / "out" / "PacketIds.h").read_text(), written)

    def test_refuses_a_file_that_is_no_descriptor_set(self):
        self.descriptors.write_bytes(b"\xff\xff\xff\xff")
        code, errors = self.run_generator("--side", "H=C_,S_/")
        self.assertEqual(code, 1)
        self.assertIn("is not a descriptor set", errors)


if __name__ == "__main__":
    unittest.main()
