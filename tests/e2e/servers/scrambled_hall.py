"""The header of many Korean IOCP servers: u8 code, u16 length, u8 key, u8 checksum, and a scrambled payload with the id.

Whatever it sends is cut into pieces and glued to what follows, anyhow. Asked to, it breaks a packet.
"""

import asyncio
import random
import struct

from kit import Packet, Session, main
from wire import Packed, Text

CODE, FIXED_KEY = 0x77, 0x32
FRONT = struct.Struct("<BHB")  # code, length of the payload, key


def scramble(plain, key):
    """Checksum and payload, as StressBot/protocol/hook/example says; n counts from 1."""
    out, p, e = bytearray(), 0, 0
    for n, d in enumerate(plain, 1):
        p = d ^ (p + key + n) & 0xFF
        e = p ^ (e + FIXED_KEY + n) & 0xFF
        out.append(e)
    return bytes(out)


def unscramble(wire, key):
    out, last_p, last_e = bytearray(), 0, 0
    for n, e in enumerate(wire, 1):
        p = e ^ (last_e + FIXED_KEY + n) & 0xFF
        out.append(p ^ (last_p + key + n) & 0xFF)
        last_p, last_e = p, e
    return bytes(out)


class Cutter:
    """A transport that writes in pieces of any size, a moment apart, across the borders of packets."""

    def __init__(self, transport):
        self.transport = transport
        self.waiting = bytearray()
        self.is_writing = False

    def __getattr__(self, name):
        return getattr(self.transport, name)

    def write(self, data):
        self.waiting += data
        if not self.is_writing:
            self.is_writing = True
            asyncio.get_running_loop().call_soon(self.write_piece)

    def write_rest(self):
        self.transport.write(bytes(self.waiting))
        self.waiting.clear()

    def write_piece(self):
        if self.transport.is_closing():
            return
        piece = self.waiting[:random.choice((1, 2, 3, 4, 5, 6, 7, 20, 500))]
        del self.waiting[:len(piece)]
        if piece:
            self.transport.write(bytes(piece))
        self.is_writing = bool(self.waiting)
        if self.is_writing:
            asyncio.get_running_loop().call_later(random.choice((0, 0.001)), self.write_piece)


class ScrambledHall(Session):
    """A hall in which everything said is said to all; the key of each packet is random."""

    PACKETS = {
        "LoginReq": Packet(101, Packed(name=Text("B", "utf-8"))),
        "LoginRes": Packet(102, Packed(ok="?", playerId="I")),
        "SayReq": Packet(103, Packed(text=Text("H", "utf-8"))),
        "SayRes": Packet(104, Packed(playerId="I", text=Text("H", "utf-8"))),
        "BreakReq": Packet(105, Packed(how="B")),
    }
    ids_given = 0

    def __init__(self):
        super().__init__()
        self.player_id = None

    def on_open(self):
        self.transport = Cutter(self.transport)

    def eof_received(self):
        self.transport.write_rest()  # asyncio closes when it is out
        super().eof_received()

    def cut(self, data):
        if len(data) < FRONT.size + 1:
            return None
        code, length, key = FRONT.unpack_from(data)
        self.require(code == CODE, f"the code {code}")
        self.require(2 <= length <= 4096, f"{length} bytes of payload")
        size = FRONT.size + 1 + length
        if len(data) < size:
            return None
        plain = unscramble(data[FRONT.size:size], key)
        self.require(plain[0] == sum(plain[1:]) & 0xFF, f"the checksum of {plain.hex()}")
        return struct.unpack_from("<H", plain, 1)[0], plain[3:], bytes(data[:size])

    @staticmethod
    def is_right(whole):
        plain = unscramble(whole[FRONT.size:], whole[FRONT.size - 1])
        return plain[0] == sum(plain[1:]) & 0xFF

    def frame(self, packet_id, payload):
        payload = struct.pack("<H", packet_id) + payload
        key = random.randrange(256)
        checksum = bytes([sum(payload) & 0xFF])
        return FRONT.pack(CODE, len(payload), key) + scramble(checksum + payload, key)

    def on_LoginReq(self, name):
        self.require(self.player_id is None and name.startswith("bot-"), f"a login of {name!r}")
        ScrambledHall.ids_given += 1
        self.player_id = ScrambledHall.ids_given
        self.send("LoginRes", ok=True, playerId=self.player_id)

    def on_SayReq(self, text):
        self.require(self.player_id is not None, "words before the login")
        for session in list(Session.sessions):
            if session.player_id is not None and session.player_id % 30 == self.player_id % 30:
                session.send("SayRes", playerId=self.player_id, text=text)

    def on_BreakReq(self, how):
        """Something that is no packet, at once behind one that is."""
        whole = self.frame(104, struct.pack("<IH", 0, 0))
        flipped = bytearray(whole)
        while self.is_right(flipped):  # by chance it may be, with one bit too
            flipped = bytearray(whole)
            flipped[random.randrange(3, len(whole))] ^= 1 << random.randrange(8)  # key, checksum or payload
        broken = (bytes([CODE + 1]) + whole[1:],  # code
                  bytes(flipped),
                  FRONT.pack(CODE, 0, 1) + b"\0",  # no id
                  FRONT.pack(CODE, 0xFFFF, 1) + b"\0",  # larger than any packet
                  random.randbytes(40).replace(bytes([CODE]), b"\0"))[how]
        self.transport.write(whole + broken + whole)


if __name__ == "__main__":
    main(ScrambledHall)
