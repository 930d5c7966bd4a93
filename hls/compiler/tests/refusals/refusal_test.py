#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that hlsc refuses a kernel with the right message at the right line.

A case is a C++ file with a function `kernel`. It says what is expected in a comment on the line in question:
    // error: TEXT      hlsc must exit with 1 and print "<case>:<that line>:<column>: error: ...TEXT..." first
    // message: TEXT    the same, but the line does not matter
    // clang: TEXT      clang itself must refuse the file with TEXT
    // accept           hlsc must accept it (anywhere in the file)
    // warning: TEXT    hlsc must accept it and print "<case>:<that line>:<column>: warning: ...TEXT..."
    // note: TEXT       the same with "note"
and, anywhere in the file, what is not as usual:
    // flags: FLAGS     more flags for clang
    // options: OPTIONS options of hlsc instead of --top kernel
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile


def expectation(text):
    for number, line in enumerate(text.splitlines(), 1):
        match = re.search(r"// (error|message|clang|warning|note): (.*)|// (accept)", line)
        if match:
            return match.group(1) or match.group(3), (match.group(2) or "").strip(), number
    return None


def extra(text, what, default):
    match = re.search(rf"// {what}: (.*)", text)
    return (match.group(1) if match else default).split()


def run(command):
    return subprocess.run(command, capture_output=True, text=True, check=False)


def check_clang(clang, text):
    if clang.returncode == 0 or text not in clang.stderr:
        return f"clang should have refused with '{text}':\n{clang.stderr}"
    return None


def check_hlsc(hlsc, case, kind, text, line):
    """None, or what is wrong with the result of hlsc."""
    accepted = kind in ("accept", "warning", "note")
    if hlsc.returncode != (0 if accepted else 1):
        return f"exit code {hlsc.returncode}:\n{hlsc.stderr}"
    if kind == "accept":
        return None
    first = hlsc.stderr.splitlines()[0] if hlsc.stderr else ""
    severity = kind if accepted else "error"
    place = "" if kind == "message" else rf"{re.escape(os.path.basename(case))}:{line}:\d+: "
    if not re.search(place + severity + ": ", first) or text not in first:
        return f"expected line {line} and '{text}', got:\n{hlsc.stderr}"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--hlsc", required=True)
    parser.add_argument("--clang", required=True)
    parser.add_argument("case")
    parser.add_argument("flags", nargs="*")
    arguments = parser.parse_args()
    with open(arguments.case, encoding="utf-8") as source:
        text = source.read()
    expected = expectation(text) or sys.exit(f"{arguments.case}: no expectation")
    with tempfile.TemporaryDirectory() as directory:
        bitcode = os.path.join(directory, "case.bc")
        flags = [*arguments.flags, *extra(text, "flags", "")]
        clang = run([arguments.clang, *flags, "-emit-llvm", "-c", arguments.case, "-o", bitcode])
        if expected[0] == "clang":
            sys.exit(check_clang(clang, expected[1]))
        if clang.returncode != 0:
            sys.exit(f"clang refused the case:\n{clang.stderr}")
        hlsc = run([arguments.hlsc, bitcode, *extra(text, "options", "--top kernel"), "-o", os.path.join(directory, "case.sv")])
    sys.exit(check_hlsc(hlsc, arguments.case, *expected))


if __name__ == "__main__":
    main()
