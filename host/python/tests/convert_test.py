#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Values of Python and structures of the C face."""
import ctypes
import unittest

import sapulse
from sapulse import convert, structures

IN = sapulse.Direction(256, key=bytes(range(16)), salt=b"salt")
OUT = sapulse.Direction(257, key=bytes(range(24)), integrity=bytes(range(20)))
PATH = sapulse.Path("02:aa:bb:cc:dd:01", "02:aa:bb:cc:dd:02", vlan=[0x88a80064, 0x81000007],
                    encapsulation=sapulse.Encapsulation.UDP, own_port=4500, peer_port=4501, control_spi=9, dscp=46)


def make_sa(**members):
    return sapulse.Sa(**{"name": "pär", "local": "192.0.2.1", "peer": "198.51.100.1", "inbound": IN, "outbound": OUT, **members})


def taken(pointer, size):
    return bytes(pointer[:size])


class ToC(unittest.TestCase):
    def refused(self, message, **members):
        with self.assertRaisesRegex(sapulse.Error, message) as caught, convert.c_sas([make_sa(**members)]):
            self.fail("not refused")
        self.assertEqual(caught.exception.status, sapulse.Status.INVALID_ARGUMENT)

    def test_an_sa_has_all_its_members(self):
        with convert.c_sas([make_sa(next=7, plain=True, path=PATH)]) as array:
            sa = array[0]
            self.assertEqual((sa.size, sa.name, sa.local, sa.peer, sa.next, sa.plain),
                             (ctypes.sizeof(sa), "pär".encode(), b"192.0.2.1", b"198.51.100.1", 7, 1))
            inbound, outbound, path = getattr(sa, "in").contents, sa.out.contents, sa.path.contents
            self.assertEqual((inbound.size, inbound.spi, outbound.spi), (ctypes.sizeof(inbound), 256, 257))
            self.assertEqual(taken(inbound.key, inbound.key_size), IN.key)
            self.assertEqual(taken(inbound.salt, inbound.salt_size), IN.salt)
            self.assertFalse(inbound.integrity)
            self.assertEqual(taken(outbound.integrity, outbound.integrity_size), OUT.integrity)
            self.assertEqual((path.size, bytes(path.own_mac).hex(), bytes(path.peer_mac).hex()),
                             (ctypes.sizeof(path), "02aabbccdd01", "02aabbccdd02"))
            self.assertEqual((path.vlan_tags, *path.vlan, path.encapsulation, path.own_port, path.peer_port, path.control_spi,
                              path.dscp), (2, 0x88a80064, 0x81000007, 1, 4500, 4501, 9, 46))

    def test_keys_are_wiped(self):
        with convert.c_sas([make_sa()]) as array:
            inbound = getattr(array[0], "in").contents
        self.assertEqual(taken(inbound.key, inbound.key_size), bytes(16))

    def test_keys_are_not_printed(self):
        self.assertNotIn("salt", repr(make_sa()))

    def test_what_would_be_cut_is_refused(self):
        self.refused("sapulse_direction: spi: 4294967296 is out of range", inbound=sapulse.Direction(2**32))
        self.refused("sapulse_sa: next: -1 is out of range", next=-1)
        self.refused("SA: name: has a zero", name="a\0b")
        for change, message in [({"vlan": [2**32]}, "vlan: 4294967296 is out of range"), ({"vlan": [1, 2, 3]}, "vlan: 3 tags"),
                                ({"own_mac": "02:aa"}, "own_mac: '02:aa' is no MAC address"),
                                ({"peer_mac": "x"}, "peer_mac: 'x' is no MAC"), ({"dscp": 256}, "dscp: 256")]:
            self.refused(message, path=sapulse.Path(**{"own_mac": "02:aa:bb:cc:dd:01", "peer_mac": "02:aa:bb:cc:dd:02", **change}))

    def test_time(self):
        self.assertEqual(convert.to_nanoseconds(1.5, "timeout"), 1_500_000_000)
        for bad in (-1, float("nan"), float("inf")):
            with self.assertRaisesRegex(sapulse.Error, "timeout"):
                convert.to_nanoseconds(bad, "timeout")


class FromC(unittest.TestCase):
    def test_a_ping_that_was_answered(self):
        ping = structures.sapulse_ping_result(spi_in=256, answered=1, transaction=2, n=3, rtt_ns=4, times_valid=1, forward_ns=-5,
                                              backward_ns=6, turnaround_ns=7, data_sequence_valid=1, data_sequence=0, token_valid=1,
                                              token=(ctypes.c_uint8 * 16)(*range(16)), token_nonce=(ctypes.c_uint8 * 8)(9),
                                              frame_length=90)
        self.assertEqual(convert.to_ping_result(ping),
                         sapulse.PingResult(256, True, 2, 3, 4, -5, 6, 7, 0, bytes(range(16)), b"\x09" + bytes(7), 90))

    def test_what_the_peer_has_not_told_is_none(self):
        ping = convert.to_ping_result(structures.sapulse_ping_result(answered=1))
        self.assertEqual((ping.forward_ns, ping.backward_ns, ping.turnaround_ns, ping.data_sequence, ping.token, ping.token_nonce),
                         (None,) * 6)

    def test_a_name_that_is_cut_within_a_letter(self):
        self.assertEqual(convert.to_sa_info(structures.sapulse_sa_info(name=b"a\xc3")).name, "a\ufffd")

    def test_an_exception_frame(self):
        bytes_of_frame = (ctypes.c_uint8 * 3)(1, 0, 2)
        frame = structures.sapulse_exception(cause=b"unknown_spi", verdict=b"sent", spi=300, sequence=1, time=2,
                                             snapshot=bytes_of_frame, snapshot_size=3)
        self.assertEqual(convert.to_exception_frame(frame),
                         sapulse.ExceptionFrame("unknown_spi", "sent", 300, 1, 2, b"\x01\x00\x02"))


if __name__ == "__main__":
    unittest.main()
