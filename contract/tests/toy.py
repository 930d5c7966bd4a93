# SPDX-License-Identifier: Apache-2.0
"""A small description with one of each kind of entry."""

TOY = {
    "name": "toy", "version": {"major": 1, "minor": 2, "patch": 3}, "id": 0x1234, "window_bytes": 0x1000,
    "parameters": [{"name": "ENTRY_BYTES", "value": 16, "doc": "size"},
                   {"name": "BEAT_BYTES", "value": 64, "doc": "beat", "kernels": True}],
    "enums": [{"name": "colour", "bits": 2, "doc": "colours", "values": [{"name": "RED"}, {"name": "GREEN"}]}],
    "registers": [
        {"name": "CONTROL", "offset": 0, "access": "rw", "reset": 1, "doc": "operation",
         "fields": [{"name": "ENABLE", "bits": "0"}, {"name": "MODE", "bits": "5:4", "doc": "mode"}]},
        {"name": "BASE", "offset": 8, "width": 64, "access": "rw", "bits": "63:8", "doc": "base"},
        {"name": "PAINT", "offset": 0x100, "stride": 8, "index": "colour", "access": "rw", "external": True, "doc": "paint",
         "words": [{"name": "LEVEL", "offset": 0}, {"name": "USED", "offset": 4, "bits": "0"}]},
        {"name": "RUN", "offset": 0x20, "access": "rw", "reset": 0, "doc": "switch",
         "fields": [{"name": "GO", "bits": "0", "rise": True}]},
        {"name": "HEAD", "offset": 0x24, "access": "rw", "reset": 0, "doc": "index", "cleared_by": "RUN.GO"},
        {"name": "PENDING", "offset": 0x28, "access": "w1c", "bits": "2:1", "reset": 0, "doc": "events"},
        {"name": "SIZE", "offset": 0x2c, "access": "ro", "constant": "ENTRY_BYTES", "doc": "size"},
        {"name": "CLOCK", "offset": 0x30, "width": 64, "access": "rw", "reset": 0, "hardware": True, "latch": True, "doc": "time"},
        {"name": "TALLY", "offset": 0x200, "width": 64, "count": 3, "stride": 8, "access": "ro", "external": True,
         "doc": "counters"},
    ],
    "descriptors": [
        {"name": "entry", "size": "ENTRY_BYTES", "doc": "head", "fields": [
            {"name": "kind", "offset": 0, "type": "u8", "enum": "colour"}]},
        {"name": "job", "size": 16, "extends": "entry", "doc": "body", "fields": [
            {"name": "address", "offset": 8, "type": "u64"}, {"name": "tag", "offset": 4, "type": "bytes", "size": 3}]},
    ],
    "wire": [{"section": "Header", "constants": [
        {"name": "head_bytes", "value": 4}, {"name": "tail_bytes", "value": 2}, {"name": "magic", "type": "u16", "value": 300},
        {"name": "all_bytes", "value": "head_bytes + tail_bytes", "doc": "both"}],
        "enum": {"name": "kind", "type": "u8", "values": [{"name": "kind_first", "value": 1}]}}],
    "payload_enums": [{"name": "mood", "prefix": "MOOD", "bits": 2, "doc": "moods", "values": [{"name": "GOOD"}, {"name": "BAD"}]}],
    "payloads": [
        {"name": "beat", "doc": "one beat", "members": [{"name": "data", "bits": "8 * BEAT_BYTES"}, {"name": "last", "bits": 1}]},
        {"name": "pair_t", "doc": "two", "members": [{"name": "mood", "enum": "mood"}, {"name": "first", "type": "beat"}]}],
}
