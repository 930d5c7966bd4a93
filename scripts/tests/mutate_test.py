#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of mutate.py and faults.py: on a tree whose only program is a script that needs no compiler."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

import yaml

SCRIPTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(SCRIPTS))

import mutate  # noqa: E402
from faults import Fault, faults  # noqa: E402

SOURCE = """total = 1 + 1;
unused = 5 + 1;
raise SystemExit(total != 2);
"""
PLAN = """page: {head: a, proofs: a, missing: a, mutation: a}
blocks:
- block: toy
  sources: [driver/*]
  targets: [toy_test]
  promises:
  - {promise: it adds, tests: [toy.adds]}
supporting: []
conditional: []
mutation: []
"""
# The program is the source, once it is seen to be Python; WAIT is what is done before.
NINJA = """rule make
  command = WAIT python3 -c "compile(open('$in').read(), '', 'exec')" && $
      (echo '#!/usr/bin/env python3'; cat $in) >$out && chmod +x $out
build bin/toy_test: make ../driver/toy.cpp
build toy_test: phony bin/toy_test
"""


def changes(text, language="c++", kind=None):
    return [(fault.old, fault.new) for fault in faults(text, language) if kind in (None, fault.kind)]


class Faults(unittest.TestCase):
    def test_operators_and_borders(self):
        self.assertEqual(changes("x = a < b && c == d;", kind="operator"), [("<", "<="), ("&&", "||"), ("==", "!=")])
        self.assertEqual(changes("f(a - b, c << d);", kind="operator"), [("-", "+"), ("<<", ">>")])

    def test_no_operators_of_templates_references_and_arrows(self):
        self.assertEqual(changes("std::vector<int> f(const T& a, U&& b) { return a->b; }"), [])

    def test_nonblocking_assignments_are_no_comparisons(self):
        text = "begin a <= b <= c; if (x <= y) z <= w; end"
        self.assertEqual([fault.offset for fault in faults(text, "sv") if fault.kind == "operator"],
                         [text.index("<= c"), text.index("<= y")])

    def test_constants(self):
        self.assertEqual(changes("f(0, 0x1F, 9u, true);", kind="constant"),
                         [("0", "1"), ("0x1F", "0x20"), ("9u", "10u"), ("true", "false")])
        self.assertEqual(changes("a = {4'd15, 8'h0f, 1'b1, '0};", "sv", "constant"),
                         [("4'd15", "4'd14"), ("8'h0f", "8'h10"), ("1'b1", "1'b0"), ("'0", "'1")])

    def test_conditions(self):
        self.assertEqual(changes("if (f(a) || b) {", kind="condition"), [("(f(a) || b)", "(!(f(a) || b))")])

    def test_dropped_assignments(self):
        self.assertEqual(changes("{\n  a.b[i] = f({c}, d);\n  ++n;\n  int e = g;\n}", kind="dropped assignment"),
                         [("a.b[i] = f({c}, d);", ";"), ("++n;", ";")])
        self.assertEqual(changes("begin\n  {a, b} <= {c, d};\nend\n assign e = f;", "sv", "dropped assignment"),
                         [("{a, b} <= {c, d};", ";")])
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

    def test_a_fault_changes_its_place_only(self):
        text = "a = 1;\nb = 1;\n"
        fault = next(fault for fault in faults(text, "c++") if fault.kind == "constant" and fault.offset > 6)
        self.assertEqual((fault.applied(text), fault.line(text)), ("a = 1;\nb = 2;\n", 2))


class Choice(unittest.TestCase):
    MUTANTS = [mutate.Mutant("f", Fault(offset, "a", "b", kind), 1) for offset, kind in enumerate("xxxxxxxxyyz")]

    def test_the_seed_decides(self):
        seed = random.SystemRandom().randrange(1 << 31)
        chosen = [mutate.choose(self.MUTANTS, 4, seed) for _ in range(2)]
        self.assertEqual(chosen[0], chosen[1], f"seed {seed}")
        self.assertGreater(len({tuple(mutate.choose(self.MUTANTS, 4, seed)) for seed in range(50)}), 1)

    def test_kinds_take_turns_until_there_are_no_more(self):
        kinds = [mutant.fault.kind for mutant in mutate.choose(self.MUTANTS, 7, 1)]
        self.assertEqual({kind: kinds.count(kind) for kind in "xyz"}, {"x": 4, "y": 2, "z": 1})
        self.assertEqual(len(mutate.choose(self.MUTANTS, 100, 1)), len(self.MUTANTS))


