#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of test_plan.py."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import test_plan  # noqa: E402

PAGE = "page: {head: Head, proofs: Proofs, missing: Missing, mutation: Faults}\n"
LISTS = """supporting:
- {tests: [judge.*], why: judges}
conditional:
- {tests: [a.Root], needs: root}
mutation: []
"""
PLAN = PAGE + """blocks:
- block: a
  sources: [rtl/a/*]
  promises:
  - promise: it works | always
    tests: [a.Works*, a.Root]
  - {promise: for ever, tests: [rtl.proof.a], proved: without a bound, of: 2 words}
  missing:
  - {what: the rest, why: no time}
""" + LISTS
TESTS = {"a.Works/1", "a.Works/2", "a.Root", "rtl.proof.a", "judge.One"}
FILES = ["rtl/a/a.sv", "docs/page.md", "rtl/a/tests/bench.sv"]


def case(name, status="run", inside="", time=1):
    return f'<testcase name="{name}" status="{status}" time="{time}">{inside}</testcase>'


def results(*cases):
    return test_plan.read_results(f"<testsuite>{''.join(cases)}</testsuite>")


def changed(old, new):
    assert old in PLAN
    return PLAN.replace(old, new)


class Shape(unittest.TestCase):
    def refused(self, text):
        with self.assertRaises(test_plan.PlanError) as raised:
            test_plan.load(text, "plan.yaml")
        return str(raised.exception).splitlines()

    def test_a_good_plan(self):
        self.assertEqual(test_plan.load(PLAN)["blocks"][0]["block"], "a")

    def test_unknown_keys_have_their_line(self):
        self.assertEqual(self.refused(changed("  missing:", "  mising:")), ["plan.yaml:9: unknown key 'mising' in a block"])
        self.assertEqual(self.refused(changed("proved:", "prooved:")), ["plan.yaml:8: unknown key 'prooved' in a promise"])

    def test_absent_keys_have_the_line_of_their_mapping(self):
        self.assertEqual(self.refused(changed("  sources: [rtl/a/*]\n", "")), ["plan.yaml:3: a block without 'sources'"])

    def test_values_of_another_kind(self):
        self.assertEqual(self.refused(changed("[a.Works*, a.Root]", "a.Works*")), ["plan.yaml:7: 'tests' must be a list"])
        self.assertEqual(self.refused(changed("why: no time", "why: 7")), ["plan.yaml:10: 'why' must be text"])
        self.assertEqual(self.refused(changed("{what: the rest, why: no time}", "rest")),
                         ["plan.yaml:9: 'missing' must have the keys of a missing"])

    def test_a_key_that_is_given_twice_and_what_is_no_yaml(self):
        self.assertEqual(self.refused(changed("  sources:", "  block: b\n  sources:")), ["plan.yaml:4: 'block' is given twice"])
        self.assertRegex(self.refused("a: [")[0], "^plan.yaml:1: ")


class Tests(unittest.TestCase):
    def found(self, text=PLAN, tests=TESTS):
        return [finding.removeprefix(f"{test_plan.PLAN}:") for finding in test_plan.check_tests(test_plan.load(text), set(tests))]

    def test_all_is_claimed(self):
        self.assertEqual(self.found(), [])

    def test_a_pattern_without_a_test(self):
        self.assertEqual(self.found(changed("a.Works*,", "a.Works*, a.Gone,")), ["7: no test a.Gone"])
        self.assertEqual(self.found(changed("[judge.*]", "[]")), ["12: no tests", " no promise for the test judge.One"])

    def test_a_test_without_a_promise(self):
        self.assertEqual(self.found(tests=TESTS | {"b.New"}), [" no promise for the test b.New"])

    def test_being_conditional_is_no_promise(self):
        self.assertEqual(self.found(changed("[a.Works*, a.Root]", "[a.Works*]")), [" no promise for the test a.Root"])

    def test_proofs_say_how_long_and_nobody_else(self):
        wrong = ["8: proofs, and only they, have 'proved'"]
        self.assertEqual(self.found(changed("proved: without a bound, ", "")), wrong)
        self.assertEqual(self.found(changed("    tests:", "    proved: always\n    tests:")), wrong)


