# SPDX-License-Identifier: Apache-2.0
"""Values of Python as structures of the C face and back."""
from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from ctypes import c_uint8, pointer
from dataclasses import fields
from typing import Any, TypeVar

from . import structures as c
from .errors import invalid
from .library import text
from .values import Change, Direction, ExceptionFrame, Info, Liveness, Path, PingResult, Sa, SaInfo, SaStatistics

MOST_SECONDS = 2**60 / 1e9  # more than the library counts
Value = TypeVar("Value")


def to_nanoseconds(seconds: float, what: str) -> int:
    if not 0 <= seconds <= MOST_SECONDS:  # nor is NaN
        raise invalid(f"{what}: {seconds} s is out of range")
    return round(seconds * 1e9)


def to_c_string(value: str | bytes | os.PathLike[str], what: str) -> bytes:
    plain = os.fspath(value)
    encoded = plain.encode(errors="surrogateescape") if isinstance(plain, str) else plain
    if b"\0" in encoded:
        raise invalid(f"{what}: has a zero in it")
    return encoded


def _to_mac(value: str, what: str) -> bytes:
    try:
        mac = bytes.fromhex(value.replace(":", ""))
    except ValueError:
        mac = b""
    if len(mac) != 6:
        raise invalid(f"path: {what}: '{value}' is no MAC address")
    return mac


def _to_path(path: Path) -> c.sapulse_path:
    if len(path.vlan) > 2:
        raise invalid(f"path: vlan: {len(path.vlan)} tags, at most 2")
    for tag in path.vlan:
        c.check_range(ctypes.c_uint32, tag, "path: vlan")
    return c.sapulse_path(own_mac=(c_uint8 * 6)(*_to_mac(path.own_mac, "own_mac")),
                          peer_mac=(c_uint8 * 6)(*_to_mac(path.peer_mac, "peer_mac")), vlan_tags=len(path.vlan),
                          vlan=(ctypes.c_uint32 * 2)(*path.vlan), encapsulation=path.encapsulation, own_port=path.own_port,
                          peer_port=path.peer_port, control_spi=path.control_spi, dscp=path.dscp)


@contextmanager
def _secret(value: bytes) -> Iterator[Any]:
    """A copy of a key that is wiped in the end."""
    copy = (c_uint8 * len(value)).from_buffer_copy(value)
    try:
        yield copy
    finally:
        ctypes.memset(copy, 0, len(value))


def _to_direction(direction: Direction, stack: ExitStack) -> c.sapulse_direction:
    secrets = {"key": direction.key, "salt": direction.salt, "integrity": direction.integrity}
    members: dict[str, Any] = {"spi": direction.spi}
    for name, value in secrets.items():
        members[f"{name}_size"] = len(value)
        if value:
            members[name] = ctypes.cast(stack.enter_context(_secret(value)), ctypes.POINTER(c_uint8))
    return c.sapulse_direction(**members)


def _to_sa(sa: Sa, stack: ExitStack) -> c.sapulse_sa:
    members: dict[str, Any] = {"in": pointer(_to_direction(sa.inbound, stack)), "out": pointer(_to_direction(sa.outbound, stack))}
    if sa.path is not None:
        members["path"] = pointer(_to_path(sa.path))
    return c.sapulse_sa(name=to_c_string(sa.name, "SA: name"), local=to_c_string(sa.local, "SA: local"),
                        peer=to_c_string(sa.peer, "SA: peer"), next=sa.next, plain=bool(sa.plain), **members)


@contextmanager
def c_sas(sas: Iterable[Sa]) -> Iterator[Any]:
    """SAs as an array, with copies of the keys that are wiped in the end."""
    with ExitStack() as stack:
        made = [_to_sa(sa, stack) for sa in sas]
        yield (c.sapulse_sa * len(made))(*made)


def _to_value(kind: type[Value], structure: Any, **members: Any) -> Value:
    """A data class from members of the same names, but for those that are given."""
    same = (field.name for field in fields(kind) if field.name not in members)  # type: ignore[arg-type]
    return kind(**{name: getattr(structure, name) for name in same}, **members)


def to_info(info: c.sapulse_info) -> Info:
    return _to_value(Info, info, has_requester=bool(info.has_requester), has_prober=bool(info.has_prober))


def to_sa_info(sa: c.sapulse_sa_info) -> SaInfo:
    return _to_value(SaInfo, sa, name=text(sa.name), local=text(sa.local), peer=text(sa.peer), has_path=bool(sa.has_path),
                     admin_down=bool(sa.admin_down))


def to_statistics(read: c.sapulse_sa_statistics) -> SaStatistics:
    return _to_value(SaStatistics, read, data_sequence=read.data_sequence if read.data_sequence_valid else None)


def to_ping_result(ping: c.sapulse_ping_result) -> PingResult:
    has_times, has_token = ping.times_valid, ping.token_valid
    return _to_value(PingResult, ping, answered=bool(ping.answered), forward_ns=ping.forward_ns if has_times else None,
                     backward_ns=ping.backward_ns if has_times else None,
                     turnaround_ns=ping.turnaround_ns if has_times else None,
                     data_sequence=ping.data_sequence if ping.data_sequence_valid else None,
                     token=bytes(ping.token) if has_token else None,
                     token_nonce=bytes(ping.token_nonce) if has_token else None)


def to_change(change: c.sapulse_change) -> Change:
    return _to_value(Change, change, name=text(change.name), peer=text(change.peer), old=Liveness(getattr(change, "from")),
                     new=Liveness(change.to), reason=text(change.reason), line=text(change.line))


def to_exception_frame(frame: c.sapulse_exception) -> ExceptionFrame:
    return _to_value(ExceptionFrame, frame, cause=text(frame.cause), verdict=text(frame.verdict),
                     snapshot=ctypes.string_at(frame.snapshot, frame.snapshot_size))
