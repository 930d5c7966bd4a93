#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of coverage.py on a summary as llvm-cov writes it, and on counters as Verilator writes them."""

import json
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[1] / "coverage.py"
ROOT = SCRIPT.parents[1]


def file(name, lines, branches=(0, 0)):
    counts = dict(zip(("lines", "branches"), (lines, branches)))
    return {"filename": str(ROOT / name), "summary": {kind: {"covered": c, "count": n} for kind, (c, n) in counts.items()}}


class Coverage(unittest.TestCase):
    def run_on(self, summaries, holes="[]", goal=50, ignored="[]"):
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            (folder / "summary.json").write_text(json.dumps({"data": [{"files": summaries}]}), encoding="utf-8")
            settings = (f"head: A page.\ngoals: {{lines: {goal}, branches: null}}\nlow: 60\nleast: 10\nholes: {holes}\n"
                        f"ignored: {ignored}\n")
            (folder / "holes.yaml").write_text(settings, encoding="utf-8")
            files = [folder / name for name in ("summary.json", "holes.yaml", "page.md")]
            done = subprocess.run([sys.executable, "-B", SCRIPT, *files],
                                  capture_output=True, text=True, check=False)
            page = folder / "page.md"
            return done, page.read_text(encoding="utf-8") if page.exists() else ""

    def test_lines_and_branches_are_added_up_by_folder(self):
        done, page = self.run_on([file("host/src/a.cpp", (8, 10), (1, 4)), file("host/src/deep/b.cpp", (7, 10), (3, 4)),
                                  file("driver/c.cpp", (10, 10))])
        self.assertEqual((done.returncode, done.stderr.strip()), (0, ""))
        self.assertIn("| `host/src` | 20 | 75.0 | 50.0 |", page)
        self.assertIn("| `driver` | 10 | 100.0 | 100.0 |", page)
        self.assertIn("| **all** | 30 | 83.3 | 50.0 |", done.stdout)
        self.assertTrue(page.startswith("A page.\n"))

    def test_less_than_the_goal_is_a_finding(self):
        done, page = self.run_on([file("host/a.cpp", (7, 10))], goal=71)
        self.assertEqual(done.returncode, 1)
        self.assertIn("70.0 % of the lines are covered; the goal is 71 %", done.stderr)
        self.assertIn("| `host` | 10 | 70.0 |", page)

    def test_a_file_with_little_coverage_needs_a_reason(self):
        files = [file("host/a.cpp", (1, 10)), file("host/b.cpp", (90, 100)), file("host/small.h", (0, 9))]
        done, _ = self.run_on(files)
        self.assertEqual(done.returncode, 1)
        self.assertIn("host/a.cpp: 10.0 % of its lines are covered, and", done.stderr)
        done, page = self.run_on(files, "[{file: host/a.cpp, why: needs a card}]")
        self.assertEqual(done.returncode, 0)
        self.assertIn("| `host/a.cpp` | 10 | 10.0 | 100.0 | needs a card |", page)

    def test_a_reason_that_is_not_needed_is_a_finding(self):
        for name in ("host/a.cpp", "host/gone.cpp"):
            done, _ = self.run_on([file("host/a.cpp", (9, 10))], f"[{{file: {name}, why: no card}}]")
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"{name}: needs no reason", done.stderr)

    def test_what_is_ignored_does_not_count_and_is_listed(self):
        files = [file("host/a.cpp", (9, 10)), file("host/tests/a_test.cpp", (0, 90)), file("sim/x.cpp", (0, 90))]
        made = [file("build/rtl/view.cpp", (0, 90)), {"filename": "/usr/include/vector", "summary": files[1]["summary"]}]
        done, page = self.run_on([*files, *made],
                                 ignored='[{files: "(.*/)?tests/", why: a judge}, {files: "sim/(x|y)", why: a guest}]')
        self.assertEqual((done.returncode, done.stderr.strip()), (0, ""))
        self.assertIn("| **all** | 10 | 90.0 |", page)
        self.assertIn("## Not counted\n\n| files | why |\n| --- | --- |\n| `(.*/)?tests/` | a judge |\n"
                      "| `sim/(x\\|y)` | a guest |\n", page)

    def test_an_expression_that_ignores_nothing_is_a_finding(self):
        done, _ = self.run_on([file("host/a.cpp", (9, 10))], ignored="[{files: sim/, why: gone}]")
        self.assertEqual(done.returncode, 1)
        self.assertIn("ignored: sim/: there is no such file", done.stderr)

    def test_the_expression_for_llvm_cov_is_of_whole_paths(self):
        with tempfile.TemporaryDirectory() as folder:
            holes = Path(folder) / "holes.yaml"
            holes.write_text('ignored: [{files: "(.*/)?tests/", why: a judge}, {files: sim/, why: a guest}]\n', encoding="utf-8")
            done = subprocess.run([sys.executable, "-B", SCRIPT, "--ignored", holes], capture_output=True, text=True, check=True)
        for name, ignored in (("host/tests/a.cpp", True), ("tests/a.cpp", True), ("sim/a.cpp", True), ("build/a.cpp", True),
                              ("host/sim/a.cpp", False), ("host/src/a.cpp", False)):
            self.assertEqual(bool(re.search(done.stdout.strip(), str(ROOT / name))), ignored, name)
        self.assertTrue(re.search(done.stdout.strip(), "/usr/include/vector"))

    def test_what_is_not_a_summary_is_said(self):
        done, page = self.run_on(7)
        self.assertEqual((done.returncode, page), (2, ""))
        self.assertIn("coverage.py: ", done.stderr)


