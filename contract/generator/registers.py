# SPDX-License-Identifier: Apache-2.0
"""The register map."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .entry import UPPER_NAME, Entry, require, require_unique
from .enums import Enum

ACCESSES = ("ro", "rw", "w1c")


@dataclass(frozen=True)
class BitField:
    """`rise`: the hardware is told when the bit goes from 0 to 1."""

    name: str
    lsb: int
    width: int
    doc: str
    rise: bool = False

    @property
    def mask(self) -> int:
        return mask_of(self.lsb, self.width)


@dataclass(frozen=True)
class Word:
    """One named 32-bit word of an element of a register array; `mask` has the bits that exist."""

    name: str
    offset: int
    mask: int


@dataclass(frozen=True)
class Register:
    """A register, or an array of `count` elements `stride` bytes apart, each one register or several words.

    `reset` of a register with a `constant` is its value. `cleared_by`: names of a register and of a field in it.
    """

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
    constant: str | None = None
    hardware: bool = False
    latch: bool = False
    external: bool = False
    cleared_by: tuple[str, str] | None = None

    @property
    def element_bytes(self) -> int:
        return max(w.offset for w in self.words) + 4 if self.words else self.width // 8

    @property
    def window_bytes(self) -> int:
        """Size of the smallest range of a power of two of bytes that has the whole array."""
        return 1 << ((self.count - 1) * self.stride + self.element_bytes - 1).bit_length()

    @property
    def bits(self) -> int:
        """Up to the highest bit that exists, of any word."""
        return max([w.mask for w in self.words] or [self.mask]).bit_length()

    def occupied(self) -> list[int]:
        """Offsets of all 32-bit words, in bytes."""
        inner = [w.offset for w in self.words] or list(range(0, self.width // 8, 4))
        return [self.offset + i * self.stride + o for i in range(self.count) for o in inner]


def mask_of(lsb: int, width: int) -> int:
    return ((1 << width) - 1) << lsb


def parse_bits(text: str, width: int, where: str) -> tuple[int, int]:
    """"7:4" or "3" as (lsb, number of bits)."""
    match = re.fullmatch(r"(\d+)(?::(\d+))?", text)
    require(bool(match), where, f'bits must look like "7:4" or "3", not "{text}"')
    msb = int(match[1])
    lsb = int(match[2]) if match[2] else msb
    require(lsb <= msb < width, where, f"bits {text} do not fit {width} bits")
    return lsb, msb - lsb + 1


def parse_fields(entry: Entry) -> list[BitField]:
    fields, used = [], 0
    for item in entry.entries("fields"):
        sub = Entry(item, f"{entry.where} field", {"name", "bits", "rise", "doc"})
        lsb, width = parse_bits(sub.text("bits"), 32, sub.where)
        require(not used & mask_of(lsb, width), sub.where, "overlaps another field")
        require(width == 1 or not sub.flag("rise"), sub.where, "rise belongs to a single bit")
        used |= mask_of(lsb, width)
        fields.append(BitField(sub.name(UPPER_NAME), lsb, width, sub.text("doc", ""), sub.flag("rise")))
    require_unique(fields, entry.where)
    return fields


def parse_words(entry: Entry) -> list[Word]:
    words = []
    for item in entry.entries("words"):
        sub = Entry(item, f"{entry.where} word", {"name", "offset", "bits"})
        offset = sub.integer("offset")
        require(offset == 4 * len(words), sub.where, f"offset must be {4 * len(words)}: words follow each other")
        words.append(Word(sub.name(UPPER_NAME), offset, mask_of(*parse_bits(sub.text("bits", "31:0"), 32, sub.where))))
    require_unique(words, entry.where)
    return words


def parse_count(entry: Entry, enums: dict[str, Enum], parameters: dict[str, int]) -> tuple[int, str | None]:
    """Number of elements, and the enumeration that numbers them."""
    index = entry.text("index", None)
    if index is None:
        return entry.number("count", parameters, 1), None
    require("count" not in entry.raw, entry.where, "count follows from its index")
    require(index in enums, entry.where, f"index names no enumeration: {index}")
    return len(enums[index].values), index


def parse_cleared_by(entry: Entry) -> tuple[str, str] | None:
    text = entry.text("cleared_by", None)
    if text is None:
        return None
    require(text.count(".") == 1, entry.where, f'cleared_by must look like "REGISTER.FIELD", not "{text}"')
    register, bit = text.split(".")
    return register, bit


REGISTER_KEYS = {"name", "offset", "width", "access", "doc", "reset", "bits", "count", "stride", "index", "fields", "words",
                 "constant", "hardware", "latch", "external", "cleared_by"}


def parse_register(raw: object, enums: dict[str, Enum], constants: dict[str, int]) -> Register:
    """`constants`: parameters and everything else that a count or a constant may name."""
    entry = Entry(raw, "register", REGISTER_KEYS)
    width = entry.integer("width", 32)
    require(width in (32, 64), entry.where, "width must be 32 or 64")
    fields, words = parse_fields(entry), parse_words(entry)
    require("bits" not in entry.raw or not fields, entry.where, "bits follow from its fields")
    require(width == 32 or not fields, entry.where, "fields need a width of 32")
    require(not words or (width == 32 and not fields), entry.where, "words allow neither fields nor a width of 64")
    mask = mask_of(*parse_bits(entry.text("bits", f"{width - 1}:0"), width, entry.where))
    if fields:
        mask = sum(bits.mask for bits in fields)
    count, index = parse_count(entry, enums, constants)
    is_array = "count" in entry.raw or index is not None
    require(is_array or not words, entry.where, "words need a count")
    constant = entry.text("constant", None)
    require(constant is None or constant in constants, entry.where, f"constant names no number of the contract: {constant}")
    require(constant is None or "reset" not in entry.raw, entry.where, "reset is its constant")
    register = Register(
        name=entry.name(UPPER_NAME), offset=entry.integer("offset"), width=width, access=entry.text("access"),
        doc=entry.text("doc"), mask=mask, reset=constants[constant] if constant else entry.integer("reset", None), count=count,
        stride=entry.integer("stride", ... if is_array else 0), index=index, is_array=is_array, fields=fields, words=words,
        constant=constant, hardware=entry.flag("hardware"), latch=entry.flag("latch"), external=entry.flag("external"),
        cleared_by=parse_cleared_by(entry))
    check_register(register, entry.where)
    check_kind(register, entry.where)
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
        require(register.access != "ro" or register.constant is not None, where, "reset makes no sense for access ro")
        require(register.reset & ~register.mask == 0, where, f"reset {register.reset:#x} sets bits that do not exist")


def check_kind(register: Register, where: str) -> None:
    """What the register block can keep."""
    for key, accesses in (("constant", ("ro",)), ("hardware", ("rw",)), ("cleared_by", ("rw",))):
        require(not getattr(register, key) or register.access in accesses, where, f"{key} needs access {accesses[0]}")
    require(not register.latch or (register.width == 64 and (register.access == "ro" or register.hardware)), where,
            "latch needs a width of 64 and a value that the hardware keeps")
    require(register.access != "w1c" or register.width == 32, where, "access w1c needs a width of 32")
    require(not register.cleared_by or register.width == 32, where, "cleared_by needs a width of 32")
    require(register.is_array == register.external, where, "an array must be external, and nothing else may")
    if register.external:
        require(register.stride & (register.stride - 1) == 0, where, f"stride {register.stride} is not a power of two")
        require(register.offset % register.window_bytes == 0, where,
                f"offset {register.offset:#x} is not a multiple of {register.window_bytes:#x}, the size of its window")


def check_map(registers: list[Register], window: int) -> None:
    owner: dict[int, str] = {}
    for register in registers:
        for offset in register.occupied():
            where = f"register {register.name}"
            require(offset + 4 <= window, where, f"offset {offset:#x} lies beyond the window of {window:#x} bytes")
            require(offset not in owner, where, f"overlaps {owner.get(offset)} at {offset:#x}")
            owner[offset] = register.name


def check_cleared_by(registers: list[Register]) -> None:
    rises = {(register.name, bits.name) for register in registers for bits in register.fields if bits.rise}
    for register in registers:
        require(register.cleared_by is None or register.cleared_by in rises, f"register {register.name}",
                f"cleared_by names no field that tells of its rise: {'.'.join(register.cleared_by or ())}")


def parse_registers(raw: list, window: int, enums: dict[str, Enum], constants: dict[str, int]) -> list[Register]:
    registers = [parse_register(item, enums, constants) for item in raw]
    require_unique(registers, "registers")
    check_map(registers, window)
    check_cleared_by(registers)
    return registers
