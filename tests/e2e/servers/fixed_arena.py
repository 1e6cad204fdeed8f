"""An arena of plain structs: i16 size, i16 id, u8 type in front, char arrays of a fixed size. Success is result == 1."""

import re

from kit import Header, Packet, Session, main
from wire import Chars, Packed


class FixedArena(Session):
    """An arena of plain structs; the third field of the header is 1 from clients, 2 from the server."""

    HEADER = Header([("size", "h"), ("id", "h"), ("type", "B")], client={"type": 1}, server={"type": 2},
                    size_max=1024)
    PACKETS = {
        "CS_LOGIN": Packet(101, Packed(account=Chars(20), password=Chars(16), version="i")),
        "SC_LOGIN": Packet(102, Packed(result="B", playerId="I", name=Chars(20))),
        "CS_MOVE": Packet(201, Packed(playerId="I", x="f", y="f", isRunning="?")),
        "SC_MOVE": Packet(202, Packed(playerId="I", x="f", y="f")),
        "CS_SAY": Packet(203, Packed(text=Chars(40))),
        "SC_SAY": Packet(204, Packed(playerId="I", text=Chars(40))),
    }
    ids_given = 0

    def __init__(self):
        super().__init__()
        self.player_id = 0

    def on_CS_LOGIN(self, account, password, version):
        self.require(self.player_id == 0, "a second login")
        self.require(re.fullmatch(r"bot-\d+", account), f"the account {account!r}")
        self.require(password == "비밀", f"the password {password!r}")
        self.require(version == -3, f"version {version}")
        FixedArena.ids_given += 1
        self.player_id = FixedArena.ids_given
        self.send("SC_LOGIN", result=1, playerId=self.player_id, name=account)

    def on_CS_MOVE(self, playerId, x, y, isRunning):
        self.require(self.player_id != 0 and playerId == self.player_id, f"a move of {playerId}")
        self.require(0 <= x <= 100 and y == -0.5 and isRunning, f"a move to {x}, {y}, {isRunning}")
        self.send_all("SC_MOVE", playerId=playerId, x=x, y=y)

    def on_CS_SAY(self, text):
        self.require(self.player_id != 0, "words before the login")
        self.require(text.startswith("hi "), f"the words {text!r}")
        self.send_all("SC_SAY", playerId=self.player_id, text=text)


if __name__ == "__main__":
    main(FixedArena)
