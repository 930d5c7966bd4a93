# SPDX-License-Identifier: Apache-2.0
"""Payloads of the streams between kernels and shell."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .entry import LOWER_NAME, Entry, require, require_unique
from .enums import Enum

PRODUCT = re.compile(r"(?:(\d+) \* )?([A-Z][A-Z0-9_]*)\Z")


@dataclass(frozen=True)
class Member:
    """`factor` times the parameter `parameter`, or as wide as `enum`, or a payload `payload`, or else `factor` bits."""

    name: str
    bits: int
    factor: int
    parameter: str | None
    enum: str | None
    payload: str | None
    doc: str


@dataclass(frozen=True)
class Payload:
    """The first member occupies the least significant bits."""

    name: str
    doc: str
    members: list[Member]

    @property
    def bits(self) -> int:
        return sum(member.bits for member in self.members)


def parse_bits(entry: Entry, parameters: dict[str, int]) -> tuple[int, str | None]:
    """A number as (number, None), a product as (factor, parameter)."""
    bits = entry.raw.get("bits")
    if not isinstance(bits, str):
        return entry.integer("bits"), None
    match = PRODUCT.match(bits)
    require(bool(match), entry.where, f'bits must be a number or look like "8 * BEAT_BYTES", not "{bits}"')
    require(match[2] in parameters, entry.where, f"bits names no parameter: {match[2]}")
    return int(match[1] or 1), match[2]


def parse_member(raw: object, where: str, known: dict[str, Payload], enums: dict[str, Enum], parameters: dict[str, int]) -> Member:
    entry = Entry(raw, f"{where} member", {"name", "bits", "enum", "type", "doc"})
    require(len({"bits", "enum", "type"} & set(entry.raw)) == 1, entry.where, "needs one of bits, enum, type")
    name, doc = entry.name(LOWER_NAME), entry.text("doc", "")
    if "enum" in entry.raw:
        enum = entry.text("enum")
        require(enum in enums, entry.where, f"no enumeration {enum}")
        return Member(name, enums[enum].bits, enums[enum].bits, None, enum, None, doc)
    if "type" in entry.raw:
        payload = entry.text("type")
        require(payload in known, entry.where, f"no payload {payload} stands before it")
        return Member(name, known[payload].bits, known[payload].bits, None, None, payload, doc)
    factor, parameter = parse_bits(entry, parameters)
    bits = factor * (parameters[parameter] if parameter else 1)
    require(bits > 0, entry.where, "bits must not be 0")
    return Member(name, bits, factor, parameter, None, None, doc)


def parse_payloads(raw: list, enums: dict[str, Enum], parameters: dict[str, int]) -> list[Payload]:
    payloads: dict[str, Payload] = {}
    for item in raw:
        entry = Entry(item, "payload", {"name", "doc", "members"})
        name = entry.name(LOWER_NAME)
        require(name not in payloads, entry.where, "duplicate name")
        members = [parse_member(member, entry.where, payloads, enums, parameters) for member in entry.entries("members")]
        require(bool(members), entry.where, "has no members")
        require_unique(members, entry.where)
        payloads[name] = Payload(name, entry.text("doc"), members)
    return list(payloads.values())
