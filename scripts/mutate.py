#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes single faults in sources, one at a time, and tells which of them the tests do not find.

usage: mutate.py BUILD [--count N] [--each N] [--only GLOB]... [--seed N] [--again FILE.yaml] [--jobs N] [--report FILE.yaml]

Works on a copy of the checkout, BUILD/mutation, uncommitted changes and all; the first run builds there what it needs. Of each
source file, up to --each faults (faults.py has their kinds) are built into one text (schemata.py), and the tests that concern it
run once for each of them, with the fault selected. Which programs are built for a file and which tests concern it is in
docs/verification.yaml: `targets`, `generated`, `inputs` and the tests of the blocks that have the file among their sources. If
these find nothing, all tests of the targets run; then a fault in RTL is made alone for the proofs that read the file, once `inputs`
are built, and one in a generator is selected while `generated` is built. Blocks without targets are left alone, as are Python,
tests, comments, texts, directives and assertions.

A fault is killed (a test fails), has timed out (ten times what the tests take, at least 20 s), is not built (it does not compile,
or stands where a constant is required), or survives. The seed decides in which order files are taken, and which faults of them;
with --again, these are the survivors of a report.

Exit status: 0 done, whatever survives; 1 no faults can be made: no such files, or they do not build or their tests fail without a
fault; 2 a command or file is missing; 130 interrupted, once the tests that run have ended.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import yaml

import test_plan
from faults import Fault, faults, language_of
from mutation_copy import Command, Copy, can_isolate
from schemata import Schemata

SUFFIXES = (".sv", ".svh", ".cpp", ".h")
BASE_SECONDS = 600  # for a command without a fault
LEAST_SECONDS = 20  # for one with a fault
PROOF_SECONDS = 120


class MutateError(Exception):
    """Faults cannot be made here."""


@dataclass(frozen=True)
class Mutant:
    """A fault in a file; numbers count from 1 in each file."""
    path: str
    number: int
    fault: Fault
    line: int

    @property
    def at(self) -> str:
        return f"{self.path}:{self.line}"

    @property
    def change(self) -> str:
        old = " ".join(self.fault.old.split())
        return f"{old if len(old) <= 60 else old[:57] + '...'} -> {self.fault.new if len(self.fault.new) <= 60 else 'negated'}"


def in_turn(found: list[Fault], generator: random.Random) -> list[Fault]:
    """In an order of the generator in which the kinds take turns."""
    kinds: dict[str, list[Fault]] = {}
    for fault in found:
        kinds.setdefault(fault.kind, []).append(fault)
    for kind in sorted(kinds):
        generator.shuffle(kinds[kind])
    ordered: list[Fault] = []
    while len(ordered) < len(found):
        ordered += [kinds[kind].pop() for kind in sorted(kinds) if kinds[kind]]
    return ordered


def choose(texts: dict[str, str], count: int, each: int, seed: int) -> list[list[Mutant]]:
    """Up to `each` of a file, `count` in all, if there are so many; a list for each file."""
    generator = random.Random(seed)
    files = sorted(texts)
    generator.shuffle(files)
    chosen: list[list[Mutant]] = []
    for file in files:
        text = texts[file]
        found = in_turn(faults(text, language_of(file)), generator)[:min(each, count - sum(map(len, chosen)))]
        by_place = sorted(found, key=lambda fault: (fault.offset, fault.kind))
        if by_place:
            chosen.append([Mutant(file, number, fault, fault.line(text)) for number, fault in enumerate(by_place, 1)])
    return chosen


def survivors_of(texts: dict[str, str], reports: list[dict]) -> list[list[Mutant]]:
    """Those of the reports that the texts still have; a list for each file."""
    wanted = {(survivor["at"], survivor["change"]) for entry in reports for survivor in entry["survivors"]}
    every = choose(texts, sys.maxsize, sys.maxsize, 0)
    found = [[mutant for mutant in mutants if (mutant.at, mutant.change) in wanted] for mutants in every]
    return [mutants for mutants in found if mutants]


