#!/usr/bin/env python3
"""Makes one C++ header of page.html, page.css and the scripts: embed.py HEADER.

The page allows only this very style and script, by their hashes, so that nothing that a server or a
file says can run in it.
"""

import base64
import hashlib
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCRIPTS = ("scales.js", "chart.js", "page.js")  # one script, in this order
PIECE = 4000  # characters; compilers limit the length of one literal


def allowed(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def page():
    style = (HERE / "page.css").read_text(encoding="utf-8")
    parts = "\n".join((HERE / name).read_text(encoding="utf-8") for name in SCRIPTS)
    script = f'"use strict";\n(() => {{\n{parts}}})();\n'
    for part in (style, script):
        if "{{" in part or "</" in part:
            raise SystemExit("embed.py: page.css and the scripts may not hold {{ or </")
    html = (HERE / "page.html").read_text(encoding="utf-8")
    for name, value in (("style", style), ("script", script), ("style-hash", allowed(style)),
                        ("script-hash", allowed(script))):
        if "{{" + name + "}}" not in html:
            raise SystemExit("embed.py: page.html has no {{" + name + "}}")
        html = html.replace("{{" + name + "}}", value)
    return html


def literal(text):
    pieces = [text[i:i + PIECE] for i in range(0, len(text), PIECE)]
    return "\n".join(f'    R"page({piece})page"' for piece in pieces)


def main():
    text = ("#pragma once\n#include <string_view>\n\n// Made by embed.py.\nnamespace stressbot::html {\n\n"
            f"inline constexpr std::string_view kPage =\n{literal(page())};\n\n}}  // namespace stressbot::html\n")
    Path(sys.argv[1]).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
