# SPDX-License-Identifier: Apache-2.0
"""Parameters (numbers with a name) and enumerations."""

from __future__ import annotations

from dataclasses import dataclass

from .entry import LOWER_NAME, UPPER_NAME, Entry, require, require_unique


@dataclass(frozen=True)
class Parameter:
    """`kernels`: kernels read it, too."""

    name: str
    value: int
    doc: str
    kernels: bool


@dataclass(frozen=True)
class EnumValue:
    name: str
    value: int
    doc: str


@dataclass(frozen=True)
class Enum:
    """`prefix` begins the names of the values where they share a scope with others."""

    name: str
    prefix: str
    bits: int
    doc: str
    values: list[EnumValue]

    @property
    def count_name(self) -> str:
        """Name of the constant that tells the number of values."""
        return self.prefix + ("ES" if self.prefix.endswith("S") else "S")


def parse_parameter(raw: object, settings: dict[str, int], wire: dict[str, int]) -> Parameter:
    """`settings` has precedence over the description; a value may be a constant of the wire format."""
    entry = Entry(raw, "parameter", {"name", "value", "doc", "kernels"})
    name = entry.name(UPPER_NAME)
    parameter = Parameter(name, settings.get(name, entry.number("value", wire)), entry.text("doc"), entry.flag("kernels"))
    require(parameter.value < 1 << 32, entry.where, "value needs more than 32 bits")
    return parameter


def parse_enum(raw: object) -> Enum:
    entry = Entry(raw, "enum", {"name", "prefix", "bits", "doc", "values"})
    bits = entry.integer("bits")
    require(1 <= bits <= 32, entry.where, "bits must be 1..32")
    values = []
    for position, item in enumerate(entry.entries("values")):
        value = Entry(item, f"{entry.where} value", {"name", "value", "doc"})
        values.append(EnumValue(value.name(UPPER_NAME), value.integer("value", position), value.text("doc", "")))
        require(values[-1].value == position, value.where, f"value must be {position}: values count up from 0")
    require(bool(values), entry.where, "has no values")
    require_unique(values, entry.where)
    require(len(values) <= 1 << bits, entry.where, f"{len(values)} values do not fit {bits} bits")
    name = entry.name(LOWER_NAME)
    prefix = entry.text("prefix", name.upper())
    return Enum(name, prefix, bits, entry.text("doc"), values)
