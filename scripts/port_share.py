#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How much of the shell's SystemVerilog is wiring: lines with port declarations or connections of instances, and ports of modules.

usage: port_share.py [FOLDER]       FOLDER: default rtl, without tests

A line counts once, however many ports or connections begin in it. Exit status 1, with one line each that says why: more than a
fifth of the lines are wiring, a module other than the outermost tops has too many ports, a file is longer than its limit.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import sv_source

SHARE_LIMIT = 20  # percent
PORT_LIMIT = 24
LENGTH_LIMITS = {"sapulse_core.sv": 350}
# Their ports are pins, or the names that vendor tools look for.
OUTERMOST = {"sapulse", "sapulse_macs", "sapulse_vfio", "sim_top"}


@dataclass
class File:
    lines: int
    wiring: int
    ports: dict[str, int] = field(default_factory=dict)  # module: number of ports


def count(source: str) -> File:
    """Counts of one file. Ports without a direction of their own (interfaces, continued declarations) count as ports, too."""
    found = sv_source.tokens(source)
    headers = list(sv_source.headers(found))
    declared = [port for header in headers for port in header.ports]
    declared += [port for listed in sv_source.modports(found) for port in listed]
    wiring = {port[0].line for port in declared}
    wiring |= {found[index].line for index in sv_source.connections(found)}
    ports = {header.name.text: len(header.ports) for header in headers if header.kind == "module"}
    return File(source.count("\n"), len(wiring), ports)


def share(files: list[File]) -> str:
    lines, wiring = sum(file.lines for file in files), sum(file.wiring for file in files)
    return f"{wiring} of {lines} lines, {100 * wiring / max(lines, 1):.1f} %"


def errors(files: dict[Path, File]) -> list[str]:
    found = []
    lines, wiring = sum(file.lines for file in files.values()), sum(file.wiring for file in files.values())
    if 100 * wiring > SHARE_LIMIT * lines:
        found.append(f"ports and connections take more than {SHARE_LIMIT} % of the lines")
    for path, file in files.items():
        found += [f"{path}: module {module} has {ports} ports, more than {PORT_LIMIT}"
                  for module, ports in file.ports.items() if ports > PORT_LIMIT and module not in OUTERMOST]
        limit = LENGTH_LIMITS.get(path.name)
        if limit is not None and file.lines > limit:
            found.append(f"{path}: {file.lines} lines, more than {limit}")
    return found


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else "rtl")
    files = {path: count(path.read_text(encoding="utf-8")) for path in sv_source.product_files([root])}
    if not files:
        print(f"port_share: no SystemVerilog in {root}")
        return 1
    folders: dict[Path, list[File]] = defaultdict(list)
    for path, file in files.items():
        folders[path.parent].append(file)
    for folder, inside in folders.items():
        print(f"{folder}: {share(inside)}")
    print(f"ports and connections: {share(list(files.values()))}")
    found = errors(files)
    for error in found:
        print(f"error: {error}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
