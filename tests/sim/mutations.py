#!/usr/bin/env python3
"""Proves that the simulated seeds can fail: breaks the core in one place at a time, and runs seeds
until one tells. A mutation that survives them all is a failure, and so is one whose place in the
sources is no longer there.

mutations.py DIRECTORY    builds and runs in there; a second time builds only what changed
"""
import argparse
import dataclasses
import os
import pathlib
import re
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
COPIED = ["CMakeLists.txt", "ReferenceServer", "ServerCore", "StressBot", "cmake", "proto",
          "scenarios", "tests", "third_party", "tools"]
SEEDS = 300
SECONDS_A_SEED = 60  # a seed takes less than one; beyond, the mutation has made it hang
SOUND_SEEDS = 10     # that must pass before anything is broken


@dataclasses.dataclass
class Mutation:
    name: str
    file: str
    text: str
    replacement: str


MUTATIONS = [
    Mutation("drop a completion", "ServerCore/thread/Shard.cpp",
             "for (std::size_t i = 0; i < count; ++i) batch_[i]",
             "for (std::size_t i = count > 2 ? 1 : 0; i < count; ++i) batch_[i]"),
    Mutation("complete twice", "ServerCore/thread/Shard.cpp",
             "for (std::size_t i = 0; i < count; ++i) batch_[i]->owner->OnIo(*batch_[i]);",
             "for (std::size_t i = 0; i < count; ++i) batch_[i]->owner->OnIo(*batch_[i]);\n"
             "  if (count > 2 && batch_[0]->op == Op::kReadable) batch_[0]->owner->OnIo(*batch_[0]);"),
    Mutation("leak a chunk", "ServerCore/thread/Shard.cpp",
             "AddReferences(static_cast<std::uint32_t>(message.to->size()));",
             "AddReferences(static_cast<std::uint32_t>(message.to->size() + 1));"),
    Mutation("swap two sends", "ServerCore/net/Session.cpp",
             "    output_.push_back(std::move(buffer));\n",
             "    const bool swaps = !send_in_flight_ && output_.size() > output_head_ + 1;\n"
             "    output_.insert(output_.end() - (swaps ? 1 : 0), std::move(buffer));\n"),
    Mutation("forget a wake", "ServerCore/thread/Shard.cpp",
             "  WakeIfSleeping();\n}",
             "  if (size != 1) WakeIfSleeping();\n}"),
    Mutation("forget what a send left over", "ServerCore/net/Session.cpp",
             "      DropSent(event.bytes);\n      MarkDirty();\n",
             "      DropSent(event.bytes);\n"),
    Mutation("deliver a broadcast to all but one", "ServerCore/thread/Shard.cpp",
             "    Session* session = FindSession(id);\n",
             "    Session* session = id == message.to->back() && message.to->size() > 2\n"
             "                           ? nullptr : FindSession(id);\n"),
    Mutation("put a copied send before its forerunner", "ServerCore/net/Session.cpp",
             "  output_.push_back(\n      shard_->send_buffers().CopyApart(bytes, "
             "std::max(bytes.size(), kOwnChunkBytes)));",
             "  output_.insert(output_.end() - 1,\n      shard_->send_buffers().CopyApart(bytes, "
             "std::max(bytes.size(), kOwnChunkBytes)));"),
    Mutation("lose what a slice left over", "ServerCore/thread/Shard.cpp",
             "  if (unfinished != nullptr) unfinished->Schedule();\n",
             ""),
]


def copy_changed(file, to):
    """Whatever is written is newer than its object, so that no mutated one is kept."""
    content = pathlib.Path(file).read_bytes()
    if not os.path.exists(to) or pathlib.Path(to).read_bytes() != content:
        pathlib.Path(to).write_bytes(content)


def copy_sources(to):
    for name in COPIED:
        if (SOURCE / name).is_dir():
            shutil.copytree(SOURCE / name, to / name, copy_function=copy_changed,
                            dirs_exist_ok=True)
        else:
            copy_changed(SOURCE / name, to / name)


def configure(source, build):
    options = ["-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-O0 -g1",
               "-DCMAKE_UNITY_BUILD=ON", "-DCMAKE_UNITY_BUILD_BATCH_SIZE=16",
               f"-DPython3_EXECUTABLE={sys.executable}"]
    if shutil.which("ccache"):
        options.append("-DCMAKE_CXX_COMPILER_LAUNCHER=ccache")
    run_or_exit(["cmake", "-S", source, "-B", build, *options], "cmake")


def run_or_exit(command, what):
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"mutations: {what} failed\n{result.stdout[-4000:]}{result.stderr[-4000:]}")


def how_it_failed(seed, seconds, program):
    """What seed tells in a line, or None when nothing is wrong."""
    try:
        result = subprocess.run([program, str(seed)], capture_output=True, text=True,
                                timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return "hangs"
    if result.returncode == 0:
        return None
    for line in result.stderr.splitlines():
        fault = re.search(r"internal error: .*|seed \d+, (?:echo|game): (.*)", line)
        if fault:
            return fault.group(1) or fault.group(0)
    return f"ends with {result.returncode}"


def first_failure(program):
    for seed in range(1, SEEDS + 1):
        how = how_it_failed(seed, SECONDS_A_SEED, program)
        if how:
            return seed, how
    return None, f"survives {SEEDS} seeds"


def try_mutation(mutation, source, build, program):
    file = source / mutation.file
    sound = file.read_text(encoding="utf-8")
    if sound.count(mutation.text) != 1:
        return None, f"the text to replace is not once in {mutation.file}"
    file.write_text(sound.replace(mutation.text, mutation.replacement), encoding="utf-8")
    try:
        run_or_exit(["cmake", "--build", build, "--target", "sim_seeds"], mutation.name)
        return first_failure(program)
    finally:
        file.write_text(sound, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=pathlib.Path)
    source = parser.parse_args().directory.resolve() / "source"
    build = source / "build" / "mutant"
    program = build / "tests" / "sim_seeds"
    source.mkdir(parents=True, exist_ok=True)
    os.environ.update(CCACHE_BASEDIR=str(source), CCACHE_NOHASHDIR="1")

    copy_sources(source)
    configure(source, build)
    run_or_exit(["cmake", "--build", build, "--target", "sim_seeds"], "the build without mutation")
    for seed in range(1, SOUND_SEEDS + 1):
        how = how_it_failed(seed, SECONDS_A_SEED, program)
        if how:
            sys.exit(f"mutations: seed {seed} fails without any: {how}")

    survived = 0
    print(f"{'mutation':36} {'seed':>4}  found by")
    for mutation in MUTATIONS:
        seed, how = try_mutation(mutation, source, build, program)
        print(f"{mutation.name:36} {seed or '-':>4}  {how}", flush=True)
        survived += seed is None
    print(f"{len(MUTATIONS)} mutations, {survived} not found")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
