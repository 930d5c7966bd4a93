#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that a page shows a program in full: page_test.py <page> <program>"""
import pathlib
import sys


def main():
    page, program = (pathlib.Path(name).read_text(encoding="utf-8") for name in sys.argv[1:])
    if f"```cpp\n{program.rstrip()}\n```" not in page:
        raise SystemExit(f"{sys.argv[1]} does not show {sys.argv[2]} as it is")


if __name__ == "__main__":
    main()
