#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`make synth`: what primitives count as, what makes a block new, and sums. Run by the Python that has pyosys."""
import argparse
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "synth"))

import design  # noqa: E402
import resources  # noqa: E402
import synth  # noqa: E402

SOURCE = """
module rotor (input wire clk, output logic [7:0] count);
  always_ff @(posedge clk) count <= count ^ {count[6:0], count[7]};
endmodule
module parity (input wire clk, input wire [7:0] bits, output logic odd);
  always_ff @(posedge clk) odd <= ^bits;
endmodule
module both (input wire clk, output logic odd);
  logic [7:0] count;
  rotor u_rotor (.clk, .count);
  parity u_parity (.clk, .bits(count), .odd);
endmodule
"""
MODULES = {"both": "both", "parity": "parity$both.u_parity"}


class Resources(unittest.TestCase):
    def test_primitives_count_as_what_they_take(self):
        taken = resources.of({"LUT6": 3, "RAM32M16": 2, "SRLC32E": 1, "FDRE": 5, "RAMB18E2": 3, "URAM288": 2, "DSP48E2": 1,
                              "CARRY4": 7, "open$top.u_open": 1}, 2, frozenset({"open"}))
        self.assertEqual(taken, {"cells": 2, "lut": 20, "ff": 5, "block_ram": 1.5, "ultra_ram": 2, "dsp": 1})

    def test_what_nobody_knows_is_refused(self):
        with self.assertRaisesRegex(KeyError, "GTYE4_CHANNEL"):
            resources.of({"GTYE4_CHANNEL": 1}, 0)

    def test_modules_that_are_kept_are_no_primitives(self):
        statistics = {"modules": {"\\seal": {}, "\\seal_multiply": {}},
                      "design": {"num_cells_by_type": {"LUT2": 8, "seal_multiply": 4}, "estimated_num_lc": 8}}
        self.assertEqual(design.count(statistics, frozenset())["lut"], 8)
        del statistics["modules"]["\\seal_multiply"]
        with self.assertRaisesRegex(KeyError, "seal_multiply"):
            design.count(statistics, frozenset())


class Blocks(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def blocks(self, source):
        file = self.folder / "design.sv"
        file.write_text(source, encoding="utf-8")
        return design.write_blocks([f"read_slang --keep-hierarchy --top both {file}", "hierarchy -top both"], MODULES, frozenset(),
                                   self.folder)

    def digests(self, source):
        return {block.name: design.digest(block) for block in self.blocks(source)}

    def test_only_what_has_changed_is_new(self):
        before = self.digests(SOURCE)
        self.assertEqual(self.digests("// longer\n" + SOURCE), before)
        after = self.digests(SOURCE.replace("count ^", "count |"))
        self.assertNotEqual(after["both"], before["both"])
        self.assertEqual(after["parity"], before["parity"])

    def test_a_block_is_synthesised_once(self):
        both, _ = self.blocks(SOURCE)
        found = design.synthesise(both, self.folder)
        self.assertEqual((found["ff"], found["levels"]), (8, 1), "the rotor alone: parity is another block")
        self.assertEqual(design.known_result(both, self.folder), found)
        with mock.patch.object(design, "yosys", side_effect=AssertionError("synthesised again")):
            self.assertEqual(design.synthesise(both, self.folder), found)

    def test_what_yosys_refuses_is_told_with_the_block(self):
        broken = design.Block("broken", "broken", read="read_verilog /nowhere.v")
        with self.assertRaisesRegex(design.SynthesisError, "broken: .*nowhere"):
            design.synthesise(broken, self.folder)


class Choice(unittest.TestCase):
    def test_quick_blocks_and_those_that_are_known(self):
        blocks = [design.Block(name, name) for name in ("fast", "known", "slow")]
        arguments = argparse.Namespace(quick=True, only=[], output=None)
        with mock.patch.object(design, "known_result", lambda block, folder: block.name == "known"):
            chosen = synth.choose(blocks, arguments, {"quick": ["fast"]})
        self.assertEqual([block.name for block in chosen], ["fast", "known"])

    def test_a_block_that_is_none_is_refused(self):
        with self.assertRaisesRegex(design.SynthesisError, "no block opne; there are open"):
            synth.choose([design.Block("open", "open")], argparse.Namespace(quick=False, only=["opne"]), {})


class Sums(unittest.TestCase):
    PLAN = {"kernels": ["a"], "core": {"b": "", "c": ""}, "large": {"suffix": "of many", "blocks": ["c"]},
            "designs": {"core": {"tops": []}, "large": {"large": True, "tops": []}, "card": {"tops": ["top"]},
                        "other": {"tops": ["missing"]}}}

    def test_a_design_is_the_sum_of_its_blocks_and_as_deep_as_the_deepest(self):
        counts = {"a": 3, "b": 5, "c": 1, "c of many": 7, "top": 1}
        blocks = {name: dict.fromkeys((*resources.NAMES, "levels"), count) for name, count in counts.items()}
        found = synth.whole_designs(self.PLAN, blocks)
        self.assertEqual({name: (each["lut"], each["levels"]) for name, each in found.items()},
                         {"core": (9, 5), "large": (15, 7), "card": (10, 5)}, "of `other` a block is missing")


if __name__ == "__main__":
    unittest.main()
