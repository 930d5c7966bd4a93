#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The example in Python of docs/host-library.md runs as it is written."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]


class Documented(unittest.TestCase):
    def test_example(self):
        page = (ROOT / "docs/host-library.md").read_text(encoding="utf-8")
        examples = re.findall(r"^```python\n(.*?)^```", page, re.M | re.S)
        self.assertEqual(len(examples), 1)
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(ROOT / "host/examples/installed/sas.yaml", folder)
            answer = subprocess.run([sys.executable, "-"], input=examples[0], cwd=folder, env=os.environ, text=True,
                                    capture_output=True, check=False)
        self.assertEqual(answer.stderr, "")
        lines = answer.stdout.splitlines()
        self.assertEqual(lines[0], "peer0 198.51.100.1: no answer")
        self.assertRegex(lines[1], "^peer0 init -> down: silence$")
        self.assertEqual(len(lines), 2)


if __name__ == "__main__":
    unittest.main()
