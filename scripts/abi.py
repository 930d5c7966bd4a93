#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the binary interface of the C face with the one that programs have been built against.

usage: abi.py [--update]      from the top of the repository

host/include/sapulse/sapulse.h is compiled into a library of functions that do nothing, whose interface abidw writes down;
abidiff compares it with host/c/abi/sapulse.abi, that of the last release (before the first one: that of the last change).
What additions change is written down anew by --update; what is not compatible needs another SOVERSION besides. Exit code 1:
there are differences; 2: the interface cannot be read.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

HEADER = pathlib.Path("host/include/sapulse/sapulse.h")
BASELINE = pathlib.Path("host/c/abi/sapulse.abi")
INCOMPATIBLE = 8  # bits of abidiff's exit code
CHANGED = 4


def stubs(header):
    """Definitions of all functions that a header declares."""
    declared = re.findall(r"^SAPULSE_API\s+([^;{]+);", header, re.MULTILINE)
    return "#include <sapulse/sapulse.h>\n" + "".join(f"{one} {{ __builtin_trap(); }}\n" for one in declared)


def describe(header, folder):
    """The interface as abidw describes it, without what depends on the machine. Raises CalledProcessError."""
    source, library, result = (folder / name for name in ("face.c", "libsapulse.so", "face.abi"))
    source.write_text(stubs(header.read_text()))
    subprocess.run(["clang-19", "-std=c11", "-g", "-fPIC", "-shared", "-Wno-return-type", f"-I{header.parents[1].resolve()}",
                    "-Wl,-soname,libsapulse.so.1", "-o", library.name, source.name], cwd=folder, check=True)
    subprocess.run(["abidw", "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs", "--type-id-style", "hash",
                    "--out-file", result, library], check=True)
    return result


def compare(header, baseline, update=False):
    """Result of the comparison: exit code of this program. Prints what differs."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            now = describe(header, pathlib.Path(folder))
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"abi: {header}: {error}")
            return 2
        if update:
            baseline.write_text(now.read_text())
            return 0
        code = subprocess.run(["abidiff", baseline, now], check=False).returncode
    if code & INCOMPATIBLE:
        print("abi: programs that exist would break: undo it, or raise SOVERSION and run scripts/abi.py --update")
    elif code & CHANGED:
        print("abi: programs that exist go on; write the additions down: scripts/abi.py --update")
    elif code:
        print(f"abi: {baseline} cannot be compared")
    return 1 if code else 0


def main():
    if sys.argv[1:] not in ([], ["--update"]):
        sys.exit(__doc__)
    return compare(HEADER, BASELINE, sys.argv[1:] == ["--update"])


if __name__ == "__main__":
    sys.exit(main())
