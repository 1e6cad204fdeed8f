"""Two servers in one program: a login server that says where the game server is, and that game server.

They stand for the servers of others, so no code of StressBot is in them: Python's standard library only. With
--address the login server sends its clients there instead; --hostile makes it hand out whatever breaks a client that
trusts it. Prints `listening 127.0.0.1:PORT` when it is ready and its totals, `served {json}`, when SIGTERM ends it.
"""

import argparse
import asyncio
import json
import re
import signal
import struct

HOSTILE = [
    ("", 7777), ("no such place", 7777), ("127.0.0.1", 0), ("127.0.0.1", 70000), ("127.0.0.1:80", 7777),
    ("8.8.8.8", 7777), ("[::1", 7777), ("0.0.0.0", 7777), ("-h", 7777), ("a\0b", 7777), ("\u202e1.0.0.721", 7777),
    ("A" * 4_000_000, 7777), ("x." * 2_000_000, 7777), ("2130706433/../", 7777), ("${env.HOME}", 7777), ("%s%n", 7777)]


def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def field(number, value):
    """A field of a protobuf message: a number or a text."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode()
    return varint(number << 3 | 2) + varint(len(data)) + data


def first_field(payload):
    """The number or text of a message that has field 1 only; nothing if it is anything else."""
    number, shift, at = 0, 0, 0
    for at, byte in enumerate(payload[1:], 2):
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    if payload[:1] == b"\x08" and at == len(payload):
        return number
    if payload[:1] == b"\x0a" and at + number == len(payload):
        return payload[at:].decode()
    return None


class Session(asyncio.Protocol):
    """One client. What is not exactly as it must be is told in the totals and ends the session."""

    HEADER = None
    NAMES = {}
    totals = {"received": {}, "orderly": 0, "violations": []}

    def connection_made(self, transport):
        self.transport, self.data, self.has_ended = transport, bytearray(), False

    def data_received(self, data):
        self.data += data
        while len(self.data) >= self.HEADER.size:
            size, packet_id = self.HEADER.unpack_from(self.data)
            if not self.HEADER.size <= size < 1000 or packet_id not in self.NAMES:
                return self.refuse(f"size {size}, id {packet_id}")
            if len(self.data) < size:
                return None
            payload = bytes(self.data[self.HEADER.size:size])
            del self.data[:size]
            name = self.NAMES[packet_id]
            self.totals["received"][name] = self.totals["received"].get(name, 0) + 1
            getattr(self, "on_" + name)(first_field(payload))
        return None

    def send(self, packet_id, payload):
        self.transport.write(self.HEADER.pack(self.HEADER.size + len(payload), packet_id) + payload)

    def refuse(self, what):
        self.totals["violations"].append(what[:200])
        self.transport.abort()

    def eof_received(self):
        self.has_ended = not self.data

    def connection_lost(self, error):
        self.totals["orderly"] += self.has_ended and error is None


class Gate(Session):
    """The login server. Its size has 32 bits: a reply may be megabytes."""

    HEADER = struct.Struct("<IH")
    NAMES = {1: "C_ASK"}
    address, port = "127.0.0.1", 0  # of the game server
    hostile = False
    asked = 0

    def on_C_ASK(self, name):
        if not isinstance(name, str) or not re.fullmatch(r"bot-\d+", name):
            return self.refuse(f"the name {name!r}")
        token = (1 << 40) + Gate.asked  # more than 32 bits
        address, port = HOSTILE[Gate.asked % len(HOSTILE)] if Gate.hostile else (Gate.address, Gate.port)
        Gate.asked += 1
        Hall.tokens.add(token)
        return self.send(2, field(1, address) + field(2, port) + field(3, token))


class Hall(Session):
    """The game server: a token of the login server lets one client in, once."""

    HEADER = struct.Struct("<HH")
    NAMES = {500: "C_JOIN", 502: "C_SAY"}
    tokens = set()
    joined = False

    def on_C_JOIN(self, token):
        if token not in Hall.tokens:
            return self.refuse(f"the token {token}")
        Hall.tokens.remove(token)
        self.joined = True
        return self.send(501, field(1, 1))

    def on_C_SAY(self, text):
        if not self.joined or not isinstance(text, str):
            return self.refuse("a text before the token")
        return self.send(503, field(1, text))


async def serve(options):
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_signal_handler(signal.SIGINT, stop.set)
    hall = await loop.create_server(Hall, "127.0.0.1", 0, backlog=1024)
    Gate.address, Gate.hostile = options.address, options.hostile
    Gate.port = hall.sockets[0].getsockname()[1]
    gate = await loop.create_server(Gate, "127.0.0.1", options.port, backlog=1024)
    print(f"listening 127.0.0.1:{options.port}", flush=True)
    await stop.wait()
    for listener in (gate, hall):
        listener.close()
    print("served " + json.dumps(Session.totals), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--hostile", action="store_true")
    asyncio.run(serve(parser.parse_args()))
