# SPDX-License-Identifier: Apache-2.0
"""Depth, in LUT levels, of a netlist that Yosys has mapped to Xilinx primitives.

Counted as hlsc counts: a LUT is one level, wide multiplexers and inverters are none, 24 bits of a carry chain are one, reading LUT
RAM is three, the output of a block RAM or an UltraRAM two, a product eight (hls/compiler/src/schedule/delay.h). Instances of
modules are looked into, but for black boxes, at which paths end and begin.
"""

import re
from fractions import Fraction

import yosys_netlist

CARRY4 = Fraction(4, 24)
LUT_RAM = 3
BLOCK_RAM = 2
PRODUCT = 8

REGISTERS = re.compile(r"FD[RSCP]E(_1)?$|SRL")
LUT_RAMS = re.compile(r"RAM\d+(M|X1)")
PRODUCTS = "DSP48E2"
BLOCK_RAMS = re.compile(r"RAMB\d+|URAM288")


def read(path, top, boxes=frozenset()):
    """The netlist of module `top` from a JSON file of Yosys. boxes: modules that are black boxes, without what the front end has
    appended to their names."""
    modules = yosys_netlist.read(path)
    return Netlist({name: module for name, module in modules.items() if "blackbox" not in module.get("attributes", {})}, top,
                   boxes=boxes)


class Netlist(yosys_netlist.Module):
    """A module, or an instance of one. `arrival` gives the level of a bit of an input port."""

    def __init__(self, modules, name, arrival=lambda port, index: 0, boxes=frozenset()):
        super().__init__(modules[name])
        self.modules = modules
        self.boxes = boxes
        self.arrival = arrival
        self.instances = {cell_name: self.instance(cell) for cell_name, cell in self.cells.items() if cell["type"] in modules}
        self.known = {}

    def instance(self, cell):
        return Netlist(self.modules, cell["type"], lambda port, index: self.level(cell["connections"][port][index]),
                       self.boxes)

    def is_box(self, kind):
        return kind.partition("$")[0] in self.boxes

    def depth(self):
        """Worst level at an input of a register, of a memory or at a port."""
        inside = max((instance.depth() for instance in self.instances.values()), default=0)
        bits = [bit for port in self.ports.values() if port["direction"] == "output" for bit in port["bits"]]
        for cell in self.cells.values():
            kind = cell["type"]
            if REGISTERS.match(kind) or BLOCK_RAMS.match(kind) or self.is_box(kind):
                bits += self.inputs(cell)
            elif LUT_RAMS.match(kind):
                bits += self.inputs(cell, lambda port: re.match(r"D|WE", port))
        products = [self.level_of_product(cell) for cell in self.cells.values() if cell["type"] == PRODUCTS]
        return max(inside, int(max((self.level(bit) for bit in bits), default=0)), *products)

    def level_of_product(self, cell):
        """At its register, or at its output if it has none there."""
        inputs = 0 if self.has_register(cell, "A") else self.worst(self.inputs(cell, lambda port: port in "ABCD"))
        return PRODUCT + inputs

    @staticmethod
    def has_register(cell, port):
        """Whether a DSP block has one of its own behind its inputs (A) or in front of its output (P)."""
        return int(cell["parameters"][f"{port}REG"], 2) > 0

    @staticmethod
    def inputs(cell, wanted=lambda port: True):
        return [bit for port, bits in yosys_netlist.inputs(cell) if wanted(port) for bit in bits]

    def level(self, bit):
        """Level at which a bit is stable."""
        if bit not in self.known:
            self.known[bit] = self.find_level(bit)
        return self.known[bit]

    def find_level(self, bit):
        pin = self.drivers.get(bit)
        if pin is None:  # a constant
            return 0
        if pin.cell is None:
            return self.arrival(pin.port, pin.index)
        if pin.cell in self.instances:
            instance = self.instances[pin.cell]
            return instance.level(instance.ports[pin.port]["bits"][pin.index])
        return self.level_of_primitive(self.cells[pin.cell], pin.port, pin.index)

    def level_of_primitive(self, cell, port, index):
        kind = cell["type"]
        if REGISTERS.match(kind) or self.is_box(kind):
            return 0
        if BLOCK_RAMS.match(kind):
            return BLOCK_RAM
        if kind == PRODUCTS:
            return 0 if self.has_register(cell, "P") else self.level_of_product(cell)
        if kind == "CARRY4":
            return self.level_of_carry(cell["connections"], port, index)
        if LUT_RAMS.match(kind):
            # ADDRA belongs to DOA and so on; the other kinds have one address for all
            own = f"ADDR{port[2:]}"
            address = own if own in cell["connections"] else None
            return LUT_RAM + self.worst(self.inputs(cell, lambda name: name == address if address else name[0] == "A"))
        if re.match(r"LUT\d", kind):
            return 1 + self.worst(self.inputs(cell))
        if re.match(r"INV|BUF|MUXF\d", kind):
            return self.worst(self.inputs(cell))
        raise ValueError(f"unknown cell {kind}")

    def level_of_carry(self, pins, port, index):
        """A sum bit depends on all propagate bits up to its own, a carry on the generate bits, too."""
        generate = pins["DI"][: index + (port == "CO")]
        propagate = pins["S"][: index + 1]
        return max(self.worst(pins["CI"]) + CARRY4, self.worst(pins["CYINIT"]), self.worst(propagate), self.worst(generate))

    def worst(self, bits):
        return max((self.level(bit) for bit in bits), default=0)
