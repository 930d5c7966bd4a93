#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of faults.py and schemata.py: which faults are found in a text, and what the text is that has them all."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from faults import faults  # noqa: E402
from schemata import HEAD, Schemata  # noqa: E402


def changes(text, language="c++", kind=None):
    return [(fault.old, fault.new) for fault in faults(text, language) if kind in (None, fault.kind)]


class Faults(unittest.TestCase):
    def test_operators_and_borders(self):
        self.assertEqual(changes("x = a < b && c == d;", kind="operator"), [("<", "<="), ("&&", "||"), ("==", "!=")])
        self.assertEqual(changes("f(a - b, c << d);", kind="operator"), [("-", "+"), ("<<", ">>")])

    def test_no_operators_of_templates_references_and_arrows(self):
        self.assertEqual(changes("std::vector<int> f(const T& a, U&& b) { return a->b; }"), [])

    def test_nonblocking_assignments_are_no_comparisons(self):
        text = "begin a <= b <= c; if (x <= y) z <= w; end v <= u;"
        self.assertEqual([fault.offset for fault in faults(text, "sv") if fault.kind == "operator"],
                         [text.index("<= c"), text.index("<= y")])

    def test_constants(self):
        self.assertEqual(changes("f(0, 0x1F, 9u, 0607, true);", kind="constant"),
                         [("0", "1"), ("0x1F", "0x20"), ("9u", "10u"), ("0607", "0610"), ("true", "false")])
        self.assertEqual(changes("a = {4'd15, 8'h0f, 1'b1, '0};", "sv", "constant"),
                         [("4'd15", "4'd14"), ("8'h0f", "8'h10"), ("1'b1", "1'b0"), ("'0", "'1")])

    def test_conditions(self):
        self.assertEqual(changes("if (f(a) || b) {", kind="condition"), [("(f(a) || b)", "(!(f(a) || b))")])
        self.assertEqual(changes("if (const auto a = b()) { while (T c = d(); c) {", kind="condition"), [])

    def test_dropped_assignments(self):
        self.assertEqual(changes("{\n  a.b[i] = f({c}, d);\n  ++n;\n  int e = g;\n}", kind="dropped assignment"),
                         [("a.b[i] = f({c}, d);", ";"), ("++n;", ";")])
        self.assertEqual(changes("begin\n  {a, b} <= {c, d};\nend\n assign e = f;", "sv", "dropped assignment"),
                         [("{a, b} <= {c, d};", ";"), ("assign e = f;", ";")])
        self.assertEqual(changes("wire e;\n assign e = f;", "sv", "dropped assignment"), [("assign e = f;", ";")])

    def test_dropped_statements(self):
        self.assertEqual(changes("{\n  a.clear();\n  if (b) return;\n  return f(c);\n}", kind="dropped statement"),
                         [("a.clear();", ";"), ("return;", ";")])

    def test_constructors_are_no_statements(self):
        self.assertEqual(changes("{\n  A(int b) : b_(b) {}\n  int c;\n", kind="dropped statement"), [])

    def test_what_is_spared(self):
        for text in ("// a = 1 + 2;\n", "/* a < b\n c == d */", '"a == 1"', "#define A 1 + \\\n 2\n", "#include <a/1.h>\n",
                     "static_assert(a == 1);", 'spdlog::warn("x {}", a + 1);', "virtual int f() const = 0;", "using A = B<1>;\n"):
            self.assertEqual(changes(text), [], text)
        for text in ("`SAPULSE_ASSERT(clk, rst, a == 1'b1, \"a\")\n", "`include \"a1.svh\"\n", "  parameter int A = 1 + 2,\n",
                     "logic [7:0] a;\n", "  input wire logic [3:0] a,\n", "assert property (a == b);",
                     "if (A > 1) begin : g_a\n  $error(\"a\");\nend"):
            self.assertEqual(changes(text, "sv"), [], text)

    def test_what_is_only_simulated_is_spared(self):
        text = ("wire a;\nassign a = b;\n`ifndef SYNTHESIS\n  assign c = d;\n`ifndef YOSYS\n  assign e = f;\n`endif\n`endif\n"
                "assign g = h;\n")
        self.assertEqual(changes(text, "sv"), [("assign a = b;", ";"), ("assign g = h;", ";")])
        text = "wire a;\n`ifndef SYNTHESIS\n  assign c = d;\n`else\n  assign e = f;\n`endif\n"
        self.assertEqual(changes(text, "sv"), [("assign e = f;", ";")])

    def test_a_fault_changes_its_place_only(self):
        text = "a = 1;\nb = 1;\n"
        fault = next(fault for fault in faults(text, "c++") if fault.kind == "constant" and fault.offset > 6)
        self.assertEqual((fault.applied(text), fault.line(text)), ("a = 1;\nb = 2;\n", 2))


