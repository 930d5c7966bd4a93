#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Renames what breaks the rules of docs/style.md in C++, in all sources and headers at once. Needs clang-apply-replacements-19 of
Debian's package clang-tools-19.

usage: fix_names.py BUILD [FOLDER..]

BUILD is a configured folder in which generated headers exist. FOLDER: where the sources are that clang-tidy looks at (default:
all); they have to include every user of what is renamed. A name that cannot be changed (the new one is a keyword, or taken) is
printed and stays. Run `make format` and build afterwards.
"""
import concurrent.futures
import os
import pathlib
import subprocess
import sys
import tempfile

import tidy


def export(name, build, fixes):
    """Writes the renames that one source asks for into the folder `fixes`; returns the findings without one."""
    command = [tidy.TIDY, "-p", build, "--quiet", "--checks=-*,readability-identifier-naming",
               f"--export-fixes={fixes / name.replace('/', '+')}.yaml", *tidy.extra_options(name), name]
    found = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return [line for line in found.splitlines() if "cannot be fixed" in line]


def main():
    build = pathlib.Path(sys.argv[1])
    folders = tuple(folder.rstrip("/") + "/" for folder in sys.argv[2:])
    names = [name for name in tidy.tracked_sources() if not folders or name.startswith(folders)]
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        fixes = pathlib.Path(folder)
        stays = sorted({line for lines in pool.map(lambda name: export(name, build, fixes), names) for line in lines})
        subprocess.run(["clang-apply-replacements-19", "--ignore-insert-conflict", fixes], check=True)
    print("\n".join(stays))
    print(f"names: {len(names)} sources, {len(stays)} names left")


if __name__ == "__main__":
    main()
