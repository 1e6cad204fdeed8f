"""Dependencies point one way, as docs/ARCHITECTURE.md says."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^">]+)[">]', re.MULTILINE)
PLATFORM = re.compile(r"^\s*#\s*(?:if|ifdef|ifndef|elif)\b.*(_WIN32|__linux__|_MSC_VER|__APPLE__|__unix__)",
                      re.MULTILINE)

# What the sources of a directory may include of the project.
ALLOWED = {
    "ServerCore": ["ServerCore"],
    "ReferenceServer": ["ReferenceServer", "ServerCore", "proto", "Protocol.pb.h", "Field.pb.h", "Struct.pb.h", "Enum.pb.h"],
    "StressBot/json": ["StressBot/json"],
    "StressBot/metrics": ["StressBot/metrics"],
    "StressBot/system": ["StressBot/system"],
    "StressBot/protocol": ["StressBot/protocol", "StressBot/json", "ServerCore"],
    "StressBot/report": ["StressBot/report", "StressBot/metrics"],
    "StressBot/engine": ["StressBot/engine", "StressBot/protocol", "StressBot/metrics", "ServerCore"],
    "StressBot/scenario": ["StressBot/scenario", "StressBot/engine", "StressBot/protocol",
                           "StressBot/metrics", "StressBot/json", "ServerCore"],
    "StressBot/cli": ["StressBot", "ServerCore"],
}
PROJECT = ("ServerCore/", "StressBot/", "ReferenceServer/", "proto/", "tests/")


def sources(directory):
    return [f for f in sorted((ROOT / directory).rglob("*")) if f.suffix in (".h", ".cpp")]


def includes(file):
    return INCLUDE.findall(file.read_text())


class Dependencies(unittest.TestCase):

    def complain(self, found):
        self.assertEqual(found, [], "\n" + "\n".join(found))

    def test_layers_include_only_what_lies_below(self):
        self.complain([f"{file.relative_to(ROOT)} includes {name}"
                       for directory, allowed in ALLOWED.items() for file in sources(directory)
                       for name in includes(file)
                       if name.startswith(PROJECT) and not name.startswith(tuple(a + "/" for a in allowed))])

    def test_all_directories_are_known(self):
        known = {Path(name).name for name in ALLOWED if name.startswith("StressBot/")}
        self.assertEqual({d.name for d in (ROOT / "StressBot").iterdir() if d.is_dir()}, known)

    def test_only_protocol_knows_protobuf(self):
        self.complain([f"{file.relative_to(ROOT)} includes {name}" for file in sources("StressBot")
                       for name in includes(file)
                       if name.startswith("google/protobuf") and file.parent.name != "protocol"])

    def test_engine_and_core_know_no_file_formats(self):
        self.complain([f"{file.relative_to(ROOT)} includes {name}"
                       for directory in ("StressBot/engine", "ServerCore") for file in sources(directory)
                       for name in includes(file) if "json" in name.lower() or "protobuf" in name])

    def test_platforms_only_in_backends_and_system(self):
        allowed = (ROOT / "ServerCore/io/backends", ROOT / "StressBot/system")
        self.complain([f"{file.relative_to(ROOT)}: {match.group(0).strip()}"
                       for directory in ("ServerCore", "StressBot", "ReferenceServer")
                       for file in sources(directory) if not any(a in file.parents for a in allowed)
                       for match in PLATFORM.finditer(file.read_text())])


if __name__ == "__main__":
    unittest.main()
