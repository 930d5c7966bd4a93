#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of mutate.py: on a tree with a program, a module behind Verilator and a generator, each with faults that nothing finds."""

import random
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import yaml

SCRIPTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(SCRIPTS))

import mutate  # noqa: E402
import mutation_copy  # noqa: E402

TREE = {
    "driver/toy.cpp": """int unused = 5;
int room[2];
int next(int a) { return a + 1; }
int main() { return next(1) == 2 ? 0 : 1; }
""",
    "rtl/toy.sv": """module toy (input logic clk, input logic [3:0] a, output logic [3:0] b);
  logic spare;
  always_ff @(posedge clk) begin
    b <= a + 4'd1;
    spare <= a == 4'd9;
  end
endmodule
""",
    "rtl/toy_test.cpp": """#include "Vtoy.h"
int main() {
  Vtoy toy;
  toy.a = 3;
  for (toy.clk = 0; toy.clk < 2; ++toy.clk) toy.eval();
  return toy.b != 4;
}
""",
    "hls/made.cpp": """#include "made.h"
int main() { return made; }
""",
    "hls/generator.cpp": """#include <cstdio>
int main() { std::printf("constexpr int made = %d, spare = %d;", 0, 7); }
""",
    "host/next.cpp": """int next(int a) { return a + 1; }
""",
    "tests/next_test.cpp": """#include <gtest/gtest.h>
int next(int);
TEST(Next, NeedsWhatIsNotThere) { FAIL(); }
TEST(Next, Adds) { EXPECT_EQ(next(1), 2); }
""",
    "CMakeLists.txt": """cmake_minimum_required(VERSION 3.25)
project(toy LANGUAGES CXX)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(rtl ${CMAKE_SOURCE_DIR}/rtl)
enable_testing()
add_executable(toy_test driver/toy.cpp)
add_test(NAME toy.adds COMMAND toy_test)
add_custom_target(rtl_toy_test COMMAND verilator --cc --exe --build --Mdir ${CMAKE_BINARY_DIR}/rtl
  -o ${CMAKE_BINARY_DIR}/bin/rtl_toy_test -MAKEFLAGS "OBJCACHE=ccache OPT_GLOBAL=-O0" ${rtl}/toy.sv ${rtl}/toy_test.cpp
  VERBATIM)
add_test(NAME rtl.toy COMMAND ${CMAKE_BINARY_DIR}/bin/rtl_toy_test)
add_custom_target(proof_input COMMAND touch proof_input)
add_test(NAME rtl.proof.toy COMMAND sh -c "test -e proof_input && grep -q 9 $1" sh ${rtl}/toy.sv)
find_package(GTest REQUIRED)
add_executable(next_test host/next.cpp tests/next_test.cpp)
target_link_libraries(next_test PRIVATE GTest::gtest_main)
foreach(test IN ITEMS NeedsWhatIsNotThere Adds)
  add_test(NAME next.${test} COMMAND next_test --gtest_filter=Next.${test})
endforeach()
add_executable(generator hls/generator.cpp)
add_test(NAME hls.generator COMMAND generator)
add_custom_command(OUTPUT made.h COMMAND generator >made.h DEPENDS generator)
add_executable(made hls/made.cpp made.h)
target_include_directories(made PRIVATE ${CMAKE_BINARY_DIR})
add_test(NAME hls.made COMMAND made)
""",
    "docs/verification.yaml": """page: {head: a, proofs: a, missing: a, mutation: a}
blocks:
- {block: a, sources: [driver/*], targets: [toy_test], promises: [{promise: it adds, tests: [toy.adds]}]}
- {block: b, sources: [rtl/*], targets: [rtl_toy_test], inputs: [proof_input], promises: [{promise: it counts, tests: [rtl.*]}]}
- {block: c, sources: [hls/gen*], targets: [generator], generated: [made], promises: [{promise: it generates, tests: [hls.*]}]}
- {block: d, sources: [host/*], targets: [next_test], promises: [{promise: it adds, tests: [next.*]}]}
supporting: []
conditional: []
mutation: []
""",
    ".gitignore": "build/\n",
}


