#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The last column of the tables "What they can do" in docs/security.md names tests that exist, and every test with "attack" in its
name is named there.

usage: attack_page.py       in the root of the repository

In that column, in backquotes: a test (Suite.Name, * for any characters), a path, or after the word "vectors" cases of
tests/vectors/frames.json. Tests behind the word *planned* must not exist yet. A row without any says "none needed". Prints a line
for each finding; exit status 1 if there are any.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path

PAGE = Path("docs/security.md")
VECTORS = Path("tests/vectors/frames.json")
TEST = re.compile(r"^TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\)", re.MULTILINE)


def names_of_tests(text: str) -> set[str]:
    return {f"{suite}.{name}" for suite, name in TEST.findall(text)}


def rows(page: str) -> list[tuple[int, str]]:
    """Line number and last cell of the rows of tables whose last column is headed "test"."""
    found = []
    in_table = False
    for number, line in enumerate(page.splitlines(), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if not line.startswith("|"):
            in_table = False
        elif not in_table:
            in_table = cells[-1] == "test"
        elif not line.startswith("|---"):
            found.append((number, cells[-1]))
    return found


def exists(name: str, tests: set[str]) -> bool:
    if "/" in name:
        return Path(name).exists()
    return any(fnmatchcase(test, name) for test in tests)


def check_cell(cell: str, tests: set[str], vectors: set[str]) -> tuple[list[str], list[str]]:
    """Findings in a cell, and the names of tests in it."""
    findings, named = [], []
    done, _, planned = cell.partition("*planned*")
    if "`" not in cell and cell != "none needed":
        findings.append("no test")
    for part in done.split("; "):
        is_vectors = part.lstrip().startswith("vectors ")
        for name in re.findall(r"`([^`]+)`", part):
            if is_vectors:
                if not any(fnmatchcase(vector, name) for vector in vectors):
                    findings.append(f"no vector {name}")
                continue
            named.append(name)
            if not exists(name, tests):
                findings.append(f"no test {name}")
    for name in re.findall(r"`([^`]+)`", planned):
        if any(fnmatchcase(test, f"*{name}*") for test in tests):
            findings.append(f"{name} is not planned any more: it exists")
    return findings, named


def check(page: str, tests: set[str], vectors: set[str]) -> list[str]:
    findings, named = [], []
    found = rows(page)
    if not found:
        findings.append(f"{PAGE}: no table with a column of tests")
    for number, cell in found:
        wrong, names = check_cell(cell, tests, vectors)
        findings += [f"{PAGE}:{number}: {text}" for text in wrong]
        named += names
    for test in sorted(tests):
        if "attack" in test.split(".")[1].lower() and not any(fnmatchcase(test, name) for name in named):
            findings.append(f"{PAGE}: {test} is not named")
    return findings


def main() -> int:
    files = subprocess.run(["git", "ls-files", "*.cpp"], check=True, capture_output=True, text=True).stdout.splitlines()
    tests = {name for file in files for name in names_of_tests(Path(file).read_text(encoding="utf-8"))}
    vectors = {case["name"] for case in json.loads(VECTORS.read_text(encoding="utf-8"))["cases"]}
    findings = check(PAGE.read_text(encoding="utf-8"), tests, vectors)
    print("\n".join(findings), end="\n" if findings else "")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
