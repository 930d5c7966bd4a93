#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the table of kernels in README.md from the schedule reports of hlsc: summary.py <folder with *.rpt>"""
import pathlib
import re
import sys


def row(path):
    text = path.read_text(encoding="utf-8")

    def find(pattern):
        match = re.search(pattern, text)
        if not match:
            raise SystemExit(f"{path}: no match for '{pattern}'")
        return match.groups()

    inputs = re.findall(r"stream in  (\w+): (\d+) bits", text)
    outputs = re.findall(r"stream out (\w+): (\d+) bits, latency (\d+)", text)
    recurrences = [int(n) for n in re.findall(r"^  recurrence .*: (\d+) levels", text, re.M)]
    return "| {} | {} | {} | {} | {} | {} | {} |".format(
        path.stem,
        ", ".join(f"{name} ({bits})" for name, bits in inputs),
        ", ".join(f"{name} ({bits}, {latency})" for name, bits, latency in outputs),
        find(r"stages: (\d+)")[0],
        " / ".join(find(r"LUT levels: (\d+) of (\d+)")),
        max(recurrences, default="-"),
        " + ".join(find(r"registers: (\d+) pipeline bits, (\d+) state bits")),
    )


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    reports = sorted(pathlib.Path(sys.argv[1]).glob("*.rpt"))
    if not reports:
        raise SystemExit(f"{sys.argv[1]}: no *.rpt there")
    print("| kernel | in (bits) | out (bits, latency in cycles) | stages | levels / budget "
          "| longest recurrence | registers (bits) |")
    print("|---|---|---|---|---|---|---|")
    for path in reports:
        print(row(path))


if __name__ == "__main__":
    main()
