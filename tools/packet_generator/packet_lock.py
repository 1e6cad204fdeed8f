"""The lock file: which packet has which id, checked in beside the .proto files.

Ids come from the order of declaration alone, so a message put in the middle would silently renumber
all that follow, and clients already built would speak another protocol. The lock makes that an error.
New packets are added to it, as package managers add to theirs; what is in it never changes by itself.
"""

import os

from packet_model import GeneratorError

HEADER = """\
# The ids of all packets. The packet generator adds new ones and refuses to change these, because
# programs already built know them. Commit this file with the .proto files.
"""


def update_lock(path, packets):
    """Checks `packets` against the lock file and adds the new ones, which it returns."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    locked = read_lock(text, path.name)
    check_locked(locked, packets, path.name)
    known = set(locked.values())
    added = [packet for packet in packets if packet.name not in known]
    if added:
        ids = locked | {packet.id: packet.name for packet in added}
        lines = "".join(f"{id} {ids[id]}\n" for id in sorted(ids))
        _replace(path, HEADER + lines)
    return added


def _replace(path, text):
    """The whole text or the file as it was: half a lock would let ids change."""
    new = path.with_name(path.name + ".new")
    new.write_text(text, encoding="utf-8")
    os.replace(new, path)


def read_lock(text, source):
    """Id -> name."""
    locked = {}
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        if len(words) != 2 or not words[0].isdigit():
            raise GeneratorError(
                f'{source}:{number}: expected an id and a name, as in "1000 C_LOGIN", not "{line}"'
            )
        id, name = int(words[0]), words[1]
        if id in locked or name in locked.values():
            raise GeneratorError(
                f"{source}:{number}: {line.strip()} repeats an id or a name: keep the line that "
                "programs already built know"
            )
        locked[id] = name
    return locked


def check_locked(locked, packets, source):
    by_name = {packet.name: packet for packet in packets}
    for id in sorted(locked):
        packet = by_name.get(locked[id])
        if packet is None:
            raise GeneratorError(
                f"{source}: {locked[id]} has id {id}, but no packet is called so any more. A packet "
                "nobody needs stays as an empty message, so that later ids do not move; renamed, its "
                f"new name belongs into that line. {_way_out(source)}"
            )
        if packet.id != id:
            raise GeneratorError(
                f"{packet.place}: {packet.name} would change its id from {id} to {packet.id}, "
                f"because {_what_moved(packet, packets, locked)}. {_way_out(source)}"
            )


def _what_moved(packet, packets, locked):
    known = set(locked.values())
    for other in packets:
        if other.file == packet.file and other.id < packet.id and other.name not in known:
            return (
                f"{other.name} ({other.place}) is new in front of it: declare new packets at the "
                "end of their file"
            )
    return (
        f"{packet.file} has another start or another order: ids count its packets in order of "
        "declaration"
    )


def _way_out(source):
    return f"If no program in use knows the old ids, delete their lines in {source} and build again."
