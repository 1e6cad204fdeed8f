"""Dependencies point one way, as docs/ARCHITECTURE.md says."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^">]+)[">]', re.MULTILINE)
PLATFORM = re.compile(
    r"^\s*#\s*(?:if|ifdef|ifndef|elif)\b.*"
    r"(_WIN\w*|WIN32|WIN64|WINVER|__WIN\w*|__MINGW\w*|__CYGWIN__|__linux\w*|__unix\w*|__APPLE__|__GLIBC\w*|_MSC_VER|"
    r"__GNUC__|__clang__)", re.MULTILINE)
# Headers of a system rather than of the language.
SYSTEM_HEADER = re.compile(
    r"^(sys/.*|linux/.*|arpa/.*|net/.*|netinet/.*|"
    r"(aio|dirent|dlfcn|endian|execinfo|fcntl|fnmatch|glob|grp|ifaddrs|libgen|netdb|poll|pthread|pty|pwd|sched|"
    r"semaphore|signal|spawn|syslog|termios|ucontext|unistd|utime|wait)\.h|"
    r"(direct|io|iphlpapi|mswsock|mmsystem|process|psapi|shellapi|shlobj|tlhelp32|timeapi|winbase|windows|winsock2?|"
    r"winternl|ws2tcpip)\.h)$", re.IGNORECASE)
# Where the systems differ. All else is the same on each: the build picks files by their names.
PLATFORM_DIRECTORIES = ("ServerCore/io/backends", "ReferenceServer/defects/linux", "ReferenceServer/defects/windows",
                        "StressBot/system/linux", "StressBot/system/windows",
                        "tests/core", "tests/cli/linux", "tests/cli/windows", "tests/bench/floor")

# What reads the hour, which people and machines set. All else measures with a clock that only goes on.
WALL_CLOCK = re.compile(r"\b(system_clock|utc_clock|file_clock|CLOCK_REALTIME\w*|gettimeofday|time_t|timespec_get|"
                        r"std::time|GetSystemTime\w*|GetLocalTime|time\((nullptr|NULL|0|&\w+)\))")

# For compilers of all systems, and for people who have nothing else of the project: says how to export a function.
PUBLIC_HEADER = ROOT / "StressBot/protocol/hook/stressbot_hook.h"

# What the sources of a directory may include of the project.
ALLOWED = {
    "ServerCore": ["ServerCore"],
    "ReferenceServer": ["ReferenceServer", "ServerCore", "proto", "Protocol.pb.h", "Field.pb.h", "Struct.pb.h", "Enum.pb.h"],
    "StressBot/json": ["StressBot/json", "StressBot/system"],
    "StressBot/metrics": ["StressBot/metrics"],
    "StressBot/system": ["StressBot/system", "ServerCore"],
    "StressBot/protocol": ["StressBot/protocol", "StressBot/json", "StressBot/system", "ServerCore"],
    "StressBot/report": ["StressBot/report", "StressBot/metrics", "StressBot/system"],
    "StressBot/analysis": ["StressBot/analysis", "StressBot/report", "StressBot/metrics", "StressBot/system"],
    "StressBot/engine": ["StressBot/engine", "StressBot/protocol", "StressBot/metrics", "ServerCore"],
    "StressBot/scenario": ["StressBot/scenario", "StressBot/engine", "StressBot/protocol",
                           "StressBot/metrics", "StressBot/json", "StressBot/system", "ServerCore"],
    "StressBot/control": ["StressBot/control", "StressBot/scenario", "StressBot/engine", "StressBot/metrics",
                          "StressBot/json", "StressBot/system", "ServerCore"],
    "StressBot/cli": ["StressBot", "ServerCore"],
    "StressBot/dashboard": ["StressBot", "ServerCore"],
}
# What only the dashboard may need, so that nothing else does where there is no screen.
WINDOW_HEADER = re.compile(r"(imgui|GLFW/|GL/|EGL/|stb_|StressBot/dashboard/)")
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

    def test_only_the_dashboard_knows_windows(self):
        self.complain([f"{file.relative_to(ROOT)} includes {name}"
                       for directory in ("ServerCore", "StressBot", "ReferenceServer") for file in sources(directory)
                       if ROOT / "StressBot/dashboard" not in file.parents
                       for name in includes(file) if WINDOW_HEADER.match(name)])

    def test_engine_and_core_know_no_file_formats(self):
        self.complain([f"{file.relative_to(ROOT)} includes {name}"
                       for directory in ("StressBot/engine", "ServerCore") for file in sources(directory)
                       for name in includes(file) if "json" in name.lower() or "protobuf" in name])

    def shared_sources(self):
        """Those that must be the same on every system."""
        apart = [ROOT / directory for directory in PLATFORM_DIRECTORIES]
        for directory in ("ServerCore", "StressBot", "ReferenceServer", "proto", "tests"):
            yield from (f for f in sources(directory) if f != PUBLIC_HEADER and not any(a in f.parents for a in apart))

    def test_platforms_only_in_backends_and_system(self):
        self.complain([f"{file.relative_to(ROOT)}: {match.group(0).strip()}"
                       for file in self.shared_sources() for match in PLATFORM.finditer(file.read_text())])
        self.complain([f"{file.relative_to(ROOT)} includes <{name}>"
                       for file in self.shared_sources() for name in includes(file) if SYSTEM_HEADER.match(name)])

    def test_the_wall_clock_is_read_once(self):
        self.assertEqual([f"{file.relative_to(ROOT)}: {match.group(0)}"
                          for directory in ("ServerCore", "StressBot", "ReferenceServer") for file in sources(directory)
                          for match in WALL_CLOCK.finditer(file.read_text())],
                         ["StressBot/cli/ResultBuilder.cpp: std::time"])


if __name__ == "__main__":
    unittest.main()
