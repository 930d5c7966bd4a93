#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes single faults in sources, one at a time, and tells which of them the tests do not find.

usage: mutate.py TREE [--build FOLDER] [--count N] [--only GLOB] [--seed N] [--jobs N] [--timeout SECONDS] [--report FILE.yaml]

TREE is a checkout of its own: a fault is written into the source file, what concerns it is built and run, the file is restored,
also after SIGINT and SIGTERM. A file with uncommitted changes is refused. Which programs are built for a file and which tests
concern it is in docs/verification.yaml: the targets and the tests of the blocks that have the file among their sources; of these
tests, those run whose program has become another one by the fault, and proofs that read the file. Blocks without targets are left
alone, as are Python, tests, comments, texts, directives and assertions (faults.py has the kinds of faults).

A fault is killed (a test fails), has timed out (--timeout, of build and tests), does not compile, or survives. Of the faults that
can be made in the files, N are chosen by the seed, the same number of each kind as far as there are. Before the first fault the
tests must pass. Exit status: 0 done, whatever survives; 1 no faults can be made: uncommitted changes, no such files, or the tests
fail without a fault; 2 a command or file is missing; 130 interrupted.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import yaml

import test_plan
from faults import Fault, faults, language_of

SUFFIXES = (".sv", ".svh", ".cpp", ".h")


class MutateError(Exception):
    """Faults cannot be made here."""


@dataclass(frozen=True)
class Mutant:
    """A fault in a file."""
    path: str
    fault: Fault
    line: int

    @property
    def at(self) -> str:
        return f"{self.path}:{self.line}"

    @property
    def change(self) -> str:
        old = " ".join(self.fault.old.split())
        return f"{old if len(old) <= 60 else old[:57] + '...'} -> {self.fault.new if len(self.fault.new) <= 60 else 'negated'}"


def choose(mutants: list[Mutant], count: int, seed: int) -> list[Mutant]:
    """`count` of them, the kinds in turn, sorted by place so that little is built twice."""
    generator = random.Random(seed)
    kinds: dict[str, list[Mutant]] = {}
    for mutant in mutants:
        kinds.setdefault(mutant.fault.kind, []).append(mutant)
    for kind in sorted(kinds):
        generator.shuffle(kinds[kind])
    chosen: list[Mutant] = []
    while len(chosen) < min(count, len(mutants)):
        chosen += [kinds[kind].pop() for kind in sorted(kinds) if kinds[kind]]
    return sorted(chosen[:count], key=lambda mutant: (mutant.path, mutant.fault.offset))


@contextlib.contextmanager
def fault_in(file: Path, fault: Fault):
    """The file has the fault, and afterwards has not."""
    text = file.read_text(encoding="utf-8")
    try:
        file.write_text(fault.applied(text), encoding="utf-8")
        yield
    finally:
        file.write_text(text, encoding="utf-8")


def run(command: list[str], folder: Path, seconds: float) -> tuple[int | None, str]:
    """Exit status, None if the time is over, and output; nothing of it lives on."""
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          start_new_session=True) as process:
        try:
            output, _ = process.communicate(timeout=max(seconds, 0))
            return process.returncode, output
        except subprocess.TimeoutExpired:
            return None, ""
        finally:
            end(process)


def end(process: subprocess.Popen) -> None:
    """With all that it has started; build tools are left the time to remove what they have half written."""
    for number, seconds in ((signal.SIGTERM, 10), (signal.SIGKILL, None)):
        with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(process.pid, number)
            process.wait(seconds)


