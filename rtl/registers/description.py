# SPDX-License-Identifier: Apache-2.0
"""Reads and checks the description of registers, descriptors and enumerations (registers.yaml).

`load` returns a Description or raises DescriptionError, whose message names the entry at fault.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import yaml

TYPE_BITS = {"u8": 8, "u16": 16, "u32": 32, "u64": 64}
ACCESSES = ("ro", "rw", "w1c")
UPPER_NAME = re.compile(r"[A-Z][A-Z0-9_]*\Z")
LOWER_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


class DescriptionError(Exception):
    """The description contradicts itself or has an entry of unknown form."""


@dataclass(frozen=True)
class Parameter:
    name: str
    value: int
    doc: str


@dataclass(frozen=True)
class EnumValue:
    name: str
    value: int
    doc: str


@dataclass(frozen=True)
class Enum:
    name: str
    bits: int
    doc: str
    values: list[EnumValue]


@dataclass(frozen=True)
class BitField:
    name: str
    lsb: int
    width: int
    doc: str


@dataclass(frozen=True)
class Word:
    """One named 32-bit word of an element of a register array; `mask` has the bits that exist."""

    name: str
    offset: int
    mask: int


@dataclass(frozen=True)
class Register:
    """A register, or an array of `count` elements `stride` bytes apart, each one register or several words."""

    name: str
    offset: int
    width: int
    access: str
    doc: str
    mask: int
    reset: int | None = None
    count: int = 1
    stride: int = 0
    index: str | None = None
    is_array: bool = False
    fields: list[BitField] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)

    @property
    def element_bytes(self) -> int:
        return max(w.offset for w in self.words) + 4 if self.words else self.width // 8

    def occupied(self) -> list[int]:
        """Offsets of all 32-bit words, in bytes."""
        inner = [w.offset for w in self.words] or list(range(0, self.width // 8, 4))
        return [self.offset + i * self.stride + o for i in range(self.count) for o in inner]


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
    name: str
    size: int
    doc: str
    extends: str | None
    fields: list[DescriptorField]


@dataclass(frozen=True)
class Description:
    name: str
    version: tuple[int, int, int]
    id: int
    window_bytes: int
    parameters: list[Parameter]
    enums: list[Enum]
    registers: list[Register]
    descriptors: list[Descriptor]

    @property
    def version_word(self) -> int:
        major, minor, patch = self.version
        return major << 24 | minor << 16 | patch


def require(condition: bool, where: str, message: str) -> None:
    if not condition:
        raise DescriptionError(f"{where}: {message}")


class Entry:
    """A YAML mapping with the place it stands at; refuses unknown keys, missing keys and values of the wrong type."""

    def __init__(self, raw: object, where: str, keys: set[str]):
        require(isinstance(raw, dict), where, "must be a mapping")
        name = raw.get("name")
        self.where = f"{where} {name}" if isinstance(name, str) else where
        self.raw = raw
        unknown = sorted(str(k) for k in set(raw) - keys)
        require(not unknown, self.where, f"unknown key {', '.join(unknown)}")

    def _get(self, key: str, kind: type, default: object) -> object:
        value = self.raw.get(key, default)
        require(value is not ..., self.where, f"{key} is missing")
        good = value is default or (isinstance(value, kind) and not isinstance(value, bool))
        require(good, self.where, f"{key} must be of type {kind.__name__}")
        return value

    def integer(self, key: str, default=...) -> int:
        value = self._get(key, int, default)
        require(value is None or value >= 0, self.where, f"{key} must not be negative")
        return value

    def text(self, key: str, default=...) -> str:
        return self._get(key, str, default)

    def entries(self, key: str) -> list:
        return self._get(key, list, [])

    def name(self, pattern: re.Pattern) -> str:
        name = self.text("name")
        require(bool(pattern.match(name)), self.where, f"name must match {pattern.pattern[:-2]}")
        return name


def require_unique(items: list, where: str) -> None:
    seen = set()
    for item in items:
        require(item.name not in seen, where, f"duplicate name {item.name}")
        seen.add(item.name)


def parse_bits(text: str, width: int, where: str) -> tuple[int, int]:
    """"7:4" or "3" as (lsb, number of bits)."""
    match = re.fullmatch(r"(\d+)(?::(\d+))?", text)
    require(bool(match), where, f'bits must look like "7:4" or "3", not "{text}"')
    msb = int(match[1])
    lsb = int(match[2]) if match[2] else msb
    require(lsb <= msb < width, where, f"bits {text} do not fit {width} bits")
    return lsb, msb - lsb + 1


def mask_of(lsb: int, width: int) -> int:
    return ((1 << width) - 1) << lsb


def parse_parameter(raw: object) -> Parameter:
    entry = Entry(raw, "parameter", {"name", "value", "doc"})
    parameter = Parameter(entry.name(UPPER_NAME), entry.integer("value"), entry.text("doc"))
    require(parameter.value < 1 << 32, entry.where, "value needs more than 32 bits")
    return parameter


def parse_enum(raw: object) -> Enum:
    entry = Entry(raw, "enum", {"name", "bits", "doc", "values"})
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
    return Enum(entry.name(LOWER_NAME), bits, entry.text("doc"), values)


def parse_bit_fields(entry: Entry) -> list[BitField]:
    fields, used = [], 0
    for item in entry.entries("fields"):
        sub = Entry(item, f"{entry.where} field", {"name", "bits", "doc"})
        lsb, width = parse_bits(sub.text("bits"), 32, sub.where)
        require(not used & mask_of(lsb, width), sub.where, "overlaps another field")
        used |= mask_of(lsb, width)
        fields.append(BitField(sub.name(UPPER_NAME), lsb, width, sub.text("doc", "")))
    require_unique(fields, entry.where)
    return fields


def parse_words(entry: Entry) -> list[Word]:
    words = []
    for item in entry.entries("words"):
        sub = Entry(item, f"{entry.where} word", {"name", "offset", "bits"})
        offset = sub.integer("offset")
        require(offset % 4 == 0, sub.where, f"offset {offset:#x} is not a multiple of 4")
        require(offset not in [w.offset for w in words], sub.where, f"offset {offset:#x} is taken")
        words.append(Word(sub.name(UPPER_NAME), offset, mask_of(*parse_bits(sub.text("bits", "31:0"), 32, sub.where))))
    require_unique(words, entry.where)
    return words


REGISTER_KEYS = {"name", "offset", "width", "access", "doc", "reset", "bits", "count", "stride", "index", "fields", "words"}


def parse_register(raw: object) -> Register:
    entry = Entry(raw, "register", REGISTER_KEYS)
    width = entry.integer("width", 32)
    require(width in (32, 64), entry.where, "width must be 32 or 64")
    fields, words = parse_bit_fields(entry), parse_words(entry)
    require("bits" not in entry.raw or not fields, entry.where, "bits follow from its fields")
    require(width == 32 or not fields, entry.where, "fields need a width of 32")
    require(not words or (width == 32 and not fields), entry.where, "words allow neither fields nor a width of 64")
    mask = mask_of(*parse_bits(entry.text("bits", f"{width - 1}:0"), width, entry.where))
    if fields:
        mask = sum(mask_of(f.lsb, f.width) for f in fields)
    is_array = "count" in entry.raw
    require(is_array or not words, entry.where, "words need a count")
    register = Register(
        name=entry.name(UPPER_NAME), offset=entry.integer("offset"), width=width, access=entry.text("access"),
        doc=entry.text("doc"), mask=mask, reset=entry.integer("reset", None), count=entry.integer("count", 1),
        stride=entry.integer("stride", ... if is_array else 0), index=entry.text("index", None), is_array=is_array,
        fields=fields, words=words)
    check_register(register, entry.where)
    return register


def check_register(register: Register, where: str) -> None:
    require(register.access in ACCESSES, where, f"access must be one of {', '.join(ACCESSES)}")
    align = register.width // 8
    require(register.offset % align == 0, where, f"offset {register.offset:#x} is not a multiple of {align}")
    require(register.stride % align == 0, where, f"stride {register.stride} is not a multiple of {align}")
    require(register.count >= 1, where, "count must be at least 1")
    if register.is_array:
        require(register.stride >= register.element_bytes, where,
                f"stride {register.stride} is less than the {register.element_bytes} bytes of an element")
    if register.reset is not None:
        require(register.access != "ro", where, "reset makes no sense for access ro")
        require(register.reset & ~register.mask == 0, where, f"reset {register.reset:#x} sets bits that do not exist")


def check_map(registers: list[Register], window: int) -> None:
    owner: dict[int, str] = {}
    for register in registers:
        for offset in register.occupied():
            where = f"register {register.name}"
            require(offset + 4 <= window, where, f"offset {offset:#x} lies beyond the window of {window:#x} bytes")
            require(offset not in owner, where, f"overlaps {owner.get(offset)} at {offset:#x}")
            owner[offset] = register.name


def check_index(register: Register, enums: dict[str, Enum]) -> None:
    where = f"register {register.name}"
    if register.index is None:
        return
    require(register.index in enums, where, f"index names no enumeration: {register.index}")
    size = len(enums[register.index].values)
    require(register.count == size, where,
            f"count is {register.count}, but enumeration {register.index} has {size} values")


def parse_descriptor_field(raw: object, where: str, enums: dict[str, Enum]) -> DescriptorField:
    entry = Entry(raw, f"{where} field", {"name", "offset", "type", "size", "enum", "doc"})
    kind, offset, enum = entry.text("type"), entry.integer("offset"), entry.text("enum", None)
    require(kind == "bytes" or kind in TYPE_BITS, entry.where, f"unknown type {kind}")
    require((kind == "bytes") == ("size" in entry.raw), entry.where, "size belongs to type bytes, and only there")
    size = entry.integer("size") if kind == "bytes" else TYPE_BITS[kind] // 8
    require(size > 0, entry.where, "size must not be 0")
    require(kind == "bytes" or offset % size == 0, entry.where, f"offset {offset} is not a multiple of {size}")
    if enum is not None:
        require(enum in enums, entry.where, f"no enumeration {enum}")
        require(kind == f"u{enums[enum].bits}" or (kind != "bytes" and enums[enum].bits < TYPE_BITS[kind]), entry.where,
                f"enumeration {enum} of {enums[enum].bits} bits does not fit type {kind}")
    return DescriptorField(entry.name(LOWER_NAME), offset, size, kind, enum, entry.text("doc", ""))


def parse_size(entry: Entry, parameters: dict[str, int]) -> int:
    size = entry.raw.get("size")
    if isinstance(size, str):
        require(size in parameters, entry.where, f"size names no parameter: {size}")
        return parameters[size]
    return entry.integer("size")


def parse_descriptor(raw: object, known: dict[str, Descriptor], parameters: dict[str, int],
                     enums: dict[str, Enum]) -> Descriptor:
    entry = Entry(raw, "descriptor", {"name", "size", "doc", "extends", "fields"})
    size, extends = parse_size(entry, parameters), entry.text("extends", None)
    fields = [parse_descriptor_field(item, entry.where, enums) for item in entry.entries("fields")]
    inherited: list[DescriptorField] = []
    if extends is not None:
        require(extends in known, entry.where, f"extends a descriptor that does not stand before it: {extends}")
        require(known[extends].extends is None, entry.where, f"{extends} extends another descriptor itself")
        require(known[extends].size == size, entry.where, f"size differs from that of {extends}")
        inherited = known[extends].fields
    require_unique(inherited + fields, entry.where)
    owner: dict[int, str] = {}
    for item in inherited + fields:
        for byte in range(item.offset, item.offset + item.size):
            require(byte < size, entry.where, f"field {item.name} ends beyond its {size} bytes")
            require(byte not in owner, entry.where, f"field {item.name} overlaps {owner.get(byte)} at byte {byte}")
            owner[byte] = item.name
    return Descriptor(entry.name(LOWER_NAME), size, entry.text("doc"), extends, fields)


TOP_KEYS = {"name", "version", "id", "window_bytes", "parameters", "enums", "registers", "descriptors"}


def parse(raw: object) -> Description:
    """Checks a parsed YAML document. Raises DescriptionError."""
    top = Entry(raw, "description", TOP_KEYS)
    version_entry = Entry(top.raw.get("version"), "version", {"major", "minor", "patch"})
    version = tuple(version_entry.integer(k) for k in ("major", "minor", "patch"))
    require(version[0] < 256 and version[1] < 256 and version[2] < 65536, "version", "does not fit 8.8.16 bits")
    parameters = [parse_parameter(item) for item in top.entries("parameters")]
    enums = [parse_enum(item) for item in top.entries("enums")]
    registers = [parse_register(item) for item in top.entries("registers")]
    by_name = {e.name: e for e in enums}
    descriptors: dict[str, Descriptor] = {}
    for item in top.entries("descriptors"):
        descriptor = parse_descriptor(item, descriptors, {p.name: p.value for p in parameters}, by_name)
        require(descriptor.name not in descriptors, f"descriptor {descriptor.name}", "duplicate name")
        descriptors[descriptor.name] = descriptor
    for items, what in ((parameters, "parameters"), (enums, "enums"), (registers, "registers")):
        require_unique(items, what)
    check_map(registers, top.integer("window_bytes"))
    for register in registers:
        check_index(register, by_name)
    return Description(top.name(LOWER_NAME), version, top.integer("id"), top.integer("window_bytes"), parameters, enums,
                       registers, list(descriptors.values()))


def load(path: str) -> Description:
    """Reads and checks the file. Raises DescriptionError, or OSError."""
    with open(path, encoding="utf-8") as stream:
        try:
            raw = yaml.safe_load(stream)
        except yaml.YAMLError as error:
            raise DescriptionError(f"{path}: {' '.join(str(error).split())}") from error
    return parse(raw)