class Plan:
    """What docs/verification.yaml says of source files."""

    def __init__(self, folder: Path):
        self.blocks = test_plan.load((folder / test_plan.PLAN).read_text(encoding="utf-8"))["blocks"]

    def blocks_of(self, file: str) -> list[dict]:
        return [block for block in self.blocks if test_plan.matching(block["sources"], [file])]

    def programs(self, file: str, key: str) -> list[str]:
        """Those of its blocks under `key`: targets, generated, inputs."""
        return list(dict.fromkeys(program for block in self.blocks_of(file) for program in block.get(key, [])))

    def tests(self, file: str) -> list[str]:
        """Patterns of the tests of its blocks."""
        return [pattern for block in self.blocks_of(file) for promise in block["promises"] for pattern in promise["tests"]]


def wrong_ones(schemata: Schemata, file: str, output: str) -> set[int]:
    """The faults that messages of a compiler are about."""
    places: dict[str, set[int]] = {"error": set(), "note": set()}
    for line in output.splitlines():
        found = re.search(re.escape(file) + r":(\d+):(\d+):", line)
        kind = next((kind for kind in places if kind in line.lower()), None)
        if found and kind:
            numbers = schemata.at(int(found[1]), int(found[2]))
            places[kind] |= set(numbers[:1]) or set(schemata.on_line(int(found[1])))
    return places["error"] or places["note"]


