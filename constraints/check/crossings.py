# SPDX-License-Identifier: Apache-2.0
"""Clocks and their crossings in a netlist, against the constraints that the scripts make."""

from __future__ import annotations

from netlist import Element, Netlist, vivado_name


def clock_errors(netlist: Netlist, constrained_ports: set[str]) -> list[str]:
    """Every clock of a register comes from an IP that constrains it or from a port with a create_clock, and so does every clock
    that an IP needs."""
    errors = []
    for element in netlist.elements:
        clocks = [element.clock] if element.clock is not None else []
        clocks += element.inputs.get("is_clock", [])
        for bit in clocks:
            name = netlist.clock_names.get(bit)
            if name is None:
                errors.append(f"{element.name}: its clock comes from no clock output")
            elif "." not in name and name not in constrained_ports:
                errors.append(f"no create_clock for port {name}, which clocks {element.name}")
    return sorted(set(errors))


class Exceptions:
    """The exceptions that are scoped to modules, for one instance of such a module each."""

    def __init__(self, notes: list[dict], instances: dict[str, str]):
        self._by_module: dict[str, list[dict]] = {}
        for note in notes:
            if note["scope"] and note["command"] in ("set_false_path", "set_max_delay"):
                self._by_module.setdefault(note["scope"], []).append(note)
        self._prefixes = [(path + ".", module) for path, module in instances.items() if module in self._by_module]

    def covers(self, source: Element, target: Element) -> bool:
        return any(self._covers_within(prefix, module, source, target) for prefix, module in self._prefixes
                   if any(signal.startswith(prefix) for names in target.signals for signal in names))

    def _covers_within(self, prefix: str, module: str, source: Element, target: Element) -> bool:
        """Every bit of the target has to be covered, and one bit of the source: which one matters is not known here."""
        ends = [{vivado_name(signal, prefix) for signal in names} for names in target.signals]
        starts = {vivado_name(signal, prefix) for names in source.signals for signal in names}
        for note in self._by_module[module]:
            to_cells = {pin.rpartition("/")[0] if pin.rpartition("/")[2] in ("D", "PRE", "CLR") else pin
                        for pin in note.get("-to", [])}
            from_cells = {memory_name(cell) for cell in note["-from"]} if "-from" in note else None
            if all(names & to_cells for names in ends) and (from_cells is None or starts & from_cells):
                return True
        return False


def memory_name(cell: str) -> str:
    """A cell of a distributed memory stands for all of it; see netlist.registers_of."""
    return cell.replace("_reg_0_15/RAMA", "_reg[0]")


def crossing_errors(netlist: Netlist, exceptions: Exceptions) -> tuple[list[str], int]:
    """Every path from one clock to another that ends without an exception; and how many paths between clocks there are."""
    errors = []
    count = 0
    for target in netlist.elements:
        if target.clock is None:
            continue
        for port, bits in target.inputs.items():
            if port == "is_clock":
                continue
            for number in netlist.sources(bits):
                source = netlist.elements[number]
                if source.clock == target.clock:
                    continue
                count += 1
                if not exceptions.covers(source, target):
                    errors.append(f"no exception for the path from {source.name} ({clock_of(netlist, source)}) to {target.name} "
                                  f"({clock_of(netlist, target)})")
    return sorted(set(errors)), count


def clock_of(netlist: Netlist, element: Element) -> str:
    return "no clock" if element.clock is None else netlist.clock_names.get(element.clock, "unknown clock")
