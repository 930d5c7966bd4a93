# SPDX-License-Identifier: Apache-2.0
"""Finds numbers of the contract that are written down again.

In hand-written SystemVerilog and C++ outside of tests, which may state what they expect:
 * a constant with the name of one of the contract and a number as its value;
 * in rtl/, a width of more bits than a key has, as a number: such are those of beats, payloads and descriptors, whose types tell.

usage: written_once_test.py SOURCE-FOLDER [unittest arguments]
"""

import re
import subprocess
import sys
import unittest
from pathlib import Path

CONTRACT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CONTRACT))

from generator import description  # noqa: E402

ROOT = Path(sys.argv.pop(1))

WIDEST_NUMBER = 256
TESTS = re.compile(r"(^|/)(tests|examples)/|_test\.(cpp|h)$|_cosim\.cpp$")
SYSTEMVERILOG_CONSTANT = re.compile(r"\b(?:localparam|parameter)\b[^=;(]*?\b(\w+) *= *(?:\d*'[hdb])?[0-9a-fA-F_]+\b *[;,)\n]")
CPP_CONSTANT = re.compile(r"\bconstexpr\b[^=;(]*?\b(\w+) *(?:= *|\{)(?:0x)?[0-9a-fA-F']+[uUlL]* *[;}]")
SYSTEMVERILOG_WIDTH = re.compile(r"\[ *(\d+) *:|\b(\d+)'|\bWIDTH *(?:\(|= *)(\d+)|_BITS *= *(\d+)")


def plain(name):
    """kEventBytes, event_bytes and EVENT_BYTES are one name."""
    name = re.sub(r"^k(?=[A-Z])", "", name)
    return name.replace("_", "").lower()


def contract_names():
    loaded = description.load(CONTRACT / "description")
    names = [p.name for p in loaded.parameters] + ["DEVICE_ID", "DEVICE_VERSION"]
    for enum in loaded.enums + loaded.payload_enums:
        names += [enum.count_name] + [f"{enum.prefix}_{value.name}" for value in enum.values]
    for section in loaded.wire:
        names += [constant.name for constant in section.constants]
        names += [value.name for value in section.code_points.values] if section.code_points else []
    return {plain(name): name for name in names}


def sources(*endings):
    listed = subprocess.run(["git", "ls-files", *(f"*{ending}" for ending in endings)], cwd=ROOT, capture_output=True, text=True,
                            check=True).stdout.split("\n")
    return [path for path in listed if path and not TESTS.search(path) and (ROOT / path).exists()]


def without_comments(text):
    return re.sub(r"//[^\n]*", "", re.sub(r"/\*.*?\*/", lambda m: "\n" * m[0].count("\n"), text, flags=re.S))


def findings(paths, pattern, keep):
    """Place and name of each match that `keep` wants."""
    for path in paths:
        text = without_comments((ROOT / path).read_text(encoding="utf-8"))
        for match in pattern.finditer(text):
            found = next(group for group in match.groups() if group)
            if keep(found):
                yield f"{path}:{text.count(chr(10), 0, match.end() - 1) + 1}: {found}"


class WrittenOnce(unittest.TestCase):
    def none(self, found, why):
        if found:
            self.fail(f"{why}:\n  " + "\n  ".join(found))

    def test_constants(self):
        names = contract_names()
        paths, systemverilog = sources(".h", ".cpp"), sources(".sv", ".svh")
        self.assertGreater(min(len(paths), len(systemverilog)), 50)
        found = [*findings(systemverilog, SYSTEMVERILOG_CONSTANT, lambda name: plain(name) in names),
                 *findings(paths, CPP_CONSTANT, lambda name: plain(name) in names)]
        self.none(found, "constants of the contract, written down again")

    def test_widths(self):
        rtl = [path for path in sources(".sv", ".svh") if path.startswith("rtl/")]
        found = list(findings(rtl, SYSTEMVERILOG_WIDTH, lambda width: int(width) > WIDEST_NUMBER))
        self.none(found, "widths of types of the contract, as numbers")


if __name__ == "__main__":
    unittest.main()
