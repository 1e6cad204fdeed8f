"""The published JSON Schemas are such by the standard, and a validator that is not ours takes what is shipped."""

import json
import re
import unittest

import jsonschema

from documents_test import BLOCK, documents
from harness import ROOT


def schema(name):
    return json.loads((ROOT / "scenarios" / name).read_text())


def parsed(text):
    """JSON without the comments that the formats allow; none of our texts has // within quotes but addresses."""
    return json.loads(re.sub(r'^((?:[^"\n]|"(?:[^"\\\n]|\\.)*")*?)//.*$', r"\1", text, flags=re.MULTILINE))


class Schemas(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.scenario = jsonschema.Draft7Validator(schema("scenario.schema.json"))
        cls.protocol = jsonschema.Draft7Validator(schema("protocol.schema.json"))

    def of(self, name):
        return self.protocol if name.endswith(".protocol.json") else self.scenario

    def assert_valid(self, name, text):
        mistakes = [f"{'.'.join(map(str, e.absolute_path))}: {e.message}" for e in self.of(name).iter_errors(parsed(text))]
        self.assertEqual(mistakes, [], name)

    def test_they_are_draft_07(self):
        for validator in (self.scenario, self.protocol):
            jsonschema.Draft7Validator.check_schema(validator.schema)

    def test_shipped_files_are_valid(self):
        files = [file for directory in ("scenarios", "scenarios/hostile", "tests/e2e/scenarios", "tests/schema/data")
                 for file in (ROOT / directory).glob("*.json") if not file.name.endswith(".schema.json")]
        self.assertGreater(len(files), 8)
        for file in files:
            self.assert_valid(file.name, file.read_text())

    def test_examples_of_the_documents_are_valid(self):
        for document in documents():
            for name, text in BLOCK.findall(document.read_text()):
                self.assert_valid(name, text)

    def test_examples_of_the_schemas_are_valid(self):
        """What an editor offers to insert."""
        tried = 0
        for validator in (self.scenario, self.protocol):
            places = [*validator.schema["properties"].values(), *validator.schema["definitions"].values()]
            places += [p for d in validator.schema["definitions"].values() for p in d.get("properties", {}).values()]
            for place in places:
                for example in place.get("examples", []):
                    here = jsonschema.Draft7Validator({**place, "definitions": validator.schema["definitions"]})
                    self.assertEqual([e.message for e in here.iter_errors(example)], [], example)
                    tried += 1
        self.assertGreater(tried, 20)

    def test_mistakes_are_refused(self):
        good = parsed((ROOT / "scenarios/login_enter_chat.json").read_text())
        for key, value in (("grups", {}), ("warmup", 5), ("servers", []), ("flows", {"player": [{"conect": "game"}]})):
            self.assertFalse(self.scenario.is_valid({**good, key: value}), key)


if __name__ == "__main__":
    unittest.main()