class Run(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tree = Path(folder.name).resolve()
        self.source = self.tree / "driver" / "toy.cpp"
        self.write("docs/verification.yaml", PLAN)
        self.write("driver/toy.cpp", SOURCE)
        self.write(".gitignore", "build/\n")
        self.write("build/build.ninja", NINJA.replace("WAIT", ""))
        self.write("build/CTestTestfile.cmake", f"add_test(toy.adds {self.tree}/build/bin/toy_test)\n")
        for command in (["init", "-q"], ["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a", "commit", "-qm", "a"]):
            subprocess.run(["git", *command], cwd=self.tree, check=True)

    def write(self, name, text):
        (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
        (self.tree / name).write_text(text, encoding="utf-8")

    def command(self, *arguments):
        return [sys.executable, "-B", str(SCRIPTS / "mutate.py"), str(self.tree), *arguments]

    def mutate(self, *arguments):
        run = subprocess.run(self.command(*arguments), capture_output=True, text=True, check=False)
        return run.returncode, run.stdout + run.stderr

    def test_killed_survived_and_not_compiled(self):
        status, output = self.mutate("--report", str(self.tree / "build" / "report.yaml"), "--seed", "7")
        self.assertEqual(status, 0, output)
        self.assertEqual(self.source.read_text(encoding="utf-8"), SOURCE)
        report = yaml.safe_load((self.tree / "build" / "report.yaml").read_text(encoding="utf-8"))[0]
        self.assertEqual([survivor["at"] for survivor in report["survivors"]], ["driver/toy.cpp:2"] * 3)
        self.assertEqual([survivor["change"] for survivor in report["survivors"]], ["5 -> 6", "+ -> -", "1 -> 2"])
        self.assertEqual([report[key] for key in ("seed", "faults", "killed", "timed_out", "not_compiled")], [7, 9, 5, 0, 1])
        self.assertIn("killed       driver/toy.cpp:1: + -> -", output)
        # An empty statement is none in Python.
        self.assertIn("not compiled driver/toy.cpp:2: unused = 5 + 1; -> ;", output)

    def test_uncommitted_changes_are_refused(self):
        self.write("driver/toy.cpp", SOURCE + "x = 1\n")
        status, output = self.mutate()
        self.assertEqual((status, "uncommitted changes: driver/toy.cpp" in output), (1, True), output)

    def test_tests_that_fail_without_a_fault(self):
        self.write("build/CTestTestfile.cmake", f"add_test(toy.adds {self.tree}/build/bin/toy_test)\n"
                   "set_tests_properties(toy.adds PROPERTIES WILL_FAIL TRUE)\n")
        status, output = self.mutate()
        self.assertEqual((status, "driver/toy.cpp: without a fault:" in output), (1, True), output)

    def test_files_without_targets(self):
        status, output = self.mutate("--only", "rtl/*")
        self.assertEqual((status, "no file rtl/* with targets" in output), (1, True), output)

    def test_what_takes_too_long_has_timed_out(self):
        self.write("build/build.ninja", NINJA.replace("WAIT", "(! grep -q 'total = 1 - 1' $in || cat fifo) && "))
        os.mkfifo(self.tree / "build" / "fifo")
        tree = mutate.Tree(self.tree, self.tree / "build", 1)
        mutant = next(mutant for mutant in tree.mutants(["driver/toy.cpp"]) if mutant.change == "+ -> -")
        with mutate.fault_in(self.source, mutant.fault):
            self.assertEqual(tree.outcome(mutant, 1), "timed out")

    @staticmethod
    def open_after(process, fifo):
        """Who waits for the other end of `fifo` does not wait for ever."""
        process.wait()
        with open(fifo, "wb"):
            pass

    def test_signals_restore_the_file(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(signal=number):
                begun = self.tree / "build" / f"begun{int(number)}"
                os.mkfifo(begun)
                wait = f"(! grep -q 'total = 1 - 1' $in || cat >{begun} {begun}) && "
                self.write("build/build.ninja", NINJA.replace("WAIT", wait))
                process = subprocess.Popen(self.command(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
                threading.Thread(target=self.open_after, args=(process, begun), daemon=True).start()
                with open(begun, "rb"):  # the build of the fault has begun, and never ends
                    self.assertNotEqual(self.source.read_text(encoding="utf-8"), SOURCE)
                    process.send_signal(number)
                    output, _ = process.communicate()
                self.assertEqual(process.returncode, 130, output)
                self.assertEqual(self.source.read_text(encoding="utf-8"), SOURCE)


if __name__ == "__main__":
    unittest.main()
