# SPDX-License-Identifier: Apache-2.0
"""The generator: what it makes of a small description, and what it refuses, naming the entry."""

import copy
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import description  # noqa: E402
import emit_cpp  # noqa: E402
import emit_docs  # noqa: E402
import emit_systemverilog  # noqa: E402

SMALL = {
    "name": "toy", "version": {"major": 1, "minor": 2, "patch": 3}, "id": 0x1234, "window_bytes": 0x1000,
    "parameters": [{"name": "ENTRY_BYTES", "value": 16, "doc": "size"}],
    "enums": [{"name": "colour", "bits": 2, "doc": "colours", "values": [{"name": "RED"}, {"name": "GREEN"}]}],
    "registers": [
        {"name": "CONTROL", "offset": 0, "access": "rw", "reset": 1, "doc": "operation",
         "fields": [{"name": "ENABLE", "bits": "0"}, {"name": "MODE", "bits": "5:4", "doc": "mode"}]},
        {"name": "BASE", "offset": 8, "width": 64, "access": "rw", "bits": "63:8", "doc": "base"},
        {"name": "PAINT", "offset": 0x100, "count": 2, "stride": 8, "index": "colour", "access": "rw", "doc": "paint",
         "words": [{"name": "LEVEL", "offset": 0}, {"name": "USED", "offset": 4, "bits": "0"}]},
    ],
    "descriptors": [
        {"name": "entry", "size": "ENTRY_BYTES", "doc": "head", "fields": [
            {"name": "kind", "offset": 0, "type": "u8", "enum": "colour"}]},
        {"name": "job", "size": 16, "extends": "entry", "doc": "body", "fields": [
            {"name": "address", "offset": 8, "type": "u64"}, {"name": "tag", "offset": 4, "type": "bytes", "size": 3}]},
    ],
}


class Emitters(unittest.TestCase):
    def setUp(self):
        self.description = description.parse(copy.deepcopy(SMALL))

    def test_package(self):
        text = emit_systemverilog.emit(self.description)
        for line in ("localparam logic [31:0] DEVICE_VERSION = 32'h01020003;", "localparam logic [1:0] COLOUR_GREEN = 2'h1;",
                     "localparam int COLOURS = 2;", "localparam logic [15:0] REG_BASE_HIGH = 16'h000c;",
                     "localparam logic [15:0] REG_PAINT_USED = 16'h0104;", "localparam int REG_CONTROL_MODE_LSB = 4;",
                     "localparam int DESC_JOB_TAG_LSB = 32;", "localparam int DESC_JOB_TAG_BITS = 24;"):
            self.assertIn(line, text)

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
        raw = copy.deepcopy(SMALL)
        raw["parameters"].append({"name": "COLOUR_RED", "value": 1, "doc": ""})
        with self.assertRaisesRegex(ValueError, "COLOUR_RED"):
            emit_systemverilog.emit(description.parse(raw))


class Refusals(unittest.TestCase):
    """One change to the good description each; the message must name the entry."""

    def refuse(self, pattern, change):
        raw = copy.deepcopy(SMALL)
        change(raw)
        with self.assertRaisesRegex(description.DescriptionError, pattern):
            description.parse(raw)

    def refuse_register(self, pattern, position, **change):
        self.refuse(pattern, lambda raw: raw["registers"][position].update(change))

    def test_register_overlap(self):
        self.refuse_register("register BASE: overlaps CONTROL at 0x0", 1, offset=0)

    def test_array_overlap(self):
        self.refuse_register("register PAINT: overlaps BASE at 0x8", 2, offset=0x4)

    def test_register_alignment(self):
        self.refuse_register("register CONTROL: offset 0x2 is not a multiple of 4", 0, offset=2)
        self.refuse_register("register BASE: offset 0x14 is not a multiple of 8", 1, offset=0x14)

    def test_window(self):
        self.refuse_register("register CONTROL: offset 0x1000 lies beyond", 0, offset=0x1000)

    def test_stride(self):
        self.refuse_register("register PAINT: stride 4 is less than the 8 bytes", 2, stride=4)

    def test_access(self):
        self.refuse_register("register CONTROL: access must be one of", 0, access="wo")

    def test_reset_of_missing_bits(self):
        self.refuse_register("register CONTROL: reset 0x2 sets bits that do not exist", 0, reset=2)

    def test_reset_of_read_only(self):
        self.refuse_register("register CONTROL: reset makes no sense", 0, access="ro")

    def test_count_differs_from_enumeration(self):
        self.refuse_register("register PAINT: count is 3, but enumeration colour has 2", 2, count=3)

    def test_unknown_index(self):
        self.refuse_register("register PAINT: index names no enumeration: taste", 2, index="taste")

    def test_field_overlap(self):
        self.refuse("register CONTROL field MODE: overlaps", lambda r: r["registers"][0]["fields"][1].update(bits="4:0"))

    def test_field_beyond_register(self):
        self.refuse("field MODE: bits 32:4 do not fit", lambda r: r["registers"][0]["fields"][1].update(bits="32:4"))

    def test_duplicate_names(self):
        self.refuse_register("registers: duplicate name BASE", 0, name="BASE")
        self.refuse("enum colour: duplicate name RED", lambda r: r["enums"][0]["values"].append({"name": "RED"}))
        self.refuse("descriptor entry: duplicate name", lambda r: r["descriptors"].append(r["descriptors"][0]))

    def test_enum_width(self):
        self.refuse("enum colour: bits must be 1..32", lambda r: r["enums"][0].update(bits=0))

        def many(raw):
            raw["enums"][0]["values"] += [{"name": f"C{i}"} for i in range(3)]
        self.refuse("enum colour: 5 values do not fit 2 bits", many)

    def test_enum_gap(self):
        self.refuse("enum colour value GREEN: value must be 1", lambda r: r["enums"][0]["values"][1].update(value=2))

    def test_descriptor_overlap_with_its_head(self):
        self.refuse("descriptor job: field tag overlaps kind at byte 0", lambda r: r["descriptors"][1]["fields"][1].update(offset=0))

    def test_descriptor_beyond_its_size(self):
        self.refuse("descriptor job: field address ends beyond its 16", lambda r: r["descriptors"][1]["fields"][0].update(offset=16))

    def test_descriptor_alignment(self):
        self.refuse("descriptor job field address: offset 4 is", lambda r: r["descriptors"][1]["fields"][0].update(offset=4))

    def test_descriptor_type(self):
        self.refuse("field address: unknown type u24", lambda r: r["descriptors"][1]["fields"][0].update(type="u24"))

    def test_unknown_key_and_missing_key(self):
        self.refuse("register CONTROL: unknown key acess", lambda r: r["registers"][0].update(acess="rw"))
        self.refuse("register CONTROL: doc is missing", lambda r: r["registers"][0].pop("doc"))

    def test_wrong_type(self):
        self.refuse("register CONTROL: offset must be of type int", lambda r: r["registers"][0].update(offset="0x10"))


class RealDescription(unittest.TestCase):
    def test_is_accepted(self):
        loaded = description.load(os.path.join(os.path.dirname(HERE), "registers.yaml"))
        for emitter in (emit_systemverilog, emit_cpp, emit_docs):
            self.assertTrue(emitter.emit(loaded))


if __name__ == "__main__":
    unittest.main()
