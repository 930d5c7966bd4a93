#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""hlsc on programs that nobody has written: random kernels, and kernels of its tests with faults in them.

usage: fuzz_hlsc.py HLSC (--seconds N | --kernels N --altered N) [--keep FOLDER]

A random kernel (kernel.py) is co-simulated: the native program and the RTL must write the same words. Of an altered source (one to
four faults, ../../../../scripts/faults.py) hlsc either makes RTL that Verilator accepts, or says in an error what it refuses; it
never crashes, hangs or says nothing. With --seconds, kernels and altered sources take turns, of a second or two each, until the
time is over; what has begun is finished.

The seed is SAPULSE_TEST_SEED, else random; it is printed. A source that fails is printed, and kept in FOLDER.
Exit status: 1 if one has failed, 2 if hlsc or a source cannot be read.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from kernel import Kernel

HERE = Path(__file__).resolve().parent
COMPILER = HERE.parents[1]
CORPUS = HERE.parent / "corpus/kernels"
sys.path.insert(0, str(HERE.parents[3] / "scripts"))

from faults import Fault, faults  # noqa: E402

SECONDS_OF_COMPILER = 300  # nothing that it accepts takes a tenth of it
SECONDS_OF_COSIM = 900
ALTERED_A_KERNEL = 12  # in the time of one co-simulation
WORDS = 200
AGREE = "native and RTL agree"


class Failure(Exception):
    """What hlsc did wrong."""


def run(command: list[str | Path], seconds: int) -> subprocess.CompletedProcess:
    try:
        return subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise Failure(f"{Path(command[0]).name} takes more than {seconds} s") from None


def readable_sources() -> list[Path]:
    """Those of tests and examples that have a kernel of the file's name."""
    sources = sorted([*(COMPILER / "examples").glob("*.cpp"), *CORPUS.glob("*.cpp")])
    return [source for source in sources if re.search(rf"^\w[^\n]*\b{source.stem}\(", source.read_text("utf-8"), re.M)]


def apart(chosen: list[Fault]) -> list[Fault]:
    """Without those that lie in others; the last in the text first, so that offsets stay right."""
    kept: list[Fault] = []
    for fault in sorted(chosen, key=lambda fault: fault.offset):
        if not kept or fault.offset >= kept[-1].offset + len(kept[-1].old):
            kept.append(fault)
    return kept[::-1]


def alter(text: str, rng: random.Random) -> str:
    possible = faults(text, "c++")
    for fault in apart(rng.sample(possible, min(len(possible), rng.randint(1, 4)))):
        text = fault.applied(text)
    return text


class Fuzzer:
    def __init__(self, hlsc: Path, rng: random.Random):
        self.hlsc = hlsc
        self.rng = rng
        self.sources = readable_sources()
        self.done: Counter[str] = Counter()

    def kernel(self, folder: Path) -> Path:
        """Writes a random kernel."""
        kernel = Kernel(self.rng.randrange(1 << 31))
        (folder / f"{kernel.name}.h").write_text(kernel.header(), encoding="utf-8")
        source = folder / f"{kernel.name}.cpp"
        source.write_text(kernel.source(), encoding="utf-8")
        return source

    def cosimulate(self, source: Path) -> None:
        pace = ["--ii", str(self.rng.choice((1, 2, 3, 16))), "--levels", str(self.rng.choice((5, 8)))]
        words = ["--words", str(WORDS), "--seed", str(self.rng.randrange(1, 1 << 31))]
        result = run([self.hlsc, source, "--top", source.stem, "--allow-slow", *pace, "--cosim", *words], SECONDS_OF_COSIM)
        if result.returncode or AGREE not in result.stdout:
            raise Failure(f"{' '.join(pace)}: status {result.returncode}\n{result.stdout}{result.stderr}")
        self.done["agree"] += 1

    def altered(self, folder: Path) -> Path:
        original = self.rng.choice(self.sources)
        source = folder / original.name
        source.write_text(alter(original.read_text("utf-8"), self.rng), encoding="utf-8")
        return source

    def compile(self, source: Path) -> None:
        rtl = source.with_suffix(".sv")
        result = run([self.hlsc, source, f"-I{CORPUS}", "--top", source.stem, "-o", rtl], SECONDS_OF_COMPILER)
        if result.returncode not in (0, 1):
            raise Failure(f"status {result.returncode}\n{result.stderr}")
        if result.returncode == 1:
            if "error:" not in result.stderr:
                raise Failure(f"refused without an error: {result.stderr}")
            self.done["no C++" if "clang refuses" in result.stderr else "refused"] += 1
            return
        lint = run(["verilator", "--lint-only", "-Wno-fatal", f"-I{COMPILER / 'lib'}", "--top-module", source.stem, rtl],
                   SECONDS_OF_COMPILER)
        if lint.returncode:
            raise Failure(f"Verilator refuses the RTL\n{lint.stderr}")
        self.done["accepted"] += 1


def try_one(make, check, keep: Path | None) -> bool:
    """Whether hlsc did right with a source of its own folder."""
    with tempfile.TemporaryDirectory() as folder:
        source = make(Path(folder))
        try:
            check(source)
            return True
        except Failure as failure:
            text = source.read_text("utf-8")
            print(f"{source.name}: {failure}\n---- the source\n{text}----", flush=True)
            if keep:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / source.name).write_text(text, encoding="utf-8")
            return False


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("hlsc", type=Path)
    parser.add_argument("--seconds", type=int)
    parser.add_argument("--kernels", type=int, default=0)
    parser.add_argument("--altered", type=int, default=0)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    if options.seconds is None and options.kernels + options.altered == 0:
        parser.error("nothing to try")
    return options


def turns(options: argparse.Namespace):
    """True for a random kernel, False for an altered source."""
    if options.seconds is None:
        yield from [True] * options.kernels + [False] * options.altered
        return
    end = time.monotonic() + options.seconds
    turn = 0
    while time.monotonic() < end:
        yield turn % (1 + ALTERED_A_KERNEL) == 0
        turn += 1


def main() -> int:
    options = arguments()
    chosen = os.environ.get("SAPULSE_TEST_SEED")
    seed = int(chosen, 0) if chosen else random.randrange(1 << 31)
    print(f"hlsc: seed {seed} (SAPULSE_TEST_SEED overrides it)", flush=True)
    try:
        fuzzer = Fuzzer(options.hlsc.resolve(strict=True), random.Random(seed))
        failed = 0
        for is_kernel in turns(options):
            pair = (fuzzer.kernel, fuzzer.cosimulate) if is_kernel else (fuzzer.altered, fuzzer.compile)
            failed += not try_one(*pair, options.keep)
    except OSError as error:
        print(f"fuzz_hlsc: {error}", file=sys.stderr)
        return 2
    done = fuzzer.done
    print(f"hlsc: {done['agree']} random kernels agree with their RTL; of altered sources {done['accepted']} accepted, "
          f"{done['refused']} refused, {done['no C++']} no C++ any more; {failed} failures")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