class FileRun:
    """The faults of one file: what becomes of them, in `outcomes` by number."""

    def __init__(self, copy: Copy, plan: Plan, mutants: list[Mutant]):
        self.copy, self.plan, self.mutants = copy, plan, mutants
        self.file = mutants[0].path
        self.path = copy.folder / self.file
        self.text = self.path.read_text(encoding="utf-8")
        self.targets, self.generated = plan.programs(self.file, "targets"), plan.programs(self.file, "generated")
        if language_of(self.file) == "sv":  # it is no part of a generator, but of what is generated
            self.targets, self.generated = self.targets + self.generated, []
        self.outcomes: dict[int, str] = {}
        self.seconds: dict[Command, float] = {}  # that it takes without a fault

    def run(self) -> None:
        try:
            self._check_build(self.targets)
            made = {target: self.copy.made(target) for target in self.targets}
            open_ones = self._build(self.mutants)
            changed = {str(self.copy.program(target)) for target in self.targets if self.copy.made(target) != made[target]}
            if open_ones and not changed:
                print(f"mutate: {self.file}: is in none of {' '.join(self.targets)}", file=sys.stderr, flush=True)
            self._select(changed, self.plan.tests(self.file), open_ones)
            self._select(changed, ["*"], self._not_found(open_ones))
            self._generate(self._not_found(open_ones))
            self.path.write_text(self.text, encoding="utf-8")
            self._prove(self._not_found(open_ones))
        finally:
            self.path.write_text(self.text, encoding="utf-8")
        for mutant in self.mutants:
            self.outcomes.setdefault(mutant.number, "survived")

    def _not_found(self, mutants: list[Mutant]) -> list[Mutant]:
        return [mutant for mutant in mutants if mutant.number not in self.outcomes]

    def _check_build(self, targets: list[str]) -> None:
        status, output = self.copy.make(targets)
        if status != 0:
            raise MutateError(f"{self.file}: does not build without a fault: {output}")

    def _commands(self, words: set[str], tests: list[str]) -> list[Command]:
        """Of the tests of these patterns that have one of the words in their command: those that pass without a fault; MutateError
        if none does."""
        commands = self.copy.commands(tests, words) if words else []
        good = list(filter(None, map(self._passing, commands)))
        if commands and not good:
            raise MutateError(f"{self.file}: no test passes without a fault")
        return good

    def _passing(self, command: Command) -> Command | None:
        """What of it passes without a fault."""
        passed, output = self._timed(command)
        if passed:
            return command
        rest = self.copy.passing(command, BASE_SECONDS)
        if rest.tests and rest != command and self._timed(rest)[0]:
            left_out = sorted(set(command.tests) - set(rest.tests))
            print(f"mutate: left out, as they fail without a fault: {' '.join(left_out)}", file=sys.stderr, flush=True)
            return rest
        print(f"mutate: left out, as it fails without a fault: {' '.join(command.words)[:300]}: {output[-1000:]}", file=sys.stderr,
              flush=True)
        return None

    def _timed(self, command: Command) -> tuple[bool | None, str]:
        begun = time.monotonic()
        result = self.copy.passes(command, BASE_SECONDS)
        self.seconds[command] = time.monotonic() - begun
        return result

    def _build(self, mutants: list[Mutant]) -> list[Mutant]:
        """Those of the mutants that could be built into the file, which has them afterwards."""
        while mutants:
            schemata = Schemata(self.text, language_of(self.file), [(mutant.number, mutant.fault) for mutant in mutants])
            self.path.write_text(schemata.text, encoding="utf-8")
            status, output = self.copy.make(self.targets)
            wrong = set(schemata.left_out) if status == 0 else wrong_ones(schemata, self.file, output)
            self.outcomes.update({number: "not built" for number in wrong})
            if status == 0:
                return [mutant for mutant in mutants if mutant.number not in wrong]
            if not wrong:
                mutants = self._halves(mutants)
            mutants = [mutant for mutant in mutants if mutant.number not in wrong]
        return []

    def _halves(self, mutants: list[Mutant]) -> list[Mutant]:
        """Those that can be built, of some of which one cannot."""
        if len(mutants) == 1:
            self.outcomes[mutants[0].number] = "not built"
            return []
        middle = len(mutants) // 2
        return self._build(mutants[:middle]) + self._build(mutants[middle:])

    def _select(self, programs: set[str], tests: list[str], mutants: list[Mutant]) -> None:
        if not mutants:
            return
        commands = self._commands(programs, tests)
        pool = ThreadPoolExecutor(self.copy.jobs)
        try:
            for mutant, found in zip(mutants, pool.map(lambda mutant: self._found_by(commands, mutant.number), mutants)):
                if found:
                    self.outcomes[mutant.number] = found
        finally:
            pool.shutdown(cancel_futures=True)

    def _found_by(self, commands: list[Command], number: int) -> str:
        """What the commands say of a fault; "" if they pass."""
        for command in commands:
            passed, _ = self.copy.passes(command, max(LEAST_SECONDS, 10 * self.seconds[command]), number)
            if not passed:
                return "timed out" if passed is None else "killed"
        return ""

    def _generate(self, mutants: list[Mutant]) -> None:
        """For faults in a generator: selected while programs are built from what it makes."""
        if not self.generated or not mutants:
            return
        self._check_build(self.generated)
        commands = self._commands({str(self.copy.program(target)) for target in self.generated}, self.plan.tests(self.file))
        try:
            for mutant in mutants:
                self._touch_generators()
                status, _ = self.copy.make(self.generated, mutant.number)
                found = "killed" if status != 0 else self._found_by(commands, mutant.number)
                if found:
                    self.outcomes[mutant.number] = found
        finally:
            self._touch_generators()  # what has been made with a fault is made again

    def _touch_generators(self) -> None:
        for target in self.targets:
            self.copy.program(target).touch()

    def _prove(self, mutants: list[Mutant]) -> None:
        """By proofs that read the file, with each fault alone in it; one that takes too long decides nothing."""
        if language_of(self.file) != "sv" or not mutants:
            return
        if inputs := self.plan.programs(self.file, "inputs"):
            self._check_build(inputs)
        proofs = [command for command in self.copy.commands(self.plan.tests(self.file), {str(self.path)})
                  if self.copy.passes(command, PROOF_SECONDS)[0]]
        for mutant in mutants:
            self.path.write_text(mutant.fault.applied(self.text), encoding="utf-8")
            if any(self.copy.passes(proof, 2 * PROOF_SECONDS)[0] is False for proof in proofs):
                self.outcomes[mutant.number] = "killed"


