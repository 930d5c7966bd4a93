#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of attack_page.py."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import attack_page  # noqa: E402

TESTS = {"Card.AttackA", "Card.AttackB", "Card.Works"}
VECTORS = {"MAC multicast", "source ::"}


def found(*cells):
    page = "| attack | test |\n|---|---|\n" + "".join(f"| x | {cell} |\n" for cell in cells)
    return [text.partition(": ")[2] for text in attack_page.check(page, TESTS, VECTORS)]


class Page(unittest.TestCase):
    def test_all_is_named_and_exists(self):
        self.assertEqual(found("`Card.Attack*`; vectors `MAC *`, `source ::`", "none needed", "*planned*: `AttackC`"), [])
        self.assertEqual(found("`Card.AttackA`, `Card.AttackB` (both models)", "`Card.Works`"), [])

    def test_names_of_nothing(self):
        self.assertEqual(found("`Card.Attack*`, `Card.Broken`"), ["no test Card.Broken"])
        self.assertEqual(found("`Card.Attack*`; vectors `IP *`"), ["no vector IP *"])
        self.assertEqual(found("`Card.Attack*`", "`host/nowhere`"), ["no test host/nowhere"])
        self.assertEqual(found("`Card.Attack*`", "later"), ["no test"])

    def test_planned_tests_that_exist(self):
        self.assertEqual(found("`Card.AttackB`; *planned*: `AttackA`", "`Card.AttackA`"),
                         ["AttackA is not planned any more: it exists"])

    def test_attacks_that_the_page_does_not_name(self):
        self.assertEqual(found("`Card.AttackA`"), ["Card.AttackB is not named"])
        self.assertEqual(found("`Card.AttackA`; *planned*: `AttackC`"), ["Card.AttackB is not named"])

    def test_tables_without_tests(self):
        page = "| who | can |\n|---|---|\n| a | b |\n"
        self.assertEqual(attack_page.rows(page), [])
        self.assertEqual(len(attack_page.check(page, set(), set())), 1)

    def test_names_in_the_sources(self):
        source = "TEST(A, B) {\nTEST_F(C, D) {\nTEST_P(E,\n       F) {\n  TEST(x, y)\n// TEST(G, H)\n"
        self.assertEqual(attack_page.names_of_tests(source), {"A.B", "C.D", "E.F"})


if __name__ == "__main__":
    unittest.main()
