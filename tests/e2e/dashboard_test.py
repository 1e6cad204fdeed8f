"""The dashboard's window: drawn without a display, and on one."""

import shlex
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from dashboard import PROGRAM, Dashboard, Display, Picture, environment, middle_of
from harness import BIN, ROOT, EndToEndTest, interrupt, listening_port_of, served, wait_until


class DashboardWindow(unittest.TestCase):

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.folder = Path(directory.name)

    def open(self, *options, **more):
        dashboard = Dashboard(*options, **more)
        self.addCleanup(dashboard.close)
        return dashboard

    def assert_draws_nothing(self, dashboard):
        """Nothing happens, so no frame is drawn."""
        def is_quiet():
            before = dashboard.probe()["frames"]
            time.sleep(0.5)
            return dashboard.probe()["frames"] == before
        wait_until("it to rest", is_quiet)  # what came before may be drawn late on a busy machine

    def test_offscreen(self):
        dashboard = self.open("--offscreen", "480x320", "--theme", "dark")
        dark = dashboard.picture(self.folder / "dark.png")
        self.assertEqual((dark.width, dark.height), (480, 320))
        self.assertEqual(dark.pixel(479, 319), (0x12, 0x16, 0x1c))  # the page's colour
        self.assertGreater(len(dark.colors()), 20)  # letters have soft edges
        self.assert_draws_nothing(dashboard)

        dashboard.click("menu.view")
        dashboard.click("menu.light")
        dashboard.wait_for_value("theme", "light")
        dashboard.tell("key F10")
        dashboard.wait_for_value("language", "ko")
        light = dashboard.picture(self.folder / "light.png")
        self.assertEqual(light.pixel(479, 319), (0xf6, 0xf7, 0xf9))
        self.assertGreater(len(light.colors()), 20)  # new letters are drawn, and all else too
        dashboard.tell("key Ctrl+Equal")
        self.assertGreater(dashboard.wait_for("larger", lambda p: p["values"]["scale"] != 1)["values"]["scale"], 1)
        self.assertEqual(dashboard.end(), 0, dashboard.output())

    def test_ctrl_c_ends_it_in_order(self):
        """As in the terminal: bots leave as their scenario says, and nobody is cut off."""
        with tempfile.TemporaryFile("w+") as said:
            server = subprocess.Popen([BIN / "reference-server", "--listen", "127.0.0.1:0", "--quiet"], stdout=said)
            self.addCleanup(EndToEndTest.end, server)
            port = wait_until("the server's port", lambda: listening_port_of(server.pid))
            dashboard = self.open("--offscreen", "1280x720", "--target", f"127.0.0.1:{port}",
                                  ROOT / "tests/e2e/scenarios/chat.json", cwd=ROOT)
            dashboard.click("start.run")
            dashboard.wait_for("its bots", lambda p: p["values"].get("run.bots", 0) >= 20)
            dashboard.process.send_signal(signal.SIGINT)
            self.assertEqual(dashboard.process.wait(60), 0, dashboard.output())
            interrupt(server)
            server.wait(60)
            said.seek(0)
            totals = served(said.read().splitlines())
        self.assertGreaterEqual(totals["sessions"], 20)
        self.assertEqual(totals["in_order"], totals["sessions"])

    def test_what_is_not_there_cannot_be_clicked(self):
        dashboard = self.open("--offscreen", "480x320")
        dashboard.tell("click no.such.thing")
        self.assertNotEqual(dashboard.process.wait(60), 0)
        self.assertIn('"no.such.thing" is not shown', dashboard.output())

    def test_one_picture(self):
        file = self.folder / "picture.png"
        ended = subprocess.run([PROGRAM, "--offscreen", "400x320", "--lang", "ko", "--picture", file,
                                "--probe", self.folder / "probe.json", "--scenarios", self.folder],
                               env=environment(), stdin=subprocess.DEVNULL, timeout=60, check=False)
        self.assertEqual(ended.returncode, 0)
        self.assertGreater(len(Picture(file).colors()), 20)
        self.assertIn('"start.scenarios"', (self.folder / "probe.json").read_text())  # not while files are read yet

    def test_a_scenario_is_chosen_changed_and_saved(self):
        shutil.copy(ROOT / "scenarios/packed_chat.json", self.folder / "마을.json")
        shutil.copy(ROOT / "scenarios/packed_chat.protocol.json", self.folder)
        broken = self.folder / "broken.json"
        broken.write_text('{\n"groups": {"players": {"executor": "constant-bot"}}}')
        dashboard = self.open("--offscreen", "1280x720", "--scenarios", self.folder)

        dashboard.click("start.scenario.broken")
        dashboard.wait_for_value("start.mistakes", 3)
        self.assertNotIn("start.run", dashboard.probe()["items"])
        broken.unlink()  # it is noticed without a click
        dashboard.wait_for("the next one", lambda p: p["values"].get("start.scenarios") == 1)

        dashboard.click("start.bots.players")
        dashboard.tell("key Ctrl+A")
        dashboard.tell("text many")
        dashboard.wait_for("a sentence", lambda p: "start.problem.bots.players" in p["values"])
        dashboard.tell("key Ctrl+A")
        dashboard.tell("text 7")
        command = dashboard.wait_for("the change in the command line",
                                     lambda p: "--bots players=7 " in p["values"]["start.command"])
        words = shlex.split(command["values"]["start.command"])
        self.assertEqual(words[:3], ["stressbot", "run", str(self.folder / "마을.json")])
        self.assertIn("--protocol packed", words[words.index("--server") + 1])

        length = dashboard.probe()["values"]["start.length"]
        dashboard.click("start.duration")
        dashboard.tell("key Ctrl+A")
        dashboard.tell("text 7s")
        dashboard.wait_for("the course of 7 s", lambda p: p["values"]["start.length"] == "7.0 s" != length)

        dashboard.click("start.save")
        dashboard.click("save.ok")
        dashboard.wait_for_value("start.chosen", "마을-2")
        checked = subprocess.run([BIN / "stressbot", "check", self.folder / "마을-2.json"], capture_output=True,
                                 text=True, check=False)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertIn("at most 7", checked.stdout)
        self.assertEqual(dashboard.end(), 0, dashboard.output())

    def test_on_a_display(self):
        display = Display()
        self.addCleanup(display.close)
        file = self.folder / "picture.png"
        dashboard = self.open("--theme", "light", "--picture", file, display=display)
        probe = dashboard.probe()
        self.assertEqual((probe["width"], probe["height"]), (1280, 800))
        display.xdotool("mousemove", *middle_of(dashboard.place_of("menu.help")), "click", 1)
        dashboard.wait_for_item("menu.keys")
        display.xdotool("key", "Escape")
        dashboard.wait_for("the menu is closed", lambda p: "menu.keys" not in p["items"])
        display.xdotool("key", "F9")
        dashboard.wait_for_value("theme", "dark")
        self.assert_draws_nothing(dashboard)
        display.xdotool("key", "F12")
        dashboard.wait_for_value("notice", f"Saved {file}")
        picture = Picture(file)
        self.assertEqual((picture.width, picture.height), (1280, 800))
        display.xdotool("key", "ctrl+q")
        self.assertEqual(dashboard.process.wait(60), 0, dashboard.output())

    def test_without_a_font_for_korean(self):
        """It says what to install, in letters that can be read."""
        latin = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
        dashboard = self.open("--offscreen", "480x320", "--lang", "ko", "--font", latin)
        probe = dashboard.probe()["values"]
        self.assertEqual(probe["language"], "en")
        self.assertIn("fonts-nanum", probe["notice"])

    def test_the_command_line_is_linked_to_nothing_that_draws(self):
        """So that it runs where there is no screen and none of its libraries."""
        for name in ("stressbot", "reference-server"):
            linked = subprocess.run(["ldd", BIN / name], capture_output=True, text=True, check=True).stdout
            self.assertIn("libc.so", linked)
            self.assertNotRegex(linked, r"(?i)lib(GL|EGL|glfw|imgui|X11|wayland)")

    def test_no_display(self):
        ended = subprocess.run([PROGRAM], env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                               timeout=60, check=False)
        self.assertEqual(ended.returncode, 106)
        self.assertIn("DISPLAY is not set", ended.stderr)
        self.assertIn("stressbot run", ended.stderr)


if __name__ == "__main__":
    unittest.main()
