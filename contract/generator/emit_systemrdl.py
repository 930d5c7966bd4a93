# SPDX-License-Identifier: Apache-2.0
"""Description -> SystemRDL 2.0 (Accellera), for the users' register tools.

Registers are called as in docs/registers.md. A register without fields has one field, `value`; a structured array is a register
file.
"""

from __future__ import annotations

from .description import Description
from .registers import BitField, Register, Word

ACCESS = {"constant": "sw = r; hw = na;", "ro": "sw = r; hw = w;", "rw": "sw = rw; hw = r;",
          "wo": "sw = w; hw = r;",
          "w1c": "sw = rw; onwrite = woclr; hw = rw;"}

HEAD = """// SPDX-License-Identifier: Apache-2.0
// Register map of the card, SystemRDL 2.0. Generated from contract/description: do not edit.
"""


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def description_of(doc: str, indent: str) -> list[str]:
    return [f"{indent}desc = {quoted(doc)};"] if doc else []


def field(name: str, lsb: int, width: int, access: str, reset: int | None, doc: str, indent: str) -> list[str]:
    """`reset`: of the whole register."""
    value = "" if reset is None else f" = {width}'h{reset >> lsb & (1 << width) - 1:x}"
    lines = [f"{indent}field {{", *description_of(doc, indent + "  "), f"{indent}  {ACCESS[access]}"]
    return lines + [f"{indent}}} {name}[{lsb + width - 1}:{lsb}]{value};"]


def unnamed(mask: int) -> list[BitField]:
    """The bits of a register without fields: a field for each part, named by its lowest bit if there are several."""
    parts, lsb = [], 0
    while mask >> lsb:
        lsb += (mask >> lsb & -(mask >> lsb)).bit_length() - 1
        width = (~(mask >> lsb) & (mask >> lsb) + 1).bit_length() - 1
        parts.append((lsb, width))
        lsb += width
    return [BitField("value" if len(parts) == 1 else f"value_{lsb}", lsb, width, "") for lsb, width in parts]


def access_of(register: Register) -> str:
    return "constant" if register.constant else register.access


def register_body(register: Register, fields: list[BitField], indent: str) -> list[str]:
    width = [f"{indent}regwidth = {register.width};", f"{indent}accesswidth = 32;"] if register.width != 32 else []
    lines = description_of(register.doc, indent) + width
    for bits in fields:
        lines += field(bits.name, bits.lsb, bits.width, access_of(register), register.reset, bits.doc, indent)
    return lines


def place(register: Register) -> str:
    if register.is_array:
        return f"[{register.count}] @ {register.offset:#x} += {register.stride:#x}"
    return f" @ {register.offset:#x}"


def emit_word(register: Register, word: Word) -> list[str]:
    fields = [line for bits in unnamed(word.mask)
              for line in field(bits.name, bits.lsb, bits.width, register.access, register.reset, "", "      ")]
    return ["    reg {", *fields, f"    }} {word.name} @ {word.offset:#x};"]


def emit_register(register: Register) -> list[str]:
    if register.words:
        words = [line for word in register.words for line in emit_word(register, word)]
        return ["  regfile {", *description_of(register.doc, "    "), *words, f"  }} {register.name}{place(register)};"]
    fields = register.fields or unnamed(register.mask)
    return ["  reg {", *register_body(register, fields, "    "), f"  }} {register.name}{place(register)};"]


def emit(description: Description) -> str:
    lines = [HEAD, f"addrmap {description.name} {{", "  addressing = compact;", "  littleendian;", "  default regwidth = 32;"]
    for register in description.registers:
        lines += ["", *emit_register(register)]
    return "\n".join(lines + ["};", ""])
