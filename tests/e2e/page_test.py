"""The HTML report in a real browser: it draws all charts, fits phones and desktops, and hostile text stays text."""

import json
import os
import subprocess
import unittest
from pathlib import Path

from browser import Browser
from harness import BIN, PATIENCE_S, EndToEndTest

HOSTILE = "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=1>\"'&\0\x1b[31m\ufffe 채팅"
# Pictures of the pages are kept in this directory, if it is given: to be looked at.
PICTURES = os.environ.get("STRESSBOT_PICTURES")

CHARTS = """[...document.querySelectorAll(".chart")].map((chart) => ({
  id: chart.id, height: chart.querySelector("svg").getBoundingClientRect().height,
  drawn: [...chart.querySelectorAll("path")].filter((path) => path.getAttribute("d").length > 8 &&
    path.getBoundingClientRect().width > 0).length,
  lost: [...chart.querySelectorAll("path")].filter((path) => /NaN|undefined|Infinity/.test(path.getAttribute("d"))).length}))"""
# Charts that are folded away have no width until they are unfolded.
UNFOLD = """new Promise((done) => { const more = document.querySelector("details.more"); if (!more) return done();
  more.addEventListener("toggle", () => setTimeout(done), {once: true}); more.open = true; })"""
# Of each chart: how far its highest tick is above its highest point, in px, and how many labels its axis of time has.
SCALES = """[...document.querySelectorAll(".chart")].map((chart) => {
  const texts = [...chart.querySelectorAll("svg text:not([class])")];
  const top = Math.min(...texts.filter((text) => text.getAttribute("text-anchor") === "end" && +text.getAttribute("x") < 62)
    .map((text) => +text.getAttribute("y") - 4));
  const ys = [...chart.querySelectorAll("path.line, path.area")].map((path) => path.getBBox().y);
  return {id: chart.id, above: Math.min(...ys) - top, times: texts.filter((text) => +text.getAttribute("x") >= 62).length}; })"""
SHIFT = """new Promise((done) => { let sum = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; })
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 200); })"""
WIDER = """[...document.querySelectorAll("main *")].filter((part) => !part.closest(".scroll, svg") &&
  part.getBoundingClientRect().right > innerWidth + 1).map((part) => part.outerHTML.slice(0, 80))"""


def stand_still(report, first, last):
    """No replies in the points from first to before last; in that one they come late."""
    for series in report["series"]:
        tags, line = series["tags"], series.get("timeline")
        silent = {"request_duration": {"count": 0}, "request_service_time": {"count": 0}, "requests_failed": {"passed": 0, "total": 0}}
        if series["metric"] == "bots" and tags.get("step") == "chat":
            series["timeline"] = line = {"first": 0, "last": [0.0] * len(report["timeline"]["to_s"])}
        if line is None:
            continue
        for point in range(first, last + 1):
            place = point - line["first"]
            if place < 0:
                continue
            if series["metric"] == "bots" and tags.get("step") == "chat" and point < last:
                line["last"][place] = 35.0
            if series["metric"] in silent and point < last:
                for name, values in line.items():
                    if name == "heat":
                        values[place] = []
                    elif isinstance(values, list):
                        values[place] = silent[series["metric"]].get(name)
            if series["metric"] == "request_duration" and tags["step"] == "chat" and point == last:
                for name in ("p50_ms", "p95_ms", "p99_ms", "p99.9_ms", "max_ms"):
                    line[name][place] = 2000.0


