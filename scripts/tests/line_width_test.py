#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of line_width.py."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import line_width  # noqa: E402

WORDS = "word " * 26  # 130 columns


def found(text, is_markdown=False):
    return line_width.long_lines(text, is_markdown)


class Width(unittest.TestCase):
    def test_132_columns_are_good_and_133_are_not(self):
        self.assertEqual(found(f"a\n{WORDS}ab\n"), [])
        self.assertEqual(found(f"a\n{WORDS}abc\n"), [(2, 133)])

    def test_columns_are_characters(self):
        self.assertEqual(found(f"{WORDS}äö\n"), [])

    def test_rows_of_tables_are_exempt_in_markdown_alone(self):
        self.assertEqual(found(f"| {WORDS} |\n", is_markdown=True), [])
        self.assertEqual(found(f"| {WORDS} |\n"), [(1, 134)])

    def test_an_address_is_exempt_where_it_stands_alone(self):
        address = "https://example.org/" + "a" * 120
        for text in (address, f"# {address}", f"  * {address}", f"[1]: {address}"):
            self.assertEqual(found(text), [])
        self.assertEqual(len(found(f"see {address}")), 1)

    def test_kinds_of_files(self):
        checked = ["a.sv", "a.md", "CMakeLists.txt", "a.cmake", "a.py", "a.sh", "a.yaml"]
        self.assertEqual([name for name in [*checked, "a.cpp", "a.h", "a.pcap"] if line_width.is_checked(Path(name))], checked)


if __name__ == "__main__":
    unittest.main()
