#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No line is longer than 132 columns, in all tracked text but C++, which clang-format wraps at 120.

usage: line_width.py [FILE..]       default: all tracked files of the kinds below

Exempt are lines that cannot be broken: rows of Markdown tables, and a single word (an address) with at most a comment or list sign
in front of it. Prints FILE:LINE for each finding; exit status 1 if there are any.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

LIMIT = 132
SUFFIXES = {".sv", ".svh", ".md", ".py", ".yaml", ".yml", ".cmake", ".sh", ".tcl", ".xdc", ".lua"}
NAMES = {"CMakeLists.txt", "Makefile", ".clang-tidy", ".clang-format"}
UNBREAKABLE = re.compile(r"\s*(//|#|[*-]|\d+\.|\[[^]]*\]:)?\s*\S+$")


def is_checked(path: Path) -> bool:
    return path.suffix in SUFFIXES or path.name in NAMES


def is_exempt(line: str, is_markdown: bool) -> bool:
    return bool(UNBREAKABLE.match(line)) or (is_markdown and line.startswith("|"))


def long_lines(text: str, is_markdown: bool) -> list[tuple[int, int]]:
    """Number and width of each line that is too long."""
    return [(number, len(line)) for number, line in enumerate(text.splitlines(), 1)
            if len(line) > LIMIT and not is_exempt(line, is_markdown)]


def tracked_files() -> list[Path]:
    names = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, check=True).stdout.split("\0")
    return [Path(name) for name in names if name and is_checked(Path(name)) and Path(name).is_file()]


def main() -> int:
    found = 0
    for path in map(Path, sys.argv[1:]) if len(sys.argv) > 1 else tracked_files():
        for number, width in long_lines(path.read_text(encoding="utf-8"), path.suffix == ".md"):
            print(f"{path}:{number}: {width} columns, more than {LIMIT}")
            found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
