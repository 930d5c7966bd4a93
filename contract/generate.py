#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes packages, modules, headers and documents from the description of the contract.

Exit status: 0 done; 1 with --check: an output is not up to date; 2 the description, a setting or a path is bad.
"""

from __future__ import annotations

import argparse
import os
import sys

from generator import (description, emit_cpp, emit_docs, emit_ipxact, emit_payloads, emit_register_block, emit_systemrdl,
                       emit_systemverilog, emit_wire)

# option: (what it writes, how)
OUTPUTS = {
    "systemverilog": ("SystemVerilog package", emit_systemverilog.emit),
    "register-block": ("SystemVerilog module of the registers", emit_register_block.emit),
    "registers": ("C++ header of registers and descriptors", emit_cpp.emit),
    "wire": ("C++ header of the wire format", emit_wire.emit),
    "payloads": ("C++ header of the payloads", emit_payloads.emit),
    "systemrdl": ("SystemRDL 2.0 of the register map", emit_systemrdl.emit),
    "ipxact": ("IP-XACT component of the register map", emit_ipxact.emit),
    "docs": ("Markdown page", emit_docs.emit),
}


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


def parse_setting(text: str) -> tuple[str, int]:
    name, _, value = text.partition("=")
    return name, int(value, 0)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("description", help="folder of the description")
    for option, (what, _) in OUTPUTS.items():
        parser.add_argument(f"--{option}", metavar="FILE", help=f"{what} to write")
    parser.add_argument("--set", metavar="PARAMETER=NUMBER", type=parse_setting, action="append", default=[],
                        help="another value for a parameter of the description")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file differs")
    return parser.parse_args()


def run(arguments: argparse.Namespace) -> int:
    loaded = description.load(arguments.description, dict(arguments.set))
    status = 0
    for option, (_, emit) in OUTPUTS.items():
        path = getattr(arguments, option.replace("-", "_"))
        if path is None:
            continue
        text = emit(loaded)
        if not arguments.check:
            write_if_changed(path, text)
        elif read_or_none(path) != text:
            print(f"{path}: not up to date with {arguments.description}: run the target sapulse_contract_docs", file=sys.stderr)
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
