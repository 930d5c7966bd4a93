#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of sv_style.py: for each rule something that breaks it, and what looks alike but does not."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import sv_style  # noqa: E402


def found(body):
    return [text for _, text in sv_style.findings(body)]


def in_module(body):
    return found(f"module m (\n  input wire clk\n);\n{body}\nendmodule\n")


class Rules(unittest.TestCase):
    def test_a_finding_has_its_line(self):
        self.assertEqual(sv_style.findings("module m;\n\n  localparam int w = 1;\nendmodule\n"), [(3, "constant w: UPPER_CASE")])

    def test_constants_are_upper_case(self):
        self.assertEqual(in_module("localparam int unsigned Width = 8;"), ["constant Width: UPPER_CASE"])
        self.assertEqual(in_module("localparam logic [1:0] A = 0, b = 1;"), ["constant b: UPPER_CASE"])
        self.assertEqual(in_module("localparam int unsigned table[2] = '{1, 2};"), ["constant table: UPPER_CASE"])
        self.assertEqual(found("module m #(parameter int width = 8, localparam int W = width) ();\nendmodule\n"),
                         ["constant width: UPPER_CASE"])
        self.assertEqual(in_module("localparam int unsigned WIDTH = 8, DEPTH_2[2] = '{f(x), y};"), [])

    def test_type_parameters_are_types(self):
        self.assertEqual(found("module m #(parameter type Word = logic) ();\nendmodule\n"),
                         ["type parameter Word: T, or lower_case with _t"])
        self.assertEqual(found("module m #(parameter type word_t = logic, parameter type T = logic) ();\nendmodule\n"), [])

    def test_enumerators_are_upper_case(self):
        self.assertEqual(in_module("typedef enum logic [1:0] {IDLE, Busy = 2} state_t;"), ["enumerator Busy: UPPER_CASE"])

    def test_types_end_in_t(self):
        self.assertEqual(in_module("typedef struct packed {\n  logic [3:0] a;\n} Entry;"), ["type Entry: lower_case with _t"])
        self.assertEqual(in_module("typedef logic [1:0] pair;"), ["type pair: lower_case with _t"])
        self.assertEqual(in_module("typedef logic [1:0] pair_t;\ntypedef struct packed {\n  logic a;\n} entry_t;"), [])

    def test_modules_and_ports_are_lower_case(self):
        self.assertEqual(found("module Fifo (\n  input wire Clk\n);\nendmodule\n"),
                         ["module Fifo: lower_case", "port Clk: lower_case"])

    def test_interfaces_end_in_if(self):
        self.assertEqual(found("interface axi (\n  input wire clk\n);\nendinterface\n"), ["interface axi: ends in _if"])
        self.assertEqual(found("interface axi_if;\nendinterface\n"), [])

    def test_signals_are_lower_case(self):
        self.assertEqual(in_module("logic [A-1:0] data, Valid;"), ["signal Valid: lower_case"])
        self.assertEqual(in_module("wire Sum = a + b;"), ["signal Sum: lower_case"])
        self.assertEqual(in_module("logic [7:0] memory[0:DEPTH-1];\nlogic signed [1:0] x = A ? B : C, y;"), [])

    def test_instances_begin_with_u(self):
        self.assertEqual(in_module("fifo queue (.clk);"), ["instance queue: u_.."])
        self.assertEqual(in_module("fifo #(\n  .WIDTH(1)\n) queue (\n  .clk\n);"), ["instance queue: u_.."])
        self.assertEqual(in_module("if (X) begin : g_x\n  fifo queue[2] (.clk);\nend"), ["instance queue: u_.."])
        self.assertEqual(in_module("fifo u_queue (.clk);\nif (x) fifo #(.W(1)) u_other (.clk);"), [])

    def test_interfaces_are_named_like_wires(self):
        self.assertEqual(in_module("stream_if #(beat_t) frames ();\naxi_if bus[2] (.clk);"), [])
        self.assertEqual(in_module("stream_if u_frames ();"), ["interface u_frames: lower_case without u_"])

    def test_calls_and_statements_are_no_instances(self):
        self.assertEqual(in_module("always_comb begin\n  if (x) y = f(z);\n  unique case (x)\n    1: return g(x);\n  endcase\n"
                                   "  if (y) begin\n  end\n  case (y)\n  endcase\nend\nif (x) begin : g_x\nend"),
                         [])
        self.assertEqual(in_module("function automatic logic f(input logic a);\n  return g(a);\nendfunction\nassert property (x);"),
                         [])

    def test_generate_blocks_begin_with_g(self):
        self.assertEqual(in_module("if (X) begin : fast\nend else begin : g_slow\nend"), ["block fast: g_.."])
        self.assertEqual(in_module("for (genvar i = 0; i < 2; i++) begin\nend"), ["block of a generate loop: begin : g_.."])
        self.assertEqual(in_module("for (genvar i = 0; i < f(2); i++) begin : g_i\nend"), [])
        self.assertEqual(in_module("always_comb begin\n  for (int i = 0; i < 2; i++) begin\n  end\nend"), [])

    def test_a_connection_of_the_same_name_is_short(self):
        self.assertEqual(in_module("fifo u_queue (\n  .clk(clk),\n  .data(data[1:0]),\n  .rst(reset)\n);"),
                         [".clk(clk): write .clk"])
        self.assertEqual(in_module("fifo #(.WIDTH(WIDTH)) u_queue (.clk);"), [])

    def test_comments_strings_and_attributes_do_not_matter(self):
        source = '// localparam int w = 1;\n/* logic X; */ initial $display("logic X;");\n(* keep = "a" *) logic x;'
        self.assertEqual(in_module(source), [])


if __name__ == "__main__":
    unittest.main()
