"""What the generator knows of a protocol: its packets with their ids, and the sides that speak it.

Everything a user can get wrong is found here (or in packet_lock.py) and told as a GeneratorError.
"""

from dataclasses import dataclass

from google.protobuf import descriptor_pb2
from google.protobuf.message import DecodeError

ID_MAX = 65535
DEFAULT_PREFIXES = ("C_", "S_")
SHARED_HEADERS = ("PacketIds", "PacketCodec")  # written beside one header a handler


class GeneratorError(Exception):
    """A mistake in the options or the .proto files, in a sentence for people."""


@dataclass(frozen=True)
class InputFile:
    """A .proto file as the descriptor set names it: which of its messages are packets, from which id."""

    name: str
    start_id: int
    prefixes: tuple[str, ...] = DEFAULT_PREFIXES


@dataclass(frozen=True)
class Packet:
    name: str
    id: int
    prefix: str
    file: str
    line: int | None = None  # None when the descriptor set has no source info

    @property
    def place(self):
        return self.file if self.line is None else f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Side:
    """One end of the connection: the class that handles what it receives."""

    handler: str
    receives: tuple[str, ...]
    sends: tuple[str, ...]


@dataclass(frozen=True)
class Protocol:
    package: str
    files: tuple[str, ...]
    packets: tuple[Packet, ...]

    @property
    def namespace(self):
        return self.package.replace(".", "::")

    def with_prefixes(self, prefixes):
        return [packet for packet in self.packets if packet.prefix in prefixes]


def read_descriptor_set(data, source):
    """`data` is what protoc wrote with --descriptor_set_out; `source` names it in errors."""
    descriptors = descriptor_pb2.FileDescriptorSet()
    try:
        descriptors.ParseFromString(data)
    except DecodeError as error:
        raise GeneratorError(
            f"{source} is not a descriptor set ({error}); write one with "
            "protoc --descriptor_set_out"
        ) from error
    return descriptors


def build_protocol(descriptors, inputs):
    """Gives ids in order of declaration to the outermost messages whose names begin with a prefix."""
    by_name = {file.name: file for file in descriptors.file}
    packages = {}
    packets = []
    for wanted in inputs:
        if wanted.name not in by_name:
            raise GeneratorError(
                f"{wanted.name} is not in the descriptor set, which has: "
                f"{', '.join(sorted(by_name))}"
            )
        packages[wanted.name] = by_name[wanted.name].package
        packets += _packets_of(by_name[wanted.name], wanted)
    _check_packages(packages)
    _check_packets(packets)
    return Protocol(next(iter(packages.values())), tuple(packages), tuple(packets))


def check_sides(sides, inputs):
    """Every prefix needs somebody who receives it; else its packets would reach nobody."""
    prefixes = list(dict.fromkeys(prefix for wanted in inputs for prefix in wanted.prefixes))
    handlers = set(SHARED_HEADERS)
    for side in sides:
        if side.handler in handlers:
            raise GeneratorError(
                f"two headers would be called {side.handler}.h: give the side another name, "
                f"--side NAME={','.join(side.receives)}/{','.join(side.sends)}"
            )
        handlers.add(side.handler)
        for prefix in (*side.receives, *side.sends):
            if prefix not in prefixes:
                raise GeneratorError(
                    f"side {side.handler} names prefix {prefix}, but the files' prefixes are "
                    f"{', '.join(prefixes)}"
                )
    received = {prefix for side in sides for prefix in side.receives}
    for prefix in prefixes:
        if prefix not in received:
            raise GeneratorError(
                f"no side receives prefix {prefix}: name it in a --side HANDLER={prefix}/..."
            )


def _packets_of(file, wanted):
    lines = {
        location.path[1]: location.span[0] + 1
        for location in file.source_code_info.location
        if len(location.path) == 2
        and location.path[0] == descriptor_pb2.FileDescriptorProto.MESSAGE_TYPE_FIELD_NUMBER
    }
    packets = []
    for index, message in enumerate(file.message_type):
        prefixes = [prefix for prefix in wanted.prefixes if message.name.startswith(prefix)]
        if not prefixes:
            continue  # a part of packets, not one itself
        packet = Packet(
            message.name, wanted.start_id + len(packets), prefixes[0], file.name, lines.get(index)
        )
        if len(prefixes) > 1:
            raise GeneratorError(
                f"{packet.place}: {packet.name} begins with {' and with '.join(prefixes)}, so who "
                "sends it is unclear: rename it, or use prefixes of which none begins another"
            )
        packets.append(packet)
    if not packets:
        raise GeneratorError(
            f"{file.name}: no message begins with {' or '.join(wanted.prefixes)}: name the prefixes "
            f"that its packets have, --file {file.name}:{wanted.start_id}:PREFIX,..., or leave the "
            "file out (what packets only contain needs no --file)"
        )
    return packets


def _check_packages(packages):
    if len(set(packages.values())) > 1:
        listed = ", ".join(f"{name} has {packages[name] or '(none)'}" for name in packages)
        raise GeneratorError(f"all files must have the same package, but {listed}")
    if "" in packages.values():
        raise GeneratorError(
            f"{next(iter(packages))} has no package: add one, it becomes the C++ namespace"
        )


def _check_packets(packets):
    by_name = {}
    by_id = {}
    for packet in packets:
        if packet.name in by_name:
            raise GeneratorError(
                f"{packet.place}: {packet.name} is a packet already, with id "
                f"{by_name[packet.name].id} ({by_name[packet.name].place}): rename one of them, or "
                "name the file and its prefixes once"
            )
        if packet.id > ID_MAX:
            raise GeneratorError(
                f"{packet.place}: {packet.name} would get id {packet.id}, but ids end at {ID_MAX}: "
                f"let {packet.file} start lower"
            )
        if packet.id in by_id:
            other = by_id[packet.id]
            raise GeneratorError(
                f"{packet.place}: {packet.name} would get id {packet.id}, which {other.name} has "
                f"({other.place}): let {packet.file} start beyond {max(by_id)}"
            )
        by_name[packet.name] = packet
        by_id[packet.id] = packet
