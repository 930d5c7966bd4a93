# SPDX-License-Identifier: Apache-2.0
"""What sapulse_register_block tells the hardware about each register (reg2hw_t), and is told by it (hw2reg_t).

Members are (type, name, comment). Of register X:

  kept by the block (rw, wo)   reg2hw.x: its value; hw2reg.x_reset: its reset value, if the description has none;
                               reg2hw.x_rise: one cycle, the fields that tell when they rise
  kept by the hardware         hw2reg.x: its value (ro, w1c, rw with `hardware`)
                               reg2hw.x_clear: one cycle, the ones that have been written (w1c)
                               reg2hw.x, reg2hw.x_written: one cycle, what has been written (rw with `hardware`)
  external array               reg2hw.x: an x_access_t, valid for one cycle with `write` or `read`, its other members until the
                               access is over; hw2reg.x: the word that it names, at most two cycles later; hw2reg.x_busy (ro):
                               not yet
  constant                     nothing
"""

from __future__ import annotations

from dataclasses import dataclass

from .registers import Register
from .systemverilog import identifier, range_of

Member = tuple[str, str, str]


def register_members(register: Register) -> list[Member]:
    """Members of reg_x_t: the fields, and the bits between them, which are reserved and named by the lowest."""
    members, end = [], 0
    for bits in sorted(register.fields, key=lambda item: item.lsb):
        if bits.lsb > end:
            members.append((range_of(bits.lsb - end), f"reserved_{end}", ""))
        members.append((range_of(bits.width), bits.name.lower(), bits.doc))
        end = bits.lsb + bits.width
    return members


def port_type(register: Register) -> str:
    return f"reg_{register.name.lower()}_t" if register.fields else range_of(register.bits)


def port_name(register: Register) -> str:
    return identifier(register.name.lower())


def has_rise(register: Register) -> bool:
    return any(bits.rise for bits in register.fields)


def is_kept(register: Register) -> bool:
    """The block itself has the value."""
    return register.access in ("rw", "wo") and not register.hardware and not register.external


@dataclass(frozen=True)
class Window:
    """An external array: `request` has the members of its access type."""

    register: Register

    @property
    def name(self) -> str:
        return self.register.name

    @property
    def port_type(self) -> str:
        return f"{port_name(self.register)}_access_t"

    @property
    def word_bits(self) -> int:
        return (self.register.element_bytes // 4 - 1).bit_length()

    @property
    def index_bits(self) -> int:
        return (self.register.count - 1).bit_length()

    @property
    def data_bits(self) -> int:
        return min(self.register.bits, 32)

    @property
    def data_type(self) -> str:
        return range_of(self.data_bits)

    @property
    def request(self) -> list[Member]:
        register = self.register
        members = [(range_of(self.index_bits), "index", "element")]
        if self.word_bits:
            words = ", ".join(w.name for w in register.words) or "low half, high half"
            members.append((range_of(self.word_bits), "word", words))
        if register.access == "ro":
            return members + [("logic", "read", "")]
        return members + [(self.data_type, "wdata", ""), ("logic", "write", "")]


def windows(registers: list[Register]) -> list[Window]:
    return [Window(register) for register in registers if register.external]


def reg2hw_members(registers: list[Register]) -> list[Member]:
    members: list[Member] = []
    for register in registers:
        name, kind, base = port_name(register), port_type(register), register.name.lower()
        if register.external:
            members.append((Window(register).port_type, name, ""))
        elif register.access == "w1c":
            members.append((kind, f"{base}_clear", "one cycle: the ones that have been written"))
        elif register.hardware:
            members += [(kind, name, f"what has been written, with {base}_written"), ("logic", f"{base}_written", "one cycle")]
        elif is_kept(register):
            members.append((kind, name, ""))
            if has_rise(register):
                members.append((kind, f"{base}_rise", "one cycle: bits that have become 1"))
    return members


def hw2reg_members(registers: list[Register]) -> list[Member]:
    members: list[Member] = []
    for register in registers:
        name, kind = port_name(register), port_type(register)
        if register.constant:
            continue
        if register.external:
            members.append((Window(register).data_type, name, ""))
            if register.access == "ro":
                members.append(("logic", f"{register.name.lower()}_busy", f"{name} is not what has been asked for yet"))
        elif is_kept(register):
            if register.reset is None:
                members.append((kind, f"{register.name.lower()}_reset", "constant"))
        else:
            members.append((kind, name, ""))
    return members
