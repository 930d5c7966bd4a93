# SPDX-License-Identifier: Apache-2.0
"""What the generator makes of a small description, and that it takes the real one."""

import copy
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from generator import (description, emit_cpp, emit_docs, emit_ipxact, emit_payloads, emit_register_block, emit_systemrdl,  # noqa: E402
                       emit_systemverilog, emit_wire)
from toy import TOY  # noqa: E402


class Emitters(unittest.TestCase):
    def setUp(self):
        self.description = description.parse(copy.deepcopy(TOY))

    def test_package(self):
        text = emit_systemverilog.emit(self.description)
        for line in ("localparam logic [31:0] DEVICE_VERSION = 32'h01020003;", "COLOUR_GREEN = 2'd1\n  } colour_e;",
                     "localparam int COLOURS = 2;", "localparam logic [15:0] REG_BASE_HIGH = 16'h000c;",
                     "localparam logic [15:0] REG_PAINT_USED = 16'h0104;", "localparam int REG_CONTROL_MODE_LSB = 4;",
                     "localparam int ALL_BYTES = 6;  // both", "localparam logic [15:0] MAGIC = 16'h012c;"):
            self.assertIn(line, text)

    def test_structs_begin_in_the_least_significant_bits(self):
        text = emit_systemverilog.emit(self.description)
        self.assertIn("    logic last;\n    logic [8*BEAT_BYTES-1:0] data;\n  } beat;", text)
        self.assertIn("    beat first;\n    logic [1:0] mood;  // mood_e\n  } pair_t;", text)
        self.assertIn("    logic [1:0] mode;  // mode\n    logic [2:0] reserved_1;\n    logic enable;\n  } reg_control_t;", text)

    def test_descriptors_leave_no_bit_out(self):
        self.assertIn("    logic [63:0] address;\n    logic [7:0] reserved_7;\n    logic [23:0] tag;\n    logic [23:0] reserved_1;\n"
                      "    logic [7:0] kind;  // colour_e\n  } job_t;", emit_systemverilog.emit(self.description))

    def test_wire_header(self):
        text = emit_wire.emit(self.description)
        for line in ("constexpr int all_bytes = head_bytes + tail_bytes;  ///< both", "constexpr std::uint16_t magic = 300;",
                     "enum kind_t : std::uint8_t {\n  kind_first = 1,\n};"):
            self.assertIn(line, text)

    def test_payload_header(self):
        text = emit_payloads.emit(self.description)
        for line in ("constexpr int beat_bytes = 64;", "  MOOD_BAD = 1,\n", "struct beat {\n  ap_uint<512> data;\n  ap_uint<1> last;\n};",
                     "struct pair_t {\n  ap_uint<2> mood;  ///< mood_t\n  beat first;\n};"):
            self.assertIn(line, text)

    def test_a_setting_changes_what_depends_on_it(self):
        narrow = description.parse(copy.deepcopy(TOY), {"BEAT_BYTES": 16})
        self.assertIn("localparam int BEAT_BYTES = 16;", emit_systemverilog.emit(narrow))
        self.assertEqual([p.bits for p in narrow.payloads], [129, 131])
        self.assertIn("ap_uint<128> data;", emit_payloads.emit(narrow))

    def test_header(self):
        text = emit_cpp.emit(self.description)
        for part in ("kBase = 0x0008;", "kMode{.lsb = 4, .width = 2}", "paint_used(Colour i)", '"red", "green"}',
                     "class BasicJob : public BasicEntry<Byte>",
                     '{"PAINT_USED", 0x0104, 32, Access::kReadWrite, 2, 8, 0x1, std::nullopt}'):
            self.assertIn(part, text)

    def test_docs(self):
        text = emit_docs.emit(self.description)
        for part in ("| 0x100 + 8 × i, i < 2 | PAINT |", "| | · MODE | [5:4] |", "bits 63:8", "| 4 | tag | 3 bytes |", "| 1 | GREEN |"):
            self.assertIn(part, text)

    def test_two_entries_cannot_make_one_constant(self):
        raw = copy.deepcopy(TOY)
        raw["parameters"].append({"name": "COLOUR_RED", "value": 1, "doc": ""})
        with self.assertRaisesRegex(ValueError, "COLOUR_RED"):
            emit_systemverilog.emit(description.parse(raw))


class RealDescription(unittest.TestCase):
    def test_is_accepted(self):
        loaded = description.load(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "description"))
        for emitter in (emit_cpp, emit_docs, emit_ipxact, emit_payloads, emit_register_block, emit_systemrdl, emit_systemverilog, emit_wire):
            self.assertTrue(emitter.emit(loaded))



if __name__ == "__main__":
    unittest.main()