class Page(EndToEndTest):

    @classmethod
    def setUpClass(cls):
        if not Browser.is_there():
            raise AssertionError("this test needs chromium (Debian: apt-get install chromium)")
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)

    def a_run(self, duration="6s"):
        return self.start_with_server("../../../scenarios/login_enter_chat.json", "--bots", "40", "--duration", duration)

    def page_of(self, report):
        directory = self.directory()
        (directory / "run.json").write_text(json.dumps(report), encoding="utf-8")
        subprocess.run([BIN / "stressbot", "report", directory / "run.json", "--out", f"html={directory / 'page.html'}"],
                       check=True, timeout=PATIENCE_S)
        return directory / "page.html"

    def look_at(self, page, name):
        """In all widths and colours; returns the charts' ids."""
        backs = {}
        for width in (390, 1280):
            for scheme in ("light", "dark"):
                self.browser.open(page, width, scheme)
                where = f"{name} {width} {scheme}"
                shift = self.browser.evaluate(SHIFT)
                self.browser.evaluate(UNFOLD)
                charts = self.browser.evaluate(CHARTS)
                self.assertEqual(self.browser.complaints, [], where)
                self.assertLessEqual(self.browser.evaluate("document.documentElement.scrollWidth"), width, where)
                self.assertEqual(self.browser.evaluate(WIDER), [], where)
                for chart in charts:
                    self.assertGreater(chart["drawn"], 0, f"{where}: {chart}")
                    self.assertEqual(chart["lost"], 0, f"{where}: {chart}")
                    self.assertGreater(chart["height"], 100, f"{where}: {chart}")
                for scale in self.browser.evaluate(SCALES):
                    self.assertTrue(scale["above"] is None or scale["above"] > -2, f"{where}: {scale}")
                    self.assertGreater(scale["times"], 2, f"{where}: {scale}")
                self.assertLess(shift, 0.02, where)
                self.assertEqual(self.browser.evaluate("performance.getEntriesByType('resource').length"), 0, where)
                if PICTURES:  # last, since taking one may move things
                    self.browser.picture(Path(PICTURES) / (where.replace(" ", "_") + ".png"))
                backs.setdefault(scheme, self.browser.evaluate("getComputedStyle(document.body).backgroundColor"))
        self.assertNotEqual(backs["light"], backs["dark"])
        return [chart["id"].removeprefix("chart-") for chart in charts]

    def test_passed_and_failed_runs_show_everywhere(self):
        report = self.expect_exit(self.a_run(), 0, 99).report()
        # How fast the testing machine is decides nothing here: the same run, judged otherwise.
        latency = next(t for t in report["thresholds"] if t["metric"] == "chat_rtt")
        latency.update(expression="p(99)<1us", limit_ms=0.001, passed=False)
        report["verdict"] = {"code": 99, "passed": False, "reasons": [{"code": 99, "text": "Threshold chat_rtt failed."}]}
        charts = self.look_at(self.page_of(report), "failed")
        for chart in ("latency", "heat", "packets", "bytes", "bots", "cpu", "memory", "lateness"):
            self.assertIn(chart, charts)
        text = self.browser.evaluate("document.querySelector('main').innerText")
        for words in ("exit code 99: a threshold failed", "What failed", "chat_rtt should be p(99)<1us", "times the limit",
                      "ver the limit during"):
            self.assertIn(words, text)
        self.assertIn("p(99)<1us failed", self.browser.evaluate("document.querySelector('#chart-latency').textContent"))
        latency.update(passed=True)
        report["verdict"] = {"code": 0, "passed": True, "reasons": []}
        report["events"].append({"at_s": 3.0, "text": "보스 등장", "excused_until_s": 4.0})
        self.look_at(self.page_of(report), "passed")
        self.assertIn("PASS", self.browser.evaluate("document.querySelector('main').innerText"))
        self.assertEqual(self.browser.evaluate("document.querySelectorAll('pattern').length"), len(charts))
        self.keys_read_all_charts()
        self.legend_hides_lines()

    def test_a_server_that_stood_still_is_told_first_and_tinted(self):
        """The run's own numbers, with a server that stood still from second 2 to 4 written into them."""
        report = self.expect_exit(self.a_run(), 0, 99).report()
        stand_still(report, 2, 4)
        latency = next(t for t in report["thresholds"] if t["metric"] == "chat_rtt")
        latency.update(expression="p(99)<250ms", limit_ms=250.0, passed=False)
        report["verdict"] = {"code": 99, "passed": False, "reasons": [{"code": 99, "text": "Threshold chat_rtt failed."}]}
        charts = self.look_at(self.page_of(report), "stuck")
        self.assertEqual(charts[:3], ["latency", "funnel", "cpu"])
        told = self.browser.evaluate("document.querySelector('.incident').innerText")
        self.assertIn("Requests were stuck for 3.0 s (2.0–5.0 s", told)
        self.assertIn("no reply came for 2.0 s, the slowest took 2.00 s; up to 35 of", told)
        self.assertIn("waited in chat", told)
        self.assertEqual(self.browser.evaluate("document.querySelectorAll('svg .incident').length"), len(charts))
        self.assertEqual(self.browser.evaluate(
            "[...document.querySelectorAll('svg text.silence')].map((text) => text.textContent)"), ["no replies"] * 2)
        below = self.browser.evaluate("document.querySelector('.incident').getBoundingClientRect().top - "
                                      "document.querySelector('.word').getBoundingClientRect().bottom")
        self.assertTrue(0 < below < 150, below)
        self.browser.open(self.page_of(report), 390, "light")
        self.assertEqual(self.browser.evaluate("document.querySelectorAll('#latencies .goes-on').length"), 1)
        broken = self.browser.evaluate("""[...document.querySelectorAll("#thresholds tbody th")].filter((cell) => {
            const range = document.createRange();
            return [...cell.childNodes].some((part) => { range.selectNodeContents(part); return part.nodeType === 3 && range.getClientRects().length > 1; });
          }).map((cell) => cell.textContent)""")
        self.assertEqual(broken, [])

    def keys_read_all_charts(self):
        self.browser.evaluate("document.querySelector('.plot').focus()")
        for _ in range(3):
            self.browser.press("ArrowRight")
        read = self.browser.evaluate("[...document.querySelectorAll('.legend .value')].map((value) => value.textContent)")
        self.assertGreater(len(read), 8)
        self.assertFalse([value for value in read if value == "" or value.startswith("max")], read)
        moments = self.browser.evaluate("[...document.querySelectorAll('.moment')].map((moment) => moment.textContent)")
        self.assertEqual(len(set(moments)), 1, moments)
        self.browser.press("Escape")
        self.assertIn("max", self.browser.evaluate("document.querySelector('.legend .value').textContent"))

    def legend_hides_lines(self):
        lines = "document.querySelectorAll('#chart-latency .line').length"
        before = self.browser.evaluate(lines)
        self.browser.evaluate("document.querySelector('#chart-latency .legend button').click()")
        self.assertEqual(self.browser.evaluate(lines), before - 1)
        self.assertEqual(self.browser.evaluate(
            "document.querySelector('#chart-latency .legend button').getAttribute('aria-pressed')"), "false")

    def test_a_killed_server_is_told_first(self):
        run = self.a_run("30s")
        self.wait_for_bots(run, 30)
        os.kill(run.server_pid(), 9)
        report = self.expect_exit(run, 123).report()
        charts = self.look_at(self.page_of(report), "killed")
        self.assertIn("errors", charts)
        text = self.browser.evaluate("document.querySelector('main').innerText")
        self.assertLess(text.index("The server died"), text.index("What failed"))
        self.assertIn("killed by signal 9", text)

    def test_hostile_text_stays_text(self):
        report = self.expect_exit(self.a_run(), 0, 99).report()
        report["scenario"].update(name=HOSTILE, description=HOSTILE, file=HOSTILE)
        report["verdict"] = {"code": 99, "passed": False, "reasons": [{"code": 99, "text": HOSTILE}, {"code": 123, "text": HOSTILE}]}
        report["events"].append({"at_s": 1.0, "text": HOSTILE})
        report["first_failures"].append({"metric": "checks", "text": HOSTILE})
        for threshold in report["thresholds"]:
            threshold.update(passed=False, text=HOSTILE, detail=HOSTILE)
        for alias in report["aliases"]:
            alias["name"] += HOSTILE
        for server in report["servers"]:
            server.update(name=HOSTILE, alive=False, ending=HOSTILE, last_lines=[HOSTILE, "x" * 2000])
        self.look_at(self.page_of(report), "hostile")
        self.assertEqual(self.browser.evaluate("typeof window.hacked"), "undefined")
        self.assertEqual(self.browser.evaluate("document.querySelectorAll('img').length"), 0)
        self.assertIn("window.hacked=1</script><img src=x", self.browser.evaluate("document.querySelector('h1').textContent"))
        self.assertIn("채팅", self.browser.evaluate("document.querySelector('h1').textContent"))


if __name__ == "__main__":
    unittest.main()
