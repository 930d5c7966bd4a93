# SPDX-License-Identifier: Apache-2.0
"""Pieces of SystemVerilog text."""

from __future__ import annotations

# Names of the description that SystemVerilog reserves, and what they are called there.
RESERVED = {"event": "events", "sequence": "sequence_number", "time": "time_ns"}


def identifier(name: str) -> str:
    return RESERVED.get(name, name)


def range_of(bits: int) -> str:
    return f"logic [{bits - 1}:0]" if bits > 1 else "logic"


def slice_of(name: str, msb: int, lsb: int) -> str:
    return f"{name}[{msb}]" if msb == lsb else f"{name}[{msb}:{lsb}]"