class Blocks(unittest.TestCase):
    def found(self, text=PLAN, files=FILES):
        findings = test_plan.check_blocks(test_plan.load(text), files, {"a_test", "sh"})
        return [finding.removeprefix(f"{test_plan.PLAN}:") for finding in findings]

    def test_targets(self):
        self.assertEqual(self.found(changed("  promises:", "  targets: [a_test]\n  promises:")), [])
        self.assertEqual(self.found(changed("  promises:", "  targets: [a_test, b_test]\n  promises:")), ["5: no test runs b_test"])

    def test_sources(self):
        self.assertEqual(self.found(), [])
        self.assertEqual(self.found(files=[*FILES, "rtl/b/b.sv", "host/tests/a_test.cpp", "hls/kernels/a/a_test.cpp"]),
                         [" rtl/b/b.sv belongs to no block"])
        self.assertEqual(self.found(changed("[rtl/a/*]", "[rtl/a/*, rtl/c/*]")), ["4: no file rtl/c/*"])

    def test_a_block_promises_something(self):
        self.assertEqual(self.found(PAGE + "blocks:\n- {block: b, sources: [rtl/a/*], promises: []}\n" + LISTS),
                         ["3: b promises nothing"])

    def test_verdicts_of_survivors(self):
        run = ("[{files: a, commit: c, seed: 1, faults: 1, killed: 0, timed_out: 0, not_built: 0, survivors: "
               "[{at: 'a:1', change: x, verdict: fine, why: y}]}]")
        self.assertEqual(len(self.found(changed("mutation: []", f"mutation: {run}"))), 1)
        self.assertEqual(self.found(changed("mutation: []", f"mutation: {run}".replace("fine", "equivalent"))), [])

    def test_each_fault_has_become_something(self):
        run = "[{files: a, commit: c, seed: 1, faults: 7, killed: 4, timed_out: 2, not_built: 1, survivors: []}]"
        self.assertEqual(self.found(changed("mutation: []", f"mutation: {run}")), [])
        self.assertEqual(self.found(changed("mutation: []", f"mutation: {run}".replace("faults: 7", "faults: 8"))),
                         ["15: 8 faults, and another number of what became of them"])

    def test_share_of_faults_that_are_found(self):
        run = {"faults": 12, "killed": 4, "timed_out": 1, "not_built": 2,
               "survivors": [{"verdict": verdict} for verdict in ("equivalent", "equivalent", "mended", "mended", "open")]}
        self.assertEqual([test_plan.found_share(run, also) for also in ((), ("mended",))], ["62.5 %", "87.5 %"])
        self.assertEqual(test_plan.found_share({**run, "faults": 4}, ()), "none")

    def test_all_runs_are_summed_up(self):
        first = {"faults": 12, "killed": 6, "timed_out": 1, "not_built": 2,
                 "survivors": [{"verdict": verdict} for verdict in ("equivalent", "mended", "open")]}
        second = {"faults": 3, "killed": 2, "timed_out": 0, "not_built": 0, "survivors": [{"verdict": "mended"}]}
        self.assertEqual(test_plan.counts_of(test_plan.all_runs([first, second])),
                         [15, 2, 8, 1, 4, 1, 2, 1, "75.0 %", "91.7 %"])


