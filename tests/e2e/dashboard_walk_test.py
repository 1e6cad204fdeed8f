"""What people do with the dashboard, without a display: by keyboard alone, with sliders, and when a run fails."""

import json
import shutil
import subprocess
import unittest

from dashboard import PROGRAM, Dashboard, Picture, environment
from harness import BIN, ROOT, SCENARIOS, EndToEndTest

# To look at: what the window showed while the test ran.
PICTURES = BIN.parent / "pictures"


class DashboardWalk(EndToEndTest):

    def setUp(self):
        self.folder = self.directory()
        PICTURES.mkdir(exist_ok=True)

    def open(self, *options):
        self.dashboard = Dashboard("--offscreen", "1280x720", *options, cwd=ROOT)
        self.addCleanup(self.dashboard.close)
        self.wait_for_value = self.dashboard.wait_for_value

    def keys(self, *chords):
        for chord in chords:
            self.dashboard.tell(f"key {chord}")

    def type(self, item, text):
        """In place of what the field holds."""
        self.dashboard.click(item)
        self.keys("Ctrl+A")
        self.dashboard.tell(f"text {text}")

    def value(self, name):
        return self.dashboard.probe()["values"].get(name)

    def span(self):
        values = self.dashboard.probe()["values"]
        return values["view.to"] - values["view.from"]

    def wait_for_command(self, words):
        self.dashboard.wait_for(words, lambda probe: words in probe["values"]["start.command"])

    def wait_for_answer(self, words):
        self.dashboard.wait_for(words, lambda probe: words in probe["values"].get("run.answer", ""))

    def end_run(self):
        self.dashboard.wait_for_item("run.end")
        self.dashboard.click("run.end")
        self.wait_for_value("run.state", "over")

    def close(self):
        self.assertEqual(self.dashboard.end(), 0, self.dashboard.output())

    def test_by_keyboard_alone(self):
        self.open()
        self.wait_for_value("start.chosen", "login_enter_chat")
        self.keys("Down")
        self.dashboard.wait_for("the next", lambda p: p["values"]["start.chosen"] != "login_enter_chat")
        self.keys("Up")
        self.wait_for_value("start.chosen", "login_enter_chat")
        self.keys("Tab", "Ctrl+A")  # into the first field
        self.dashboard.tell("text 20")
        self.wait_for_command("--bots players=20 ")
        self.keys("Tab", "Ctrl+A")  # however slow this machine is: it is ended by hand
        self.dashboard.tell("text 5m")
        self.wait_for_command("--duration 5m ")
        self.keys("F6", "Down")  # back in the list
        self.dashboard.wait_for("the next", lambda p: p["values"]["start.chosen"] != "login_enter_chat")
        self.keys("Up")
        self.wait_for_value("start.length", "5 min 00 s")  # what was changed is still there
        self.keys("Ctrl+Enter")
        self.dashboard.wait_for("its bots", lambda p: p["values"].get("run.bots", 0) >= 1)

        self.keys("P")
        self.wait_for_value("run.state", "paused")
        self.keys("P")
        self.wait_for_value("run.state", "running")
        self.keys("M")
        self.wait_for_answer("mark")
        self.dashboard.wait_for("3 s", lambda p: p["values"]["view.to"] > 3)
        for _ in range(3):
            before = self.span()
            self.keys("W")
            self.dashboard.wait_for("closer", lambda _, before=before: self.span() < before)
        closer = self.span()
        self.keys("S")
        self.dashboard.wait_for("wider", lambda _: self.span() > closer)
        self.keys("W", "W", "A", "3")
        self.dashboard.wait_for("the whole run", lambda p: p["values"]["view.from"] == 0 and self.span() > closer)
        self.keys("Q")
        self.wait_for_value("run.state", "over")
        self.keys("Ctrl+S")
        self.dashboard.wait_for_item("after.save.do")
        self.keys("Escape")
        self.dashboard.wait_for("it is closed", lambda p: "after.save.do" not in p["items"])
        self.keys("Ctrl+Q")
        self.assertEqual(self.dashboard.process.wait(60), 0, self.dashboard.output())

    def test_arrivals_are_changed_and_bots_leave_in_order(self):
        self.open(ROOT / "scenarios" / "arrival_rate.json")
        self.wait_for_value("start.chosen", "arrival_rate")
        self.type("start.rate.visitors", "20")
        self.wait_for_command("--rate visitors=20 ")
        self.type("start.duration", "5m")
        self.wait_for_command("--duration 5m ")
        self.keys("Ctrl+Enter")
        self.dashboard.wait_for("visitors", lambda p: p["values"].get("run.bots", 0) >= 10)
        self.dashboard.click("run.tab.control")
        x, y, width, height = self.dashboard.place_of("run.group.visitors")
        self.dashboard.tell(f"drag {x + width / 2} {y + height / 2} to {x + 2} {y + height / 2}")
        self.wait_for_answer("visitors goes to ")
        self.dashboard.click("run.drop.orderly")
        self.dashboard.click("run.drop")
        self.wait_for_answer("in order")
        self.end_run()
        self.dashboard.click("run.tab.steps")
        self.assertNotEqual(self.value("run.plot.step"), "connect")
        self.dashboard.click("run.step.0")
        self.wait_for_value("run.plot.step", "connect")
        self.dashboard.click("run.threshold.0")
        self.dashboard.wait_for("its step", lambda p: p["values"]["run.plot.step"] != "connect")
        self.close()

    def test_a_server_that_dies(self):
        """What is said of it at once, and in the saved report that is opened again."""
        self.open(ROOT / "scenarios" / "broadcast_disconnect.json", "--target", "127.0.0.1:0", "--server",
                  f"{self.SERVER} --defect broadcast-disconnect")
        self.wait_for_value("start.chosen", "broadcast_disconnect")
        self.type("start.bots.players", "99")
        self.wait_for_command("--bots players=99 ")
        self.dashboard.click("start.run")
        over = self.wait_for_value("run.state", "over")["values"]
        self.assertEqual(over["run.verdict"], "FAIL 123")
        self.assertFalse(over["run.server_alive"])
        self.assertIn("killed in a broadcast", over["run.banners"])
        self.dashboard.click("run.tab.server")
        self.dashboard.wait_for_item("run.server.filter")
        self.dashboard.picture(self.folder / "died.png")
        shutil.copy(self.folder / "died.png", PICTURES / "died.png")

        self.dashboard.click("after.save")
        self.type("after.save.folder", self.folder)
        self.dashboard.wait_for("the folder", lambda p: p["values"]["after.save.file"].startswith(str(self.folder)))
        self.type("after.save.name", "died")
        self.wait_for_value("after.save.file", str(self.folder / "died"))
        self.dashboard.click("after.save.do")
        self.wait_for_value("after.saved", True)
        self.close()
        self.assertEqual(json.loads((self.folder / "died.json").read_text())["verdict"]["code"], 123)
        self.look_at_it_in_each_size_and_language(self.folder / "died.json")

    def look_at_it_in_each_size_and_language(self, report):
        for size in ("1280x720", "1920x1080"):
            for language in ("en", "ko"):
                file = PICTURES / f"died-{size}-{language}.png"
                probe = self.folder / "probe.json"
                ended = subprocess.run([PROGRAM, "--offscreen", size, "--lang", language, "--theme", "light", "--picture",
                                        file, "--probe", probe, report], env=environment(), stdin=subprocess.DEVNULL,
                                       timeout=60, check=False)
                self.assertEqual(ended.returncode, 0)
                values = json.loads(probe.read_text())["values"]
                self.assertEqual((values["language"], values["run.verdict"]), (language, "FAIL 123"))
                picture = Picture(file)
                self.assertEqual(f"{picture.width}x{picture.height}", size)

    def test_a_saved_run_is_found_and_opened(self):
        report = self.folder / "town.json"
        subprocess.run([BIN / "stressbot", "run", SCENARIOS / "chat.json", "--bots", "5", "--duration",
                        "1s", "--server", self.SERVER, "--target", "127.0.0.1:0", "--on-saturation", "warn", "--out",
                        f"json={report}"], stdout=subprocess.DEVNULL, check=True, timeout=60)
        self.open()
        self.wait_for_value("start.chosen", "login_enter_chat")
        self.dashboard.click("start.open")
        self.type("open.file", report)
        self.dashboard.click("open.ok")
        self.wait_for_value("run.state", "over")
        self.assertRegex(self.value("run.verdict"), "^(PASS|FAIL) [0-9]+$")
        self.close()


if __name__ == "__main__":
    unittest.main()