class Tree:
    """A checkout with its build folder."""

    def __init__(self, folder: Path, build: Path, jobs: int):
        self.folder, self.build, self.jobs = folder, build, jobs
        self.blocks = test_plan.load((folder / test_plan.PLAN).read_text(encoding="utf-8"))["blocks"]

    def git(self, *arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=self.folder, check=True, capture_output=True, text=True).stdout

    def files(self, only: str) -> list[str]:
        """Source files that have targets; MutateError if one has uncommitted changes."""
        files = [file for file in self.git("ls-files").splitlines() if file.endswith(SUFFIXES) and test_plan.PRODUCT.match(file)
                 and test_plan.matching([only], [file]) and self.targets(file)]
        changed = self.git("status", "--porcelain", "--", *files).splitlines() if files else []
        if changed:
            raise MutateError(f"{self.folder}: uncommitted changes: {', '.join(line[3:] for line in changed)}")
        return files

    def blocks_of(self, file: str) -> list[dict]:
        return [block for block in self.blocks if test_plan.matching(block["sources"], [file])]

    def targets(self, file: str) -> list[str]:
        return list(dict.fromkeys(target for block in self.blocks_of(file) for target in block.get("targets", [])))

    def mutants(self, files: list[str]) -> list[Mutant]:
        found = []
        for file in files:
            text = (self.folder / file).read_text(encoding="utf-8")
            found += [Mutant(file, fault, fault.line(text)) for fault in faults(text, language_of(file))]
        return found

    def program(self, target: str) -> Path:
        return self.build / "bin" / target

    def made(self, target: str) -> float:
        """When its program was made; 0 if it is not there."""
        return self.program(target).stat().st_mtime if self.program(target).exists() else 0

    def make(self, targets: list[str], seconds: float) -> tuple[int | None, str]:
        return run(["ninja", "-C", str(self.build), f"-j{self.jobs}", *targets], self.folder, seconds)

    def tests(self, file: str, words: set[str]) -> list[int]:
        """Numbers, as ctest counts, of the tests that concern the file and have one of the words, paths, in their command."""
        patterns = [pattern for block in self.blocks_of(file) for promise in block["promises"] for pattern in promise["tests"]]
        return [number for number, test in enumerate(test_plan.tests_of_build(self.build, partly=True), 1)
                if words & set(test.get("command", [])) and test_plan.matching(patterns, [test["name"]])]

    def test(self, numbers: list[int], seconds: float) -> tuple[int | None, str]:
        chosen = ",".join(map(str, ["0", "0", "0", *numbers]))
        return run(["ctest", "--stop-on-failure", f"-j{self.jobs}", "-I", chosen], self.build, seconds)

    def outcome(self, mutant: Mutant, timeout: float) -> str:
        """Of the fault that is in the file now: program by program, then by what reads the file, until something finds it."""
        end = time.monotonic() + timeout
        for target in self.targets(mutant.path):
            before = self.made(target)
            status, _ = self.make([target], end - time.monotonic())
            if status != 0:
                return "timed out" if status is None else "not compiled"
            found = self.made(target) != before and self.finds(mutant.path, {str(self.program(target))}, end)
            if found:
                return found
        return self.finds(mutant.path, {str(self.folder / mutant.path)}, end) or "survived"

    def finds(self, file: str, words: set[str], end: float) -> str:
        """What the tests of the file that have one of the words in their command say; "" if they pass."""
        numbers = self.tests(file, words)
        status, _ = self.test(numbers, end - time.monotonic()) if numbers else (0, "")
        return {None: "timed out", 0: ""}.get(status, "killed")

    def check_without_fault(self, files: list[str]) -> None:
        """MutateError if what concerns the files cannot be built or fails."""
        for file in files:
            targets = self.targets(file)
            status, output = self.make(targets, 3600)
            numbers = self.tests(file, {*map(str, map(self.program, targets)), str(self.folder / file)})
            if status == 0 and numbers:
                status, output = self.test(numbers, 3600)
            if status != 0:
                raise MutateError(f"{file}: without a fault: {output}")


def once_per_block(tree: Tree, mutants: list[Mutant]) -> list[str]:
    """A file for each set of blocks among those of the mutants."""
    files = {tuple(block["block"] for block in tree.blocks_of(mutant.path)): mutant.path for mutant in mutants}
    return list(files.values())


def report(outcomes: list[tuple[Mutant, str]], **head) -> dict:
    """In the form of the "mutation" of docs/verification.yaml."""
    counts = {key: sum(outcome == name for _, outcome in outcomes)
              for key, name in (("killed", "killed"), ("timed_out", "timed out"), ("not_compiled", "not compiled"))}
    survivors = [{"at": mutant.at, "change": mutant.change, "verdict": "open", "why": "not looked at yet"}
                 for mutant, outcome in outcomes if outcome == "survived"]
    return {**head, "faults": len(outcomes), **counts, "survivors": survivors}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=Path, metavar="TREE", help="checkout in which faults are made")
    parser.add_argument("--build", type=Path, help="its build folder, default TREE/build")
    parser.add_argument("--count", type=int, default=100, help="how many faults, default 100")
    parser.add_argument("--only", default="*", metavar="GLOB", help="files, as shell wildcards of their path in TREE")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31), help="default: a random one, printed")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="of ninja and ctest")
    parser.add_argument("--timeout", type=float, default=900, metavar="SECONDS", help="for one fault, default 900")
    parser.add_argument("--report", type=Path, metavar="FILE", help="YAML for the plan")
    return parser.parse_args()


def make_faults(tree: Tree, options: argparse.Namespace) -> None:
    mutants = choose(tree.mutants(tree.files(options.only)), options.count, options.seed)
    if not mutants:
        raise MutateError(f"no file {options.only} with targets and faults to make")
    print(f"seed {options.seed}: {len(mutants)} faults", flush=True)
    tree.check_without_fault(once_per_block(tree, mutants))
    outcomes: list[tuple[Mutant, str]] = []
    try:
        for mutant in mutants:
            with fault_in(tree.folder / mutant.path, mutant.fault):
                outcomes.append((mutant, tree.outcome(mutant, options.timeout)))
            print(f"{outcomes[-1][1]:12} {mutant.at}: {mutant.change}", flush=True)
    finally:
        found = report(outcomes, files=options.only, commit=tree.git("rev-parse", "--short", "HEAD").strip(), seed=options.seed)
        text = yaml.safe_dump([found], sort_keys=False, width=120)
        print(text, end="")
        if options.report:
            options.report.write_text(text, encoding="utf-8")


def interrupted(_number, _frame):
    for number in (signal.SIGINT, signal.SIGTERM):  # nothing disturbs the restoring
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def main() -> int:
    options = arguments()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupted)
    try:
        folder = options.tree.resolve()
        make_faults(Tree(folder, (options.build or folder / "build").resolve(), options.jobs), options)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"mutate: {error}", file=sys.stderr)
        return 2
    except (MutateError, test_plan.PlanError, test_plan.BuildError) as error:
        print(f"mutate: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
