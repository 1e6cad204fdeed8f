"""A server that speaks first, in network order throughout: u16 length of the payload, u16 id, fields one by one."""

import re

from kit import Header, Packet, Session, main
from wire import Packed, Text


class BigGreeter(Session):
    """A server that greets with a number, which the login must echo; success is result == 1."""

    HEADER = Header([("size", "H"), ("id", "H")], order=">", counts="payload")
    PACKETS = {
        "S_HELLO": Packet(0x0101, Packed(">", serial="I", motd=Text("H"))),
        "C_LOGIN": Packet(0x0201, Packed(">", serial="I", name=Text("H"))),
        "S_LOGIN": Packet(0x0202, Packed(">", result="h")),
        "C_SCORE": Packet(0x0301, Packed(">", points="i", factor="d")),
        "S_SCORE": Packet(0x0302, Packed(">", points="i", total="q")),
    }
    serials_given = 0

    def __init__(self):
        super().__init__()
        self.has_logged_in = False
        self.total = 0

    def on_open(self):
        BigGreeter.serials_given += 1
        self.serial = BigGreeter.serials_given << 20 | 0xABCDE
        self.send("S_HELLO", serial=self.serial, motd="welcome")

    def on_C_LOGIN(self, serial, name):
        self.require(not self.has_logged_in, "a second login")
        self.require(serial == self.serial, f"the serial {serial}, not {self.serial}")
        self.require(re.fullmatch(r"bot-\d+", name), f"the name {name!r}")
        self.has_logged_in = True
        self.send("S_LOGIN", result=1)

    def on_C_SCORE(self, points, factor):
        self.require(factor == 0.5, f"the factor {factor}")
        self.require(self.has_logged_in, "a score before the login")
        self.require(-9 <= points <= -1, f"{points} points")
        self.total += points
        self.send("S_SCORE", points=points, total=self.total)


if __name__ == "__main__":
    main(BigGreeter)
