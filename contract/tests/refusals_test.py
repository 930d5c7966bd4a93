# SPDX-License-Identifier: Apache-2.0
"""What the generator refuses: one change to the good description each; the message must name the entry."""

import copy
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from generator import description  # noqa: E402
from toy import TOY  # noqa: E402


class Refusals(unittest.TestCase):
    """One change to the good description each; the message must name the entry."""

    def refuse(self, pattern, change):
        raw = copy.deepcopy(TOY)
        change(raw)
        with self.assertRaisesRegex(description.DescriptionError, pattern):
            description.parse(raw)

    def refuse_register(self, pattern, position, **change):
        self.refuse(pattern, lambda raw: raw["registers"][position].update(change))

    def test_register_overlap(self):
        self.refuse_register("register BASE: overlaps CONTROL at 0x0", 1, offset=0)

    def test_array_overlap(self):
        self.refuse_register("register PAINT: overlaps CONTROL at 0x0", 2, offset=0)

    def test_register_alignment(self):
        self.refuse_register("register CONTROL: offset 0x2 is not a multiple of 4", 0, offset=2)
        self.refuse_register("register BASE: offset 0x14 is not a multiple of 8", 1, offset=0x14)

    def test_window(self):
        self.refuse_register("register CONTROL: offset 0x1000 lies beyond", 0, offset=0x1000)

    def test_stride(self):
        self.refuse_register("register PAINT: stride 4 is less than the 8 bytes", 2, stride=4)

    def test_access(self):
        self.refuse_register("register CONTROL: access must be one of", 0, access="once")

    def test_reset_of_missing_bits(self):
        self.refuse_register("register CONTROL: reset 0x2 sets bits that do not exist", 0, reset=2)

    def test_reset_of_read_only(self):
        self.refuse_register("register CONTROL: reset makes no sense", 0, access="ro")

    def test_count_beside_an_index(self):
        self.refuse_register("register PAINT: count follows from its index", 2, count=3)

    def test_unknown_constant(self):
        self.refuse("parameter BEAT_BYTES: value names no constant: some_bytes",
                    lambda r: r["parameters"][1].update(value="some_bytes"))
        self.refuse("register PAINT: count names no constant: MANY",
                    lambda r: (r["registers"][2].pop("index"), r["registers"][2].update(count="MANY")))

    def test_window_of_an_external_array(self):
        self.refuse_register("register PAINT: offset 0x108 is not a multiple of 0x10", 2, offset=0x108)
        self.refuse_register("register PAINT: stride 12 is not a power of two", 2, stride=12)
        self.refuse_register("register PAINT: an array must be external", 2, external=False)

    def test_constant(self):
        self.refuse_register("register BASE: constant needs access ro", 1, constant="DEVICE_VERSION", bits="63:0")
        self.refuse_register("register BASE: constant names no number of the contract: NOTHING", 1, constant="NOTHING")

    def test_what_the_block_cannot_keep(self):
        self.refuse_register("register CONTROL: hardware needs access rw", 0, access="w1c", hardware=True)
        self.refuse_register("register BASE: latch needs", 1, latch=True)
        self.refuse_register("register BASE: access w1c needs a width of 32", 1, access="w1c")

    def test_cleared_by(self):
        self.refuse_register("register HEAD: cleared_by names no field that tells of its rise: RUN.STOP", 4, cleared_by="RUN.STOP")
        self.refuse_register("register CONTROL: cleared_by names no field that tells of its rise: CONTROL.ENABLE", 0,
                             cleared_by="CONTROL.ENABLE")
        self.refuse_register('register CONTROL: cleared_by must look like', 0, cleared_by="CONTROL")
        self.refuse("register CONTROL field MODE: rise belongs to a single bit",
                    lambda r: r["registers"][0]["fields"][1].update(rise=True))

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
        self.refuse("descriptor job: field tag overlaps kind at byte 0",
                    lambda r: r["descriptors"][1]["fields"][1].update(offset=0))

    def test_descriptor_beyond_its_size(self):
        self.refuse("descriptor job: field address ends beyond its 16",
                    lambda r: r["descriptors"][1]["fields"][0].update(offset=16))

    def test_descriptor_alignment(self):
        self.refuse("descriptor job field address: offset 4 is", lambda r: r["descriptors"][1]["fields"][0].update(offset=4))

    def test_descriptor_type(self):
        self.refuse("field address: unknown type u24", lambda r: r["descriptors"][1]["fields"][0].update(type="u24"))

    def test_unknown_key_and_missing_key(self):
        self.refuse("register CONTROL: unknown key acess", lambda r: r["registers"][0].update(acess="rw"))
        self.refuse("register CONTROL: doc is missing", lambda r: r["registers"][0].pop("doc"))

    def test_wrong_type(self):
        self.refuse("register CONTROL: offset must be of type int", lambda r: r["registers"][0].update(offset="0x10"))

    def test_wire(self):
        def constants(raw):
            return raw["wire"][0]["constants"]
        self.refuse("wire constant magic: value does not fit 16 bits", lambda r: constants(r)[2].update(value=1 << 16))
        self.refuse("wire constant all_bytes: no constant nose_bytes stands before it",
                    lambda r: constants(r)[3].update(value="nose_bytes + tail_bytes"))
        self.refuse("wire constant all_bytes: value must be a number or a sum",
                    lambda r: constants(r)[3].update(value="head_bytes * 2"))
        self.refuse("wire constant kind_first: unknown key bits", lambda r: r["wire"][0]["enum"]["values"][0].update(bits=1))
        self.refuse("wire constant head_bytes: duplicate name", lambda r: constants(r)[1].update(name="head_bytes"))

    def test_payloads(self):
        def member(raw, payload, position):
            return raw["payloads"][payload]["members"][position]
        self.refuse("payload beat member data: bits must be a number or look like",
                    lambda r: member(r, 0, 0).update(bits="512 bits"))
        self.refuse("payload beat member data: bits names no parameter: WIDTH", lambda r: member(r, 0, 0).update(bits="8 * WIDTH"))
        self.refuse("payload pair_t member mood: no enumeration temper", lambda r: member(r, 1, 0).update(enum="temper"))
        self.refuse("payload pair_t member first: no payload pair_t", lambda r: member(r, 1, 1).update(type="pair_t"))
        self.refuse("payload pair_t member first: needs one of bits, enum, type", lambda r: member(r, 1, 1).update(bits=3))

    def test_unknown_setting(self):
        with self.assertRaisesRegex(description.DescriptionError, "settings: no parameter BEAT"):
            description.parse(copy.deepcopy(TOY), {"BEAT": 16})


if __name__ == "__main__":
    unittest.main()
