#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs clang-tidy over the project's C++ sources, each one only when something that it is made of has changed.

usage: tidy.py BUILD [SOURCE...]

BUILD is a configured folder in which generated headers exist. Without SOURCE, all tracked sources are checked; every one of them
must be part of the build, because clang-tidy would guess the flags of others. A source that was found clean leaves a stamp in
BUILD/tidy with the digests of everything it included; it is skipped as long as they, its flags and the .clang-tidy files above it
stay the same. To sources in any folder `tests`, tests/.clang-tidy applies on top of the files above them. Exit code 1: findings.
"""
import concurrent.futures
import functools
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

TIDY = "clang-tidy-19"
RULES_OF_TESTS = pathlib.Path("tests/.clang-tidy")
# Not compiled by the build: cases that hlsc must refuse; a list of types of which hlsc makes a package; programs built against an
# installed library; what tests of hlsc include, and are checked with.
NOT_COMPILED = re.compile(r"^hls/compiler/tests/refusals/|^hls/kernels/tests/payloads\.cpp$|^host/examples/installed/"
                          r"|^hls/compiler/examples/"
                          r"|^hls/compiler/tests/(struct_argument|template_top|indices|intrinsics|counters)\.cpp$"
                          r"|^hls/compiler/tests/corpus/kernels/(dispatcher|port_handler|sum_first|chacha20|crc|insertion_sorter"
                          r"|parser|timer_table)\.cpp$")

# A source is checked without: it includes all that it needs, and the precompiled headers need not have been built.
PRECOMPILED = re.compile(r" -Xclang -include-pch -Xclang \S+ -Xclang -include -Xclang \S+")


@functools.cache
def digest(path):
    try:
        return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()
    except OSError:
        return "missing"


def tracked_sources():
    names = subprocess.run(["git", "ls-files", "*.cpp"], capture_output=True, text=True, check=True).stdout.split()
    return [name for name in names if not NOT_COMPILED.match(name)]


def extra_rules(name):
    """Files of rules that apply to a source on top of the .clang-tidy files above it."""
    return [RULES_OF_TESTS] if "tests" in pathlib.Path(name).parts else []


def extra_options(name):
    return [f"--config-file={file}" for file in extra_rules(name)]


class Source:
    """One source file with its stamp."""

    def __init__(self, name, entry, build):
        self.name = name
        self.folder = entry["directory"]
        self.flags = shlex.split(entry["command"])
        self.build = build
        self.stamp = build / "tidy" / f"{name}.json"
        above = [folder / ".clang-tidy" for folder in pathlib.Path(name).parents]
        rules = [digest(file) for file in above + extra_rules(name)]
        self.key = hashlib.sha256(" ".join([entry["command"], *rules]).encode()).hexdigest()

    def is_clean(self):
        try:
            stamp = json.loads(self.stamp.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        return stamp["key"] == self.key and all(digest(path) == d for path, d in stamp["inputs"].items())

    def inputs(self):
        """Absolute paths of the source and of all that it includes."""
        output = self.flags.index("-o")
        flags = self.flags[:output] + self.flags[output + 2:]
        rule = subprocess.run([*flags, "-M"], cwd=self.folder, capture_output=True, text=True, check=True).stdout
        names = rule.replace("\\\n", " ").split(": ", 1)[1].split()
        return sorted({os.path.join(self.folder, name) for name in names})

    def check(self):
        """What clang-tidy says; empty if the source is clean."""
        # The names in generated headers are those of the contract.
        generated = f"--exclude-header-filter=^{re.escape(str(self.build.resolve()))}/"
        command = [TIDY, "-p", self.build / "tidy", "--quiet", generated, *extra_options(self.name), self.name]
        found = subprocess.run(command, capture_output=True, text=True, check=False)
        if found.returncode == 0 and not found.stdout.strip():
            self.stamp.parent.mkdir(parents=True, exist_ok=True)
            self.stamp.write_text(json.dumps({"key": self.key, "inputs": {p: digest(p) for p in self.inputs()}}), encoding="utf-8")
            return ""
        return found.stdout + (found.stderr if not found.stdout.strip() else "")


def main():
    build = pathlib.Path(sys.argv[1])
    root = os.getcwd()
    commands = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    for entry in commands:
        entry["command"] = PRECOMPILED.sub("", entry["command"])
    (build / "tidy").mkdir(exist_ok=True)
    (build / "tidy/compile_commands.json").write_text(json.dumps(commands), encoding="utf-8")
    entries = {os.path.relpath(entry["file"], root): entry for entry in commands}
    names = sys.argv[2:] or tracked_sources()
    unknown = [name for name in names if name not in entries]
    if unknown:
        sys.exit("not part of the build: " + ", ".join(unknown))
    sources = [Source(name, entries[name], build) for name in names]
    changed = [source for source in sources if not source.is_clean()]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for number, (source, findings) in enumerate(zip(changed, pool.map(Source.check, changed)), 1):
            print(f"[{number}/{len(changed)}] clang-tidy {source.name}\n{findings}", end="", flush=True)
            failed += bool(findings)
    print(f"clang-tidy: {len(sources)} sources, {len(changed)} checked, {failed} with findings")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
