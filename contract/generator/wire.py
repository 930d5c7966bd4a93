# SPDX-License-Identifier: Apache-2.0
"""Constants and code points of the wire format."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .entry import LOWER_NAME, Entry, require, require_unique

TYPE_BITS = {"u8": 8, "u16": 16, "u32": 32}
SUM = re.compile(r"[a-z][a-z0-9_]*(?: \+ [a-z][a-z0-9_]*)+\Z")


@dataclass(frozen=True)
class WireConstant:
    """`bits` is None for a number of bytes, else the width of the field. `text`: as written, a number or a sum of names."""

    name: str
    value: int
    bits: int | None
    text: str
    doc: str


@dataclass(frozen=True)
class CodePoints:
    name: str
    bits: int
    values: list[WireConstant]


@dataclass(frozen=True)
class WireSection:
    title: str
    constants: list[WireConstant]
    code_points: CodePoints | None


def parse_bits(entry: Entry) -> int | None:
    kind = entry.text("type", None)
    require(kind is None or kind in TYPE_BITS, entry.where, f"unknown type {kind}")
    return TYPE_BITS[kind] if kind else None


def parse_value(entry: Entry, known: dict[str, int]) -> tuple[int, str]:
    value = entry.raw.get("value")
    if not isinstance(value, str):
        number = entry.integer("value")
        return number, getattr(value, "text", str(value))
    require(bool(SUM.match(value)), entry.where, f'value must be a number or a sum of constants, not "{value}"')
    names = value.split(" + ")
    for name in names:
        require(name in known, entry.where, f"no constant {name} stands before it")
    return sum(known[name] for name in names), value


def parse_constant(raw: object, bits: int | None, known: dict[str, int]) -> WireConstant:
    entry = Entry(raw, "wire constant", {"name", "type", "value", "doc"})
    name = entry.name(LOWER_NAME)
    require(name not in known, entry.where, "duplicate name")
    bits = bits or parse_bits(entry)
    value, text = parse_value(entry, known)
    require(value < 1 << (bits or 31), entry.where, f"value does not fit {bits or 31} bits")
    known[name] = value
    return WireConstant(name, value, bits, text, entry.text("doc", ""))


def parse_code_points(raw: object, known: dict[str, int]) -> CodePoints:
    entry = Entry(raw, "code points", {"name", "type", "values"})
    bits = parse_bits(entry)
    require(bits is not None, entry.where, "type is missing")
    return CodePoints(entry.name(LOWER_NAME), bits, [parse_constant(item, bits, known) for item in entry.entries("values")])


def parse_wire(raw: list) -> list[WireSection]:
    known: dict[str, int] = {}
    sections = []
    for item in raw:
        entry = Entry(item, "wire section", {"section", "constants", "enum"})
        constants = [parse_constant(constant, None, known) for constant in entry.entries("constants")]
        points = parse_code_points(entry.raw["enum"], known) if "enum" in entry.raw else None
        sections.append(WireSection(entry.text("section"), constants, points))
    require_unique([s.code_points for s in sections if s.code_points], "wire")
    return sections


def wire_values(sections: list[WireSection]) -> dict[str, int]:
    return {constant.name: constant.value for section in sections for constant in section.constants}
