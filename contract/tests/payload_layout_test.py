# SPDX-License-Identifier: Apache-2.0
"""hlsc lays the payloads of the C++ header out as the structs of the SystemVerilog package are: same members, order and widths.

usage: payload_layout_test.py SAPULSE_PKG.SV PACKAGE-OF-HLSC.SV [unittest arguments]
"""

import re
import sys
import unittest
from pathlib import Path

PACKAGE, OF_HLSC = (Path(sys.argv.pop(1)).read_text(encoding="utf-8") for _ in range(2))

STRUCT = re.compile(r"typedef struct packed \{\n(.*?)\n  \} (\w+);", re.S)
MEMBER = re.compile(r"^\s*(logic|\w+)(?: \[(?:(\d+)\*)?(\w+)(?:-1)?:0\])? (\w+);", re.M)
NUMBER = re.compile(r"localparam int (\w+) = (\d+);")


def structs(text):
    """Name -> list of (member, its bits or the name of its struct)."""
    numbers = {name: int(value) for name, value in NUMBER.findall(text)}

    def bits(factor, bound):
        if bound in numbers:
            return int(factor or 1) * numbers[bound]
        return int(bound) + 1 if bound else 1

    return {name: [(member, bits(factor, bound) if kind == "logic" else kind)
                   for kind, factor, bound, member in MEMBER.findall(body)]
            for body, name in STRUCT.findall(text)}


class PayloadLayout(unittest.TestCase):
    maxDiff = None

    def test_structs_are_equal(self):
        ours, of_hlsc = structs(PACKAGE), structs(OF_HLSC)
        self.assertIn("record_t", of_hlsc)
        self.assertEqual({name: ours.get(name) for name in of_hlsc}, of_hlsc)


if __name__ == "__main__":
    unittest.main()
