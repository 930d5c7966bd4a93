#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the SystemVerilog package, the C++ header and the documentation page from registers.yaml.

Exit status: 0 done; 1 with --check: an output is not up to date; 2 the description or a path is bad.
"""

from __future__ import annotations

import argparse
import os
import sys

import description
import emit_cpp
import emit_docs
import emit_systemverilog


def write_if_changed(path: str, text: str) -> None:
    """Keeps the time stamp of a file that would not change, so that nothing that depends on it is built again."""
    if read_or_none(path) == text:
        return
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text)


def read_or_none(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8") as stream:
            return stream.read()
    except FileNotFoundError:
        return None


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("description", help="registers.yaml")
    parser.add_argument("--systemverilog", metavar="FILE", help="package to write")
    parser.add_argument("--cpp", metavar="FILE", help="header to write")
    parser.add_argument("--docs", metavar="FILE", help="Markdown page to write")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file differs")
    return parser.parse_args()


def run(arguments: argparse.Namespace) -> int:
    loaded = description.load(arguments.description)
    emitters = ((arguments.systemverilog, emit_systemverilog.emit), (arguments.cpp, emit_cpp.emit),
                (arguments.docs, emit_docs.emit))
    status = 0
    for path, emit in emitters:
        if path is None:
            continue
        text = emit(loaded)
        if not arguments.check:
            write_if_changed(path, text)
        elif read_or_none(path) != text:
            print(f"{path}: not up to date with {arguments.description}: run the target sapulse_registers_docs", file=sys.stderr)
            status = 1
    return status


def main() -> int:
    try:
        return run(parse_arguments())
    except (description.DescriptionError, ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
