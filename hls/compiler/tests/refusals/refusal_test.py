#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that hlsc refuses a kernel with the right message at the right line.

A case is a C++ file with a function `kernel`. It says what is expected in a comment on the line in question:
    // error: TEXT      hlsc must exit with 1 and print "<case>:<that line>:<column>: error: ...TEXT..." first
    // message: TEXT    the same, but the line does not matter
    // clang: TEXT      clang itself must refuse the file with TEXT
    // accept           hlsc must accept it (anywhere in the file)
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile


def expectation(path):
    with open(path, encoding="utf-8") as source:
        for number, line in enumerate(source, 1):
            match = re.search(r"// (error|message|clang): (.*)|// (accept)", line)
            if match:
                return match.group(1) or match.group(3), (match.group(2) or "").strip(), number
    sys.exit(f"{path}: no expectation")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--hlsc", required=True)
    parser.add_argument("--clang", required=True)
    parser.add_argument("case")
    parser.add_argument("flags", nargs="*")
    arguments = parser.parse_args()
    kind, text, line = expectation(arguments.case)
    with tempfile.TemporaryDirectory() as directory:
        bitcode = os.path.join(directory, "case.bc")
        clang = subprocess.run([arguments.clang, *arguments.flags, "-emit-llvm", "-c", arguments.case, "-o", bitcode],
                               capture_output=True, text=True, check=False)
        if kind == "clang":
            if clang.returncode == 0 or text not in clang.stderr:
                sys.exit(f"clang should have refused with '{text}':\n{clang.stderr}")
            return
        if clang.returncode != 0:
            sys.exit(f"clang refused the case:\n{clang.stderr}")
        hlsc = subprocess.run([arguments.hlsc, bitcode, "--top", "kernel", "-o", os.path.join(directory, "case.sv")],
                              capture_output=True, text=True, check=False)
    first = hlsc.stderr.splitlines()[0] if hlsc.stderr else ""
    if kind == "accept":
        if hlsc.returncode != 0:
            sys.exit(f"hlsc should have accepted it:\n{hlsc.stderr}")
        return
    if hlsc.returncode != 1:
        sys.exit(f"exit code {hlsc.returncode} instead of 1:\n{hlsc.stderr}")
    where = rf"{re.escape(os.path.basename(arguments.case))}:{line}:\d+: error: " if kind == "error" else "error: "
    if not re.search(where, first) or text not in first:
        sys.exit(f"expected line {line} and '{text}', got:\n{hlsc.stderr}")


if __name__ == "__main__":
    main()
