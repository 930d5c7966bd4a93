#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""prove.py must not call proved what is not: wrong assertions, assumptions that exclude everything, modules without checks, engines
that have run out of time. Run by the Python that has pyosys."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROVE = pathlib.Path(__file__).parent.parent / "prove.py"
# Counts to 5 and starts again.
COUNTER = """
module counter (input wire clk, input wire stop);
  logic [2:0] count = '0;
  always_ff @(posedge clk) if (!stop) count <= count == 3'd5 ? '0 : count + 1'b1;
  always_ff @(posedge clk) begin
    CHECKS
  end
endmodule
"""
# A bit that crosses from one clock to another.
CLOCKS = """
module counter (input wire a, input wire b, input wire d);
  logic first = 1'b0, ever = 1'b0, second = 1'b0, third = 1'b0;
  always_ff @(posedge a) first <= d;
  always_ff @(posedge a) ever <= ever || d;
  always_ff @(posedge b) second <= first;
  always_ff @(posedge b) third <= second;
  always_ff @(posedge b) begin
    CHECKS
  end
endmodule
"""


class Prove(unittest.TestCase):
    def run_on(self, checks, *options, source=COUNTER):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "counter.sv")
            file.write_text(source.replace("CHECKS", checks), encoding="utf-8")
            command = [sys.executable, PROVE, "--top", "counter", "--work", folder, *options, file]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            self.waveform = pathlib.Path(folder, "counter.vcd").exists()
            return done.returncode, done.stdout

    def assert_proved(self, words, *arguments, **named):
        status, text = self.run_on(*arguments, **named)
        self.assertIn(words, text)
        self.assertEqual(status, 0, text)

    def assert_refused(self, words, *arguments, **named):
        status, text = self.run_on(*arguments, **named)
        self.assertIn(words, text)
        self.assertEqual(status, 1, text)

    def test_a_true_assertion_is_proved(self):
        self.assert_proved("1 assertions hold without a bound", "assert (count <= 3'd5); cover (count == 3'd5);")

    def test_by_induction(self):
        self.assert_proved("by induction over 4 cycles", "assert (count <= 3'd5); cover (count == 3'd5);", "--induction", "4")

    def test_within_a_bound(self):
        self.assert_proved("in the first 4 cycles", "assert (count < 3'd5); cover (count == 3'd3);", "--depth", "4")

    def test_a_wrong_assertion_is_named_and_shown(self):
        for engine in ([], ["--induction", "4"], ["--depth", "9"]):
            with self.subTest(engine=engine):
                self.assert_refused("counter.sv:6.", "assert (count < 3'd5); cover (count == 3'd3);", *engine)
                self.assertTrue(self.waveform)

    def test_what_is_not_inductive_is_not_proved(self):
        # 6 leads to 7, which no run reaches.
        self.assert_refused("neither proved nor refuted", "assert (count != 3'd7); cover (count == 3'd3);", "--induction", "2")

    def test_a_cover_point_that_nothing_reaches(self):
        self.assert_refused("not reached", "assume (count < 3'd3); assert (count != 3'd5); cover (count == 3'd4);")

    def test_without_checks(self):
        self.assert_refused("no assertions", "cover (count == 3'd4);")
        self.assert_refused("no cover points", "assert (count <= 3'd5);")

    def test_clocks_in_any_order(self):
        self.assert_proved("1 assertions", "assert (ever || !third); cover (third && !second);", "--clocks", source=CLOCKS)
        self.assert_refused("fails", "assert (third == first); cover (third);", "--clocks", source=CLOCKS)


if __name__ == "__main__":
    unittest.main()
