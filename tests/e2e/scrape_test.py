"""What a server tells of itself lies on the run's time axis."""

import csv
import http.server
import io
import threading
import unittest

from harness import SCENARIOS, EndToEndTest, Series, check


class Metrics(http.server.BaseHTTPRequestHandler):
    """A Prometheus endpoint that fails after some answers."""
    GOOD = 3

    def do_GET(self):
        self.server.asked += 1
        if self.server.asked > self.GOOD:
            self.send_error(500)
            return
        n = self.server.asked
        body = (f"# TYPE players gauge\nplayers{{room=\"1\"}} 2\nplayers{{room=\"2\"}} {n}\n"
                f"# TYPE saves_total counter\nsaves_total {1000 * n}\n").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Scrape(EndToEndTest):

    def endpoint(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Metrics)
        server.asked = 0
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_address[1]}/metrics"

    def test_series_are_in_every_report(self):
        table = self.directory() / "run.csv"
        page = table.with_suffix(".html")
        run = self.start_with_server("chat.json", "--bots", "5", "--duration", "4s", "--scrape", self.endpoint(),
                                     "--series", 'players,players{room="1"},saves_total',
                                     "--out", f"csv={table}", "--out", f"html={page}")
        report = self.expect_exit(run, 0).report()
        series = lambda name: Series(report).named("scraped", series=name)[0]
        self.assertEqual(series('players{room="1"}')["timeline"]["last"][-1], 2)
        self.assertEqual(series("players")["timeline"]["last"][-1], 2 + Metrics.GOOD)  # as it was when it failed
        rates = [rate for rate in series("saves_total")["timeline"]["last"] if rate > 0]
        self.assertTrue(all(300 < rate < 3000 for rate in rates), rates)
        failed = Series(report).named("scrapes_failed")[0]["whole"]
        self.assertGreaterEqual(failed["passed"], 1)
        self.assertLess(failed["passed"], failed["total"])
        told = [event["text"] for event in report["events"] if "--scrape" in event["text"]]
        self.assertEqual(len(told), 1, told)
        self.assertIn("answers with status 500", told[0])
        self.assertRegex(run.text(), r"scraped +players   mean ")
        rows = list(csv.DictReader(io.StringIO(table.read_text())))
        self.assertTrue(any(row["part"] == "timeline" and row["metric"] == "scraped"
                            and row["tags"] == "series:players" for row in rows))
        self.assertIn("Scraped: saves_total", page.read_text())

    def test_an_endpoint_without_answer_or_series_is_106(self):
        run = self.start_with_server("chat.json", "--scrape", self.endpoint(), "--series", "plaiers")
        self.expect_exit(run, 106)
        self.assertIn('Did you mean "players"?', run.text())

    def test_options_that_cannot_be_right_are_104(self):
        scenario = str(SCENARIOS / "chat.json")
        for options, words in ((("--scrape", "https://127.0.0.1/metrics", "--series", "a"), "no TLS"),
                               (("--scrape", "http://127.0.0.1/metrics"), "give --series NAMES"),
                               (("--series", "a"), "give --scrape URL"),
                               (("--scrape", "http://127.0.0.1", "--series", "a{"), "names no series")):
            code, said = check("run", scenario, *options)
            self.assertEqual(code, 104, said)
            self.assertIn(words, said)


if __name__ == "__main__":
    unittest.main()
