# SPDX-License-Identifier: Apache-2.0
"""A card top through Yosys: elaboration with the vendor's IP as black boxes, and the result as a graph of registers.

The core is elaborated with the rest, then taken as one black box of a single clock: it has no other clock input.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

import yosys_netlist  # noqa: E402

YOSYS = Path(__file__).resolve().parents[2] / "scripts/yosys.py"

# Modules that are elaborated but not looked into, with the port that clocks them.
OPAQUE = {"sapulse_core": "aclk"}

REGISTERS = {"$dff", "$dffe", "$adff", "$adffe", "$aldff", "$aldffe", "$sdff", "$sdffe", "$sdffce"}


class ElaborationError(Exception):
    """Yosys refused the design; the text is its own."""


def elaborate(top: str, sources: list[Path], includes: list[Path], folder: Path) -> tuple[dict, dict]:
    """The design with and without its hierarchy, as Yosys' JSON. folder: for the files in between."""
    folder.mkdir(parents=True, exist_ok=True)
    tree, flat = folder / f"{top}.tree.json", folder / f"{top}.flat.json"
    flags = " ".join(f"-I{path}" for path in includes)
    opaque = " ".join(f"{name}$*" for name in OPAQUE)
    script = "; ".join([
        f"read_slang --keep-hierarchy {flags} --top {top} " + " ".join(map(str, sources)), f"hierarchy -check -top {top}",
        f"blackbox {opaque}", f"hierarchy -top {top}", "proc", "opt_clean", "check -assert", f"write_json {tree}",
        "flatten", "opt_clean", f"write_json {flat}"])
    done = subprocess.run([sys.executable, YOSYS, script], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ElaborationError(f"{top}: {done.stderr.strip()}")
    return json.loads(tree.read_text()), json.loads(flat.read_text())


def module_name(kind: str) -> str:
    """The name in the source: the front end makes a module for each instance, and adds its path."""
    return kind.partition("$")[0]


def instances(tree: dict, top: str) -> dict[str, str]:
    """Path of every instance (flattened notation: a.b.c) and the module it is of."""
    found: dict[str, str] = {}

    def walk(module: dict, prefix: str) -> None:
        for name, cell in module["cells"].items():
            if cell["type"] in tree["modules"] and not name.startswith("$"):
                found[prefix + name] = module_name(cell["type"])
                walk(tree["modules"][cell["type"]], prefix + name + ".")

    walk(tree["modules"][top], "")
    return found


@dataclass
class Element:
    """Something that holds a value: a register, a memory, a port of a black box or of the top."""
    name: str  # for people
    clock: object  # the bit that clocks it; None: no clock
    number: int = -1  # position in Netlist.elements
    signals: list[set[str]] = field(default_factory=list)  # registers: for each bit its names, "a.b.signal[3]"
    inputs: dict[str, list] = field(default_factory=dict)  # port: bits


class Netlist(yosys_netlist.Module):
    """Registers, and from which others their inputs come."""

    def __init__(self, flat: dict, top: str, port_clock: str | None = None):
        """port_clock: the input that clocks the other ports of the top; None: they belong to no clock."""
        super().__init__(flat["modules"][top])
        self.modules = flat["modules"]
        self.elements: list[Element] = []
        self.clock_names: dict[object, str] = {}  # clock bit: what drives it
        self._outputs: dict[tuple[str | None, str], Element] = {}  # cell or None, port: the element whose value is there
        self._names = self._bit_names()
        self._memories: dict[str, Element] = {}
        self._cones: dict[str, frozenset[int]] = {}
        self._add_ports(port_clock)
        self._add_cells()

    def _bit_names(self) -> dict[int, set[str]]:
        names: dict[int, set[str]] = {}
        for name, net in self.net_names.items():
            if net.get("hide_name"):
                continue
            for index, bit in enumerate(net["bits"]):
                if isinstance(bit, int):
                    names.setdefault(bit, set()).add(f"{name}[{index}]")
        return names

    def _add(self, element: Element) -> Element:
        element.number = len(self.elements)
        self.elements.append(element)
        return element

    def _add_ports(self, port_clock: str | None) -> None:
        clock = self.ports[port_clock]["bits"][0] if port_clock else None
        for name, port in self.ports.items():
            if port["direction"] == "input":
                self._outputs[None, name] = self._add(Element(f"port {name}", clock))
                for index, bit in enumerate(port["bits"]):
                    self.clock_names[bit] = f"{name}[{index}]"

    def _add_cells(self) -> None:
        for name, cell in self.cells.items():
            if cell["type"] in REGISTERS:
                self._add_register(name, cell)
            elif cell["type"] in ("$memwr_v2", "$memwr"):
                self._add_memory_write(cell)
            elif cell["type"] in ("$memrd_v2", "$memrd"):
                self._add_memory_read(name, cell)
            elif cell["type"] in self.modules:
                self._add_black_box(name, cell)

    def _add_register(self, name: str, cell: dict) -> None:
        connections = cell["connections"]
        signals = [self._names.get(bit, {name}) for bit in connections["Q"]]
        element = self._add(Element(min(signals[0], key=len), connections["CLK"][0], signals=signals))
        element.inputs = {port: bits for port, bits in connections.items() if port not in ("CLK", "Q")}
        self._outputs[name, "Q"] = element

    def _memory(self, cell: dict) -> Element:
        name = cell["parameters"]["MEMID"].lstrip("\\")
        if name not in self._memories:
            self._memories[name] = self._add(Element(name, None, signals=[{name + "[0]"}]))
        return self._memories[name]

    def _add_memory_write(self, cell: dict) -> None:
        element = self._memory(cell)
        element.clock = cell["connections"]["CLK"][0]
        for port in ("DATA", "ADDR", "EN"):
            element.inputs.setdefault(port, []).extend(cell["connections"][port])

    def _add_memory_read(self, name: str, cell: dict) -> None:
        if int(cell["parameters"]["CLK_ENABLE"], 2):
            raise ElaborationError(f"{name}: a memory with a clocked read port, which this check does not expect")
        self._memory(cell)

    def _add_black_box(self, name: str, cell: dict) -> None:
        kind = module_name(cell["type"])
        module = self.modules[cell["type"]]
        ports = {port: module["netnames"][port]["attributes"] for port in module["ports"]}
        default = OPAQUE.get(kind) or module["attributes"].get("clock")
        if default is None:
            raise ElaborationError(f"{name}: black box {kind} has no attribute clock")
        for port, bits in cell["connections"].items():
            clock_port = ports[port].get("clock", default)
            clock = None if clock_port == "none" else cell["connections"][clock_port][0]
            element = self._add(Element(f"{name}.{port}", clock))
            if module["ports"][port]["direction"] == "input":
                if port != default:
                    element.inputs = {"is_clock" if "is_clock" in ports[port] else "in": bits}
            else:
                self._outputs[name, port] = element
                if "is_clock" in ports[port]:
                    self.clock_names.update((bit, f"{name}.{port}") for bit in bits)

    def sources(self, bits: list) -> set[int]:
        """Numbers of the elements that the bits depend on, through logic."""
        found: set[int] = set()
        for bit in bits:
            if bit in self.drivers:
                found |= self._cone(self.drivers[bit])
        return found

    def _cone(self, driver: yosys_netlist.Pin) -> frozenset[int]:
        element = self._outputs.get((driver.cell, driver.port))
        if element:
            return frozenset([element.number])
        name = driver.cell
        if name not in self._cones:
            self._cones[name] = frozenset()  # ends a loop through logic
            cell = self.cells[name]
            found = {self._memory(cell).number} if cell["type"] in ("$memrd_v2", "$memrd") else set()
            for _, bits in yosys_netlist.inputs(cell):
                found |= self.sources(bits)
            self._cones[name] = frozenset(found)
        return self._cones[name]


def registers_of(tree: dict, module: str) -> set[str]:
    """Cells of a module as Vivado would name them, seen from the module: signal_reg[i], instance/signal_reg[i], memory_reg_.."""
    kinds = [kind for kind in tree["modules"] if module_name(kind) == module]
    found: set[str] = set()
    for kind in kinds:
        found |= _registers(tree, kind, "")
    return found


def _registers(tree: dict, kind: str, prefix: str) -> set[str]:
    module = tree["modules"][kind]
    found: set[str] = set()
    for name, cell in module["cells"].items():
        if cell["type"] in REGISTERS:
            outputs = set(cell["connections"]["Q"])
            for net, value in module["netnames"].items():
                if not value.get("hide_name"):
                    found |= {f"{prefix}{net}_reg[{i}]" for i, bit in enumerate(value["bits"]) if bit in outputs}
        elif cell["type"] in ("$memwr_v2", "$memwr"):
            found.add(f"{prefix}{cell['parameters']['MEMID'].lstrip(chr(92))}_reg_0_15/RAMA")
        elif cell["type"] in tree["modules"] and not name.startswith("$"):
            found.add(prefix + name)
            found |= _registers(tree, cell["type"], f"{prefix}{name}/")
    return found


def vivado_name(signal: str, prefix: str) -> str | None:
    """Vivado's cell for a signal of the flattened design, seen from the instance at prefix; None if it lies elsewhere."""
    if not signal.startswith(prefix):
        return None
    match = re.fullmatch(r"(.*)\[(\d+)\]", signal[len(prefix):])
    if not match:
        return None
    path, index = match.group(1).replace(".", "/"), match.group(2)
    return f"{path}_reg[{index}]"
