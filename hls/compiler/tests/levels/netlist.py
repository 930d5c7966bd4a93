# SPDX-License-Identifier: Apache-2.0
"""Depth, in LUT levels, of a netlist that Yosys has mapped to Xilinx primitives.

Counted as hlsc counts: a LUT is one level, wide multiplexers and inverters are none, 24 bits of a carry chain are one, reading LUT RAM is
three, the output of a block RAM two (hls/compiler/src/schedule/delay.h).
"""

import json
import re
from fractions import Fraction

CARRY4 = Fraction(4, 24)
LUT_RAM = 3
BLOCK_RAM = 2

REGISTERS = re.compile(r"FD[RSCP]E(_1)?$|SRL")
LUT_RAMS = re.compile(r"RAM\d+(M|X1)")
BLOCK_RAMS = re.compile(r"RAMB\d+")
OUTPUTS = re.compile(r"(O|Q|Q31|Q15|CO|DO\w*|DOUT\w*|SPO|DPO)$")


class Netlist:
    """One flat module."""

    def __init__(self, path, top):
        with open(path, encoding="utf-8") as source:
            module = json.load(source)["modules"][top]
        self.cells = module["cells"]
        self.ports = module["ports"]
        self.driver = {}  # bit -> (cell, port, index)
        for cell in self.cells.values():
            for port, bits in cell["connections"].items():
                if OUTPUTS.match(port):
                    self.driver.update({bit: (cell, port, index) for index, bit in enumerate(bits) if isinstance(bit, int)})
        self.known = {}

    def depth(self):
        """Worst level at an input of a register, of a memory or at a port."""
        bits = [bit for port in self.ports.values() if port["direction"] == "output" for bit in port["bits"]]
        for cell in self.cells.values():
            kind = cell["type"]
            if REGISTERS.match(kind) or BLOCK_RAMS.match(kind):
                bits += self.inputs(cell)
            elif LUT_RAMS.match(kind):
                bits += self.inputs(cell, lambda port: re.match(r"D|WE", port))
        return int(max((self.level(bit) for bit in bits), default=0))

    @staticmethod
    def inputs(cell, wanted=lambda port: True):
        return [bit for port, bits in cell["connections"].items() if not OUTPUTS.match(port) and wanted(port) for bit in bits]

    def level(self, bit):
        """Level at which a bit is stable."""
        if bit not in self.driver:  # a constant or an input of the module
            return 0
        if bit not in self.known:
            cell, port, index = self.driver[bit]
            self.known[bit] = self.level_of_output(cell, port, index)
        return self.known[bit]

    def level_of_output(self, cell, port, index):
        kind = cell["type"]
        if REGISTERS.match(kind):
            return 0
        if BLOCK_RAMS.match(kind):
            return BLOCK_RAM
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
        return max(self.worst(pins["CI"]) + CARRY4, self.worst(pins["CYINIT"]), self.worst(pins["S"][: index + 1]), self.worst(generate))

    def worst(self, bits):
        return max((self.level(bit) for bit in bits), default=0)
