"""The reference server as a process, and as much of its protocol as its tests need."""

import os
import socket
import struct
import subprocess
import unittest

SERVER = os.environ["REFERENCE_SERVER"]
PATIENCE_S = 60
C_LOGIN, S_LOGIN, C_ENTER_GAME, S_ENTER_GAME = 1000, 1001, 1002, 1003
C_MOVE, S_MOVE = 2000, 2001


def run(*options, **how):
    return subprocess.run(
        [SERVER, *options], capture_output=True, text=True, timeout=PATIENCE_S, check=False, **how
    )


class ServerProcessTest(unittest.TestCase):
    def start(self, *options, **how):
        server = subprocess.Popen(
            [SERVER, "--listen", "127.0.0.1:0", *options], stdout=subprocess.PIPE, text=True, **how
        )
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        first_line = server.stdout.readline()
        self.assertRegex(first_line, r"^listening on 127\.0\.0\.1:\d+\n$")
        return server, ("127.0.0.1", int(first_line.rpartition(":")[2]))

    def connect(self, address):
        client = socket.create_connection(address, timeout=PATIENCE_S)
        self.addCleanup(client.close)
        return client


def packet(packet_id, payload=b""):
    return (4 + len(payload)).to_bytes(2, "little") + packet_id.to_bytes(2, "little") + payload


def login(name):
    text = name.encode()
    return packet(C_LOGIN, b"\x0a" + bytes([len(text)]) + text)


def move(player, x, y):
    info = b"\x08" + bytes([player]) + b"\x11" + struct.pack("<d", x) + b"\x19" + struct.pack("<d", y)
    return packet(C_MOVE, b"\x0a" + bytes([len(info)]) + info)


def receive(client):
    """The next packet: its id and its payload."""
    header = receive_exactly(client, 4)
    size, packet_id = int.from_bytes(header[:2], "little"), int.from_bytes(header[2:], "little")
    return packet_id, receive_exactly(client, size - 4)


def receive_exactly(client, size):
    received = b""
    while len(received) < size:
        more = client.recv(size - len(received))
        if not more:
            raise ConnectionError("the server closed")
        received += more
    return received


def fields(message):
    """A protobuf message as (field number, number or bytes), in order."""
    place = 0

    def varint():
        nonlocal place
        number = shift = 0
        while True:
            byte = message[place]
            place += 1
            number |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return number

    while place < len(message):
        key = varint()
        value = varint()  # a number, or the size of bytes: the server's packets have no others here
        if key & 7 == 2:
            value, place = message[place:place + value], place + value
        yield key >> 3, value


def player_ids(login_reply):
    """The ids that an S_LOGIN offers; none when it refused."""
    players = [value for number, value in fields(login_reply) if number == 2]
    return [dict(fields(player))[1] for player in players]
