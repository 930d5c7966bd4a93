# SPDX-License-Identifier: Apache-2.0
"""A copy of the checkout with a build folder of its own, in which faults are made, and the tests that are run there (mutate.py).

A program that has a fault may do anything: fill the memory, write without end, send a signal to every process that it finds. So all
that runs here has limits and processes of its own (unshare(1)), which end with it.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import test_plan
from schemata import VARIABLE

# What the copy is configured with as the build folder is.
CACHED = re.compile(r"^((?:CMAKE_(?:BUILD_TYPE|CXX_COMPILER|CXX_COMPILER_LAUNCHER|EXE_LINKER_FLAGS|SHARED_LINKER_FLAGS)|"
                    r"SAPULSE_(?:GIT_HASH|VENV_PYTHON)):[A-Z]+=.*)$", re.MULTILINE)
FAILED = re.compile(r"^\[  FAILED  \] ([^\s,]+)", re.MULTILINE)  # a test, in the output of GoogleTest
MEMORY = 6 << 30  # bytes of address space of a program
OUTPUT = 1 << 30  # bytes of a file
ISOLATED = ["unshare", *([] if os.geteuid() == 0 else ["--map-root-user"]), "--pid", "--fork", "--mount-proc", "--kill-child"]


@dataclass(frozen=True)
class Command:
    """What ctest runs for one or more tests."""
    words: tuple[str, ...]
    folder: Path
    environment: tuple[tuple[str, str], ...]
    passes: str = ""  # pattern of the output; empty: the exit status decides
    tests: tuple[str, ...] = ()  # of a program of GoogleTest, which runs them until one fails

    def options(self, go_on: bool) -> list[str]:
        return ([] if go_on else ["--gtest_fail_fast"]) + ["--gtest_filter=" + ":".join(self.tests)] if self.tests else []


def limit() -> None:
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, OUTPUT), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (most, most))


def run(words: list[str], folder: Path, environment: dict[str, str], seconds: float | None = None,
        limited: bool = False) -> tuple[int | None, str]:
    """Exit status, None if the time is over, and the end of the output. What is limited is killed when its time is over or
    mutate.py is interrupted; others, build tools, are told to end, with what they have started."""
    with tempfile.TemporaryFile() as output, \
         subprocess.Popen(words, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                          env={**os.environ, **environment}, start_new_session=True,
                          preexec_fn=limit if limited else None) as process:
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired:
            status = None
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL if limited else signal.SIGTERM)
        output.seek(max(output.seek(0, os.SEEK_END) - (1 << 20), 0))
        return status, output.read().decode(errors="replace")


def can_isolate() -> bool:
    """Whether this user may make namespaces of processes."""
    return subprocess.run([*ISOLATED, "true"], capture_output=True, check=False).returncode == 0


class Copy:
    """BUILD/mutation: the checkout that BUILD is configured for, as far as git knows or would take it, and what is built of it."""

    def __init__(self, build: Path, jobs: int):
        self.cache = (build / "CMakeCache.txt").read_text(encoding="utf-8")
        self.source = Path(re.search(r"^CMAKE_HOME_DIRECTORY:INTERNAL=(.*)$", self.cache, re.MULTILINE)[1])
        self.jobs = jobs
        self.folder = build / "mutation"
        self.build = self.folder / "build"

    def git(self, *words: str) -> str:
        return subprocess.run(["git", *words], cwd=self.source, check=True, capture_output=True, text=True).stdout

    def synchronise(self) -> None:
        """Writes what has changed since the last time, and takes away what is no longer there."""
        files = [file for file in self.git("ls-files", "-co", "--exclude-standard").splitlines()
                 if (self.source / file).is_file()]
        self.folder.mkdir(exist_ok=True)
        for file in files:
            to = self.folder / file
            if not to.is_file() or to.read_bytes() != (self.source / file).read_bytes():
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(self.source / file, to)
        wanted = {self.folder / file for file in files}
        for top in [top for top in self.folder.iterdir() if top != self.build]:
            for found in [path for path in (top, *top.rglob("*")) if path.is_file() and path not in wanted]:
                found.unlink()

    def configure(self) -> tuple[int | None, str]:
        """Exit status and output of CMake; the Python of the build folder serves for both."""
        options = [f"-D{entry}" for entry in CACHED.findall(self.cache)]
        return run(["cmake", "-S", str(self.folder), "-B", str(self.build), "-G", "Ninja", *options], self.folder, {})

    def make(self, targets: list[str], mutant: int = 0) -> tuple[int | None, str]:
        """Exit status and output; with the fault selected in what generates sources meanwhile."""
        return run(["ninja", "-C", str(self.build), f"-j{self.jobs}", *targets], self.folder, {VARIABLE: str(mutant)})

    def program(self, target: str) -> Path:
        return self.build / "bin" / target

    def made(self, target: str) -> int:
        """When its program was made, in ns; 0 if it is not there."""
        return self.program(target).stat().st_mtime_ns if self.program(target).exists() else 0

    def commands(self, patterns: list[str], words: set[str]) -> list[Command]:
        """Those of the tests whose names match and that have one of the words, paths, in their command."""
        alone: list[Command] = []
        filtered: dict[Command, list[str]] = {}
        for test in test_plan.tests_of_build(self.build, partly=True):
            if not words & set(test.get("command", [])) or not test_plan.matching(patterns, [test["name"]]):
                continue
            properties = {entry["name"]: entry["value"] for entry in test.get("properties", [])}
            filters = [word for word in test["command"] if word.startswith("--gtest_filter=")]
            command = Command(tuple(word for word in test["command"] if word not in filters),
                              Path(properties.get("WORKING_DIRECTORY", self.build)),
                              tuple(tuple(entry.split("=", 1)) for entry in properties.get("ENVIRONMENT", [])),
                              "|".join(properties.get("PASS_REGULAR_EXPRESSION", [])))
            if filters:
                filtered.setdefault(command, []).append(filters[0].split("=", 1)[1])
            else:
                alone.append(command)
        return [replace(command, tests=tuple(names)) for command, names in filtered.items()] + alone

    def passing(self, command: Command, seconds: float) -> Command:
        """The same without those of its tests that fail."""
        _, output = self.passes(command, seconds, go_on=True)
        failed = set(FAILED.findall(output))
        return replace(command, tests=tuple(test for test in command.tests if test not in failed))

    def passes(self, command: Command, seconds: float, mutant: int = 0, go_on: bool = False) -> tuple[bool | None, str]:
        """Whether it passes, None if the time is over, and its output. go_on: behind a test that fails, too."""
        with tempfile.TemporaryDirectory(prefix="mutant") as folder:
            environment = {"TMPDIR": folder, **dict(command.environment), VARIABLE: str(mutant)}
            words = [*ISOLATED, *command.words, *command.options(go_on)]
            status, output = run(words, command.folder, environment, seconds, limited=True)
        if status is None:
            return None, output
        return bool(re.search(command.passes, output, re.DOTALL)) if command.passes else status == 0, output
