# SPDX-License-Identifier: Apache-2.0
"""What the generator makes of a small description, and that it takes the real one."""

import copy
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from generator import (  # noqa: E402
    description, emit_cpp, emit_docs, emit_ipxact, emit_payloads, emit_register_block, emit_systemrdl, emit_systemverilog,
    emit_wire)
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
        self.assertIn("    logic [63:0] address;\n    logic [7:0] reserved_7;\n    logic [23:0] tag;\n"
                      "    logic [23:0] reserved_1;\n"
                      "    logic [7:0] kind;  // colour_e\n  } job_t;", emit_systemverilog.emit(self.description))

    def test_wire_header(self):
        text = emit_wire.emit(self.description)
        for line in ("constexpr int all_bytes = head_bytes + tail_bytes;  ///< both", "constexpr std::uint16_t magic = 300;",
                     "enum kind_t : std::uint8_t {\n  kind_first = 1,\n};"):
            self.assertIn(line, text)

    def test_payload_header(self):
        text = emit_payloads.emit(self.description)
        for line in ("constexpr int beat_bytes = 64;", "  MOOD_BAD = 1,\n",
                     "struct beat {\n  ap_uint<512> data;\n  ap_uint<1> last;\n};",
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
                     '{"PAINT_USED", 0x0104, 32, Access::read_write, 2, 8, 0x1, std::nullopt}'):
            self.assertIn(part, text)

    def test_docs(self):
        text = emit_docs.emit(self.description)
        for part in ("| 0x100 + 8 × i, i < 2 | PAINT |", "| | · MODE | [5:4] |", "bits 63:8", "| 4 | tag | 3 bytes |",
                     "| 1 | GREEN |"):
            self.assertIn(part, text)

    def test_register_block(self):
        """One of each kind of register."""
        text = emit_register_block.emit(self.description)
        for part in ("else if (write_control) control_q <= bus.wdata[5:0] & 6'h31;",
                     "if (write_base_high) base_q <= {bus.wdata, base_low_q} & 64'hffffffffffffff00;",
                     "base_q <= hw2reg.base_reset;",
                     "assign rise_run = write_run ? bus.wdata[0] & ~run_q : '0;",
                     "if (rst || rise_run.go) head_q <= 32'h0;",
                     "pending_clear_q <= !rst && write_pending ? bus.wdata[2:0] & 3'h6 : '0;",
                     "toy_pkg::REG_SIZE: page0 = {readable, 32'(toy_pkg::ENTRY_BYTES)};",
                     "clock_written_q <= !rst && write_clock_high;",
                     "else if (bus.read && bus.address == toy_pkg::REG_CLOCK) clock_latch_q <= hw2reg.clock;",
                     "wire select_paint = bus.address[15:4] == 12'h10;",
                     "paint: '{index: bus.address[3], word: bus.address[2], wdata: bus.wdata, write: bus.write && select_paint}",
                     "wire select_tally = bus.address[15:5] == 11'h10 && bus.address[4:3] < 2'd3;",
                     "assign bus.busy = hw2reg.tally_busy;"):
            self.assertIn(part, text)

    def test_register_maps(self):
        for emitter, parts in ((emit_systemrdl, ("} MODE[5:4] = 2'h0;", "sw = rw; onwrite = woclr; hw = rw;",
                                                 "} PAINT[2] @ 0x100 += 0x8;",
                                                 "sw = r; hw = na;\n    } value[31:0] = 32'h10;")),
                               (emit_ipxact, ("<ipxact:modifiedWriteValue>oneToClear<", "<ipxact:range>'h8</ipxact:range>",
                                              "<ipxact:dim>3</ipxact:dim>", "<ipxact:value>'h10</ipxact:value>"))):
            text = emitter.emit(self.description)
            for part in parts:
                self.assertIn(part, text)

    def test_ipxact_has_no_gaps_between_elements(self):
        raw = copy.deepcopy(TOY)
        raw["registers"][-1].update(stride=16)
        with self.assertRaisesRegex(ValueError, "register TALLY: IP-XACT cannot tell of a stride of 16"):
            emit_ipxact.emit(description.parse(raw))

    def test_write_only_register(self):
        raw = copy.deepcopy(TOY)
        raw["registers"][1].update(access="wo")
        loaded = description.parse(raw)
        self.assertIn('{"BASE", 0x0008, 64, Access::write_only, 1, 0, 0xffffffffffffff00, std::nullopt}', emit_cpp.emit(loaded))
        self.assertIn("| 0x008 | BASE | 64 | wo |", emit_docs.emit(loaded))
        self.assertIn("    logic [63:0] base;\n", emit_systemverilog.emit(loaded))

    def test_word_of_several_parts(self):
        raw = copy.deepcopy(TOY)
        raw["registers"][2]["words"][1].update(bits="31,15:4")
        loaded = description.parse(raw)
        self.assertEqual(loaded.registers[2].words[1].mask, 0x8000fff0)
        self.assertIn("| | · USED | | | | at + 4, bits 31, 15:4 |", emit_docs.emit(loaded))

    def test_two_entries_cannot_make_one_constant(self):
        raw = copy.deepcopy(TOY)
        raw["parameters"].append({"name": "COLOUR_RED", "value": 1, "doc": ""})
        with self.assertRaisesRegex(ValueError, "COLOUR_RED"):
            emit_systemverilog.emit(description.parse(raw))


class RealDescription(unittest.TestCase):
    def test_is_accepted(self):
        loaded = description.load(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "description"))
        for emitter in (emit_cpp, emit_docs, emit_ipxact, emit_payloads, emit_register_block, emit_systemrdl, emit_systemverilog,
                        emit_wire):
            self.assertTrue(emitter.emit(loaded))


if __name__ == "__main__":
    unittest.main()
