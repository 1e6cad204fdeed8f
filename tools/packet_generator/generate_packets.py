#!/usr/bin/env python3
"""Writes packet ids and dispatch code from a protobuf descriptor set. See README.md."""

import argparse
import pathlib
import re
import sys

import jinja2

from packet_model import (
    GeneratorError,
    InputFile,
    Side,
    build_protocol,
    check_sides,
    read_descriptor_set,
)

TEMPLATES = pathlib.Path(__file__).resolve().parent / "templates"


def parse_file(text):
    name, colon, start = text.rpartition(":")
    if not colon:
        return InputFile(text)
    if not start.isdigit():
        raise GeneratorError(f"--file {text}: what follows the colon must be the first id")
    return InputFile(name, int(start))


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
    parser.add_argument("--file", action="append", required=True, metavar="NAME[:START]",
                        help="a .proto file whose messages are packets; may be repeated")
    parser.add_argument("--prefixes", default="C_,S_", help="of the messages that are packets")
    parser.add_argument("--start-id", type=int, default=1000, help="of the first packet")
    parser.add_argument("--side", action="append", required=True, metavar="HANDLER=RECEIVES/SENDS",
                        help="a dispatch header to write, as in ClientPacketHandler=C_/S_")
    parser.add_argument("--output-dir", required=True, metavar="DIR")
    return parser.parse_args(arguments)


def generate(options):
    prefixes = split_list(options.prefixes)
    sides = [parse_side(text) for text in options.side]
    check_sides(sides, prefixes)
    source = pathlib.Path(options.descriptor_set)
    descriptors = read_descriptor_set(source.read_bytes(), source)
    files = [parse_file(text) for text in options.file]
    protocol = build_protocol(descriptors, files, prefixes, options.start_id)
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
