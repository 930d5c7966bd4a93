#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Proves that the RTL of a kernel equals its source as hlsc has it before the schedule, for all inputs, states and stalls.

usage: prove_kernel.py --top KERNEL --reference FILE [--definitions FILE --define NAME=MODULE...] [--seconds N] RTL...

FILE.sv and FILE.json are what `hlsc --reference FILE` has written. README.md beside this file says what is compared and why that
is enough. With --definitions, module functions are compared with modules of that file, which say the same in other words.

Exit status: 0 all equal; 1 otherwise, with the names of what differs. Run by the Python that has pyosys (BUILD/venv).
"""

import argparse
import collections
import json
import pathlib
import sys
import time

import definitions
import iteration
import logic
import netlist
import solver

MOST_NAMES = 8  # that are told of what differs


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--top", required=True)
    parser.add_argument("--reference", type=pathlib.Path, required=True)
    parser.add_argument("--definitions", type=pathlib.Path)
    parser.add_argument("--define", action="append", default=[])
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("files", nargs="+")
    return parser.parse_args()


def told(names):
    """Signals, with the number of their bits."""
    counts = collections.Counter(name.split("[")[0] for name in names)
    texts = [name if count == 1 else f"{name} ({count} bits)" for name, count in counts.items()]
    return ", ".join(texts[:MOST_NAMES]) + (f" and {len(texts) - MOST_NAMES} more" if len(texts) > MOST_NAMES else "")


def decide(what, network, pairs, seconds):
    """Whether all pairs are equal; tells what differs."""
    found, by_solver, decided = solver.differing(network, pairs, seconds)
    if found:
        print(f"{what}: differs: {told(found)}")
    elif not decided:
        print(f"{what}: not decided in {seconds} s")
    else:
        print(f"{what}: {len(pairs)} bits are equal" + (f", {by_solver} of them says the solver" if by_solver else ""))
    return decided and not found


def proofs(places, tables, rtl, references):
    for unit in places:
        name = unit["module"]
        for kind in (iteration.Iteration, iteration.Reset) if unit["is_kernel"] else (iteration.Iteration,):
            yield name, kind(unit, rtl[name], references[f"{name}_reference"], logic.Network())
    for table in tables:
        name = table["module"]
        yield name, iteration.Table(table["words"], rtl[name], references[f"{name}_reference"])


def main():
    options = arguments()
    places = json.loads(options.reference.with_suffix(".json").read_text(encoding="utf-8"))
    tables = [table for unit in places for table in unit["tables"]]
    names = [unit["module"] for unit in places] + [table["module"] for table in tables]
    kept = "* *_rom %d" + "".join(f" {table['module']} %u" for table in tables)
    rtl = netlist.read_modules(options.files, options.top, names, kept)
    references = netlist.read_modules([options.reference.with_suffix(".sv")], f"{options.top}_reference",
                                      [f"{name}_reference" for name in names])
    good, count = True, 0
    for name, proof in proofs(places, tables, rtl, references):
        pairs = proof.pairs()
        good &= decide(f"{name}, {proof.title}", proof.network, pairs, options.seconds)
        count += len(pairs)
    if options.definitions:
        good &= definitions.prove(options, references, decide)
    if good:
        print(f"{options.top}: {count} assertions hold without a bound")
    print(f"{options.top}: {time.process_time():.1f} s")
    sys.exit(not good)


if __name__ == "__main__":
    main()
