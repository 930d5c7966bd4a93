#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of scripts/hlsc_report.py on reports as hlsc writes them."""
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hlsc_report import estimated_levels  # noqa: E402

REPORT = """budget: 4 LUT levels per stage for 322.27 MHz

kernel open
  stages: 19, initiation interval 1, depth 18 cycles
  LUT levels: 3 of 4

module open_sum
  stages: 1, latency 0 cycles
  LUT levels: 4 of 4

kernel opened
  stages: 1, initiation interval 1, depth 0 cycles
  LUT levels: 9 of 4
"""


class Levels(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.report = Path(folder.name) / "open.rpt"
        self.report.write_text(REPORT, encoding="utf-8")

    def test_the_deepest_of_a_kernel_and_its_modules(self):
        self.assertEqual(estimated_levels(self.report, "open"), 4)

    def test_other_kernels_do_not_count(self):
        self.assertEqual(estimated_levels(self.report, "opened"), 9)

    def test_a_report_without_the_kernel_is_refused(self):
        with self.assertRaisesRegex(ValueError, "open.rpt: no LUT levels of kernel seal"):
            estimated_levels(self.report, "seal")


if __name__ == "__main__":
    unittest.main()
