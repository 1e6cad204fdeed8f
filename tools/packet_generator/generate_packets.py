#!/usr/bin/env python3
"""Writes packet ids and dispatch code from a protobuf descriptor set. See README.md."""

import argparse
import pathlib
import re
import sys

import jinja2

from packet_lock import update_lock
from packet_model import (
    DEFAULT_PREFIXES,
    GeneratorError,
    InputFile,
    Side,
    build_protocol,
    check_sides,
    read_descriptor_set,
)

TEMPLATES = pathlib.Path(__file__).resolve().parent / "templates"


def parse_file(text):
    name, _, rest = text.partition(":")
    start, colon, prefixes = rest.partition(":")
    if not start.isdigit() or (colon and not split_list(prefixes)):
        raise GeneratorError(
            f"--file {text}: write NAME:START or NAME:START:PREFIX,..., as in Field.proto:2000:C_,S_"
        )
    return InputFile(name, int(start), split_list(prefixes) or DEFAULT_PREFIXES)


def parse_side(text):
    match = re.fullmatch(r"([A-Za-z_]\w*)=([\w,]+)/([\w,]*)", text)
    if match is None:
        raise GeneratorError(f"--side {text}: write HANDLER=RECEIVES/SENDS, as in ServerSide=C_/S_")
    handler, receives, sends = match.groups()
    return Side(handler, split_list(receives), split_list(sends))


def split_list(text):
    return tuple(part for part in text.split(",") if part)


def render_headers(protocol, sides):
    """File name -> text, for all that the generator writes."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    headers = {
        name: environment.get_template(f"{name}.jinja").render(protocol=protocol)
        for name in ("PacketIds.h", "PacketCodec.h")
    }
    template = environment.get_template("PacketHandler.h.jinja")
    for side in sides:
        received = protocol.with_prefixes(side.receives)
        headers[f"{side.handler}.h"] = template.render(
            protocol=protocol,
            side=side,
            received=received,
            foreign=[packet for packet in protocol.packets if packet not in received],
            sent=protocol.with_prefixes(side.sends),
        )
    return headers


def parse_options(arguments):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--descriptor-set", required=True, metavar="FILE",
                        help="what protoc --include_imports --descriptor_set_out=FILE wrote")
    parser.add_argument("--file", action="append", required=True, metavar="NAME:START[:PREFIX,...]",
                        help="a .proto file with packets, the id of the first, and how their names "
                        f"begin (default {','.join(DEFAULT_PREFIXES)}); may be repeated")
    parser.add_argument("--side", action="append", required=True, metavar="HANDLER=RECEIVES/SENDS",
                        help="a dispatch header to write, as in ClientPacketHandler=C_/S_")
    parser.add_argument("--lock", metavar="FILE",
                        help="refuse to change an id that is in this file, and add new ones to it")
    parser.add_argument("--output-dir", required=True, metavar="DIR")
    return parser.parse_args(arguments)


def generate(options):
    inputs = [parse_file(text) for text in options.file]
    sides = [parse_side(text) for text in options.side]
    check_sides(sides, inputs)
    source = pathlib.Path(options.descriptor_set)
    protocol = build_protocol(read_descriptor_set(source.read_bytes(), source), inputs)
    if options.lock:
        for packet in update_lock(pathlib.Path(options.lock), protocol.packets):
            print(f"{packet.place}: {packet.name} is new and has id {packet.id} in {options.lock}")
    output = pathlib.Path(options.output_dir)
    output.mkdir(parents=True, exist_ok=True)
    for name, text in render_headers(protocol, sides).items():
        (output / name).write_text(text, encoding="utf-8")


def main(arguments):
    try:
        generate(parse_options(arguments))
    except (GeneratorError, OSError) as error:
        print(f"generate_packets: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
