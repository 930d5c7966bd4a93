#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of scripts/yosys_depth.py on small netlists of known depth. Bits are numbered; 0 to 99 are inputs."""

import json
import re
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "scripts"))

from yosys_depth import Netlist, read  # noqa: E402

OUTPUTS = re.compile(r"(O|Q|CO|DO\w*|P|q)$")  # of the primitives and the modules below


def depth(cells, outputs, boxes=frozenset()):
    """cells: (type, {pin: bits}); outputs: bits of an output port."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({"modules": {"top": netlist({"q": {"direction": "output", "bits": outputs}}, cells)}}, file)
        file.flush()
        return read(file.name, "top", boxes).depth()


def netlist(ports, cells):
    """A module as Yosys writes it. cells: (type, {pin: bits}) or with parameters as a third."""
    return {"ports": ports, "cells": {
        f"u{i}": {"type": kind, "connections": pins, "parameters": parameters[0] if parameters else {},
                  "port_directions": {pin: "output" if OUTPUTS.match(pin) else "input" for pin in pins}}
        for i, (kind, pins, *parameters) in enumerate(cells)}}


def product(out, left, right, input_registers, output_registers):
    return ("DSP48E2", {"A": [left], "B": [right], "P": [out]},
            {"AREG": f"{input_registers:032b}", "PREG": f"{output_registers:032b}"})


def lut(out, *inputs):
    return f"LUT{len(inputs)}", {"O": [out], **{f"I{i}": [bit] for i, bit in enumerate(inputs)}}


def register(out, data):
    return "FDRE", {"C": [99], "CE": ["1"], "R": ["0"], "D": [data], "Q": [out]}


def carry(first, propagate, carry_in):
    """A CARRY4 with sum bits first.. and carries first+4.. ."""
    return "CARRY4", {"CI": [carry_in], "CYINIT": ["0"], "DI": [1, 2, 3, 4], "S": propagate,
                      "O": [first, first + 1, first + 2, first + 3], "CO": [first + 4, first + 5, first + 6, first + 7]}


def module(inputs, outputs, *cells):
    ports = {name: {"direction": "input", "bits": [bit]} for name, bit in inputs.items()}
    ports.update({name: {"direction": "output", "bits": [bit]} for name, bit in outputs.items()})
    return netlist(ports, cells)


class Hierarchy(unittest.TestCase):
    def test_paths_go_through_instances(self):
        child = module({"a": 1}, {"q": 3}, lut(2, 1), lut(3, 2))
        top = module({"x": 10}, {"y": 13}, lut(11, 10), ("child", {"a": [11], "q": [12]}), lut(13, 12))
        self.assertEqual(Netlist({"top": top, "child": child}, "top").depth(), 4)

    def test_registers_of_an_instance_end_a_path_and_start_another(self):
        child = module({"a": 1, "c": 99}, {"q": 4}, lut(2, 1), register(3, 2), lut(4, 3))
        top = module({"x": 10}, {"y": 14}, lut(11, 10), lut(12, 11), ("child", {"a": [12], "c": [98], "q": [13]}), lut(14, 13))
        self.assertEqual(Netlist({"top": top, "child": child}, "top").depth(), 3)  # x, 11, 12, 2; the other one is 4, 14

    def test_a_value_may_go_round_through_registers(self):
        child = module({"a": 1, "c": 99}, {"q": 3}, lut(2, 1), register(3, 2))
        top = module({}, {"y": 11}, ("child", {"a": [11], "c": [98], "q": [10]}), lut(11, 10))
        self.assertEqual(Netlist({"top": top, "child": child}, "top").depth(), 2)


class Depth(unittest.TestCase):
    def test_inputs_and_constants_are_no_level(self):
        self.assertEqual(depth([register(100, 1)], [100, "0"]), 0)

    def test_luts_count_along_the_longest_path(self):
        cells = [lut(100, 1, 2), lut(101, 100, 3), lut(102, 4, 101), lut(103, 5)]
        self.assertEqual(depth(cells, [103, 102]), 3)

    def test_registers_end_a_path_and_start_another(self):
        cells = [lut(100, 1, 2), lut(101, 100, 3), register(102, 101), lut(103, 102)]
        self.assertEqual(depth(cells, [103]), 2)

    def test_a_clock_enable_is_an_end(self):
        cells = [lut(100, 1), lut(101, 100), ("FDRE", {"C": [99], "CE": [101], "R": ["0"], "D": [1], "Q": [102]})]
        self.assertEqual(depth(cells, [102]), 2)

    def test_inverters_and_wide_multiplexers_are_free(self):
        cells = [lut(100, 1), ("INV", {"I": [100], "O": [101]}), ("MUXF7", {"I0": [101], "I1": [2], "S": [3], "O": [102]})]
        self.assertEqual(depth(cells, [102]), 1)

    def test_24_bits_of_carry_are_a_level(self):
        def chain(blocks):
            cells = [lut(100, 1, 2)]
            carry_in = "0"
            for block in range(blocks):
                first = 200 + 8 * block
                cells.append(carry(first, [100, 100, 100, 100], carry_in))
                carry_in = first + 7
            return depth(cells, [200 + 8 * (blocks - 1) + 3])
        self.assertEqual(chain(1), 1)
        self.assertEqual(chain(6), 1)
        self.assertEqual(chain(7), 2)

    def test_a_sum_bit_does_not_wait_for_those_above(self):
        cells = [lut(100, 1), lut(101, 100), carry(200, [1, 2, 3, 101], "0")]
        self.assertEqual(depth(cells, [202]), 0)
        self.assertEqual(depth(cells, [203]), 2)

    def test_memories_count_as_in_the_delay_model(self):
        lut_ram = ("RAM32M", {"ADDRA": [100], "ADDRD": [5], "DIA": [6], "WE": [7], "WCLK": [99], "DOA": [101]})
        self.assertEqual(depth([lut(100, 1), lut_ram], [101]), 4)
        self.assertEqual(depth([("RAMB36E2", {"DOUTADOUT": [100], "ADDRARDADDR": [1]}), lut(101, 100)], [101]), 3)

    def test_a_product_takes_eight_levels(self):
        self.assertEqual(depth([lut(100, 1), product(101, 100, 2, 0, 0), lut(102, 101)], [102]), 10)

    def test_registers_of_a_product_end_a_path_and_start_another(self):
        self.assertEqual(depth([lut(100, 1), lut(102, 100), product(101, 102, 2, 1, 1)], [101]), 8)
        self.assertEqual(depth([lut(100, 1), lut(102, 100), product(101, 102, 2, 0, 1)], [101]), 10)
        self.assertEqual(depth([product(100, 1, 2, 1, 0), lut(101, 100), lut(102, 101)], [102]), 10)

    def test_an_ultra_ram_counts_as_a_block_ram(self):
        self.assertEqual(depth([("URAM288", {"DOUT_A": [100], "ADDR_A": [1]}), lut(101, 100)], [101]), 3)

    def test_paths_end_and_begin_at_a_black_box(self):
        cells = [lut(100, 1), lut(101, 100), ("box$top.u_box", {"a": [101], "q": [102]}), lut(103, 102)]
        self.assertEqual(depth(cells, [103], {"box"}), 2)
        with self.assertRaisesRegex(ValueError, "unknown cell"):
            depth(cells, [103])

    def test_a_write_port_is_an_end(self):
        cells = [lut(100, 1), lut(101, 100), ("RAM32M", {"ADDRA": [5], "DIA": [101], "WE": [7], "DOA": [102]})]
        self.assertEqual(depth(cells, [1]), 2)


if __name__ == "__main__":
    unittest.main()
