#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check.py must notice what has become worse, what is missing, and what is better."""
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CHECK = Path(__file__).with_name("check.py")
COUNTED = {"latency": 98, "per_ping": 3.0}
BLOCK = {"digest": "0", "seconds": 7, "cells": 1000, "levels": 4}


class Check(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.recorded = self.folder / "recorded.json"
        self.count(COUNTED)
        self.synthesise(BLOCK)
        self.assertEqual(self.run_check("--record")[0], 0)

    def count(self, figures):
        """A program that counts these."""
        self.program = self.folder / "program.py"
        self.program.write_text(f"#!{sys.executable}\nprint('''{json.dumps({'cycles': figures})}''')\n", encoding="utf-8")
        self.program.chmod(0o755)

    def synthesise(self, block, left_out=(), estimated=4):
        blocks = {name: block for name in ("open", "seal") if name not in left_out}
        self.synth = self.folder / "synth.json"
        self.synth.write_text(json.dumps({"blocks": blocks, "left_out": left_out, "estimated_levels": {"open": estimated}}),
                              encoding="utf-8")

    def run_check(self, *options):
        done = subprocess.run([sys.executable, "-B", CHECK, "--cycles", self.program, "--synth", self.synth,
                               "--recorded", self.recorded, *options], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def assert_red(self, words):
        status, text = self.run_check()
        self.assertIn(words, text)
        self.assertEqual(status, 1, text)

    def assert_green(self, words):
        status, text = self.run_check()
        self.assertIn(words, text)
        self.assertEqual(status, 0, text)

    def test_what_is_recorded_is_good(self):
        self.assert_green("7 figures, 0 worse or missing, 0 better")

    def test_one_cycle_more_is_worse(self):
        self.count({**COUNTED, "latency": 99})
        self.assert_red("cycles/latency: 99, worse than the recorded 98")

    def test_one_level_more_is_worse(self):
        self.synthesise({**BLOCK, "levels": 5})
        self.assert_red("synth/open/levels: 5, worse than the recorded 4")

    def test_an_estimate_that_is_further_off_is_worse(self):
        self.synthesise(BLOCK, estimated=5)
        self.assert_red("synth/open/levels_off: 1, worse than the recorded 0")

    def test_cells_have_a_tolerance(self):
        self.synthesise({**BLOCK, "cells": 1010, "seconds": 700, "digest": "1"})
        self.assert_green("0 worse")
        self.synthesise({**BLOCK, "cells": 1011})
        self.assert_red("synth/open/cells: 1011, worse than the recorded 1000 by more than 1%")

    def test_better_is_told_and_recorded_when_asked_for(self):
        self.count({**COUNTED, "latency": 78})
        self.assert_green("cycles/latency: 78, better than the recorded 98")
        self.run_check("--record")
        self.assert_green("0 better")
        self.count(COUNTED)
        self.assert_red("cycles/latency: 98, worse than the recorded 78")

    def test_what_is_no_longer_counted_is_missing(self):
        self.count({"latency": 98})
        self.assert_red("cycles/per_ping: recorded, but not counted")

    def test_what_is_not_recorded_is_not_guarded(self):
        self.count({**COUNTED, "new": 1})
        self.assert_red("cycles/new: 1, but nothing is recorded")

    def test_blocks_that_are_left_out_are_told(self):
        self.synthesise(BLOCK, ["seal"])
        self.assert_green("5 figures, 0 worse or missing, 0 better; not checked, for they have changed")
        self.run_check("--record")
        self.synthesise(BLOCK)
        self.assert_green("7 figures, 0 worse")
        self.synthesise({**BLOCK, "levels": 5}, ["seal"])
        self.assert_red("synth/open/levels: 5, worse")

    def test_recording_one_kind_keeps_the_other(self):
        subprocess.run([sys.executable, "-B", CHECK, "--cycles", self.program, "--recorded", self.recorded, "--record"],
                       capture_output=True, check=True)
        self.assert_green("7 figures, 0 worse")

    def test_a_program_that_fails_is_an_error(self):
        self.program.write_text("#!/bin/sh\necho 'cycles: stuck' >&2\nexit 1\n", encoding="utf-8")
        status, text = self.run_check()
        self.assertIn("cycles: stuck", text)
        self.assertEqual(status, 2)

    def test_synthesis_that_has_not_been_run_is_an_error(self):
        self.synth.unlink()
        status, text = self.run_check()
        self.assertIn("no results of synthesis", text)
        self.assertEqual(status, 2)


if __name__ == "__main__":
    unittest.main()