def report(outcomes: list[tuple[Mutant, str]], **head) -> dict:
    """In the form of the "mutation" of docs/verification.yaml."""
    counts = Counter(outcome.replace(" ", "_") for _, outcome in outcomes)
    survivors = [{"at": mutant.at, "change": mutant.change, "verdict": "open", "why": "not looked at yet"}
                 for mutant, outcome in outcomes if outcome == "survived"]
    return {**head, "faults": len(outcomes), **{key: counts[key] for key in ("killed", "timed_out", "not_built")},
            "survivors": survivors}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path, metavar="BUILD", help="configured build folder of the checkout")
    parser.add_argument("--count", type=int, default=100, help="how many faults, default 100")
    parser.add_argument("--each", type=int, default=10, help="how many of one file at most, default 10")
    parser.add_argument("--only", action="append", metavar="GLOB", help="files, as shell wildcards of their path")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31), help="default: a random one, printed")
    parser.add_argument("--again", type=Path, metavar="FILE", help="instead: the survivors of a report")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many at once")
    parser.add_argument("--report", type=Path, metavar="FILE", help="YAML for the plan")
    return parser.parse_args()


def sources(copy: Copy, plan: Plan, only: list[str]) -> dict[str, str]:
    """Text of each source file that has targets."""
    files = copy.git("ls-files").splitlines()
    return {file: (copy.folder / file).read_text(encoding="utf-8") for file in test_plan.matching(only, files)
            if file.endswith(SUFFIXES) and test_plan.PRODUCT.match(file) and plan.programs(file, "targets")}


def chosen_by(options: argparse.Namespace, texts: dict[str, str]) -> list[list[Mutant]]:
    if options.again:
        return survivors_of(texts, yaml.safe_load(options.again.read_text(encoding="utf-8")))
    return choose(texts, options.count, options.each, options.seed)


def outcomes_of(copy: Copy, plan: Plan, mutants: list[Mutant]) -> list[tuple[Mutant, str]]:
    """Of the faults of one file, printed; none if they cannot be made, which is printed, too."""
    try:
        file = FileRun(copy, plan, mutants)
        file.run()
    except MutateError as error:
        print(f"mutate: {error}", file=sys.stderr, flush=True)
        return []
    for mutant in mutants:
        print(f"{file.outcomes[mutant.number]:9} {mutant.at}: {mutant.change}", flush=True)
    return [(mutant, file.outcomes[mutant.number]) for mutant in mutants]


def make_faults(copy: Copy, options: argparse.Namespace) -> bool:
    """False if faults could not be made in some of the files."""
    if not can_isolate():
        raise MutateError("programs with faults run in namespaces of their own, which this user may not make (unshare --pid)")
    copy.synchronise()
    status, output = copy.configure()
    if status != 0:
        raise MutateError(f"{copy.build}: {output}")
    plan, only = Plan(copy.folder), options.only or ["*"]
    chosen = chosen_by(options, sources(copy, plan, only))
    if not chosen:
        raise MutateError(f"no file {' '.join(only)} with targets and faults to make")
    print(f"seed {options.seed}: {sum(map(len, chosen))} faults in {len(chosen)} files", flush=True)
    outcomes: list[tuple[Mutant, str]] = []
    try:
        for mutants in chosen:
            outcomes += outcomes_of(copy, plan, mutants)
    finally:
        found = report(outcomes, files=" ".join(only), commit=copy.git("rev-parse", "--short", "HEAD").strip(), seed=options.seed)
        text = yaml.safe_dump([found], sort_keys=False, width=120)
        print(text, end="")
        if options.report:
            options.report.write_text(text, encoding="utf-8")
    return len(outcomes) == sum(map(len, chosen))


def main() -> int:
    options = arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return 0 if make_faults(Copy(options.build.resolve(), options.jobs), options) else 1
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"mutate: {error}", file=sys.stderr)
        return 2
    except (MutateError, test_plan.PlanError, test_plan.BuildError) as error:
        print(f"mutate: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
