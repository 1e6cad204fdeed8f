"""From the dashboard's start screen to a finished run: the real window on a display of its own, as a person would."""

import json
import shutil
import unittest

from dashboard import Dashboard, Display, Picture, middle_of
from harness import BIN, ROOT, EndToEndTest, wait_until

# To look at: what the window showed while the test ran.
PICTURES = BIN.parent / "pictures"
BOTS = 1_000


class Hands:
    """Mouse and keys at a window."""

    def __init__(self, display, dashboard, picture_file):
        self.display = display
        self.dashboard = dashboard
        self.picture_file = picture_file

    def do(self, *words):
        """What is done next comes after the frames that this needs."""
        before = self.dashboard.probe()["frames"]
        self.display.xdotool(*words)
        self.dashboard.wait_for(f"frames after {words}", lambda probe: probe["frames"] >= before + 3)

    def click(self, item, button=1, times=1):
        self.do("mousemove", *middle_of(self.dashboard.place_of(item)))
        self.do("click", "--repeat", times, "--delay", 60, button)

    def type(self, item, text):
        self.click(item)
        self.do("key", "ctrl+a")
        self.do("type", text)

    def picture(self, name):
        """Saved by the window itself, as with F12."""
        self.picture_file.unlink(missing_ok=True)
        self.display.xdotool("key", "F12")
        wait_until("the picture", self.picture_file.exists)
        picture = Picture(self.picture_file)
        shutil.copy(self.picture_file, PICTURES / f"{name}.png")
        return picture


class DashboardRun(EndToEndTest):

    def setUp(self):
        self.folder = self.directory()
        PICTURES.mkdir(exist_ok=True)
        display = Display("1280x800")
        self.addCleanup(display.close)
        file = self.folder / "picture.png"
        self.dashboard = Dashboard("--theme", "dark", "--picture", file, display=display, cwd=ROOT)
        self.addCleanup(self.dashboard.close)
        self.hands = Hands(display, self.dashboard, file)

    def value(self, name):
        return self.dashboard.probe()["values"].get(name)

    def span(self):
        values = self.dashboard.probe()["values"]
        return values["view.to"] - values["view.from"]

    def test_from_the_start_screen_to_a_saved_report(self):
        self.begin("40s")  # however slow this machine is: it is ended by hand
        self.steer()
        self.look_at_the_plots()
        report = self.save()
        self.assertTrue(report["changed_by_hand"])
        self.assertEqual(report["bots_max"], BOTS)
        self.assertEqual(len(report["pauses"]), 1)
        self.assertIn("mark lunch", [event["text"] for event in report["events"]])
        self.hands.click("after.new")
        self.dashboard.wait_for_value("screen", "start")
        self.hands.display.xdotool("key", "ctrl+q")
        self.assertEqual(self.dashboard.process.wait(60), 0, self.dashboard.output())
        self.open_again()

    def begin(self, duration):
        self.dashboard.wait_for_value("start.chosen", "login_enter_chat")
        self.hands.type("start.duration", duration)
        self.dashboard.wait_for("the command line",
                                lambda probe: f"--duration {duration}" in probe["values"]["start.command"])
        self.assertGreater(len(self.hands.picture("start").colors()), 100)
        self.hands.click("start.run")
        self.dashboard.wait_for("all bots", lambda probe: probe["values"].get("run.bots", 0) >= 0.9 * BOTS)
        self.assertTrue(self.value("run.server_alive"))

    def steer(self):
        self.hands.click("run.pause")
        self.dashboard.wait_for_value("run.state", "paused")
        self.hands.type("run.mark.name", "lunch")
        self.dashboard.wait_for_value("run.mark.name", "lunch")
        self.hands.click("run.mark")
        self.hands.click("run.pause")
        self.dashboard.wait_for_value("run.state", "running")
        self.hands.click("run.drop")  # 10 % of the bots, by reset
        self.hands.picture("running")
        self.hands.click("run.end")
        over = self.dashboard.wait_for_value("run.state", "over")["values"]
        self.assertRegex(over["run.verdict"], "^(PASS|FAIL) [0-9]+$")
        self.assertGreater(over["run.requests_per_s"], 100)

    def look_at_the_plots(self):
        whole = self.span()
        self.hands.click("run.plot.latency", button=4, times=3)  # the wheel, upwards
        self.dashboard.wait_for("a shorter span", lambda _: self.span() < 0.9 * whole)
        self.hands.click("run.view.whole")
        self.dashboard.wait_for("all of it again", lambda _: abs(self.span() - whole) < 0.01)
        self.hands.click("run.tab.events")
        self.dashboard.wait_for_item("run.event.0")
        self.hands.click("run.event.0")
        self.hands.picture("over")

    def save(self):
        self.hands.click("after.save")
        self.hands.type("after.save.folder", str(self.folder))
        self.dashboard.wait_for("the folder", lambda probe: probe["values"]["after.save.file"].startswith(
            f"{self.folder}/login"))
        self.hands.type("after.save.name", "evening")
        self.dashboard.wait_for_value("after.save.file", str(self.folder / "evening"))
        self.hands.click("after.save.do")
        self.hands.picture("saving")
        self.dashboard.wait_for_value("after.saved", True)
        self.hands.click("after.save.do")
        self.dashboard.wait_for_value("after.save.existing", str(self.folder / "evening.json"))
        self.hands.click("after.save.close")
        return json.loads((self.folder / "evening.json").read_text())

    def open_again(self):
        """Where there is no display."""
        opened = Dashboard("--offscreen", "1280x720", "--lang", "ko", self.folder / "evening.json")
        self.addCleanup(opened.close)
        values = opened.wait_for_value("run.state", "over")["values"]
        self.assertRegex(values["run.verdict"], "^(PASS|FAIL) [0-9]+$")
        opened.picture(self.folder / "opened.png")
        shutil.copy(self.folder / "opened.png", PICTURES / "opened.png")
        self.assertEqual(opened.end(), 0, opened.output())


if __name__ == "__main__":
    unittest.main()