class Results(unittest.TestCase):
    ALL = [case("a.Works/1  # GetParam() = 1"), case("a.Works/2"), case("a.Root"), case("judge.One"),
           case("rtl.proof.a", inside="<system-out>a_proof: 3 assertions hold without a bound\na_proof: 0.1 s</system-out>")]

    def found(self, *cases):
        return [finding.partition(": ")[2] for finding in
                test_plan.check_results(test_plan.load(PLAN), TESTS, results(*cases))]

    def test_all_have_passed(self):
        self.assertEqual(self.found(*self.ALL), [])

    def test_failed_not_run_and_absent_tests(self):
        self.assertEqual(self.found(case("a.Works/1", "fail"), *self.ALL[1:]), ["a.Works/1 has failed"])
        self.assertEqual(self.found(case("a.Works/1", "notrun"), *self.ALL[1:]), ["a.Works/1 has not run"])
        self.assertEqual(self.found(*self.ALL[1:]), ["a.Works/1 has not run"])

    def test_one_of_two_programs_that_have_the_same_test_has_failed(self):
        for order in (1, -1):
            self.assertEqual(self.found(*[case("a.Works/1", "fail"), *self.ALL][::order]), ["a.Works/1 has failed"])

    def test_only_conditional_tests_may_skip_themselves(self):
        skipped = '<skipped message="SKIP_RETURN_CODE=77"/>'
        self.assertEqual(self.found(*self.ALL[:2], case("a.Root", "notrun", skipped), *self.ALL[3:]), [])
        self.assertEqual(self.found(*self.ALL[:2], case("a.Root", "notrun", '<skipped message="no program"/>'), *self.ALL[3:]),
                         ["a.Root has not run"])
        self.assertEqual(self.found(case("a.Works/1", "notrun", skipped), *self.ALL[1:]), ["a.Works/1 has not run"])

    def test_a_proof_that_holds_for_less_than_it_is_said_to(self):
        bounded = case("rtl.proof.a", inside="<system-out>a_proof: 3 assertions hold in the first 9 cycles</system-out>")
        self.assertEqual(self.found(*self.ALL[:4], bounded),
                         ["rtl.proof.a is proved 3 assertions in the first 9 cycles, not without a bound"])

    def test_figures_and_summary(self):
        plan, run = test_plan.load(PLAN), results(case("a.Works/1", "fail"), *self.ALL[1:])
        first, second = plan["blocks"][0]["promises"]
        self.assertEqual(test_plan.figure(first, run), "2 passed, 1 failed, 3.0 s")
        self.assertEqual(test_plan.figure(second, run), "1 passed, 1.0 s, 3 assertions without a bound")
        self.assertEqual(test_plan.figure(first, []), "not run, 0.0 s")
        self.assertEqual(test_plan.summary(plan, run),
                         "1 of 2 promises of 1 blocks shown by 4 of 5 tests; 1 things listed as not shown")
        self.assertIn("0 of 2 promises", test_plan.summary(plan, []))


class Page(unittest.TestCase):
    def test_rows(self):
        lines = test_plan.render(test_plan.load(PLAN)).splitlines()
        self.assertIn("| **a** | it works \\| always | `a.Works*`, `a.Root` |", lines)
        self.assertIn("|  | for ever | `rtl.proof.a`: proved without a bound; 2 words |", lines)
        self.assertIn("| **a** | the rest | no time |", lines)
        self.assertIn("| `judge.*` | judges |", lines)
        self.assertIn("| `a.Root` | root |", lines)

    def test_faults_and_the_sum_of_all(self):
        run = ("{files: a, commit: c, seed: 5, faults: 4, killed: 3, timed_out: 0, not_built: 0, survivors: "
               "[{at: 'a:1', change: x, verdict: mended, why: y}]}")
        lines = test_plan.render(test_plan.load(changed("mutation: []", f"mutation: [{run}, {run}]"))).splitlines()
        self.assertIn("| a | `c` | 5 | 4 | 0 | 3 | 0 | 1 | 0 | 1 | 0 | 75.0 % | 100.0 % |", lines)
        self.assertIn("| **all** |  |  | 8 | 0 | 6 | 0 | 2 | 0 | 2 | 0 | 75.0 % | 100.0 % |", lines)

    def test_what_a_run_has_shown_is_a_column(self):
        text = test_plan.render(test_plan.load(PLAN), results(*Results.ALL))
        self.assertIn("| **a** | it works \\| always | `a.Works*`, `a.Root` | 3 passed, 3.0 s |", text)


if __name__ == "__main__":
    unittest.main()
