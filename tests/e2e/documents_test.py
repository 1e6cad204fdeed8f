"""The examples in the documents are right: scenarios and protocols that begin with `// file: NAME`."""

import json
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import BIN, HERE, ROOT, check

BLOCK = re.compile(r"```jsonc?\n// file: *(\S+)\n(.*?)```", re.DOTALL)
HOOK = re.compile(r"```c\n// file: *(\S+)\.c\n(.*?)```", re.DOTALL)


def documents():
    return [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").glob("*.md"))]


class Documents(unittest.TestCase):

    def test_examples_pass_check(self):
        checked = 0
        for document in documents():
            checked += self.check_document(document)
        self.assertGreater(checked, 0, "no document has an example")

    def check_document(self, document):
        """Examples of one document may use each other, and what is shipped beside them."""
        blocks = BLOCK.findall(document.read_text())
        with tempfile.TemporaryDirectory() as directory:
            here = Path(directory)
            (here / "proto").symlink_to(ROOT / "proto")
            scenarios = here / "scenarios"
            scenarios.mkdir()
            for shipped in (ROOT / "scenarios").glob("*.*"):
                (scenarios / shipped.name).write_bytes(shipped.read_bytes())
            self.make_hooks(document, scenarios / "hooks")
            files = [scenarios / Path(name).name for name, _ in blocks]
            for file, (_, text) in zip(files, blocks):
                file.write_text(text)
            for file in files:
                code, said = check("check", str(self.scenario_for(file)))
                self.assertEqual(code, 0, f"{document.name}: {file.name}\n{said}")
        return len(files)

    @staticmethod
    def make_hooks(document, directory):
        """The shipped one, and those whose source is in the document."""
        shutil.copytree(BIN.parent / "hooks", directory)
        for name, text in HOOK.findall(document.read_text()):
            source = directory / f"{name}.c"
            source.write_text(text)
            subprocess.run(["cc", "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-shared", "-fPIC",
                            "-I", ROOT, "-o", directory / f"lib{name}.so", source], check=True)

    @staticmethod
    def scenario_for(file):
        """The file itself, or for a protocol the least scenario that reads it."""
        if not file.name.endswith(".protocol.json"):
            return file
        scenario = file.with_name("uses-" + file.name)
        scenario.write_text(json.dumps({
            "servers": {"game": {"protocol": file.name, "target": "127.0.0.1:7777"}},
            "groups": {"one": {"executor": "constant-bots", "flow": "f", "bots": 1, "duration": "1s"}},
            "flows": {"f": [{"connect": "game"}]}}))
        return scenario

    def test_links_lead_somewhere(self):
        for document in documents():
            for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text()):
                self.assertTrue((document.parent / target).exists(), f"{document.name}: {target}")

    def test_faults_have_tests(self):
        """Each fault of the table is shown by tests that exist."""
        rows = [line for line in (ROOT / "docs" / "RELIABILITY.md").read_text().splitlines() if line.startswith("| [")]
        self.assertGreaterEqual(len(rows), 9)
        python = "\n".join(file.read_text() for file in HERE.glob("*_test.py"))
        registered = (HERE / "CMakeLists.txt").read_text()
        cpp = "\n".join(file.read_text() for file in (ROOT / "tests").rglob("*Test.cpp"))
        for row in rows:
            names = re.findall(r"`(\w+)\.(\w+)`", row.split("|")[-2])
            self.assertTrue(names, row)
            for case, name in names:
                if case.endswith("Test"):
                    self.assertIn(f"({case}, {name})", cpp)
                else:
                    self.assertIn(f"def test_{name}(", python)
                    self.assertIn(name, re.findall(r"\w+", registered))


if __name__ == "__main__":
    unittest.main()
