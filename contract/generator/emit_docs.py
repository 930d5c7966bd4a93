# SPDX-License-Identifier: Apache-2.0
"""Description -> Markdown page."""

from __future__ import annotations

import textwrap

from .description import Description
from .descriptors import Descriptor
from .enums import Enum
from .registers import Register, mask_of

COLUMNS = 132


def cell(text: str) -> str:
    return text.replace("|", "\\|")


def bits_text(lsb: int, width: int) -> str:
    return str(lsb) if width == 1 else f"{lsb + width - 1}:{lsb}"


def existing_bits(mask: int, width: int) -> str:
    """Bits of a register without fields: "" if all exist, else their ranges."""
    parts, rest = [], mask
    while rest:
        lsb = (rest & -rest).bit_length() - 1
        ones = rest >> lsb
        count = (ones ^ (ones + 1)).bit_length() - 1
        parts.insert(0, bits_text(lsb, count))
        rest &= ~mask_of(lsb, count)
    return "" if mask.bit_count() == width else f"bits {', '.join(parts)}"


def offset_text(register: Register) -> str:
    text = f"0x{register.offset:03x}"
    return f"{text} + {register.stride} × i, i < {register.count}" if register.is_array else text


def reset_text(register: Register) -> str:
    return "" if register.reset is None else f"{register.reset:#x}" if register.reset else "0"


def register_rows(register: Register) -> list[str]:
    extent = "" if register.fields or register.words else existing_bits(register.mask, register.width)
    doc = "; ".join(part for part in (register.doc, extent) if part)
    rows = [f"| {offset_text(register)} | {register.name} | {register.width} | {register.access} | "
            f"{reset_text(register)} | {cell(doc)} |"]
    for bits in register.fields:
        rows.append(f"| | · {bits.name} | [{bits_text(bits.lsb, bits.width)}] | | | {cell(bits.doc)} |")
    for word in register.words:
        rows.append(f"| | · {word.name} | | | | at + {word.offset}{', ' if word.mask != 0xFFFFFFFF else ''}"
                    f"{existing_bits(word.mask, 32)} |")
    return rows


def emit_enum(enum: Enum) -> list[str]:
    lines = ["", f"### {enum.name}", "", cell(enum.doc), "", "| value | name | meaning |", "|---|---|---|"]
    return lines + [f"| {v.value} | {v.name} | {cell(v.doc)} |" for v in enum.values]


def emit_descriptor(descriptor: Descriptor) -> list[str]:
    base = f" Begins with the fields of `{descriptor.extends}`." if descriptor.extends else ""
    lines = ["", f"### {descriptor.name} ({descriptor.size} bytes)", "",
             *textwrap.wrap(f"{cell(descriptor.doc)}.{base}", COLUMNS), "",
             "| offset | field | type | meaning |", "|---|---|---|---|"]
    for item in descriptor.fields:
        kind = f"{item.size} bytes" if item.kind == "bytes" else item.kind
        doc = "; ".join(part for part in (item.doc, f"enumeration {item.enum}" if item.enum else "") if part)
        lines.append(f"| {item.offset} | {item.name} | {kind} | {cell(doc)} |")
    return lines


INTRODUCTION = """Registers are 32 bits wide, little-endian, in one window of BAR 0. A register of width 64 is two registers, the
low half first: reading the low half latches the high half (all counters share one latch), writing the high half commits both.
Access: `ro` read only, `rw` read and write, `wo` write (reads deliver 0), `w1c` read, and writing ones clears. Writes to
`ro` registers, accesses to offsets that are not listed, and writes that do not carry all four bytes are answered with SLVERR and
change nothing; reads of offsets that are not listed deliver 0. Bits that are not listed read 0 and ignore writes. An empty reset
value means that it depends on the build or is not reset."""


def emit(description: Description) -> str:
    major, minor, patch = description.version
    lines = ["<!-- SPDX-License-Identifier: Apache-2.0 -->",
             "<!-- Generated from contract/description by contract/generate.py: do not edit. -->",
             "# Registers and descriptors", "",
             f"Interface version {major}.{minor}.{patch}, ID 0x{description.id:08x}, "
             f"window of {description.window_bytes // 1024} KiB.",
             "", INTRODUCTION, "", "## Registers", "",
             "| offset | name | bits | access | reset | meaning |", "|---|---|---|---|---|---|"]
    for register in description.registers:
        lines += register_rows(register)
    lines += ["", "## Descriptors", "",
              "In host memory. Numbers are little-endian; byte strings stand in the order of the wire. Bytes that are not listed "
              "are 0."]
    for descriptor in description.descriptors:
        lines += emit_descriptor(descriptor)
    lines += ["", "## Enumerations"]
    for enum in description.enums:
        lines += emit_enum(enum)
    lines += ["", "## Constants", "", "| name | value | meaning |", "|---|---|---|"]
    for parameter in description.parameters:
        value = f"{parameter.value:#x}" if parameter.value > 1 << 16 else str(parameter.value)
        lines.append(f"| {parameter.name} | {value} | {cell(parameter.doc)} |")
    return "\n".join(lines) + "\n"
