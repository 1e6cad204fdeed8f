"""A duel in as few bytes as can be: u8 size, u8 id. No login; the server pings, and clients answer."""

import asyncio

from kit import Header, Packet, Session, main
from wire import Packed


class TinyDuel(Session):
    """A duel in packets of at most 255 bytes; the server pings every 100 ms and wants its own number back."""

    HEADER = Header([("size", "B"), ("id", "B")], size_max=255)
    PACKETS = {
        "C_HIT": Packet(1, Packed(power="B", combo="H")),
        "S_HIT": Packet(2, Packed(power="B", combo="H", health="b")),
        "S_PING": Packet(3, Packed(number="B")),
        "C_PONG": Packet(4, Packed(number="B")),
        "C_BYE": Packet(5, Packed()),
        "S_BYE": Packet(6, Packed()),
    }

    def __init__(self):
        super().__init__()
        self.pings = []
        self.number = 0
        self.combo = 0
        self.has_left = False
        self.timer = None

    def on_open(self):
        self.timer = asyncio.get_running_loop().call_later(0.1, self.ping)

    def on_close(self):
        self.timer.cancel()

    def ping(self):
        self.timer = asyncio.get_running_loop().call_later(0.1, self.ping)
        if self.has_left:
            return
        self.number = (self.number + 1) % 256
        self.pings.append(self.number)
        self.send("S_PING", number=self.number)

    def on_C_PONG(self, number):
        self.require(self.pings and number == self.pings.pop(0), f"a pong {number}")

    def on_C_HIT(self, power, combo):
        self.require(not self.has_left, "a hit after the bye")
        self.require(combo == self.combo, f"combo {combo}, not {self.combo}")
        self.require(1 <= power <= 200, f"power {power}")
        self.combo += 1
        self.send("S_HIT", power=power, combo=combo, health=-1)

    def on_C_BYE(self):
        self.require(not self.has_left, "a second bye")
        self.has_left = True
        self.send("S_BYE")


if __name__ == "__main__":
    main(TinyDuel)
