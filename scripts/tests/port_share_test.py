#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of port_share.py on small sources whose counts are known."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import port_share  # noqa: E402
from port_share import File  # noqa: E402


def wiring(source):
    return port_share.count(source).wiring


class Wiring(unittest.TestCase):
    def test_lines_of_port_declarations_count(self):
        self.assertEqual(wiring("module m (\n  input wire a,\n\n  output logic [1:0] b  // why\n);\nendmodule\n"), 2)

    def test_several_ports_in_a_line_are_one_line_and_several_ports(self):
        file = port_share.count("module m (\n  input wire clk, input wire rst,\n  input wire a, b\n);\nendmodule\n")
        self.assertEqual((file.wiring, file.ports), (2, {"m": 4}))

    def test_interfaces_and_types_are_ports_without_a_direction(self):
        file = port_share.count("module m\n  import p::*;\n#(parameter int unsigned W = 1) (\n  input clk,\n  axi_if.slave bus,\n"
                                "  p::beat_t [W-1:0] beats\n);\nendmodule\n")
        self.assertEqual((file.wiring, file.ports), (3, {"m": 3}))

    def test_connections_count_each_line_once(self):
        source = "module m;\n  f #(\n    .W(1)\n  ) u_f (\n    .clk,\n    .a(x[0]), .b({y, z})\n  );\nendmodule\n"
        self.assertEqual(wiring(source), 3)

    def test_an_instance_in_one_line_is_one_line(self):
        self.assertEqual(wiring("module m;\n  f #(.W(1)) u_f (.clk, .a(x));\n  f u_g (.*);\nendmodule\n"), 2)

    def test_the_lines_of_a_long_value_do_not_count(self):
        self.assertEqual(wiring("module m;\n  f u_f (\n    .a(x ?\n       y :\n       z)\n  );\nendmodule\n"), 1)

    def test_members_functions_and_comments_are_no_wiring(self):
        self.assertEqual(wiring("module m;\n  // input wire a, .b(c)\n  /* .d(e) */ assign x = y.z;\n  assign u = '{a: v.w};\n"
                                "  function automatic logic f(input logic a);\n    return f(a.b, c.d);\n  endfunction\n"
                                "endmodule\n"), 0)

    def test_modports_count(self):
        source = ("interface i (\n  input wire clk\n);\n  modport a (\n    input x,\n    output y\n  ), b (\n    input y\n  );\n"
                  "endinterface\n")
        file = port_share.count(source)
        self.assertEqual((file.wiring, file.ports), (4, {}))

    def test_connections_in_a_macro_count(self):
        source = "`define WIRES \\\n  .a(b), \\\n  .c(d),\nmodule m;\n  f u_f (\n    `WIRES\n    .e\n  );\nendmodule\n"
        self.assertEqual(wiring(source), 3)


class Limits(unittest.TestCase):
    def test_a_fifth_is_still_good(self):
        self.assertEqual(port_share.errors({Path("a.sv"): File(100, 20)}), [])
        self.assertEqual(port_share.errors({Path("a.sv"): File(100, 21)}),
                         ["ports and connections take more than 20 % of the lines"])

    def test_a_module_has_up_to_24_ports(self):
        self.assertEqual(port_share.errors({Path("a.sv"): File(100, 1, {"a": 24})}), [])
        self.assertEqual(port_share.errors({Path("a.sv"): File(100, 1, {"a": 25})}), ["a.sv: module a has 25 ports, more than 24"])

    def test_the_outermost_tops_have_as_many_as_it_takes(self):
        self.assertEqual(port_share.errors({Path("sapulse.sv"): File(100, 1, {"sapulse": 25})}), [])

    def test_the_core_is_short(self):
        self.assertEqual(port_share.errors({Path("rtl/sapulse_core.sv"): File(350, 1)}), [])
        self.assertEqual(port_share.errors({Path("rtl/sapulse_core.sv"): File(351, 1)}),
                         ["rtl/sapulse_core.sv: 351 lines, more than 350"])


if __name__ == "__main__":
    unittest.main()
