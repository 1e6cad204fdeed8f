"""A chat as the course has it: u16 size, u16 id, protobuf. A login with a token, which later packets must carry."""

import re

from kit import Header, Packet, Session, main
from wire import Protobuf

PLAYER = Protobuf(id=(1, "uint"), name=(2, "string"))


class CourseChat(Session):
    """A chat as the course has it; success is a bool."""

    HEADER = Header([("size", "H"), ("id", "H")])
    PACKETS = {
        "C_LOGIN": Packet(1000, Protobuf(name=(1, "string"), version=(2, "uint"))),
        "S_LOGIN": Packet(1001, Protobuf(success=(1, "bool"), token=(2, "uint"), players=(3, [PLAYER]))),
        "C_CHAT": Packet(1002, Protobuf(token=(1, "uint"), msg=(2, "string"))),
        "S_CHAT": Packet(1003, Protobuf(playerId=(1, "uint"), msg=(2, "string"))),
        "S_NOTICE": Packet(1004, Protobuf(text=(1, "string"))),
    }
    ids_given = 0

    def __init__(self):
        super().__init__()
        self.player_id = None

    def token(self):
        return self.player_id * 1_000_003 + (1 << 40)  # more than 32 bits

    def on_C_LOGIN(self, name, version):
        self.require(self.player_id is None, "a second login")
        self.require(re.fullmatch(r"bot-\d+", name), f"the name {name!r}")
        self.require(version == 7, f"version {version}")
        CourseChat.ids_given += 1
        self.player_id = CourseChat.ids_given
        self.send("S_LOGIN", success=True, token=self.token(), players=[{"id": self.player_id, "name": name}])
        self.send("S_NOTICE", text="어서 오세요")

    def on_C_CHAT(self, token, msg):
        self.require(self.player_id is not None, "a chat before the login")
        self.require(token == self.token(), f"the token {token}")
        self.require(msg.startswith("hello "), f"the chat {msg!r}")
        self.send_all("S_CHAT", playerId=self.player_id, msg=msg)


if __name__ == "__main__":
    main(CourseChat)
