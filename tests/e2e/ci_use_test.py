"""docs/CI-USE.md: its workflows are well-formed, and their shell steps do what they say, here with short runs."""

import os
import re
import subprocess
import unittest

import yaml

from harness import BIN, PATIENCE_S, ROOT, EndToEndTest

DOCUMENT = (ROOT / "docs" / "CI-USE.md").read_text(encoding="utf-8")
LOAD = "--bots 10 --duration 300ms --on-saturation warn"
SCENARIO = str(ROOT / "scenarios" / "login_enter_chat.json")
# They need a game of the reader's own, and root.
BUILDS = {"Install StressBot", "Build the server", "Build both servers"}


def block(name):
    """The text of the example that begins with that file's name."""
    return re.search(r"```\w+\n(?:#|//) file: " + re.escape(name) + r"\n(.*?)```", DOCUMENT, re.DOTALL).group(1)


class CiUse(EndToEndTest):

    def setUp(self):
        self.here = self.directory()
        self.summary = self.here / "summary.md"
        tools = self.here / "tools"
        tools.mkdir()
        # GitHub's own program: the first comment has none before it that it could change.
        (tools / "gh").write_text('#!/bin/sh\necho "$@" >> gh.log\ncase "$*" in *--edit-last*) exit 1;; esac\n')
        (tools / "gh").chmod(0o755)
        self.environment = {**os.environ, "PATH": f"{tools}:{BIN}:{os.environ['PATH']}",
                            "GITHUB_STEP_SUMMARY": str(self.summary), "GITHUB_REPOSITORY": "we/game"}

    def shell(self, words, script, **variables):
        done = subprocess.run([*words, script], capture_output=True, text=True, cwd=self.here, timeout=PATIENCE_S,
                              env=self.environment | variables)
        return done.returncode, done.stdout + done.stderr

    def workflow(self, name, **variables):
        """Runs its steps as GitHub does; returns the exit code of each by its name."""
        workflow = yaml.safe_load(block(name))
        self.assertEqual(workflow["defaults"], {"run": {"shell": "bash"}})
        self.assertLessEqual(variables.keys(), workflow["env"].keys())
        codes = {}
        for job in workflow["jobs"].values():
            failed = False
            for step in job["steps"]:
                self.assertTrue(("run" in step) != ("uses" in step), step)
                always = step.get("if") == "${{ !cancelled() }}"
                if "run" not in step or step["name"] in BUILDS or (failed and not always):
                    continue
                own = {key: str(value) for key, value in (workflow["env"] | variables | step.get("env", {})).items()}
                code, said = self.shell(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"], step["run"], **own)
                codes[step["name"]] = code
                failed = failed or code != 0
                self.assertIn(code, (0, 99, 106), said)  # how fast it is here is no matter
        return codes

    def test_github_soak(self):
        codes = self.workflow(".github/workflows/soak.yml", SCENARIO=SCENARIO, LOAD=LOAD,
                              SERVER=self.SERVER)
        self.assertEqual(list(codes), ["Soak", "Summary"])
        self.assertRegex(self.summary.read_text(), r"^## (PASS 0|FAIL 99): login\\_enter\\_chat")
        self.assertEqual({f.suffix for f in self.here.glob("soak.*")}, {".json", ".xml", ".html", ".md"})
        # The server does not come up: the summary says so all the same.
        codes = self.workflow(".github/workflows/soak.yml", SCENARIO=SCENARIO, LOAD=LOAD, SERVER="false")
        self.assertEqual(codes, {"Soak": 106, "Summary": 0})
        self.assertIn("## FAIL 106", self.summary.read_text())

    def test_github_compare(self):
        codes = self.workflow(".github/workflows/compare.yml", SCENARIO=SCENARIO, LOAD=LOAD, OLD_SERVER=self.SERVER,
                              NEW_SERVER=self.SERVER, OLD_RUNS="2")
        self.assertEqual(list(codes), ["The old server, several times", "The new server", "Compare", "Summary", "Comment"])
        self.assertEqual(codes["The old server, several times"], 0)
        self.assertRegex(self.summary.read_text(), r"^## (NOT WORSE 0|WORSE 99): login")
        self.assertEqual(len(list(self.here.glob("base-*.json"))), 2)
        self.assertEqual(len((self.here / "gh.log").read_text().splitlines()), 2)

    def test_jenkins(self):
        pipeline = block("Jenkinsfile")
        self.assertEqual(pipeline.count("{"), pipeline.count("}"))
        scripts = re.findall(r"'''\n(.*?)'''", pipeline, re.DOTALL)
        self.assertEqual(len(scripts), 2)
        # Groovy reads a backslash at the end of a line as a line that goes on, as the shell does.
        for build in ("1", "2"):
            for script, codes in zip(scripts, ((0, 99), (0, 99))):
                code, said = self.shell(["sh", "-xe", "-c"], script, SCENARIO=SCENARIO, LOAD=LOAD, SERVER=self.SERVER,
                                        HISTORY=str(self.here / "history"), BUILD_NUMBER=build)
                self.assertIn(code, codes, said)
            self.assertTrue((self.here / "history" / "1.json").exists())
            self.assertEqual((self.here / "compare.xml").exists(), build == "2")

    def test_commands_beside_the_workflows_are_understood(self):
        commands = re.findall(r"^stressbot .*$", DOCUMENT, re.MULTILINE)
        self.assertEqual(len(commands), 2)
        for command in commands:
            code, said = self.shell(["bash", "-c"], command)
            self.assertEqual(code, 104)  # there is no loadtest/, which is all that is wrong
            self.assertIn("no such file", said)
            self.assertNotIn("--help", said)


if __name__ == "__main__":
    unittest.main()
