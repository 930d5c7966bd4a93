#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of abi.py."""

import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import abi  # noqa: E402

BASELINE = ROOT / abi.BASELINE
HEADER = (ROOT / abi.HEADER).read_text()


def compare(text):
    """Exit code for a header of this text."""
    with tempfile.TemporaryDirectory() as folder:
        header = Path(folder) / "sapulse" / "sapulse.h"
        header.parent.mkdir()
        header.write_text(text)
        return abi.compare(header, BASELINE)


def changed(old, new):
    assert HEADER.count(old) == 1, old
    return compare(HEADER.replace(old, new))


class Abi(unittest.TestCase):
    def test_the_header_is_what_is_written_down(self):
        self.assertEqual(compare(HEADER), 0)

    def test_comments_do_not_matter(self):
        self.assertEqual(changed("/** A card with its SAs", "/** Some card with its SAs"), 0)

    def test_what_breaks_programs_is_found(self):
        clock = "  uint32_t clock_khz;\n"
        for old, new in [(clock, ""),
                         (clock, "  uint64_t clock_khz;\n"),
                         ("SAPULSE_API size_t sapulse_counter_count(void);", ""),
                         ("(sapulse_endpoint* endpoint, uint64_t* time)", "(sapulse_endpoint* endpoint, uint32_t* time)"),
                         ("  SAPULSE_LOST = 4,", "  SAPULSE_LOST = 6,")]:
            with self.subTest(old):
                self.assertEqual(changed(old, new), 1)

    def test_additions_have_to_be_written_down(self):
        one = "SAPULSE_API size_t sapulse_counter_count(void);"
        self.assertEqual(changed(one, f"{one}\nSAPULSE_API int sapulse_more(void);"), 1)

    def test_what_is_no_header_is_told(self):
        self.assertEqual(compare("SAPULSE_API broken(;\n"), 2)


if __name__ == "__main__":
    unittest.main()
