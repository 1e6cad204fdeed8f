"""What the little game servers here share: sessions, framing, strictness and totals.

They stand for the servers of others, so no code of StressBot is in them: Python's standard library only. A
server is a program:

    python3 tests/e2e/servers/tiny_duel.py --port 7777

It prints `listening 127.0.0.1:7777` when it is ready (port 0: any) and, when SIGTERM or Ctrl-C ends it, its
totals as the last line, `served {json}`. It trusts nobody: what is not exactly as it must be, to the byte, is a
violation, which is counted, told in the totals, and ends the session.

A server is a subclass of Session with a HEADER and PACKETS, and a method on_NAME for each packet of a client.
"""

import argparse
import asyncio
import json
import signal
import struct

VIOLATIONS_TOLD = 5
VIOLATION_LETTERS = 200
PACKETS_RECORDED = 8


class Violation(Exception):
    """A client did what it must not."""


class Header:
    """Size and id in front of a packet, and bytes that each side always sets alike.

    `fields` are names with formats of `struct`, in their order: [("size", "H"), ("id", "H")]. `counts` is what the
    size counts: the "packet" or the "payload". Fields of `inside` belong to the payload for this purpose. The
    values of other fields are in `client` and `server`.
    """

    def __init__(self, fields, order="<", counts="packet", inside=(), client=None, server=None, size_max=65535):
        self.names = [name for name, _ in fields]
        self.format = struct.Struct(order + "".join(kind for _, kind in fields))
        outside = "".join(kind for name, kind in fields if name not in inside)
        self.uncounted = struct.calcsize(order + outside) if counts == "payload" else 0
        self.client, self.server = client or {}, server or {}
        self.size_max = size_max

    def cut(self, data):
        """The first packet of what came: (id, payload, whole), or None while it is incomplete."""
        if len(data) < self.format.size:
            return None
        values = dict(zip(self.names, self.format.unpack_from(data)))
        size = values.pop("size") + self.uncounted
        packet_id = values.pop("id")
        if not self.format.size <= size <= self.size_max:
            raise Violation(f"size {size} of a packet")
        if values != self.client:
            raise Violation(f"header {values}")
        if len(data) < size:
            return None
        return packet_id, bytes(data[self.format.size:size]), bytes(data[:size])

    def frame(self, packet_id, payload):
        size = self.format.size + len(payload) - self.uncounted
        values = {"size": size, "id": packet_id, **self.server}
        return self.format.pack(*(values[name] for name in self.names)) + payload


class Packet:
    """One kind: its id, and a codec with encode(fields) and decode(payload)."""

    def __init__(self, packet_id, codec):
        self.id, self.codec = packet_id, codec


class Totals:
    """What a server saw and did, for the test that compares it with what the bots tell."""

    def __init__(self):
        self.sessions, self.orderly, self.other = 0, 0, 0
        self.received, self.sent = {}, {}
        self.bytes_received, self.bytes_sent = 0, 0
        self.violations, self.violation_count = [], 0
        self.first = []  # the first packets in hex, as they came

    def add_violation(self, text):
        self.violation_count += 1
        if len(self.violations) < VIOLATIONS_TOLD:
            self.violations.append(text[:VIOLATION_LETTERS])


class Session(asyncio.Protocol):
    """One client. A subclass says how packets look and what they mean."""

    HEADER = None
    PACKETS = {}  # name: Packet; clients send those with an on_NAME here

    sessions = set()  # all that are open
    totals = Totals()

    def __init__(self):
        self.transport = None
        self.data = bytearray()
        self.names = {packet.id: name for name, packet in self.PACKETS.items()}
        self.has_ended = False

    # For subclasses.

    def on_open(self):
        """A client connected."""

    def on_close(self):
        """It is gone."""

    def cut(self, data):
        """(id, payload, whole packet) of the first packet, or None; for framings that HEADER cannot say."""
        return self.HEADER.cut(data)

    def frame(self, packet_id, payload):
        return self.HEADER.frame(packet_id, payload)

    def send(self, name, /, **fields):
        if self.transport is None or self.transport.is_closing():
            return
        packet = self.PACKETS[name]
        data = self.frame(packet.id, packet.codec.encode(fields))
        self.transport.write(data)
        self.totals.sent[name] = self.totals.sent.get(name, 0) + 1
        self.totals.bytes_sent += len(data)

    def send_all(self, name, /, **fields):
        for session in list(Session.sessions):
            session.send(name, **fields)

    @staticmethod
    def require(condition, what):
        if not condition:
            raise Violation(what)

    # Of asyncio.

    def connection_made(self, transport):
        self.transport = transport
        Session.sessions.add(self)
        self.totals.sessions += 1
        self.on_open()

    def data_received(self, data):
        self.totals.bytes_received += len(data)
        self.data += data
        try:
            while not self.transport.is_closing() and (packet := self.cut(self.data)):
                packet_id, payload, whole = packet
                del self.data[:len(whole)]
                self.handle(packet_id, payload, whole)
        except Violation as violation:
            self.totals.add_violation(str(violation))
            self.transport.abort()
        except Exception as error:  # of the server itself: no test may pass over it
            self.totals.add_violation(f"server: {error!r}")
            self.transport.abort()

    def handle(self, packet_id, payload, whole):
        name = self.names.get(packet_id)
        handler = getattr(self, f"on_{name}", None)
        if handler is None:
            raise Violation(f"id {packet_id} ({name}) of a client")
        codec = self.PACKETS[name].codec
        fields = codec.decode(payload)
        if codec.encode(fields) != payload:
            raise Violation(f"{name} as {payload.hex()}, not {codec.encode(fields).hex()}")
        if len(self.totals.first) < PACKETS_RECORDED:
            self.totals.first.append(whole.hex())
        self.totals.received[name] = self.totals.received.get(name, 0) + 1
        handler(**fields)

    def eof_received(self):
        if self.data:
            self.totals.add_violation(f"ended within a packet: {self.data.hex()}")
        self.has_ended = True  # asyncio closes when nothing is left to write

    def connection_lost(self, error):
        Session.sessions.discard(self)
        if self.has_ended and error is None:
            self.totals.orderly += 1
        else:
            self.totals.other += 1
        self.on_close()


async def serve(session_type, port):
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    listener = await loop.create_server(session_type, "127.0.0.1", port, backlog=1024)
    address, port = listener.sockets[0].getsockname()
    print(f"listening {address}:{port}", flush=True)
    await stop.wait()
    listener.close()
    for session in list(Session.sessions):
        session.transport.abort()
    await asyncio.sleep(0)
    print("served " + json.dumps(vars(Session.totals)), flush=True)


def main(session_type):
    """The program: serves such sessions until it is told to end."""
    parser = argparse.ArgumentParser(description=session_type.__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    asyncio.run(serve(session_type, parser.parse_args().port))
