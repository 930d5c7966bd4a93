#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cells, LUTs, flip-flops, memories and levels of every block of the design as Yosys maps it for UltraScale+, and of the whole.

A block is synthesised again only when the logic that it consists of has changed. Prints a table and writes a file of
results, which also names the blocks that have been left out.
Run by the Python that has pyosys (BUILD/venv).
"""

from __future__ import annotations

import argparse
import concurrent.futures
import json
import os
import sys
from pathlib import Path

import yaml

import design
import resources
from hlsc_report import estimated_levels

HERE = Path(__file__).parent
COLUMNS = (*resources.NAMES, "levels")


def read_plan() -> dict:
    return yaml.safe_load((HERE / "blocks.yaml").read_text(encoding="utf-8"))


def find_blocks(arguments: argparse.Namespace, plan: dict) -> list[design.Block]:
    files = [Path(line) for line in arguments.core_files.read_text(encoding="utf-8").split()]
    blocks = design.kernel_blocks(plan["kernels"], arguments.library, arguments.kernels)
    blocks += design.core_blocks(plan, files, arguments.sa_capacity, arguments.output)
    blocks += design.large_blocks(plan, files, arguments.output)
    if arguments.card_files:
        blocks += design.top_blocks(plan, arguments.card_files, arguments.kernels, arguments.output)
    return blocks


def choose(blocks: list[design.Block], arguments: argparse.Namespace, plan: dict) -> list[design.Block]:
    if arguments.quick:
        return [block for block in blocks if block.name in plan["quick"] or design.known_result(block, arguments.output)]
    unknown = set(arguments.only) - {block.name for block in blocks}
    if unknown:
        raise design.SynthesisError(f"no block {', '.join(sorted(unknown))}; there are {', '.join(block.name for block in blocks)}")
    return [block for block in blocks if not arguments.only or block.name in arguments.only]


def synthesise_all(blocks: list[design.Block], jobs: int, folder: Path) -> dict[str, dict]:
    """By name. The first block that fails ends the run when those that are under way are done."""
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        found = dict(zip((block.name for block in blocks), pool.map(lambda block: design.synthesise(block, folder), blocks)))
    return found


def estimates(kernels: list[str], blocks: dict[str, dict], folder: Path) -> dict[str, int]:
    """The levels that hlsc has counted with, of the kernels among the blocks."""
    try:
        return {name: estimated_levels(folder / f"{name}.rpt", name) for name in kernels if name in blocks}
    except (OSError, ValueError) as error:
        raise design.SynthesisError(str(error)) from error


def whole_designs(plan: dict, blocks: dict[str, dict]) -> dict[str, dict]:
    """Sums of blocks; levels: the most of any. Without those of which a block is missing."""
    designs = {}
    for name, each in plan["designs"].items():
        parts = [*plan["kernels"], *core_parts(plan, each.get("large", False)), *each["tops"]]
        if set(parts) <= set(blocks):
            designs[name] = {**resources.total([blocks[part] for part in parts]),
                             "levels": max(blocks[part]["levels"] for part in parts)}
    return designs


def core_parts(plan: dict, is_large: bool) -> list[str]:
    large = plan["large"]
    return [f"{name} {large['suffix']}" if is_large and name in large["blocks"] else name for name in plan["core"]]


def table(rows: dict[str, dict]) -> str:
    lines = [f"{'':32}" + "".join(f"{name.replace('_', ' '):>11}" for name in COLUMNS)]
    return "\n".join(lines + [f"{name:32}" + "".join(f"{row[column]:11,g}" for column in COLUMNS) for name, row in rows.items()])


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, required=True, metavar="BUILD-FOLDER", help="of this run's results and earlier ones")
    parser.add_argument("--kernels", type=Path, required=True, metavar="FOLDER", help="of the kernels' generated RTL")
    parser.add_argument("--library", type=Path, nargs="+", required=True, metavar="FILE", help="modules that kernels use")
    parser.add_argument("--core-files", type=Path, required=True, metavar="LIST", help="names of the core's files, packages first")
    parser.add_argument("--card-files", type=Path, metavar="LIST", help="those with the card tops; without, no tops")
    parser.add_argument("--sa-capacity", type=int, default=16384, help="of the core; card tops have what a bitstream gets (16384)")
    parser.add_argument("--results", type=Path, metavar="FILE", help="(BUILD-FOLDER/synth.json)")
    some = parser.add_mutually_exclusive_group()
    some.add_argument("--only", nargs="+", default=[], metavar="BLOCK", help="these blocks alone")
    some.add_argument("--quick", action="store_true", help="those that take seconds, and those whose earlier result still holds")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="blocks at a time (one a processor)")
    return parser.parse_args()


def main() -> None:
    arguments = parse_arguments()
    arguments.output.mkdir(parents=True, exist_ok=True)
    plan = read_plan()
    known = find_blocks(arguments, plan)
    blocks = synthesise_all(choose(known, arguments, plan), arguments.jobs, arguments.output)
    left_out = [block.name for block in known if block.name not in blocks]
    result = {"tool": f"Yosys {design.version()}", "command": design.SYNTHESIS,
              "depth_script": design.DEPTH_SCRIPT, "sa_capacity": arguments.sa_capacity,
              "kernels": plan["kernels"], "blocks": blocks,
              "estimated_levels": estimates(plan["kernels"], blocks, arguments.kernels), "left_out": left_out,
              "designs": whole_designs(plan, blocks)}
    (arguments.results or arguments.output / "synth.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(table({**blocks, **result["designs"]}))


if __name__ == "__main__":
    try:
        main()
    except design.SynthesisError as error:
        sys.exit(f"synth: {error}")
