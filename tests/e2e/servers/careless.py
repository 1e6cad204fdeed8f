"""A server of somebody who trusts clients: u16 length, u16 id, and mistakes that one finds in the wild.

    careless.py MISTAKE [talks]: none, keeps (a broken stream is read on), spins (a length of 0 is no progress), dies (the id
    is an index)

It echoes a packet's payload with the id behind it; one that talks greets everybody 20 times a second. One thread serves all, with select, as many such servers do.
"""

import contextlib
import selectors
import socket
import struct
import sys

HANDLERS = ["C_HELLO", "S_HELLO"]


def main():
    mistake, talks = sys.argv[1], "talks" in sys.argv
    listener = socket.create_server(("127.0.0.1", 0))
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    streams = {}

    def leave(client):
        selector.unregister(client)
        del streams[client]
        client.close()

    def take(client):
        """All whole packets of its stream; False ends the connection."""
        stream = streams[client]
        while len(stream) >= 4:
            size, packet_id = struct.unpack_from("<HH", stream)
            if size == 0 and mistake == "spins":
                continue
            if size < 4 and mistake == "keeps":
                size = 4
            if size < 4:
                return False
            if len(stream) < size:
                return True
            if mistake == "dies":
                HANDLERS[packet_id]
            if packet_id == 0:
                client.sendall(struct.pack("<HH", size, 1) + stream[4:size])
            del stream[:size]
        return True

    while True:
        if talks:
            for client in streams:
                with contextlib.suppress(OSError):
                    client.sendall(struct.pack("<HHI", 8, 1, 0))
        for key, _ in selector.select(0.05 if talks else None):
            if key.fileobj is listener:
                client = listener.accept()[0]
                streams[client] = bytearray()
                selector.register(client, selectors.EVENT_READ)
                continue
            client = key.fileobj
            try:
                data = client.recv(65536)
                streams[client] += data
                if not data or not take(client):
                    leave(client)
            except OSError:
                leave(client)


if __name__ == "__main__":
    main()
