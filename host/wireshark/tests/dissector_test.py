#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the dissector says of the frames of the test vectors, of frames that were cut, shortened and corrupted.

usage: dissector_test.py SOURCE-FOLDER [unittest arguments]
"""

import json
import os
import pathlib
import random
import re
import struct
import sys
import tempfile
import unittest

from captures import dissect, esp_sa, positions, write_capture

ROOT = pathlib.Path(sys.argv.pop(1)).resolve()
sys.path.insert(0, str(ROOT / "contract"))

from generator import description  # noqa: E402

SCRIPT = ROOT / "host/wireshark/sapulse.lua"
WIRE = description.load(ROOT / "contract/description").wire
CODE_POINTS = [value for section in WIRE if section.code_points for value in section.code_points.values]
CONTRACT = {entry.name: entry.value for entry in [*CODE_POINTS, *(constant for section in WIRE for constant in section.constants)]}
VECTORS = json.loads((ROOT / "tests/vectors/frames.json").read_text())
IPV4_START, IPV4_LENGTH, IPV4_END = 14, 16, 34  # in a frame without tags and options
ESP_BYTES = 8
CORRUPTED_FRAMES = 2000

NAMES = """spi sequence version header_length type code flags flags.nested flags.no_answer length checksum subject_spi transaction
token_nonce nested.spi nested.sequence nested.iv echo.subtype echo.flags.return echo.identifier echo.sequence echo.data_length
echo.return_spi echo.data telemetry.flags telemetry.t_origin telemetry.t_receive telemetry.token telemetry.token_nonce error.token
error.code error.spi error.sequence error.transaction answer_in answer_to response_time malformed unsupported cut""".split()
FIELDS = [f"sapulse.{name}" for name in NAMES] + ["esp.icv_good", "_ws.expert.message"]

# Cases of the vectors that the protocol calls malformed, and what the dissector says of each.
MALFORMED = {
    "UDP payload of 9 B": "a control header ends at byte 32, the packet at 9",
    "MAC multicast": "a control header ends at byte 32, the packet at 21",  # for nobody here, but shown
    "bad control checksum": "the checksum is wrong",
    "header length 4, of revision 1": "a header of 4 words",
    "length beyond the packet": "the message with its payload ends at byte",
    "subject is another SA's SPI": "nested SPI and subject SPI differ",
    "nested packet of 35 B": "a nested ESP packet ends at byte 36, the packet at 35",
    "IV and sequence differ": "IV and sequence differ",
    "n of 0": "a sequence number n of 0",
    "body R set": "R in an encrypted echo",
    "body R set with return SPI": "R in an encrypted echo",
    "body data length too long": "a data length of 24 in a body of 28 bytes",
    "body data length too short": "a data length of 16 in a body of 28 bytes",
    "body sub-type 3 in a request": "sub-type 3 where 2 belongs",
    "clear echo data length beyond the packet": "a clear echo with its data ends at byte 22, the packet at 21",
    "clear echo R, no room for the return SPI": "a clear echo with its data ends at byte 25, the packet at 21",
    "clear echo sub-type 3": "sub-type 3 where 2 belongs",
    "clear echo too short": "a clear echo ends at byte 16, the packet at 15",
}
# Fields of the telemetry block, and the contract's names of their places.
TELEMETRY = {"version": "version", "flags": "flags", "t_origin": "origin", "t_receive": "receive", "t_transmit": "transmit",
             "data_sequence": "data_sequence", "token": "token", "token_nonce": "token_nonce"}
CUSTOMERS = ["customer ESP", "customer ESP in UDP", "UDP NAT keepalive", "UDP IKE marker", "UDP payload of 8 B", "fragment",
             "unlisted reserved SPI"]


def frames_of(case):
    return [bytes.fromhex(frame) for frame in [case["in"], *case["line_out"]]]


def key_options():
    options = ["-oesp.enable_encryption_decode:TRUE", "-oesp.enable_authentication_check:TRUE"]
    for sa in VECTORS["sas"]:
        options += [esp_sa(sa[way], 6 if ":" in sa["peer"] else 4) for way in ("in", "out")]
    return options


def set_fields(dissected):
    return {name.removeprefix("sapulse."): value for name, value in dissected.items() if value}


def first_frame(name):
    return next(frames_of(case)[0] for case in VECTORS["cases"] if case["name"] == name)


def telemetry_ping():
    return first_frame("ping telemetry v4-128")


def shortened(frame, length):
    """The frame as if it had been sent with so many bytes: Ethernet and IPv4 header, and the rest of the packet."""
    total = struct.pack("!H", length - IPV4_START)
    return frame[:IPV4_LENGTH] + total + frame[IPV4_LENGTH + 2:length]


def corrupted(numbers, frame):
    """A few wrong bytes behind the EtherType, and perhaps an end that is missing from the capture."""
    changed = bytearray(frame)
    for _ in range(numbers.randrange(1, 5)):
        changed[numbers.randrange(IPV4_START, len(changed))] = numbers.randrange(256)
    end = numbers.choice([len(changed), numbers.randrange(IPV4_START, len(changed))])
    return bytes(changed[:end]), len(changed)


class Dissector(unittest.TestCase):
    """tshark reads the vectors once, with the control keys of all SAs."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.capture = pathlib.Path(folder.name) / "capture.pcap"
        found = cls.dissect([frame for case in VECTORS["cases"] for frame in frames_of(case)], key_options())
        cls.number_of, cls.vectors = {}, {}
        for case in VECTORS["cases"]:
            cls.number_of[case["name"]] = sum(map(len, cls.vectors.values())) + 1
            cls.vectors[case["name"]] = [set_fields(found.pop(0)) for _ in frames_of(case)]

    @classmethod
    def dissect(cls, frames, options=()):
        write_capture(cls.capture, frames)
        return dissect(SCRIPT, cls.capture, FIELDS, options)

    def assert_fields(self, found, **expected):
        expected = {name.replace("__", "."): value for name, value in expected.items()}
        self.assertEqual({name: found.get(name) for name in expected}, expected)

    def assert_ping(self, name, request, reply):
        sa = next(sa for sa in VECTORS["sas"] if f"0x{sa['in']['spi']:08x}" == request["subject_spi"])
        incoming, outgoing = (f"0x{sa[way]['spi']:08x}" for way in ("in", "out"))
        number = self.number_of[name]
        self.assert_fields(request, type="1", subject_spi=incoming, nested__spi=incoming, echo__subtype="2", esp__icv_good="1",
                           answer_in=str(number + 1), malformed=None)
        self.assert_fields(reply, type="2", subject_spi=outgoing, nested__spi=outgoing, echo__subtype="3", esp__icv_good="1",
                           answer_to=str(number), response_time="0.000100000", malformed=None)
        for same in ("transaction", "token_nonce", "echo.identifier", "echo.sequence", "echo.data_length"):
            self.assertEqual(request[same], reply[same])

    def test_pings_in_every_encapsulation_are_decrypted_and_matched(self):
        pings = [name for name, found in self.vectors.items() if name.startswith("ping ") and len(found) == 2]
        self.assertGreater(len(pings), 40)
        for name in pings:
            with self.subTest(name):
                self.assert_ping(name, *self.vectors[name])

    def test_fields_of_a_ping(self):
        request, reply = self.vectors["ping telemetry v4-128"]
        self.assert_fields(request, spi="253", sequence="0", version="1", header_length="6", code="0", flags="0x01",
                           flags__nested="1", flags__no_answer="0", length="124", transaction="0x11223344",
                           token_nonce="0000000000000000", nested__sequence="2", nested__iv="2", echo__identifier="4660",
                           echo__sequence="7", echo__data_length="56", telemetry__t_origin="123456789", telemetry__flags="0x00")
        self.assert_fields(reply, telemetry__flags="0x05", telemetry__t_origin="123456789", telemetry__t_receive="1000",
                           telemetry__token_nonce=VECTORS["sas"][0]["token_nonce"])

    def test_flag_for_no_answer_and_token_nonce(self):
        self.assert_fields(self.vectors["keepalive: no answer wanted"][0], flags__no_answer="1", flags__nested="1")
        for found in self.vectors["ping token nonce"]:
            self.assert_fields(found, token_nonce=VECTORS["sas"][0]["token_nonce"])

    def test_a_clear_error_is_matched(self):
        name = "unknown SPI, token nonce"
        request, error = self.vectors[name]
        token = frames_of(next(case for case in VECTORS["cases"] if case["name"] == name))[1][-24:-8].hex()
        self.assert_fields(error, type="3", code="1", error__spi=request["nested.spi"], error__token=token,
                           error__sequence=request["nested.sequence"], answer_to=str(self.number_of[name]))

    def test_a_protected_error_is_taken_at_what_it_says_inside(self):
        self.assert_fields(self.vectors["protected error comes in"][0], type="4", code="0", transaction="0x00000000",
                           echo__subtype="200", error__code="5", error__transaction="0x11223344",
                           error__spi=f"0x{VECTORS['sas'][0]['out']['spi']:08x}", error__sequence="1", malformed=None)

    def test_a_protected_error_is_matched_by_the_transaction_inside(self):
        request = first_frame("source own address")  # from where the error goes to, with the transaction in the error
        found = self.dissect([request, first_frame("protected error comes in")], key_options())
        self.assertEqual([found[0]["sapulse.answer_in"], found[1]["sapulse.answer_to"]], ["2", "1"])

    def test_clear_echoes(self):
        for name in ("clear echo", "clear echo UDP v6", "clear echo R, return SPI"):
            request, reply = self.vectors[name]
            self.assert_fields(request, spi="7", echo__subtype="2", malformed=None)
            self.assert_fields(reply, spi="8", echo__subtype="3", echo__data=request["echo.data"],
                               answer_to=str(self.number_of[name]), malformed=None)
        name, start = "clear echo R, return SPI", IPV4_END + ESP_BYTES + CONTRACT["echo_bytes"]
        self.assert_fields(self.vectors[name][0], echo__return_spi="0x" + first_frame(name)[start:start + 4].hex())

    def test_malformed_messages_and_no_others_are_marked(self):
        marked = {name: found[0]["_ws.expert.message"] for name, found in self.vectors.items() if "malformed" in found[0]}
        self.assertEqual(set(marked), set(MALFORMED))
        for name, text in MALFORMED.items():
            self.assertIn("Malformed: " + text, marked[name])

    def test_another_version_is_unsupported(self):
        self.assertEqual([name for name, found in self.vectors.items() if "unsupported" in found[0]], ["version 2"])

    def test_types(self):
        ping, place = telemetry_ping(), IPV4_END + ESP_BYTES + CONTRACT["control_type"]
        found = self.dissect([ping[:place] + bytes([kind]) + ping[place + 1:] for kind in (0, 1, 4, 5, 127, 128, 255)])
        self.assertEqual([frame["sapulse.unsupported"] for frame in found], ["1", "", "", "1", "1", "", ""])

    def test_places_in_the_telemetry_block(self):
        write_capture(self.capture, [telemetry_ping()])
        found = positions(SCRIPT, self.capture, key_options())
        for field, constant in TELEMETRY.items():
            place = found[f"sapulse.telemetry.{field}"] - found["sapulse.echo.data"]
            self.assertEqual(place, CONTRACT[f"telemetry_{constant}"], field)

    def test_customer_traffic_is_not_ours(self):
        for name in CUSTOMERS:
            with self.subTest(name):
                self.assertNotIn("spi", self.vectors[name][0])

    def test_a_wrong_key_shows_as_icv(self):
        self.assert_fields(self.vectors["bad ICV"][0], esp__icv_good="0")

    def test_without_keys_the_nested_packet_has_its_header_alone(self):
        found = set_fields(self.dissect([telemetry_ping()])[0])
        self.assert_fields(found, type="1", nested__sequence="2", nested__iv="2", echo__subtype=None, malformed=None)

    def test_the_control_spi_is_a_preference(self):
        ping = telemetry_ping()
        other = ping[:IPV4_END] + struct.pack("!I", 200) + ping[IPV4_END + 4:]
        found = self.dissect([ping, other], ["-osapulse.control_spi:200"])
        self.assertEqual([frame["sapulse.spi"] for frame in found], ["", "200"])

    def test_another_udp_port(self):
        ping = first_frame("ping UDP 4500")
        other = ping[:IPV4_END] + struct.pack("!HH", 40000, 4501) + ping[IPV4_END + 4:]
        found = self.dissect([other], ["-dudp.port==4501,sapulse_udp"])
        self.assertEqual(found[0]["sapulse.type"], "1")

    def test_frames_cut_by_the_capture_are_not_malformed(self):
        ping = telemetry_ping()
        found = self.dissect([(ping[:length], len(ping)) for length in range(IPV4_END + ESP_BYTES, len(ping))])
        for length, frame in enumerate(found, IPV4_END + ESP_BYTES):
            self.assertEqual((frame["sapulse.cut"], frame["sapulse.malformed"]), ("1", ""), f"{length} bytes captured")

    def test_packets_that_end_early_are_malformed(self):
        ping = telemetry_ping()
        found = self.dissect([shortened(ping, length) for length in range(IPV4_END + ESP_BYTES, len(ping))])
        for length, frame in enumerate(found, IPV4_END + ESP_BYTES):
            self.assertEqual((frame["sapulse.cut"], frame["sapulse.malformed"]), ("", "1"), f"{length} bytes")

    def test_no_frame_causes_a_lua_error(self):
        seed = int(os.environ.get("SAPULSE_TEST_SEED", "1"), 0)
        print(f"seed {seed} (SAPULSE_TEST_SEED overrides it)", flush=True)
        numbers = random.Random(seed)
        vectors = [frame for case in VECTORS["cases"] for frame in frames_of(case) if len(frame) < 256]
        frames = [corrupted(numbers, numbers.choice(vectors)) for _ in range(CORRUPTED_FRAMES)]
        for (frame, length), found in zip(frames, self.dissect(frames, key_options()), strict=True):
            self.assertNotIn("Lua Error", found["_ws.expert.message"], f"{frame.hex()}, {length} bytes on the wire")


class Contract(unittest.TestCase):
    def test_the_numbers_are_those_of_the_contract(self):
        table = re.search(r"^local wire = \{\n(.*?)^\}", SCRIPT.read_text(), re.MULTILINE | re.DOTALL)[1]
        numbers = {name: int(value, 0) for name, value in re.findall(r"(\w+) = (\w+)", table)}
        self.assertEqual(numbers, {name: CONTRACT.get(name) for name in numbers})
        self.assertEqual({value.name for value in CODE_POINTS} - set(numbers), set())


if __name__ == "__main__":
    unittest.main()
