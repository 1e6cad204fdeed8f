"""Payloads by hand: protobuf messages and packed structs, each written in one way only.

decode() raises Violation for what cannot be; whether a client wrote a packet as it must is then seen by writing it
again.
"""

import struct

from kit import Violation


def varint(value):
    value &= 0xFFFF_FFFF_FFFF_FFFF
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def read_varint(data, at):
    value, shift = 0, 0
    while True:
        if at >= len(data) or shift > 63:
            raise Violation(f"a varint that does not end in {data.hex()}")
        value |= (data[at] & 0x7F) << shift
        at += 1
        if data[at - 1] < 0x80:
            return value, at
        shift += 7


class Protobuf:
    """A proto3 message: {name: (number, type)} in the order of the numbers.

    Types: "uint", "int", "bool", "string", "double", "float", another Protobuf, or a list of one of these.
    """

    WIRE = {"uint": 0, "int": 0, "bool": 0, "string": 2, "double": 1, "float": 5}
    DEFAULT = {"uint": 0, "int": 0, "bool": False, "string": "", "double": 0.0, "float": 0.0}

    def __init__(self, **fields):
        self.fields = fields
        self.by_number = {number: (name, kind) for name, (number, kind) in fields.items()}

    def encode(self, values):
        out = b""
        for name, (number, kind) in self.fields.items():
            value = values.get(name)
            if isinstance(kind, list):
                for element in value or []:
                    out += self.encode_field(number, kind[0], element)
            elif isinstance(kind, Protobuf):
                out += b"" if value is None else self.encode_field(number, kind, value)
            elif value is not None and value != self.DEFAULT[kind]:
                out += self.encode_field(number, kind, value)
        return out

    def encode_field(self, number, kind, value):
        if isinstance(kind, Protobuf):
            content = kind.encode(value)
            return varint(number << 3 | 2) + varint(len(content)) + content
        tag = varint(number << 3 | self.WIRE[kind])
        if kind == "string":
            content = value.encode()
            return tag + varint(len(content)) + content
        if kind in ("double", "float"):
            return tag + struct.pack("<d" if kind == "double" else "<f", value)
        return tag + varint(int(value))

    def decode(self, data):
        values = {name: [] if isinstance(kind, list) else None if isinstance(kind, Protobuf) else self.DEFAULT[kind]
                  for name, (_, kind) in self.fields.items()}
        at = 0
        while at < len(data):
            tag, at = read_varint(data, at)
            if tag >> 3 not in self.by_number:
                raise Violation(f"a field {tag >> 3} in {data.hex()}")
            name, kind = self.by_number[tag >> 3]
            element = kind[0] if isinstance(kind, list) else kind
            value, at = self.decode_field(data, at, tag & 7, element)
            if isinstance(kind, list):
                values[name].append(value)
            else:
                values[name] = value
        return values

    def decode_field(self, data, at, wire, kind):
        if wire != (2 if isinstance(kind, Protobuf) else self.WIRE[kind]):
            raise Violation(f"wire type {wire} in {data.hex()}")
        if wire == 0:
            value, at = read_varint(data, at)
            if kind == "int" and value >= 1 << 63:
                value -= 1 << 64
            return (bool(value) if kind == "bool" else value), at
        if wire in (1, 5):
            size = 8 if wire == 1 else 4
            content = data[at:at + size]
        else:
            size, at = read_varint(data, at)
            content = data[at:at + size]
        if len(content) != size:
            raise Violation(f"{data.hex()} breaks off")
        at += size
        if wire in (1, 5):
            return struct.unpack("<d" if wire == 1 else "<f", content)[0], at
        if isinstance(kind, Protobuf):
            return kind.decode(content), at
        try:
            return content.decode(), at
        except UnicodeDecodeError:
            raise Violation(f"{content.hex()} is no UTF-8") from None


class Chars:
    """char text[N]: what is not used is 0."""

    def __init__(self, size):
        self.size = size

    def write(self, order, text):
        data = text.encode()
        assert len(data) <= self.size
        return data.ljust(self.size, b"\0")

    def read(self, order, data, at):
        raw = data[at:at + self.size]
        return raw.split(b"\0")[0].decode(), at + self.size


class Text:
    """A text behind the number of its units, in the encoding."""

    def __init__(self, count="H", encoding="utf-8"):
        self.count, self.encoding = count, encoding
        self.unit = 2 if encoding.startswith("utf-16") else 1

    def write(self, order, text):
        data = text.encode(self.encoding)
        return struct.pack(order + self.count, len(data) // self.unit) + data

    def read(self, order, data, at):
        units = struct.unpack_from(order + self.count, data, at)[0]
        at += struct.calcsize(order + self.count)
        raw = data[at:at + units * self.unit]
        return raw.decode(self.encoding), at + units * self.unit


class Packed:
    """A struct without padding: fields with formats of `struct`, Chars or Text, in their order."""

    def __init__(self, order="<", **fields):
        self.order, self.fields = order, fields

    def encode(self, values):
        out = b""
        for name, kind in self.fields.items():
            if isinstance(kind, str):
                out += struct.pack(self.order + kind, values[name])
            else:
                out += kind.write(self.order, values[name])
        return out

    def decode(self, data):
        values, at = {}, 0
        try:
            for name, kind in self.fields.items():
                if isinstance(kind, str):
                    values[name] = struct.unpack_from(self.order + kind, data, at)[0]
                    at += struct.calcsize(self.order + kind)
                else:
                    values[name], at = kind.read(self.order, data, at)
        except (struct.error, UnicodeDecodeError) as error:
            raise Violation(f"{data.hex()}: {error}") from None
        if at != len(data):
            raise Violation(f"{data.hex()} has {len(data)} bytes, not {at}")
        return values
