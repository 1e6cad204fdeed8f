"""A town whose packet ids are hashes: u32 size, u32 FNV-1a of the full name, protobuf. There is no login."""

from kit import Header, Packet, Session, main
from wire import Protobuf

HOUSE = Protobuf(id=(1, "uint"), x=(2, "double"), y=(3, "double"))


def fnv1a(text):
    value = 0x811C9DC5
    for byte in text.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFF_FFFF
    return value


def packet(name, codec):
    return Packet(fnv1a("Town.Packets." + name), codec)


class HashedTown(Session):
    """A town without a login; that a reply came is the success."""

    HEADER = Header([("size", "I"), ("id", "I")], size_max=1 << 20)
    PACKETS = {
        "EnterReq": packet("EnterReq", Protobuf()),
        "EnterRes": packet("EnterRes", Protobuf(houses=(1, [HOUSE]))),
        "BuildReq": packet("BuildReq", Protobuf(x=(1, "double"), y=(2, "double"), tag=(3, "string"))),
        "BuildRes": packet("BuildRes", Protobuf(house=(1, HOUSE), tag=(2, "string"))),
        "WaveNotify": packet("WaveNotify", Protobuf(houseId=(1, "uint"), seconds=(2, "int"))),
    }
    houses = []

    def __init__(self):
        super().__init__()
        self.is_inside = False
        self.built = set()

    def on_EnterReq(self):
        self.require(not self.is_inside, "entered twice")
        self.is_inside = True
        self.send("EnterRes", houses=HashedTown.houses[:100])

    def on_BuildReq(self, x, y, tag):
        self.require(self.is_inside, "built before entering")
        self.require(x == 0.25 and -50 <= y <= 50 and tag, f"a house at {x}, {y} of {tag!r}")
        house = {"id": len(HashedTown.houses) + 1, "x": x, "y": y}
        HashedTown.houses.append(house)
        self.built.add(house["id"])
        self.send("BuildRes", house=house, tag=tag)

    def on_WaveNotify(self, houseId, seconds):
        self.require(houseId in self.built, f"waved at {houseId}")
        self.require(seconds == -2, f"waved for {seconds} s")


if __name__ == "__main__":
    main(HashedTown)
