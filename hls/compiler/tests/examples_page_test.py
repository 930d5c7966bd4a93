#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that the page of examples shows each of them as it is.

usage: examples_page_test.py PAGE.md FOLDER

A listing is a block ```cpp behind a line "[name.cpp](...):"; it must be the end of that file.
"""
import pathlib
import re
import sys

LISTING = re.compile(r"^\[(\w+\.cpp)\]\([^)]*\):\n```cpp\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def main() -> str:
    """What is wrong, or nothing."""
    page, folder = map(pathlib.Path, sys.argv[1:])
    listings = dict(LISTING.findall(page.read_text(encoding="utf-8")))
    sources = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.cpp")}
    wrong = sorted(set(sources) ^ set(listings))
    wrong += [name for name in sorted(set(sources) & set(listings)) if not sources[name].endswith(listings[name])]
    print(f"{len(listings)} listings, {len(sources)} examples")
    return f"not shown as they are: {', '.join(wrong)}" if wrong or not sources else ""


if __name__ == "__main__":
    sys.exit(main() or 0)
