"""Reports of a real run: the JSON keeps to its published schema, and every report can be made of it again."""

import csv
import json
import re
import subprocess
import unittest
from xml.etree import ElementTree

import jsonschema

from harness import BIN, PATIENCE_S, ROOT, EndToEndTest


class Reports(EndToEndTest):

    def a_run(self, *options):
        run = self.start_with_server("../../../scenarios/login_enter_chat.json", "--bots", "20", "--duration", "2s",
                                     "--seed", "7", *options)
        # Its latency threshold may break on a busy machine.
        return self.expect_exit(run, 0, 99)

    def report(self, file, *options):
        done = subprocess.run([BIN / "stressbot", "report", file, *options], capture_output=True, text=True,
                              encoding="utf-8", timeout=PATIENCE_S)
        return done.returncode, done.stdout, done.stderr

    def test_json_keeps_to_its_schema(self):
        schema = json.loads((ROOT / "docs" / "run.schema.json").read_text())
        jsonschema.Draft7Validator.check_schema(schema)
        report = self.a_run().report()
        mistakes = [f"{list(e.absolute_path)}: {e.message}"
                    for e in jsonschema.Draft7Validator(schema).iter_errors(report)]
        self.assertEqual(mistakes, [])
        self.assertEqual(report["options"][1:], [{"name": "--bots", "value": "20"},
                                                 {"name": "--duration", "value": "2s"},
                                                 {"name": "--seed", "value": "7"}])
        self.assertGreater(len(report["timeline"]["to_s"]), 2)
        self.assert_nothing_else(schema, schema, report, "")

    def assert_nothing_else(self, root, schema, value, path):
        """Every key of the report is described."""
        schema = root["definitions"][schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
        if isinstance(value, dict) and "properties" in schema:
            for key, inner in value.items():
                self.assertIn(key, schema["properties"], path)
                self.assert_nothing_else(root, schema["properties"][key], inner, f"{path}.{key}")
        elif isinstance(value, list) and "items" in schema:
            for inner in value:
                self.assert_nothing_else(root, schema["items"], inner, path + "[]")

    def test_reports_are_made_again(self):
        directory = self.directory()
        run = self.a_run("--out", f"json={directory / 'same.json'}")
        code, said, _ = self.report(run.report_file)
        self.assertEqual(code, 0)
        self.assertTrue(run.text().endswith(said), said)  # the summary, as the run had printed it
        code, said, told = self.report(run.report_file, "--out", f"json={directory / 'again.json'}")
        self.assertEqual((code, said, told), (0, "", ""))
        first = run.report_file.read_bytes()
        self.assertEqual(first, (directory / "same.json").read_bytes())
        self.assertEqual(first, (directory / "again.json").read_bytes())

    def test_examples_of_the_document_work(self):
        document = (ROOT / "docs" / "REPORTS.md").read_text()
        run = self.a_run()
        here = run.report_file.parent
        run.report_file.rename(here / "town.json")
        examples = re.findall(r"^stressbot (report .*)$", document, re.MULTILINE)
        self.assertGreater(len(examples), 1)
        for example in examples:
            done = subprocess.run([BIN / "stressbot", *example.split()], capture_output=True, text=True, cwd=here,
                                  encoding="utf-8", timeout=PATIENCE_S)
            self.assertEqual(done.returncode, 0, done.stderr)
        columns = re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", document.split("## CSV")[1].split("##")[0],
                                                           re.MULTILINE)))
        self.assertEqual((here / "town.csv").read_text().splitlines()[0].split(","), columns)
        kinds = re.findall(r"^\| `(\w+)` \|", document.split("## What numbers mean")[0], re.MULTILINE)
        code, _, told = self.report(here / "town.json", "--out", "none=x")
        self.assertEqual(code, 104)
        self.assertIn(f"the kinds are {', '.join(kinds)}.", told)

    def test_reports_are_valid_whatever_names_hold(self):
        directory = self.directory()
        report = self.a_run().report()
        hostile = "\0\x1b[31m]]></x><&\"',\r\n|\ufffe\U0001F600 \ucc44\ud305"
        report["scenario"]["name"] = hostile
        report["verdict"]["reasons"].append({"code": 123, "text": hostile})
        for series in report["series"]:
            if "step" in series["tags"]:
                series["tags"]["step"] += hostile
        for threshold in report["thresholds"]:
            threshold.update(passed=False, text=hostile)
        report["first_failures"].append({"metric": "checks", "text": hostile})
        file = directory / "hostile.json"
        file.write_text(json.dumps(report))
        outputs = {kind: directory / f"hostile.{kind}" for kind in ("json", "junit", "html", "markdown", "csv", "hdr")}
        code, said, told = self.report(file, *(f"--out={kind}={path}" for kind, path in outputs.items()))
        self.assertEqual((code, said, told), (0, "", ""))
        cases = ElementTree.parse(outputs["junit"]).getroot().findall(".//testcase")
        self.assertEqual(len([c for c in cases if c.find("failure") is not None]), len(report["thresholds"]))
        with open(outputs["csv"], newline="", encoding="utf-8") as text:
            rows = list(csv.reader(text, strict=True))
        self.assertEqual({len(row) for row in rows}, {len(rows[0])})
        self.assertTrue(any(hostile in row[2] for row in rows))
        self.assertEqual(json.loads(outputs["json"].read_text())["scenario"]["name"], hostile)

    def test_what_is_no_report_is_refused(self):
        file = self.directory() / "cut.json"
        code, _, told = self.report(file)
        self.assertEqual((code, told), (104, f"stressbot report: {file} cannot be read: no such file, or it may not be read.\n"))
        file.write_text('{"schema": "stressbot-run/1", "seed":')
        code, _, told = self.report(file)
        self.assertEqual((code, told), (104, f"stressbot report: {file} is no JSON, or not all of it is there.\n"))
        code, _, told = self.report(ROOT / "docs" / "run.schema.json", "--out", "jsn=x")
        self.assertEqual(code, 104)
        self.assertIn('Did you mean "json"?', told)


if __name__ == "__main__":
    unittest.main()
