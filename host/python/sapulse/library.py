# SPDX-License-Identifier: Apache-2.0
"""The shared library and the prototypes of its functions; host/python/tests/layout_test.py compares them with the header."""
from __future__ import annotations

import ctypes
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_int, c_size_t, c_uint32, c_uint64, c_void_p
from typing import Any

from . import structures as c
from .errors import Error, Status
from .structures import c_enum, check_range

NAME = "libsapulse.so.1"

PingCallback = CFUNCTYPE(None, c_void_p, c_enum, POINTER(c.sapulse_ping_result))
ChangeCallback = CFUNCTYPE(None, c_void_p, POINTER(c.sapulse_change))
ExceptionCallback = CFUNCTYPE(None, c_void_p, POINTER(c.sapulse_exception))

endpoint = c_void_p
# Result, then parameters.
PROTOTYPES: dict[str, tuple[Any, ...]] = {
    "sapulse_version": (c_char_p,),
    "sapulse_status_name": (c_char_p, c_enum),
    "sapulse_last_error": (c_char_p,),
    "sapulse_open": (c_enum, c_char_p, c_char_p, c_char_p, POINTER(endpoint)),
    "sapulse_close": (c_enum, endpoint),
    "sapulse_get_info": (c_enum, endpoint, POINTER(c.sapulse_info)),
    "sapulse_sa_add": (c_enum, endpoint, POINTER(c.sapulse_sa), c_size_t),
    "sapulse_sa_replace": (c_enum, endpoint, c_uint32, POINTER(c.sapulse_sa)),
    "sapulse_sa_remove": (c_enum, endpoint, POINTER(c_uint32), c_size_t),
    "sapulse_sa_list": (c_enum, endpoint, POINTER(c.sapulse_sa_info), POINTER(c_size_t)),
    "sapulse_sa_get_statistics": (c_enum, endpoint, c_uint32, POINTER(c.sapulse_sa_statistics)),
    "sapulse_ping": (c_enum, endpoint, c_uint32, c_size_t, c_uint64, POINTER(c.sapulse_ping_result)),
    "sapulse_ping_start": (c_enum, endpoint, c_uint32, c_size_t, c_uint64, PingCallback, c_void_p),
    "sapulse_probe_mtu": (c_enum, endpoint, c_uint32, c_size_t, c_uint64, POINTER(c_size_t)),
    "sapulse_liveness_name": (c_char_p, c_enum),
    "sapulse_watch": (c_enum, endpoint, c_uint32, POINTER(c.sapulse_watch_settings)),
    "sapulse_unwatch": (c_enum, endpoint, c_uint32),
    "sapulse_get_liveness": (c_enum, endpoint, c_uint32, POINTER(c_enum)),
    "sapulse_on_change": (c_enum, endpoint, ChangeCallback, c_void_p),
    "sapulse_set_admin_down": (c_enum, endpoint, c_uint32, c_int),
    "sapulse_on_exception": (c_enum, endpoint, ExceptionCallback, c_void_p),
    "sapulse_poll": (c_enum, endpoint, c_uint64),
    "sapulse_event_descriptor": (c_enum, endpoint, POINTER(c_int)),
    "sapulse_prepare_sleep": (c_enum, endpoint, POINTER(c_uint64)),
    "sapulse_get_time": (c_enum, endpoint, POINTER(c_uint64)),
    "sapulse_counter_count": (c_size_t,),
    "sapulse_counter_name": (c_char_p, c_size_t),
    "sapulse_read_counters": (c_enum, endpoint, POINTER(c_uint64), c_size_t),
}


def _load() -> ctypes.CDLL:
    try:
        loaded = ctypes.CDLL(NAME)
    except OSError as error:
        raise ImportError(f"sapulse: {error}") from error
    for name, (result, *parameters) in PROTOTYPES.items():
        function = getattr(loaded, name)
        function.restype, function.argtypes = result, parameters
    return loaded


library = _load()


def text(value: bytes | None) -> str:
    """A string of the library's; names are those that users have given, whatever that is."""
    return (value or b"").decode(errors="replace")


def last_error(status: int) -> Error:
    """Why the last call of this thread failed."""
    return Error(Status(status), text(library.sapulse_last_error()))


def call(name: str, *arguments: Any) -> None:
    """Calls a function that returns a status. Raises Error."""
    function = getattr(library, name)
    for position, (kind, value) in enumerate(zip(function.argtypes, arguments), 1):
        check_range(kind, value, f"{name}: argument {position}")
    status = function(*arguments)
    if status != Status.OK:
        raise last_error(status)
