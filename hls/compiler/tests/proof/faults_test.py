#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""prove_kernel.py on RTL with a fault, of each kind that a compiler could make: it must say what differs.

usage: faults_test.py HLSC EXAMPLES KERNELS LIBRARY...    the compiler; folder with examples; folder with header.sv and its
                                                          reference; run-time modules of hlsc
"""

import pathlib
import subprocess
import sys
import tempfile
import unittest

HLSC = sys.argv[1]
EXAMPLES, KERNELS = map(pathlib.Path, sys.argv[2:4])
LIBRARY = sys.argv[4:]
MEGAHERTZ = "322.27"  # the schedules of the examples that the texts below come from
PROVE = pathlib.Path(__file__).with_name("prove_kernel.py")
# What is made wrong, kernel, text, what takes its place, what the proof must tell.
FAULTS = [
    ("a value from the stage before", "histogram", "times_q_waddr = in_s1;", "times_q_waddr = in;",
     "an iteration: differs: u_times_q.waddr"),
    ("a value that was not registered", "average", "+ sum_1_s1;", "+ sum_1;", "an iteration: differs: out: the word"),
    ("a register of an iteration that keeps its value", "average", "in_s1 <= in;", "if (valid_s0) in_s1 <= in_s1;",
     "an iteration: differs: out: the word"),
    ("a slice one bit too low", "average", "sum_2[13:2]", "sum_2[12:1]", "an iteration: differs: out: the word"),
    ("a bit of a sum lost", "histogram", "times_q + 16'h1", "{1'b0, times_q[14:0]} + 16'h1",
     "an iteration: differs: u_times_q.wdata"),
    ("the other order in a concatenation", "histogram", "{times_q, in_s1}", "{in_s1, times_q}",
     "an iteration: differs: out: the word"),
    ("the other order of a choice", "choose", "? mixed_1_s1 : mixed_s1", "? mixed_s1 : mixed_1_s1",
     "an iteration: differs: out: the word"),
    ("operands of a call exchanged", "choose", ".a(b), .key(not_key)", ".a(not_key), .key(b)",
     "an iteration: differs: u_mixed.a"),
    ("a module function", "choose", "xor_11 = {x[10:0], x[15:11]} ^ and_10;  // choose.cpp",
     "xor_11 = {x[11:0], x[15:12]} ^ and_10;  // choose.cpp", "choose_mixed, an iteration: differs: result"),
    ("a slot given back too early", "histogram", ".done(valid_s1)", ".done(valid_s0)",
     "an iteration: differs: out: the end of an iteration"),
    ("a slot that is never reserved", "histogram", ".issue(valid_s0)", ".issue(1'b0)",
     "an iteration: differs: out: a slot is reserved"),
    ("a start without room", "histogram", "in_tvalid & out_room", "in_tvalid",
     "an iteration: differs: valid_s0, out: a slot needs room"),
    ("a start without a word", "histogram", "ap_rst_n & in_tvalid &", "ap_rst_n &", "an iteration: differs: valid_s0"),
    ("a start that waits without need", "choose", "ap_rst_n & ", "ap_rst_n & ~valid_s1 & ", "an iteration: differs: valid_s0"),
    ("a word taken though it is not wanted", "choose", "a_tready = valid_s0 & which", "a_tready = valid_s0",
     "an iteration: differs: a_tready"),
    ("state that moves without an iteration", "average", "else if (valid_s0)", "else if (in_tvalid)",
     "an iteration: differs: last_0 in the next iteration"),
    ("a memory written without an iteration", "histogram", "ap_rst_n & valid_s1 & 1'h1", "ap_rst_n & 1'h1",
     "an iteration: differs: u_times_q.we"),
    ("an iteration that survives a reset", "header", "valid_s3 <= ap_rst_n & valid_s2", "valid_s3 <= valid_s2",
     "a reset: differs: out: done in cycle 3"),
    ("a stage left out", "header", "job_l2_dst_s3 <= job_l2_dst_s2;", "job_l2_dst_s3 <= job_l2_dst_s1;",
     "an iteration: differs: out: the word"),
    ("a queue whose faults are not told", "header", "assign memory_fault = out_fault;", "assign memory_fault = 1'b0;",
     "an iteration: differs: memory_fault"),
    ("a memory written in reset", "histogram", "ap_rst_n & valid_s1 & 1'h1", "valid_s1 & 1'h1",
     "a reset: differs: u_times_q.we in cycle 0"),
    ("another initial value", "average", "last_1 <= 12'h0;", "last_1 <= 12'h1;", "a reset: differs: last_1 in cycle 1"),
    ("state that no reset reaches", "average", "last_2 <= 12'h0;", "", "a reset: differs: last_2 in cycle 1"),
    ("a register with another clock", "average", "always @(posedge ap_clk) begin", "always @(posedge in_tvalid) begin",
     "a register has another clock"),
]


def prove(kernel, place, rtl):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / f"{kernel}.sv"
        path.write_text(rtl, encoding="utf-8")
        command = [sys.executable, "-B", PROVE, "--top", kernel, "--reference", f"{place}_reference", *LIBRARY, path]
        return subprocess.run(command, capture_output=True, text=True, check=False)


class FaultsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.places = {"header": KERNELS / "header"}
        for kernel in ("average", "choose", "histogram"):
            cls.places[kernel] = place = pathlib.Path(cls.folder.name) / kernel
            subprocess.run([HLSC, EXAMPLES / f"{kernel}.cpp", "--top", kernel, "--clock-mhz", MEGAHERTZ, "-o", f"{place}.sv",
                            "--reference", f"{place}_reference"], check=True)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_each_fault_is_found(self):
        for name, kernel, text, wrong, told in FAULTS:
            with self.subTest(name):
                place = self.places[kernel]
                rtl = place.with_suffix(".sv").read_text(encoding="utf-8")
                self.assertIn(text, rtl)
                run = prove(kernel, place, rtl.replace(text, wrong))
                self.assertEqual(run.returncode, 1, run.stdout)
                self.assertIn(told, run.stdout + run.stderr)

    def test_what_is_right_is_proved(self):
        place = self.places["choose"]
        run = prove("choose", place, place.with_suffix(".sv").read_text(encoding="utf-8"))
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertIn("choose: 129 assertions hold without a bound", run.stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
