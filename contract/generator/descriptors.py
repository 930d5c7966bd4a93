# SPDX-License-Identifier: Apache-2.0
"""Entries of the rings in host memory."""

from __future__ import annotations

from dataclasses import dataclass

from .entry import LOWER_NAME, Entry, require, require_unique
from .enums import Enum

TYPE_BITS = {"u8": 8, "u16": 16, "u32": 32, "u64": 64}


@dataclass(frozen=True)
class DescriptorField:
    """`size` in bytes; `kind` is a key of TYPE_BITS, or "bytes"."""

    name: str
    offset: int
    size: int
    kind: str
    enum: str | None
    doc: str


@dataclass(frozen=True)
class Descriptor:
    """`fields` without those of the descriptor that it extends, `all_fields` with them, in the order of their offsets."""

    name: str
    size: int
    doc: str
    extends: str | None
    fields: list[DescriptorField]
    all_fields: list[DescriptorField]


def parse_field(raw: object, where: str, enums: dict[str, Enum], parameters: dict[str, int]) -> DescriptorField:
    entry = Entry(raw, f"{where} field", {"name", "offset", "type", "size", "enum", "doc"})
    kind, offset, enum = entry.text("type"), entry.integer("offset"), entry.text("enum", None)
    require(kind == "bytes" or kind in TYPE_BITS, entry.where, f"unknown type {kind}")
    require((kind == "bytes") == ("size" in entry.raw), entry.where, "size belongs to type bytes, and only there")
    size = entry.number("size", parameters) if kind == "bytes" else TYPE_BITS[kind] // 8
    require(size > 0, entry.where, "size must not be 0")
    require(kind == "bytes" or offset % size == 0, entry.where, f"offset {offset} is not a multiple of {size}")
    if enum is not None:
        require(enum in enums, entry.where, f"no enumeration {enum}")
        require(kind != "bytes" and enums[enum].bits <= TYPE_BITS[kind], entry.where,
                f"enumeration {enum} of {enums[enum].bits} bits does not fit type {kind}")
    return DescriptorField(entry.name(LOWER_NAME), offset, size, kind, enum, entry.text("doc", ""))


def check_layout(fields: list[DescriptorField], size: int, where: str) -> None:
    owner: dict[int, str] = {}
    for item in fields:
        for byte in range(item.offset, item.offset + item.size):
            require(byte < size, where, f"field {item.name} ends beyond its {size} bytes")
            require(byte not in owner, where, f"field {item.name} overlaps {owner.get(byte)} at byte {byte}")
            owner[byte] = item.name


def parse_descriptor(raw: object, known: dict[str, Descriptor], enums: dict[str, Enum], parameters: dict[str, int]) -> Descriptor:
    entry = Entry(raw, "descriptor", {"name", "size", "doc", "extends", "fields"})
    size, extends = entry.number("size", parameters), entry.text("extends", None)
    fields = [parse_field(item, entry.where, enums, parameters) for item in entry.entries("fields")]
    inherited: list[DescriptorField] = []
    if extends is not None:
        require(extends in known, entry.where, f"extends a descriptor that does not stand before it: {extends}")
        require(known[extends].extends is None, entry.where, f"{extends} extends another descriptor itself")
        require(known[extends].size == size, entry.where, f"size differs from that of {extends}")
        inherited = known[extends].fields
    require_unique(inherited + fields, entry.where)
    check_layout(inherited + fields, size, entry.where)
    return Descriptor(entry.name(LOWER_NAME), size, entry.text("doc"), extends, fields,
                      sorted(inherited + fields, key=lambda item: item.offset))


def parse_descriptors(raw: list, enums: dict[str, Enum], parameters: dict[str, int]) -> list[Descriptor]:
    descriptors: dict[str, Descriptor] = {}
    for item in raw:
        descriptor = parse_descriptor(item, descriptors, enums, parameters)
        require(descriptor.name not in descriptors, f"descriptor {descriptor.name}", "duplicate name")
        descriptors[descriptor.name] = descriptor
    return list(descriptors.values())
