# SPDX-License-Identifier: Apache-2.0
"""Modules as Yosys reads them, unrolled over cycles: what a signal is in a cycle, as a function of what is free.

Free are the inputs of the module and the outputs of its instances in each cycle, and the registers in cycle 0, unless they are
given. A register in a later cycle is what was at its input one cycle before.
"""

import contextlib
import json
import os
import pathlib
import sys
import tempfile

from pyosys import libyosys

import arithmetic


@contextlib.contextmanager
def silence():
    """Yosys writes to the descriptor, not to sys.stdout. Errors are exceptions."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def read_modules(files, top, wanted, kept="*"):
    """The modules `wanted` of SystemVerilog files as Yosys' JSON has them, by name. What they instantiate becomes a part of them,
    but for modules of the selection `kept`."""
    design = libyosys.Design()

    def run(command):
        with silence():
            libyosys.run_pass(command, design)
    for file in files:
        run(f"read_verilog -sv {file}")
    run(f"hierarchy -check -top {top}")
    run(f"setattr -mod -set keep_hierarchy 1 {kept}; proc")
    modules = {}
    for name in wanted:
        run(f"flatten {name}")
        run(f"memory_collect {name}")
        run(f"memory_map {name}")
        run(f"select {name}")
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            run(f"write_json -selected {file.name}")
            modules[name] = json.loads(pathlib.Path(file.name).read_text(encoding="utf-8"))["modules"][name]
        run("select -clear")
    return modules


class Instance:
    """An instance of another module, with its connections."""

    def __init__(self, name, cell):
        self.name = name
        self.module = cell["type"].split("\\")[-1]
        self.connections = cell["connections"]
        self.inputs = [port for port, way in cell["port_directions"].items() if way == "input"]
        self.outputs = [port for port, way in cell["port_directions"].items() if way == "output"]


class Netlist:
    """A module over an algebra (logic.py). Values are lists of functions, the least significant bit first."""

    def __init__(self, module, algebra, prefix):
        self.algebra = algebra
        self.prefix = prefix  # of the names of its variables
        self.ports = module["ports"]
        self.names = {name: net["bits"] for name, net in module["netnames"].items()}
        self.instances = {}
        self.given = {}    # (bit, cycle): function
        self.always = {}   # bit: function
        self.values = {}   # (bit, cycle): function
        self.drivers = {}  # bit: cell, or instance's or module's port and index
        self.clocks = set()
        for name, port in self.ports.items():
            if port["direction"] == "input":
                self.drivers.update((bit, f"{name}[{i}]") for i, bit in enumerate(port["bits"]))
        for name, cell in module["cells"].items():
            if cell["type"] == "$scopeinfo":
                continue
            if arithmetic.knows(cell["type"]) or cell["type"] == "$dff":
                output = cell["connections"]["Q" if cell["type"] == "$dff" else "Y"]
                self.drivers.update((bit, cell) for bit in output)
                if cell["type"] == "$dff":
                    self.clocks.add((cell["connections"]["CLK"][0], int(cell["parameters"]["CLK_POLARITY"], 2)))
                continue
            if "CLK_POLARITY" in cell["parameters"] or (cell["type"].startswith("$") and "\\" not in cell["type"]):
                raise ValueError(f"{name}: cells of the type {cell['type']} are not known")
            instance = self.instances[name] = Instance(name, cell)
            for port in instance.outputs:
                self.drivers.update((bit, f"{name}.{port}[{i}]") for i, bit in enumerate(instance.connections[port]))

    def bits(self, signal):
        """Of a signal, or of an instance's port: ("u_queue", "done")."""
        return self.names[signal] if isinstance(signal, str) else self.instances[signal[0]].connections[signal[1]]

    def give(self, signal, cycle, functions):
        """Makes a signal something in one cycle, or in all of them: None."""
        for bit, function in zip(self.bits(signal), functions, strict=True):
            if cycle is None:
                self.always[bit] = function
            else:
                self.given[bit, cycle] = function

    def value(self, signal, cycle):
        bits = self.bits(signal)
        self.compute(bits, cycle)
        return [self.known(bit, cycle) for bit in bits]

    def known(self, bit, cycle):
        """None if it has not been computed yet. What is undefined is free."""
        if bit in ("0", "1"):
            return self.algebra.true if bit == "1" else self.algebra.false
        if bit in self.always:
            return self.always[bit]
        found = self.given.get((bit, cycle))
        if found is None:
            found = self.values.get((bit, cycle))
        if found is None:
            driver = self.drivers.get(bit, f"undefined {bit}")
            if isinstance(driver, dict) and not (driver["type"] == "$dff" and cycle == 0):
                return None
            name = f"{self.prefix}register {bit}" if isinstance(driver, dict) else self.prefix + driver
            found = self.values[bit, cycle] = self.algebra.variable(f"{name} in cycle {cycle}")
        return found

    def compute(self, bits, cycle):
        work = [(bit, cycle) for bit in bits if self.known(bit, cycle) is None]
        while work:
            bit, now = work[-1]
            if self.known(bit, now) is not None:
                work.pop()
                continue
            cell = self.drivers[bit]
            if cell["type"] == "$dff":
                at, before = cell["connections"]["D"], now - 1
                needed = [at[cell["connections"]["Q"].index(bit)]]
            else:
                needed, before = [b for port, bits in cell["connections"].items() if port != "Y" for b in bits], now
            missing = [(b, before) for b in needed if self.known(b, before) is None]
            if missing:
                work.extend(missing)
            elif cell["type"] == "$dff":
                self.values[bit, now] = self.known(needed[0], before)
            else:
                self.finish(cell, now)

    def finish(self, cell, cycle):
        operands = {port: [self.known(bit, cycle) for bit in bits] for port, bits in cell["connections"].items() if port != "Y"}
        for bit, value in zip(cell["connections"]["Y"], arithmetic.evaluate(cell, operands, self.algebra), strict=True):
            self.values.setdefault((bit, cycle), value)
