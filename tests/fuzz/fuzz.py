#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs fuzzers, programs <name>_fuzz, and keeps what they find.

usage: fuzz.py test PROGRAM --runs N [--length BYTES]
                    reads the kept corpus, then tries inputs of its own, N in all or for SECONDS_OF_TEST; 0: the corpus only
       fuzz.py long BUILD --seconds N [--only NAME]... [--keep]
                    lets every fuzzer of BUILD (SAPULSE_SANITIZE=address, target fuzzers) run for N seconds, beginning with good
                    inputs, the corpus, and what earlier runs have found in BUILD/fuzz; prints executions and coverage of each;
                    --keep: the least inputs that reach all that is reached become the kept corpus
The kept corpus of a fuzzer is corpus/<name>.hex beside this file: an input a line. The seed is SAPULSE_TEST_SEED, else random; it
is printed. An input that makes a fuzzer fail is left in the working directory (test) or in BUILD/fuzz/<name> (long).
Exit status: 1 if a fuzzer has failed, 2 if there is no such program.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

CORPUS = Path(__file__).resolve().parent / "corpus"
SECONDS_OF_TEST = 60  # only a machine that is far too slow comes here; it then tries less
LENGTH = 4096
LINES_OF_FAILURE = 60


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(dest="kind", required=True)
    test = kinds.add_parser("test")
    test.add_argument("program", type=Path)
    test.add_argument("--runs", type=int, required=True)
    test.add_argument("--length", type=int, default=LENGTH)
    long = kinds.add_parser("long")
    long.add_argument("build", type=Path)
    long.add_argument("--seconds", type=int, required=True)
    long.add_argument("--only", action="append", default=[])
    long.add_argument("--keep", action="store_true")
    return parser.parse_args()


def name_of(program: Path) -> str:
    return program.name.removesuffix("_fuzz")


def kept(name: str) -> list[bytes]:
    return [bytes.fromhex(line) for line in (CORPUS / f"{name}.hex").read_text(encoding="ascii").splitlines()]


def write_inputs(inputs: list[bytes], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(inputs):
        (folder / f"kept-{number}").write_bytes(content)


def fuzz(program: Path, folders: list[Path], options: list[str]) -> tuple[int, str]:
    """Exit status and what libFuzzer has said; numbers among `options` are its own."""
    chosen = os.environ.get("SAPULSE_TEST_SEED")
    seed = int(chosen, 0) if chosen else random.randrange(1, 1 << 31)
    command = [str(program), f"-seed={seed}", *options, *map(str, folders)]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    text = run.stdout.decode(errors="replace")
    if run.returncode:
        print("\n".join(text.splitlines()[-LINES_OF_FAILURE:]))
    print(f"{name_of(program)}: seed {seed} (SAPULSE_TEST_SEED overrides it)")
    return run.returncode, text


def figures(text: str) -> tuple[int, int, int]:
    """Inputs tried, edges of the code that were reached, and of how many."""
    tried = re.findall(r"stat::number_of_executed_units: (\d+)", text)
    reached = re.findall(r"\bcov: (\d+)", text)
    counters = re.findall(r"Loaded \d+ modules\s+\((\d+) inline 8-bit counters\)", text)
    return int(tried[-1]) if tried else 0, int(reached[-1]) if reached else 0, int(counters[-1]) if counters else 0


def test(options: argparse.Namespace) -> int:
    name = name_of(options.program)
    inputs = kept(name)
    with tempfile.TemporaryDirectory() as scratch:
        write_inputs(inputs, Path(scratch))
        limits = [f"-runs={options.runs}", f"-max_total_time={SECONDS_OF_TEST}", f"-max_len={options.length}",
                  "-print_final_stats=1"]
        status, text = fuzz(options.program, [Path(scratch)], limits)
    tried, reached, counters = figures(text)
    print(f"{name}: {len(inputs)} kept inputs, {tried} tried" + (f", {reached} of {counters} edges reached" if counters else ""))
    return status


def merge(program: Path, folder: Path, length: int) -> None:
    """The kept corpus becomes the least part of `folder` that reaches as much, however often."""
    with tempfile.TemporaryDirectory() as scratch:
        options = ["-merge=1", "-use_counters=0", f"-max_len={length}"]
        subprocess.run([str(program), *options, scratch, str(folder)], check=True, capture_output=True)
        inputs = sorted((path.read_bytes() for path in Path(scratch).iterdir()), key=lambda content: (len(content), content))
    (CORPUS / f"{name_of(program)}.hex").write_text("".join(content.hex() + "\n" for content in inputs), encoding="ascii")


def long(options: argparse.Namespace) -> int:
    failed = []
    seeds = options.build / "fuzz" / "seeds"
    subprocess.run([options.build / "bin" / "fuzz_seeds", seeds], check=True)
    programs = [program for program in sorted((options.build / "bin").glob("*_fuzz"))
                if not options.only or name_of(program) in options.only]
    rows = []
    for program in programs:
        name = name_of(program)
        folder = options.build / "fuzz" / name
        write_inputs(kept(name) if (CORPUS / f"{name}.hex").exists() else [], folder / "corpus")
        status, text = fuzz(program, [folder / "corpus", seeds / name],
                            [f"-max_total_time={options.seconds}", f"-max_len={LENGTH}", f"-artifact_prefix={folder}/",
                             "-print_final_stats=1"])
        rows.append((name, *figures(text), len(list((folder / "corpus").iterdir()))))
        if status:
            failed.append(name)
        elif options.keep:
            merge(program, folder / "corpus", LENGTH)
    print(f"{'fuzzer':<14}{'tried':>12}{'reached':>10}{'of edges':>10}{'inputs':>8}")
    for name, tried, reached, counters, inputs in rows:
        print(f"{name:<14}{tried:>12}{reached:>10}{counters:>10}{inputs:>8}")
    if failed:
        print(f"failed: {', '.join(failed)}")
    return bool(failed)


def main() -> int:
    options = arguments()
    try:
        return test(options) if options.kind == "test" else long(options)
    except FileNotFoundError as error:
        print(f"fuzz: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