# What becomes of each fault: outcome, line, change.
EXPECTED = {
    "driver/toy.cpp": [("survived", 1, "5 -> 6"), ("not built", 2, "2 -> 3"), ("killed", 3, "+ -> -"), ("killed", 3, "1 -> 2"),
                       ("killed", 4, "1 -> 2"), ("killed", 4, "== -> !="), ("killed", 4, "2 -> 3"), ("killed", 4, "0 -> 1"),
                       ("survived", 4, "1 -> 2")],
    "host/next.cpp": [("killed", 1, "+ -> -"), ("killed", 1, "1 -> 2")],  # by the test that passes without
    # Of line 5 only the proof sees something.
    "rtl/toy.sv": [("killed", 4, "b <= a + 4'd1; -> ;"), ("killed", 4, "+ -> -"), ("killed", 4, "4'd1 -> 4'd2"),
                   ("killed", 5, "spare <= a == 4'd9; -> ;"), ("survived", 5, "== -> !="), ("killed", 5, "4'd9 -> 4'd10")],
    "hls/generator.cpp": [("killed", 2, 'std::printf("constexpr int made = %d, spare = %d;", 0, 7); -> ;'), ("killed", 2, "0 -> 1"),
                          ("survived", 2, "7 -> 8")],
}


class Choice(unittest.TestCase):
    TEXTS = {f"driver/{name}.cpp": "{\na = 1 + 2;\nb = 3;\n c();\n}" for name in "abcde"}

    def chosen(self, count, each, seed):
        return mutate.choose(self.TEXTS, count, each, seed)

    def test_the_seed_decides(self):
        seed = random.SystemRandom().randrange(1 << 31)
        self.assertEqual(self.chosen(9, 4, seed), self.chosen(9, 4, seed), f"seed {seed}")
        self.assertGreater(len({str(self.chosen(9, 4, seed)) for seed in range(20)}), 1)

    def test_so_many_of_each_file_and_in_all(self):
        self.assertEqual([len(mutants) for mutants in self.chosen(9, 4, 1)], [4, 4, 1])
        self.assertEqual([len(mutants) for mutants in self.chosen(999, 99, 1)], [7] * 5)
        self.assertEqual([mutant.number for mutant in self.chosen(9, 4, 1)[0]], [1, 2, 3, 4])

    def test_survivors_of_a_report(self):
        chosen = self.chosen(99, 99, 1)
        reports = [mutate.report([(mutant, "survived" if mutant.number in (1, 5) else "killed") for mutant in mutants])
                   for mutants in chosen[:2]]
        again = [mutant for mutants in mutate.survivors_of(self.TEXTS, reports) for mutant in mutants]
        expected = [mutant for mutants in chosen[:2] for mutant in mutants if mutant.number in (1, 5)]
        self.assertEqual(sorted(again, key=str), sorted(expected, key=str))

    def test_modules_are_parts_of_what_is_generated(self):
        plan = mutate.Plan.__new__(mutate.Plan)
        plan.blocks = [{"sources": ["hls/*"], "targets": ["hlsc"], "generated": ["kernels"]}]
        with tempfile.TemporaryDirectory() as folder:
            copy = mutation_copy.Copy.__new__(mutation_copy.Copy)
            copy.folder = Path(folder)
            for name, targets, generated in (("a.cpp", ["hlsc"], ["kernels"]), ("a.sv", ["hlsc", "kernels"], [])):
                (copy.folder / "hls").mkdir(exist_ok=True)
                (copy.folder / "hls" / name).touch()
                run = mutate.FileRun(copy, plan, [mutate.Mutant(f"hls/{name}", 1, None, 1)])
                self.assertEqual((run.targets, run.generated), (targets, generated))

    def test_kinds_take_turns(self):
        kinds = {mutant.fault.kind for mutant in self.chosen(4, 4, 1)[0]}
        self.assertEqual(kinds, {"operator", "constant", "dropped assignment", "dropped statement"})


