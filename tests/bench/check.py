#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares what has been counted with what is recorded in recorded.json: cycles of the card, cells and levels of its blocks.

All figures are exact and the less the better. One that is worse by more than its tolerance is a failure, and so is one that is
recorded and has not been counted, or the other way round. What is better is told, and --record writes what has been counted.
Exit status: 0 nothing is worse; 1 something is, or is missing; 2 a bad option or file.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

RECORDED = Path(__file__).with_name("recorded.json")
# By how much a figure may be worse, as a part of it. Synthesis shifts some cells between places whenever a name changes.
TOLERANCES = {"cells": 0.01, "lut": 0.01, "ff": 0.01}


class CheckError(Exception):
    """Which file, and what is wrong with it."""


def count_cycles(program: Path) -> dict[str, float]:
    done = subprocess.run([program], capture_output=True, text=True, check=False)
    if done.returncode:
        raise CheckError(f"{program}: exit status {done.returncode}: {done.stderr.strip()}")
    return flatten("cycles", json.loads(done.stdout)["cycles"])


def read_blocks(path: Path) -> tuple[dict[str, float], list[str]]:
    """Figures of the blocks, and the names of blocks that have been left out. Of kernels, also by how many levels hlsc is off."""
    try:
        results = json.loads(path.read_text(encoding="utf-8"))
        blocks, left_out, estimated = results["blocks"], results["left_out"], results["estimated_levels"]
        for name, levels in estimated.items():
            blocks[name]["levels_off"] = abs(blocks[name]["levels"] - levels)
    except (OSError, ValueError, KeyError) as error:
        raise CheckError(f"{path}: no results of synthesis: {error}") from error
    # How long it took, and what it was made of, are no figures of the design.
    return {name: value for block, figures in blocks.items()
            for name, value in flatten(f"synth/{block}", figures).items() if not name.endswith(("/digest", "/seconds"))}, left_out


def flatten(prefix: str, figures: dict) -> dict[str, float]:
    return {f"{prefix}/{name}": value for name, value in figures.items()}


def compare(recorded: dict[str, float], counted: dict[str, float]) -> tuple[list[str], list[str]]:
    """What is wrong, and what has become better; one line each."""
    wrong = [f"{name}: recorded, but not counted" for name in sorted(set(recorded) - set(counted))]
    wrong += [f"{name}: {value:g}, but nothing is recorded" for name, value in sorted(counted.items()) if name not in recorded]
    better = []
    for name in sorted(set(recorded) & set(counted)):
        before, now = recorded[name], counted[name]
        tolerance = TOLERANCES.get(name.rpartition("/")[2], 0)
        if now > before * (1 + tolerance):
            wrong.append(f"{name}: {now:g}, worse than the recorded {before:g}"
                         + (f" by more than {tolerance:.0%}" if tolerance else ""))
        elif now < before:
            better.append(f"{name}: {now:g}, better than the recorded {before:g}")
    return wrong, better


def part(figures: dict[str, float], kinds: set[str], left_out: list[str]) -> dict[str, float]:
    """Figures that are checked in this run."""
    return {name: value for name, value in figures.items()
            if name.partition("/")[0] in kinds and not name.startswith(tuple(f"synth/{block}/" for block in left_out))}


def read_recorded(path: Path) -> dict[str, float]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CheckError(f"{path}: {error}") from error


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cycles", type=Path, metavar="PROGRAM", help="sapulse_bench_cycles: run it and check what it counts")
    parser.add_argument("--synth", type=Path, metavar="FILE", help="synth.json of `make synth`: check its blocks")
    parser.add_argument("--recorded", type=Path, default=RECORDED, metavar="FILE", help=f"({RECORDED.name} beside this program)")
    parser.add_argument("--record", action="store_true", help="write what has been counted, whether better or worse")
    arguments = parser.parse_args()
    if not arguments.cycles and not arguments.synth:
        parser.error("nothing to check: --cycles or --synth")
    return arguments


def run(arguments: argparse.Namespace) -> int:
    counted: dict[str, float] = {}
    kinds = {kind for kind in ("cycles", "synth") if getattr(arguments, kind)}
    left_out: list[str] = []
    if arguments.cycles:
        counted |= count_cycles(arguments.cycles)
    if arguments.synth:
        blocks, left_out = read_blocks(arguments.synth)
        counted |= blocks
    recorded = read_recorded(arguments.recorded) if arguments.recorded.exists() or not arguments.record else {}
    checked = part(recorded, kinds, left_out)
    wrong, better = compare(checked, counted)
    print("\n".join([*wrong, *better]), end="\n" if wrong or better else "")
    if arguments.record:
        others = {name: value for name, value in recorded.items() if name not in checked}
        arguments.recorded.write_text(json.dumps(others | counted, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        return 0
    print(f"bench-check: {len(counted)} figures, {len(wrong)} worse or missing, {len(better)} better"
          + (": to be recorded with --record" if better else "")
          + (f"; not checked, for they have changed since they were synthesised: {', '.join(left_out)}" if left_out else ""))
    return 1 if wrong else 0


def main() -> int:
    try:
        return run(parse_arguments())
    except CheckError as error:
        print(f"bench-check: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
