# SPDX-License-Identifier: Apache-2.0
"""Modules as Yosys writes them with write_json. A bit of a net is a number; constants are "0", "1" and "x"."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Pin:
    """One bit of a cell's port; cell None: of a port of the module itself."""
    cell: str | None
    port: str
    index: int


class Module:
    """A module of a netlist, and what drives its bits."""

    def __init__(self, module: dict):
        self.ports: dict[str, dict] = module["ports"]
        self.cells: dict[str, dict] = module["cells"]
        self.net_names: dict[str, dict] = module.get("netnames", {})
        self.drivers: dict[int, Pin] = {}
        for name, port in self.ports.items():
            if port["direction"] == "input":
                self._drive(name, port["bits"], None)
        for name, cell in self.cells.items():
            for port, bits in outputs(cell):
                self._drive(port, bits, name)

    def _drive(self, port: str, bits: list, cell: str | None) -> None:
        self.drivers.update({bit: Pin(cell, port, index) for index, bit in enumerate(bits) if isinstance(bit, int)})


def read(path: str | Path) -> dict[str, dict]:
    """The modules of a file, by name, each as Module takes it."""
    return json.loads(Path(path).read_text(encoding="utf-8"))["modules"]


def inputs(cell: dict) -> Iterator[tuple[str, list]]:
    """Ports by which values come into a cell, and their bits."""
    return ((port, bits) for port, bits in cell["connections"].items() if cell["port_directions"][port] == "input")


def outputs(cell: dict) -> Iterator[tuple[str, list]]:
    """Ports by which values leave a cell, and their bits."""
    return ((port, bits) for port, bits in cell["connections"].items() if cell["port_directions"][port] != "input")
