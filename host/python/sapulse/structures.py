# SPDX-License-Identifier: Apache-2.0
"""Structures of sapulse.h as ctypes lay them out; host/python/tests/layout_test.py compares them with the header."""
from __future__ import annotations

import ctypes
from ctypes import POINTER, c_char, c_char_p, c_int, c_int64, c_size_t, c_uint, c_uint8, c_uint16, c_uint32, c_uint64
from typing import Any

from .errors import invalid

c_enum = c_uint  # as compilers take it for enumerations without negative values
INTEGERS = (c_int, c_int64, c_uint, c_uint8, c_uint16, c_uint32, c_uint64, c_size_t)


def check_range(kind: Any, value: Any, where: str) -> None:
    """ctypes cuts integers that do not fit: they would mean something else."""
    if kind in INTEGERS and isinstance(value, int) and kind(value).value != value:
        raise invalid(f"{where}: {value} is out of range")


class Sized(ctypes.Structure):
    """A structure whose first member `size` is set."""

    def __init__(self, **members: Any) -> None:
        for name, kind in self._fields_:  # type: ignore[misc]
            check_range(kind, members.get(name), f"{type(self).__name__}: {name}")
        super().__init__(size=ctypes.sizeof(self), **members)


class sapulse_info(Sized):
    _fields_ = [("size", c_size_t), ("version_major", c_uint32), ("version_minor", c_uint32), ("sa_capacity", c_uint32),
                ("clock_khz", c_uint32), ("has_requester", c_int), ("has_prober", c_int)]


class sapulse_direction(Sized):
    _fields_ = [("size", c_size_t), ("spi", c_uint32), ("key", POINTER(c_uint8)), ("key_size", c_size_t),
                ("salt", POINTER(c_uint8)), ("salt_size", c_size_t), ("integrity", POINTER(c_uint8)),
                ("integrity_size", c_size_t)]


class sapulse_path(Sized):
    _fields_ = [("size", c_size_t), ("own_mac", c_uint8 * 6), ("peer_mac", c_uint8 * 6), ("vlan_tags", c_uint32),
                ("vlan", c_uint32 * 2), ("encapsulation", c_enum), ("own_port", c_uint16), ("peer_port", c_uint16),
                ("control_spi", c_uint8), ("dscp", c_uint8)]


class sapulse_sa(Sized):
    _fields_ = [("size", c_size_t), ("name", c_char_p), ("local", c_char_p), ("peer", c_char_p),
                ("in", POINTER(sapulse_direction)), ("out", POINTER(sapulse_direction)), ("next", c_uint64),
                ("plain", c_int), ("path", POINTER(sapulse_path))]


class sapulse_sa_info(Sized):
    _fields_ = [("size", c_size_t), ("number", c_uint32), ("spi_in", c_uint32), ("spi_out", c_uint32), ("name", c_char * 64),
                ("local", c_char * 46), ("peer", c_char * 46), ("has_path", c_int), ("admin_down", c_int)]


class sapulse_sa_statistics(Sized):
    _fields_ = [("size", c_size_t), ("window_top", c_uint64), ("next", c_uint64), ("accepted", c_uint32),
                ("replayed", c_uint32), ("rejected", c_uint32), ("data_sequence_valid", c_int), ("data_sequence", c_uint32),
                ("time", c_uint64)]


class sapulse_ping_result(Sized):
    _fields_ = [("size", c_size_t), ("spi_in", c_uint32), ("answered", c_int), ("transaction", c_uint32), ("n", c_uint64),
                ("rtt_ns", c_uint64), ("times_valid", c_int), ("forward_ns", c_int64), ("backward_ns", c_int64),
                ("turnaround_ns", c_uint64), ("data_sequence_valid", c_int), ("data_sequence", c_uint32),
                ("token_valid", c_int), ("token", c_uint8 * 16), ("token_nonce", c_uint8 * 8), ("frame_length", c_uint32)]


class sapulse_watch_settings(Sized):
    _fields_ = [("size", c_size_t), ("interval_ns", c_uint64), ("multiplier", c_uint32), ("jitter_percent", c_uint32),
                ("data_bytes", c_uint32), ("by_host", c_int), ("data_alive", c_int)]


class sapulse_change(Sized):
    _fields_ = [("size", c_size_t), ("spi_in", c_uint32), ("spi_out", c_uint32), ("name", c_char_p), ("peer", c_char_p),
                ("from", c_enum), ("to", c_enum), ("reason", c_char_p), ("time", c_uint64), ("line", c_char_p)]


class sapulse_exception(Sized):
    _fields_ = [("size", c_size_t), ("cause", c_char_p), ("verdict", c_char_p), ("spi", c_uint32), ("sequence", c_uint32),
                ("time", c_uint64), ("snapshot", POINTER(c_uint8)), ("snapshot_size", c_size_t)]
