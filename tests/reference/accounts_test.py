"""What the reference server promised about an account holds after kill -9, and a disk that fails
costs logins, never the server.

Its path comes by REFERENCE_SERVER.
"""

import resource
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

from server_process import (C_ENTER_GAME, PATIENCE_S, S_ENTER_GAME, S_LOGIN, S_MOVE,
                            ServerProcessTest, login, move, packet, player_ids, receive, run)


class AccountsTest(ServerProcessTest):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.db = Path(directory.name) / "accounts.db"

    def log_in(self, address, name):
        """The ids of the account; none when the login was refused."""
        with self.connect(address) as client:
            client.sendall(login(name))
            packet_id, reply = receive(client)
            self.assertEqual(packet_id, S_LOGIN)
            return player_ids(reply)

    def load(self, address, clients, first_acknowledged):
        """Logs in under new names until the server is gone; fills and returns what it promised."""
        promised = {}

        def one_client(number):
            try:
                for turn in range(1_000_000):
                    name = f"client {number} turn {turn}"
                    with socket.create_connection(address, timeout=PATIENCE_S) as client:
                        client.sendall(login(name))
                        promised[name] = player_ids(receive(client)[1])
                    if len(promised) >= 300:
                        first_acknowledged.set()
            except OSError:
                pass  # killed

        threads = [threading.Thread(target=one_client, args=(i,)) for i in range(clients)]
        for thread in threads:
            thread.start()
        return promised, threads

    def kept(self):
        """What a stranger reads in the file: name to ids."""
        with sqlite3.connect(self.db) as database:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchone(), ("ok",))
            rows = database.execute(
                "SELECT name, character.id FROM account JOIN character ON account = account.id"
                " ORDER BY character.id").fetchall()
        database.close()
        accounts = {}
        for name, character in rows:
            accounts.setdefault(name, []).append(character)
        return accounts

    def test_no_acknowledged_player_is_lost_by_kill_9(self):
        server, address = self.start("--quiet", "--db", str(self.db))
        enough = threading.Event()
        promised, clients = self.load(address, 16, enough)
        self.assertTrue(enough.wait(PATIENCE_S))
        server.kill()
        for client in clients:
            client.join()
        self.assertGreaterEqual(len(promised), 300)

        kept = self.kept()
        self.assertEqual({name: kept.get(name) for name in promised}, promised)
        self.assertTrue(all(len(ids) == 2 for ids in kept.values()))  # nobody by half
        ids = [one for both in kept.values() for one in both]
        self.assertEqual(len(ids), len(set(ids)))

        server, address = self.start("--quiet", "--db", str(self.db))
        for name in list(promised)[::10]:
            self.assertEqual(self.log_in(address, name), promised[name])

    def test_a_stop_keeps_all_and_leaves_one_file(self):
        server, address = self.start("--quiet", "--db", str(self.db))
        promised = {name: self.log_in(address, name) for name in ("ann", "앤", "x" * 64)}
        server.send_signal(signal.SIGINT)
        self.assertIn(" accounts_loaded=3 ", server.stdout.read())
        self.assertEqual(server.wait(PATIENCE_S), 0)
        self.assertEqual([file.name for file in self.db.parent.iterdir()], ["accounts.db"])
        self.assertEqual(self.kept(), promised)

    def test_a_disk_that_takes_no_more_refuses_logins_and_nothing_else(self):
        limit = 256 * 1024
        server, address = self.start(
            "--quiet", "--db", str(self.db), restore_signals=False,  # writing beyond is an error
            stderr=subprocess.PIPE, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        promised = {}
        for turn in range(10_000):
            name = f"player {turn}"
            ids = self.log_in(address, name)
            if not ids:
                break
            promised[name] = ids
        self.assertGreater(len(promised), 0)
        self.assertLess(len(promised), 10_000)
        self.assertEqual(self.log_in(address, f"player {turn}"), [])
        self.assertEqual(self.log_in(address, "player 0"), promised["player 0"])  # reading works
        self.assertEqual(len(self.log_in(address, "")), 2)  # a guest needs no disk
        server.send_signal(signal.SIGINT)
        self.assertIn(" refused_accounts_fail=2 ", server.stdout.read())
        self.assertEqual(server.wait(PATIENCE_S), 0)
        told = server.stderr.read()
        server.stderr.close()
        self.assertRegex(told, f"^reference-server: accounts \\({self.db}\\): .*; new players are"
                               " refused, positions are not kept\n$")  # once
        self.assertEqual(self.kept(), promised)

    def test_positions_lost_at_the_end_are_told(self):
        server, address = self.start(
            "--quiet", "--db", str(self.db),
            restore_signals=False, stderr=subprocess.PIPE)
        self.addCleanup(server.stderr.close)
        with self.connect(address) as client:
            client.sendall(login("ann"))
            player = player_ids(receive(client)[1])[0]
            client.sendall(packet(C_ENTER_GAME) + move(player, 3, 4))
            self.assertEqual([receive(client)[0] for _ in range(2)], [S_ENTER_GAME, S_MOVE])
            # What is written from now on is beyond the limit.
            resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (1, 1))
            server.send_signal(signal.SIGINT)
            self.assertIn(" accounts_saves_failed=1 ", server.stdout.read())
        self.assertEqual(server.wait(PATIENCE_S), 0)
        self.assertRegex(server.stderr.read(), "positions are not kept\n$")

    def test_files_that_cannot_be_used_are_one_clear_sentence(self):
        garbage = self.db.with_name("garbage.db")
        garbage.write_bytes(b"x" * 8192)
        self.start("--quiet", "--db", str(self.db))
        for path, sentence in (
            (garbage, "it is no SQLite database"),
            (self.db, "another program is using it"),
            (self.db.parent / "no" / "accounts.db", "cannot be opened or made; does its directory exist?"),
        ):
            shown = run("--listen", "127.0.0.1:0", "--db", str(path))
            self.assertEqual(shown.returncode, 1)
            self.assertIn(f"reference-server: --db {path}: {sentence}", shown.stderr)
            self.assertEqual(shown.stderr.count("\n"), 1, shown.stderr)


if __name__ == "__main__":
    unittest.main()
