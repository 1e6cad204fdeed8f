"""The packages of ./dev package: made, unpacked into an empty folder, and used there alone."""

import json
import os
import subprocess
import tempfile
import unittest
import zipfile
from pathlib import Path

BUILD = Path(os.environ["STRESSBOT_BUILD"])
GENERATOR = os.environ["STRESSBOT_PACKAGE"]  # as CPack names it
EMULATOR = os.environ.get("STRESSBOT_EMULATOR", "").split()


def run(command, **options):
    """Exit code and output. Output goes to a file: what Wine starts may keep a pipe open for ever."""
    with tempfile.TemporaryFile("w+") as said:
        code = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=said,
                              stderr=subprocess.STDOUT, timeout=100, check=False, **options).returncode
        said.seek(0)
        return code, said.read()


class Package(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        made = Path(directory.name) / "made"
        cls.folder = Path(directory.name) / "folder"
        code, said = run(["cpack", "--config", BUILD / "CPackConfig.cmake", "-G", GENERATOR, "-B", made])
        if code != 0:
            raise AssertionError(said)
        if GENERATOR == "ZIP":
            zipfile.ZipFile(made / "stressbot-windows-x64.zip").extractall(cls.folder)
            cls.programs, cls.suffix, cls.data = cls.folder, ".exe", cls.folder
        else:
            (package,) = made.glob("stressbot_*.deb")
            cls.packages = made
            subprocess.run(["dpkg-deb", "-x", str(package), str(cls.folder)], check=True)
            cls.programs, cls.suffix, cls.data = cls.folder / "usr/bin", "", cls.folder / "usr/share/stressbot"

    def program(self, name):
        return self.programs / (name + self.suffix)

    def test_scenarios_pass_check(self):
        scenarios = [file.name for file in (self.data / "scenarios").glob("*.json")
                     if not file.name.endswith((".protocol.json", ".schema.json"))]
        self.assertIn("login_enter_chat.json", scenarios)
        for scenario in scenarios:
            code, said = run([*EMULATOR, self.program("stressbot"), "check", f"scenarios/{scenario}"], cwd=self.data)
            self.assertEqual(code, 0, said)

    def test_reference_server_starts(self):
        code, said = run([*EMULATOR, self.program("reference-server"), "--help"], cwd=self.data)
        self.assertEqual(code, 0, said)

    def test_documents_are_there(self):
        for name in ("README.md", "SCENARIOS.md"):
            self.assertTrue(list(self.folder.rglob(name)), f"{name} is missing")

    @unittest.skipUnless(GENERATOR == "ZIP" and (BUILD / "bin/stressbot-dashboard.exe").exists(), "a package of its own")
    def test_dashboard_finds_what_lies_beside_it(self):
        probe = self.folder / "probe.json"
        code, said = run([*EMULATOR, self.program("stressbot-dashboard"), "--offscreen", "640x400", "--probe", probe,
                          "--picture", self.folder / "start.png"], cwd=self.folder.parent)
        self.assertEqual(code, 0, said)
        values = json.loads(probe.read_text(encoding="utf-8"))["values"]
        self.assertGreater(values["start.scenarios"], 10)
        self.assertIn("reference-server.exe", values["start.command"])

    @unittest.skipUnless(GENERATOR == "DEB" and (BUILD / "bin/stressbot-dashboard").exists(), "no package of its own")
    def test_only_the_dashboard_needs_a_screen(self):
        told = {name: run(["dpkg-deb", "-I", next(self.packages.glob(f"{name}_*.deb"))])[1]
                for name in ("stressbot", "stressbot-dashboard")}
        self.assertNotRegex(told["stressbot"], "libgl|libegl|libglfw")
        self.assertRegex(told["stressbot-dashboard"], r"Depends: stressbot \(= .*libgl1")


if __name__ == "__main__":
    unittest.main()
