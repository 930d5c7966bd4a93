#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Proves the assertions of a SystemVerilog module for all inputs and any length of time, and that its cover points can be reached.

usage: prove.py --top MODULE [--include FOLDER]... [--parameter NAME=VALUE]... [--forget MEMORY]... [--clocks]
                [--depth N | --induction N] [--seconds N] [--work FOLDER] FILE...

Every `assert` in the module and in what it instantiates is proved by property-directed reachability (ABC's pdr): without a bound,
from the initial values of registers; a register or memory without one starts with any value. With --depth N, only runs of N cycles
are searched (bmc3), and the result says so. With --induction N, assertions that have held for N cycles are shown to hold in the
next one, each by itself, and in the first N: for modules whose assertions say enough of their state. `assume` restricts inputs.
Every `cover` must be reached within 200 cycles, so that no assumption makes a proof empty; there must be at least one. Memories
become registers, so parameters should be small; of those named with --forget (INSTANCE.NAME) every read gives any value. With
--clocks, clocks are inputs like others, which may rise and fall in any order.

A failure names the assertion and leaves FOLDER/MODULE.log and FOLDER/MODULE.vcd: a run that shows it, but for registers without an
initial value, which start with 0 there.
Exit status: 0 all proved and reached; 1 otherwise: an assertion fails, a cover point is not reached, or nothing was decided in
N seconds. Run by the Python that has pyosys (BUILD/venv).
"""

import argparse
import contextlib
import os
import pathlib
import re
import subprocess
import sys
import time

import pyosys
from pyosys import libyosys

ABC = pathlib.Path(pyosys.__file__).parent / "yosys-abc"
DEPTH = 200  # cycles
MEMORIES = "memory_map -formal; formalff -clk2ff -ff2anyinit; opt_clean"
# What nobody drives is any value in each cycle.
TO_GATES = "opt -full; techmap; opt -fast; formalff -clk2ff -ff2anyinit; simplemap; dffunmap; setundef -undriven -anyseq; opt_clean"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--top", required=True)
    parser.add_argument("--include", action="append", default=[])
    parser.add_argument("--parameter", action="append", default=[])
    parser.add_argument("--forget", action="append", default=[])
    parser.add_argument("--clocks", action="store_true")
    parser.add_argument("--depth", type=int)
    parser.add_argument("--induction", type=int)
    parser.add_argument("--seconds", type=int, default=1200)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("."))
    parser.add_argument("files", nargs="+")
    return parser.parse_args()


@contextlib.contextmanager
def output_to(path):
    """What Yosys prints goes to a file: it writes to the descriptor, not to sys.stdout."""
    sys.stdout.flush()
    kept = os.dup(1)
    with open(path, "ab") as file:
        os.dup2(file.fileno(), 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


class Module:
    """A module with its checks, as Yosys has read it."""

    def __init__(self, options):
        self.path = options.work / options.top
        self.log = self.path.with_suffix(".log")
        self.log.unlink(missing_ok=True)
        self.design = libyosys.Design()
        includes = " ".join(f"-I{folder}" for folder in options.include)
        parameters = " ".join(f"-G {parameter}" for parameter in options.parameter)
        clocks = "clk2fflogic" if options.clocks else "async2sync"
        self.clock = "-multiclock" if options.clocks else "-zinit -clock clk"
        self.run(f"read_slang {includes} --top {options.top} {parameters} {' '.join(options.files)}")
        self.run(f"hierarchy -check -top {options.top}; proc; flatten; opt_clean; check -assert; {clocks}; chformal -lower")
        self.run("memory_nordff; memory_collect")
        for memory in options.forget:
            self.run(f"select -assert-count 1 c:{memory}; delete c:{memory}")
        self.run(f"{MEMORIES}; design -save read; {TO_GATES}; design -save gates")

    def run(self, commands):
        with output_to(self.log):
            libyosys.run_pass(commands, self.design)

    def cells(self, kind):
        return [cell for cell in self.design.top_module().cells_.values() if cell.type.str() == kind]

    def write_graph(self, kind):
        """An and-inverter graph whose outputs are the assertions, or the cover points as assertions of their opposite; the places
        of these in the source. Kind "step": the assertions, which are assumed of the cycle before."""
        self.run(f"design -load gates; chformal -{'assert' if kind == 'cover' else 'cover'} -remove")
        condition = libyosys.IdString("\\A")
        for number, cell in enumerate(self.cells("$cover")):
            never = self.design.top_module().Not(libyosys.IdString(f"$never{number}"), cell.getPort(condition))
            cell.setPort(condition, never)
            cell.type = libyosys.IdString("$assert")
        if kind == "step":
            self.assume_of_the_cycle_before()
        self.run("simplemap; aigmap; opt_clean")
        checks = self.cells("$assert")
        if checks:
            self.run(f"write_aiger -I -B -zinit -map {self.path}.{kind}.aim {self.path}.{kind}.aig")
        return [cell.get_src_attribute().split("/")[-1] for cell in checks]

    def assume_of_the_cycle_before(self):
        top = self.design.top_module()
        always = libyosys.SigSpec(libyosys.State.S1, 1)
        for number, cell in enumerate(self.cells("$assert")):
            off = top.Not(libyosys.IdString(f"$off{number}"), cell.getPort(libyosys.IdString("\\EN")))
            holds = top.Or(libyosys.IdString(f"$holds{number}"), cell.getPort(libyosys.IdString("\\A")), off)
            held = libyosys.SigSpec(top.addWire(libyosys.IdString(f"$held{number}"), 1))
            top.addFf(libyosys.IdString(f"$before{number}"), holds, held)
            top.addAssume(libyosys.IdString(f"$assume{number}"), held, always)

    def abc(self, script):
        text = subprocess.run([ABC, "-c", script], capture_output=True, text=True, check=False).stdout
        with open(self.log, "a", encoding="utf-8") as log:
            log.write(text)
        return text

    def solve(self, kind, commands):
        """What ABC says of a graph, and the output that it has found to be reached, if any."""
        text = self.abc(f"read_aiger {self.path}.{kind}.aig; fold; strash; {commands}; write_cex -a {self.path}.{kind}.aiw")
        reached = re.search(r"Output (\d+) of miter .* was asserted in frame (\d+)", text)
        return text, (int(reached[1]), int(reached[2])) if reached else None

    def write_waveform(self, kind):
        """The run that ABC has found, as Yosys' simulator reads it: ABC leaves out the head, and the registers it has merged."""
        run = f"{self.path}.{kind}"
        with open(f"{run}.aig", "rb") as graph:
            registers = int(graph.readline().split()[3])
        inputs = [line for line in pathlib.Path(f"{run}.aiw").read_text(encoding="ascii").splitlines()[1:] if line[:1] in "01x"]
        pathlib.Path(f"{run}.aiw").write_text("\n".join(["1", "b0", "0" * registers, *inputs, "."]) + "\n", encoding="ascii")
        self.run(f"design -load read; sim {self.clock} -r {run}.aiw -map {run}.aim -vcd {self.path}.vcd")


def search(module, options):
    """Looks for a failing run; whether there is none, in which words, and the run."""
    if options.depth:
        text, reached = module.solve("assert", f"bmc3 -F {options.depth} -T {options.seconds}")
        return f"No output asserted in {options.depth} frames" in text, f"in the first {options.depth} cycles", reached
    if options.induction:
        return search_by_induction(module, options)
    text, reached = module.solve("assert", f"pdr -T {options.seconds}")
    return "Property proved" in text, "without a bound", reached


def without_all_but(graph, number):
    """An and-inverter graph (binary AIGER 1.9 as Yosys writes it: no outputs but checks) with one of its checks."""
    head, rest = graph.split(b"\n", 1)
    fields = head.split()
    latches, checks = int(fields[3]), int(fields[6])
    lines = rest.split(b"\n", latches + checks)
    fields[6] = b"1"
    return b"\n".join([b" ".join(fields), *lines[:latches], lines[latches + number], lines[-1]])


def search_by_induction(module, options):
    """The step is shown of each assertion by itself, from all of them: that takes a fraction of the time of all at once."""
    cycles = options.induction
    places = module.write_graph("step")
    graph = pathlib.Path(f"{module.path}.step.aig")
    whole = graph.read_bytes()
    missed = []
    for number, place in enumerate(places):
        graph.write_bytes(without_all_but(whole, number))
        text = module.abc(f"read_aiger {graph}; fold; strash; ind -F {cycles} -C 0 -T {options.seconds}")
        # Combinational: nothing is left of the state, so the first cycles say it all.
        if "Networks are equivalent" not in text and "The network is combinational" not in text:
            missed.append(place)
    if missed:
        print(f"{options.top}: not shown by induction over {cycles} cycles: {', '.join(missed)}")
    # Where the step does not hold, a longer run may show why.
    base, reached = module.solve("assert", f"bmc3 -F {DEPTH if missed else cycles} -T {options.seconds}")
    proved = not missed and f"No output asserted in {cycles} frames" in base
    return proved, f"without a bound, by induction over {cycles} cycles", reached


def check_assertions(module, options):
    places = module.write_graph("assert")
    if not places:
        return "no assertions"
    proved, bound, reached = search(module, options)
    if reached:
        module.write_waveform("assert")
        return f"{places[reached[0]]}: fails in cycle {reached[1]}: {module.path}.vcd"
    if not proved:
        return f"neither proved nor refuted in {options.seconds} s: {module.log}"
    print(f"{options.top}: {len(places)} assertions hold {bound}")
    return None


def check_covers(module, options):
    """A cover point is reached where the assertion of its opposite fails."""
    places = module.write_graph("cover")
    if not places:
        return "no cover points: assumptions may leave nothing to prove"
    text, _ = module.solve("cover", f"bmc3 -a -F {DEPTH} -T {options.seconds}")
    reached = {int(number) for number in re.findall(r"Output +(\d+) .* asserted in frame", text)}
    missed = [place for number, place in enumerate(places) if number not in reached]
    if missed:
        return f"not reached within {DEPTH} cycles: {', '.join(missed)}"
    print(f"{options.top}: {len(places)} cover points are reached")
    return None


def main():
    options = arguments()
    start = time.monotonic()
    module = Module(options)
    failures = [failure for failure in (check_assertions(module, options), check_covers(module, options)) if failure]
    for failure in failures:
        print(f"{options.top}: {failure}")
    print(f"{options.top}: {time.monotonic() - start:.1f} s")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