class Isolation(unittest.TestCase):
    @staticmethod
    def passes(*words, seconds=60, pattern="", environment=()):
        with tempfile.TemporaryDirectory() as folder:
            cache = Path(folder) / "CMakeCache.txt"
            cache.write_text(f"CMAKE_HOME_DIRECTORY:INTERNAL={folder}\n", encoding="utf-8")
            return mutation_copy.Copy(Path(folder), 1).passes(
                mutation_copy.Command(words, Path(folder), environment, pattern), seconds)

    def test_status_and_output(self):
        self.assertEqual(self.passes("sh", "-c", "echo a"), (True, "a\n"))
        self.assertEqual(self.passes("sh", "-c", "exit 3"), (False, ""))

    def test_patterns_of_the_output_go_over_lines_as_those_of_cmake_do(self):
        self.assertTrue(self.passes("printf", "one\\ntwo", pattern="one.*two$")[0])
        self.assertFalse(self.passes("printf", "one\\ntwo", pattern="two.*one")[0])

    def test_a_folder_for_temporary_files_unless_the_test_has_one(self):
        self.assertTrue(self.passes("sh", "-c", 'test -d "$TMPDIR"')[0])
        self.assertTrue(self.passes("sh", "-c", 'test "$TMPDIR" = /nowhere', environment=(("TMPDIR", "/nowhere"),))[0])

    def test_what_hangs_is_ended(self):
        self.assertEqual(self.passes("tail", "-f", "/dev/null", seconds=0.2), (None, ""))

    def test_signals_reach_nobody_else(self):
        self.assertFalse(self.passes("sh", "-c", "kill -9 -1; kill -9 $$")[0] is None)

    def test_memory_has_a_limit(self):
        self.assertFalse(self.passes(sys.executable, "-c", f"bytes({mutation_copy.MEMORY})")[0])


class Run(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tree = Path(folder.name).resolve()
        for name, text in TREE.items():
            (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
            (self.tree / name).write_text(text, encoding="utf-8")
        for command in (["git", "init", "-q"], ["git", "add", "-A"],
                        ["git", "-c", "user.name=a", "-c", "user.email=a", "commit", "-qm", "a"],
                        ["cmake", "-S", ".", "-B", "build", "-G", "Ninja", "-DCMAKE_CXX_COMPILER=clang++-19"]):
            subprocess.run(command, cwd=self.tree, check=True, capture_output=True)

    def mutate(self, *arguments):
        report = self.tree / "build" / "report.yaml"
        run = subprocess.run([sys.executable, "-B", str(SCRIPTS / "mutate.py"), str(self.tree / "build"), "--report", str(report),
                              *arguments], capture_output=True, text=True, check=False)
        return run.returncode, run.stdout + run.stderr, yaml.safe_load(report.read_text()) if report.exists() else None

    def test_what_becomes_of_each_fault(self):
        status, output, (report,) = self.mutate()
        self.assertEqual(status, 0, output)
        found = {file: [] for file in EXPECTED}
        for outcome, file, line, change in re.findall(r"^(\w[\w ]{8}) ([\w/.]+):(\d+): (.*)$", output, re.MULTILINE):
            found[file].append((outcome.rstrip(), int(line), change))
        self.assertEqual(found, EXPECTED, output)
        outcomes = [outcome for faults in EXPECTED.values() for outcome, _, _ in faults]
        self.assertIn("mutate: left out, as they fail without a fault: Next.NeedsWhatIsNotThere\n", output)
        self.assertEqual([report[key] for key in ("faults", "killed", "timed_out", "not_built")],
                         [len(outcomes), outcomes.count("killed"), 0, 1])
        self.assertEqual([(survivor["at"], survivor["change"]) for survivor in report["survivors"] if "driver" in survivor["at"]],
                         [("driver/toy.cpp:1", "5 -> 6"), ("driver/toy.cpp:4", "1 -> 2")])
        self.assertEqual({name: (self.tree / name).read_text(encoding="utf-8") for name in TREE}, TREE)

    def test_tests_that_fail_without_a_fault(self):
        source = self.tree / "driver" / "toy.cpp"
        source.write_text(source.read_text(encoding="utf-8").replace("1)", "2)"), encoding="utf-8")
        status, output, _ = self.mutate("--only", "driver/*")
        self.assertEqual((status, "driver/toy.cpp: no test passes without a fault" in output), (1, True), output)

    def test_files_without_targets(self):
        status, output, _ = self.mutate("--only", "sim/*")
        self.assertEqual((status, "no file sim/* with targets" in output), (1, True), output)


if __name__ == "__main__":
    if not mutation_copy.can_isolate():
        sys.exit(77)
    unittest.main()