class Texts(unittest.TestCase):
    @staticmethod
    def schemata(text, language, kind=None):
        found = [fault for fault in faults(text, language) if kind in (None, fault.kind)]
        return Schemata(text, language, list(enumerate(found, 1)))

    def text(self, text, language="c++", kind=None):
        made = self.schemata(text, language, kind)
        self.assertEqual(made.left_out, [])
        return made.text.replace(HEAD[language], "").replace("sapulse_mutant", "m")

    def test_an_operand_of_a_call(self):
        self.assertEqual(self.text("x = f(a, b - c);", kind="operator"), "x = f(a, (m == 1 ? (b + c) : (b - c)));")

    def test_faults_of_one_expression_exclude_each_other(self):
        self.assertEqual(self.text("x = a < b && c;", kind="operator"),
                         "x = (m == 1 ? (a <= b && c) : m == 2 ? (a < b || c) : (a < b && c));")

    def test_a_fault_in_brackets_is_not_in_another_one(self):
        self.assertEqual(self.text("return a + (b - c);", kind="operator"),
                         "return (m == 1 ? (a - (b - c)) : (a + ((m == 2 ? (b + c) : (b - c)))));")

    def test_conditions_and_what_follows_them(self):
        self.assertEqual(self.text("if (a) return b + c;"),
                         "if ((m == 1 ? ((!(a))) : static_cast<bool>(a))) return (m == 2 ? (b - c) : (b + c));")
        self.assertEqual(self.text("for (T a : b) ++c;\nx(d) += e;", kind="operator"),
                         "for (T a : b) ++c;\n(m == 1 ? (x(d) -= e) : (x(d) += e));")

    def test_choices_and_labels(self):
        self.assertEqual(self.text("x = a ? b - c : d;", kind="operator"), "x = (m == 1 ? (a ? b + c : d) : (a ? b - c : d));")
        self.assertEqual(self.text("switch (a) { case B: c(d) -= e; }", kind="operator"),
                         "switch (a) { case B: (m == 1 ? (c(d) += e) : (c(d) -= e)); }")

    def test_an_expression_behind_a_block(self):
        self.assertEqual(self.text("if (a) { b; }\nc(d) += e;", kind="operator"),
                         "if (a) { b; }\n(m == 1 ? (c(d) -= e) : (c(d) += e));")
        self.assertEqual(self.text("x = T{a}.b - c;", kind="operator"), "x = (m == 1 ? (T{a}.b + c) : (T{a}.b - c));")

    def test_dropped_statements_keep_their_else(self):
        self.assertEqual(self.text("{ if (a) b = c; else d(); }", kind="dropped assignment"),
                         "{ if (a) { if (m != 1) b = c; } else d(); }")
        self.assertEqual(self.text("begin if (a) b <= c; else d <= e; end", "sv", "dropped assignment"),
                         "begin if (a) begin if (m != 1) b <= c; end else begin if (m != 2) d <= e; end end")

    def test_constants_become_variables(self):
        self.assertEqual(self.text("constexpr int kA = 5;"), "const int kA = (m == 1 ? (6) : (5));")
        self.assertEqual(self.text("constexpr int f() { return 5; }"), "constexpr int f() { return (m == 1 ? (6) : (5)); }")

    def test_wires_that_nobody_drives(self):
        self.assertEqual(self.text("wire b;\nassign b = c;", "sv"), "wire b;\nassign b =(m == 1 ? ('0) : ( c));")

    def test_each_scope_reads_the_variable(self):
        text = "module a (input b);\nassign c = d;\nendmodule\n// module e;\nmodule f;\nendmodule\n"
        self.assertEqual(self.schemata(text, "sv").text.count(HEAD["sv"]), 2)

    def test_places_of_messages(self):
        made = self.schemata("x = f(a, b - c);\ny = 2;\n", "c++", "operator")
        line = made.text.count("\n", 0, made.text.index("x = ")) + 1
        column = made.text.splitlines()[line - 1].index("b + c") + 1
        self.assertEqual((made.at(line, column), made.at(line, 1), made.at(line + 1, 5), made.at(999, 1)), ([1, 1], [], [], []))
        self.assertEqual((made.on_line(line), made.on_line(line + 1)), ([1], []))


if __name__ == "__main__":
    unittest.main()
