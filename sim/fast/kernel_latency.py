#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a C++ header with the latencies of the kernels' outputs: kernel_latency.py <header> <report of hlsc>..."""
import pathlib
import re
import sys

HEAD = """// SPDX-License-Identifier: Apache-2.0
// Cycles from a kernel's input to each of its outputs. Generated from the schedule reports of hlsc: do not edit.
#pragma once

namespace sapulse::sim::fast::kernel_latency {

"""


def constant(kernel, output):
    return "k" + "".join(part.capitalize() for part in [kernel, *output.split("_")])


def constants(report):
    text = report.read_text(encoding="utf-8")
    found = re.findall(r"stream out (\w+): \d+ bits, latency (\d+)", text)
    if not found:
        raise SystemExit(f"{report}: names no output and its latency")
    return [f"inline constexpr unsigned {constant(report.stem, name)} = {cycles};" for name, cycles in found]


def main():
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    lines = [line for report in sorted(map(pathlib.Path, sys.argv[2:])) for line in constants(report)]
    text = HEAD + "\n".join(lines) + "\n\n}  // namespace sapulse::sim::fast::kernel_latency\n"
    pathlib.Path(sys.argv[1]).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