def point(name, page, line, what, count, lines=None, instance="TOP.a"):
    fields = {"f": str(ROOT / name), "l": line, "n": 3, "page": f"{page}/{name}", "o": what}
    if lines:
        fields["S"] = lines
    return "C '" + "".join(f"\1{key}\2{value}" for key, value in (fields | {"h": instance}).items()) + f"' {count}\n"


class VerilatorCounters(unittest.TestCase):
    def run_on(self, *files):
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            (folder / "counters").mkdir()
            for i, text in enumerate(files):
                (folder / "counters" / f"{i}.dat").write_text("# SystemC::Coverage-3\n" + text, encoding="latin-1")
            (folder / "holes.yaml").write_text("head: A page.\ngoals: {lines: 70, branches: null, toggles: 60}\nlow: 0\nleast: 1\n"
                                               "holes: []\n", encoding="utf-8")
            done = subprocess.run([sys.executable, "-B", SCRIPT, folder / "counters", folder / "holes.yaml", folder / "page.md"],
                                  capture_output=True, text=True, check=False)
            missing = folder / "counters.missing"
            return done, missing.read_text(encoding="utf-8").splitlines() if missing.exists() else []

    def test_lines_arms_and_bits_are_told_apart(self):
        done, missing = self.run_on(
            point("rtl/sa/a.sv", "v_line", 4, "block", 9, "4-6") + point("rtl/sa/a.sv", "v_branch", 5, "else", 0, "7,9") +
            point("build/rtl/generated.sv", "v_line", 1, "block", 0, "1-9") +
            point("rtl/sa/a.sv", "v_branch", 4, "if", 0) + point("rtl/sa/a.sv", "v_toggle", 2, "q[0]", 1) +
            point("rtl/sa/a.sv", "v_toggle", 2, "q[1]", 0))
        self.assertEqual(done.returncode, 1)
        self.assertIn("| `rtl/sa` | 5 | 60.0 | 33.3 | 50.0 |", done.stdout)
        self.assertEqual(missing, ["rtl/sa/a.sv:2: q: 1 of 2 bits never change: 1", "rtl/sa/a.sv:4:3: if: not taken",
                                   "rtl/sa/a.sv:5:3: else: not taken", "rtl/sa/a.sv:7: not run", "rtl/sa/a.sv:9: not run"])
        self.assertIn("60.0 % of the lines are covered; the goal is 70 %", done.stderr)
        self.assertIn("50.0 % of the toggles are covered; the goal is 60 %", done.stderr)

    def test_runs_and_instances_are_added_up(self):
        counts = [point("rtl/b.sv", "v_line", 1, "block", count, "1", instance) for count, instance in ((0, "TOP.a"), (3, "TOP.b"))]
        for files in (("".join(counts),), counts):
            done, missing = self.run_on(*files)
            self.assertIn("| `rtl` | 1 | 100.0 | 100.0 | 100.0 |", done.stdout)
            self.assertEqual((done.returncode, missing), (0, []))

    def test_no_counters_are_said(self):
        done, _ = self.run_on("")
        self.assertEqual(done.returncode, 2)
        self.assertIn("no counters", done.stderr)


if __name__ == "__main__":
    unittest.main()
