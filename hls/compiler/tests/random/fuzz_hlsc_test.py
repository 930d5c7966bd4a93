#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""fuzz_hlsc.py finds what compilers can do wrong: stand-ins for hlsc crash, say nothing, write no RTL, and disagree with it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

FUZZ = Path(__file__).with_name("fuzz_hlsc.py")
LAST = 'while [ $# -gt 1 ]; do shift; done; '  # $1 is then what -o names


def fuzz(script: str, *options: str) -> subprocess.CompletedProcess:
    with tempfile.TemporaryDirectory() as folder:
        compiler = Path(folder) / "hlsc"
        compiler.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
        compiler.chmod(0o755)
        return subprocess.run([sys.executable, "-B", FUZZ, compiler, *options], capture_output=True, text=True, check=False)


class Altered(unittest.TestCase):
    def expect_failure(self, script: str, text: str) -> None:
        result = fuzz(script, "--altered", "2")
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertIn(text, result.stdout)
        self.assertIn("2 failures", result.stdout)

    def test_crash(self):
        self.expect_failure("kill -SEGV $$", "status -11")

    def test_silent_refusal(self):
        self.expect_failure("exit 1", "refused without an error")

    def test_rtl_that_is_none(self):
        self.expect_failure(f"{LAST} echo 'module (' >$1", "Verilator refuses the RTL")

    def test_refusals(self):
        result = fuzz("echo 'kernel.cpp:1:1: error: no' >&2; exit 1", "--altered", "3")
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertIn("3 refused", result.stdout)


class Nothing(unittest.TestCase):
    def test_no_work_is_no_success(self):
        result = fuzz("exit 0")
        self.assertEqual(result.returncode, 2, result.stdout)
        self.assertIn("nothing to try", result.stderr)


class Kernels(unittest.TestCase):
    def test_disagreement(self):
        result = fuzz("echo 'native and RTL differ'", "--kernels", "1")
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn("1 failures", result.stdout)

    def test_agreement(self):
        result = fuzz("echo 'native and RTL agree'", "--kernels", "2")
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertIn("2 random kernels agree", result.stdout)


if __name__ == "__main__":
    unittest.main()
