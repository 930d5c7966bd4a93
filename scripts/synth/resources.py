# SPDX-License-Identifier: Apache-2.0
"""What primitives of UltraScale+ take of a chip: LUTs (of logic, memory, shift registers), flip-flops, block RAM, UltraRAM, DSP."""

from __future__ import annotations

import re
from collections.abc import Mapping

# Primitive, which resource it takes, how many of it. Wide multiplexers, carry chains and inverters take no LUT of their own.
PRIMITIVES = [(re.compile(pattern), resource, count) for pattern, resource, count in (
    (r"LUT[1-6]$", "lut", 1),
    (r"RAM32M16$|RAM64M8$|RAM256X1D$|RAM512X1S$", "lut", 8),
    (r"RAM32M$|RAM64M$|RAM128X1D$|RAM256X1S$", "lut", 4),
    (r"RAM32X1D$|RAM64X1D$|RAM128X1S$", "lut", 2),
    (r"RAM32X1S$|RAM64X1S$|SRL16E$|SRLC16E$|SRLC32E$", "lut", 1),
    (r"FD[RSCP]E(_1)?$|LD[CP]E$", "ff", 1),
    (r"RAMB36E2$", "block_ram", 1),
    (r"RAMB18E2$", "block_ram", 0.5),
    (r"URAM288$", "ultra_ram", 1),
    (r"DSP48E2$", "dsp", 1),
    (r"CARRY[48]$|MUXF[789]$|INV$|BUFG\w*$|\$scopeinfo$", None, 0))]

NAMES = ("cells", "lut", "ff", "block_ram", "ultra_ram", "dsp")


def of(kinds: Mapping[str, int], logic_cells: int, boxes: frozenset[str] = frozenset()) -> dict[str, float]:
    """kinds: how many there are of each primitive; logic_cells: Yosys' estimate of how many LUTs are left when those that share
    inputs share a site; boxes: modules that are counted elsewhere, without what the front
    end appends to their names. Throws KeyError for a primitive that nobody knows."""
    taken: dict[str, float] = dict.fromkeys(NAMES, 0)
    taken["cells"] = logic_cells
    for kind, count in kinds.items():
        if kind.partition("$")[0] in boxes:
            continue
        match = next(((resource, each) for pattern, resource, each in PRIMITIVES if pattern.match(kind)), None)
        if match is None:
            raise KeyError(f"{kind}: no primitive whose resources are known")
        resource, each = match
        if resource:
            taken[resource] += count * each
    return taken


def total(parts: list[Mapping[str, float]]) -> dict[str, float]:
    return {name: sum(part[name] for part in parts) for name in NAMES}
