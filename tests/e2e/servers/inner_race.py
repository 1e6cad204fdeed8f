"""A race whose length counts the payload only, and whose payload begins with the id: u8 code, u16 length; u16 id."""

from kit import Header, Packet, Session, main
from wire import Packed, Text


class InnerRace(Session):
    """A race; the ticket of the join is in each step, and success is a bool."""

    HEADER = Header([("code", "B"), ("size", "H"), ("id", "H")], counts="payload", inside=("id",),
                    client={"code": 0x77}, server={"code": 0x77}, size_max=4096)
    PACKETS = {
        "JoinReq": Packet(7, Packed(name=Text("H", "utf-16-le"), car="B")),
        "JoinAck": Packet(8, Packed(ok="?", ticket="Q", name=Text("H", "utf-16-le"))),
        "StepReq": Packet(9, Packed(ticket="Q", way="b")),
        "StepAck": Packet(10, Packed(way="b", place="i")),
    }
    tickets_given = 0

    def __init__(self):
        super().__init__()
        self.ticket = None
        self.place = 0

    def on_JoinReq(self, name, car):
        self.require(self.ticket is None, "joined twice")
        self.require(name.startswith("선수-") and car == 3, f"{name!r} in car {car}")
        InnerRace.tickets_given += 1
        self.ticket = (1 << 63) + InnerRace.tickets_given  # no double holds it
        self.send("JoinAck", ok=True, ticket=self.ticket, name=name)

    def on_StepReq(self, ticket, way):
        self.require(self.ticket is not None and ticket == self.ticket, f"the ticket {ticket}")
        self.require(way in (-1, 1), f"the way {way}")
        self.place += way
        self.send("StepAck", way=way, place=self.place)


if __name__ == "__main__":
    main(InnerRace)
