"""What the generator knows of a protocol: its packets with their ids, and the sides that speak it.

Everything a user can get wrong is found here and told as a GeneratorError.
"""

from dataclasses import dataclass

from google.protobuf import descriptor_pb2
from google.protobuf.message import DecodeError

ID_MAX = 65535


class GeneratorError(Exception):
    """A mistake in the options or the .proto files, in a sentence for people."""


@dataclass(frozen=True)
class InputFile:
    """A .proto file as the descriptor set names it, and the id of its first packet."""

    name: str
    start_id: int | None = None  # None: goes on where the file before it ended


@dataclass(frozen=True)
class Packet:
    name: str
    id: int
    prefix: str


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


def build_protocol(descriptors, files, prefixes, start_id):
    """Gives ids in order of declaration to the messages whose names begin with a prefix."""
    by_name = {file.name: file for file in descriptors.file}
    packets = []
    packages = {}
    next_id = start_id
    for wanted in files:
        if wanted.name not in by_name:
            raise GeneratorError(
                f"{wanted.name} is not in the descriptor set, which has: "
                f"{', '.join(sorted(by_name))}"
            )
        file = by_name[wanted.name]
        packages[wanted.name] = file.package
        next_id = next_id if wanted.start_id is None else wanted.start_id
        for message in file.message_type:
            prefix = next((p for p in prefixes if message.name.startswith(p)), None)
            if prefix is None:
                continue  # a part of packets, not one itself
            packets.append(Packet(message.name, next_id, prefix))
            next_id += 1
    _check_packages(packages)
    _check_packets(packets, prefixes)
    return Protocol(next(iter(packages.values())), tuple(packages), tuple(packets))


def check_sides(sides, prefixes):
    """Every prefix needs somebody who receives it; else its packets would reach nobody."""
    for side in sides:
        for prefix in (*side.receives, *side.sends):
            if prefix not in prefixes:
                raise GeneratorError(
                    f"side {side.handler} names prefix {prefix}, which is not among --prefixes "
                    f"{','.join(prefixes)}"
                )
    received = {prefix for side in sides for prefix in side.receives}
    for prefix in prefixes:
        if prefix not in received:
            raise GeneratorError(
                f"no side receives prefix {prefix}: name it in a --side HANDLER={prefix}/..."
            )


def _check_packages(packages):
    if len(set(packages.values())) > 1:
        listed = ", ".join(f"{name} has {packages[name] or '(none)'}" for name in packages)
        raise GeneratorError(f"all files must have the same package, but {listed}")
    if "" in packages.values():
        raise GeneratorError(
            f"{next(iter(packages))} has no package: add one, it becomes the C++ namespace"
        )


def _check_packets(packets, prefixes):
    if not packets:
        raise GeneratorError(f"no message begins with a prefix of {', '.join(prefixes)}")
    seen = {}
    for packet in packets:
        if packet.id > ID_MAX or packet.id < 0:
            raise GeneratorError(
                f"{packet.name} would get id {packet.id}, but the header holds 0 to {ID_MAX}"
            )
        if packet.id in seen:
            raise GeneratorError(
                f"{seen[packet.id]} and {packet.name} would both get id {packet.id}: "
                "give the later file another start, --file NAME:START"
            )
        seen[packet.id] = packet.name
