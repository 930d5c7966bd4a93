# SPDX-License-Identifier: Apache-2.0
"""Description -> SystemVerilog package.

Names: constants and values of enumerations in upper case. Types of enumerations end in _e; payloads keep their names; the
descriptor `x` is the type x_t, register X with fields is reg_x_t. reg2hw_t, hw2reg_t: what sapulse_register_block tells and is
told.
"""

from __future__ import annotations

from .description import Description
from .descriptors import Descriptor
from .enums import Enum, Parameter
from .payloads import Member, Payload
from .register_ports import hw2reg_members, reg2hw_members, register_members, windows
from .registers import Register
from .systemverilog import identifier, range_of
from .wire import WireSection

HEAD = """// SPDX-License-Identifier: Apache-2.0
// The contract of host, kernels and card: constants, enumerations, payloads of streams, descriptors, registers.
// Generated from contract/description: do not edit.
//
// Structs are laid out as in memory: the first member occupies the least significant bits, so byte i is bits [8i+7:8i], and it
// stands last in the text. Byte strings keep that order; numbers are plain numbers.
`default_nettype none
/* verilator lint_off UNUSEDPARAM */  // a package offers more than any one design uses"""
TAIL = """endpackage
/* verilator lint_on UNUSEDPARAM */
`default_nettype wire
"""


class Package:
    """Collects lines; a name that two entries would share is an error of the description."""

    def __init__(self):
        self.lines: list[str] = []
        self.names: set[str] = set()

    def name(self, name: str) -> str:
        if name in self.names:
            raise ValueError(f"two entries make the SystemVerilog name {name}")
        self.names.add(name)
        return name

    def constant(self, kind: str, name: str, value: str, doc: str = "") -> None:
        comment = f"  // {doc}" if doc else ""
        self.lines.append(f"  localparam {kind} {self.name(name)} = {value};{comment}")

    def number(self, name: str, value: int, doc: str = "") -> None:
        self.constant("int", name, str(int(value)), doc)

    def vector(self, width: int, name: str, value: int, doc: str = "") -> None:
        digits = (width + 3) // 4
        self.constant(f"logic [{width - 1}:0]", name, f"{width}'h{value:0{digits}x}", doc)

    def heading(self, text: str) -> None:
        self.lines += ["", f"  // {text}"]

    def enum(self, name: str, bits: int, values: list[tuple[str, int, str]]) -> None:
        self.lines.append(f"  typedef enum logic [{bits - 1}:0] {{")
        for position, (value, number, doc) in enumerate(values):
            comma = "," if position < len(values) - 1 else ""
            self.lines.append(f"    {self.name(value)} = {bits}'d{number}{comma}" + (f"  // {doc}" if doc else ""))
        self.lines.append(f"  }} {self.name(name)};")

    def struct(self, name: str, members: list[tuple[str, str, str]]) -> None:
        """Members as (type, name, comment), the one in the least significant bits first."""
        self.lines.append("  typedef struct packed {")
        for kind, member, doc in reversed(members):
            self.lines.append(f"    {kind} {identifier(member)};" + (f"  // {doc}" if doc else ""))
        self.lines.append(f"  }} {self.name(name)};")


def emit_parameter(out: Package, parameter: Parameter) -> None:
    if parameter.value < 1 << 31:
        out.number(parameter.name, parameter.value, parameter.doc)
    else:
        out.vector(32, parameter.name, parameter.value, parameter.doc)


def emit_enum(out: Package, enum: Enum) -> None:
    out.heading(enum.doc)
    out.enum(f"{enum.name}_e", enum.bits, [(f"{enum.prefix}_{v.name}", v.value, v.doc) for v in enum.values])
    out.number(enum.count_name, len(enum.values), "number of values")


def emit_wire(out: Package, section: WireSection) -> None:
    out.heading(section.title)
    for constant in section.constants:
        if constant.bits:
            out.vector(constant.bits, constant.name.upper(), constant.value, constant.doc)
        else:
            out.number(constant.name.upper(), constant.value, constant.doc)
    if section.code_points:
        points = section.code_points
        out.enum(f"{points.name}_e", points.bits, [(v.name.upper(), v.value, v.doc) for v in points.values])


def member_type(member: Member) -> str:
    if member.payload:
        return member.payload
    if member.parameter:
        factor = f"{member.factor}*" if member.factor > 1 else ""
        return f"logic [{factor}{member.parameter}-1:0]"
    return range_of(member.bits)


def commented(enum: str | None, doc: str) -> str:
    return "; ".join(part for part in (f"{enum}_e" if enum else "", doc) if part)


def emit_payload(out: Package, payload: Payload) -> None:
    out.heading(payload.doc)
    out.struct(payload.name, [(member_type(m), m.name, commented(m.enum, m.doc)) for m in payload.members])


def descriptor_members(descriptor: Descriptor) -> list[tuple[str, str, str]]:
    """Fields, and the bytes between them, which are reserved and named by the offset of the first."""
    members, end = [], 0

    def reserve(until: int) -> None:
        if until > end:
            members.append((range_of(8 * (until - end)), f"reserved_{end}", ""))

    for item in descriptor.all_fields:
        reserve(item.offset)
        members.append((range_of(8 * item.size), item.name, commented(item.enum, item.doc)))
        end = item.offset + item.size
    reserve(descriptor.size)
    return members


def emit_descriptor(out: Package, descriptor: Descriptor) -> None:
    out.heading(f"{descriptor.name}: {descriptor.doc}")
    out.struct(f"{descriptor.name}_t", descriptor_members(descriptor))


def emit_register(out: Package, register: Register) -> None:
    name = f"REG_{register.name}"
    out.heading(f"{register.name}: {register.doc} ({register.access})")
    if register.words:
        for word in register.words:
            out.vector(16, f"{name}_{word.name}", register.offset + word.offset)
    else:
        out.vector(16, name, register.offset)
        if register.width == 64:
            out.vector(16, f"{name}_HIGH", register.offset + 4)
    if register.is_array:
        out.number(f"{name}_COUNT", register.count)
        out.number(f"{name}_STRIDE", register.stride, "bytes")
    if register.fields:
        out.struct(f"reg_{register.name.lower()}_t", register_members(register))
        out.number(f"{name}_BITS", register.bits, "up to the highest field")
    for bits in register.fields:
        out.number(f"{name}_{bits.name}_LSB", bits.lsb, bits.doc)


def emit_register_block_types(out: Package, registers: list[Register]) -> None:
    for register in windows(registers):
        out.heading(f"Accesses to {register.name}, which a module of its own keeps: which word of which element. One cycle.")
        out.struct(register.port_type, register.request)
    out.heading("What the registers tell the hardware")
    out.struct("reg2hw_t", reg2hw_members(registers))
    out.heading("What the hardware tells the registers")
    out.struct("hw2reg_t", hw2reg_members(registers))


def emit(description: Description) -> str:
    out = Package()
    out.heading("Identification")
    out.vector(32, "DEVICE_ID", description.id)
    out.vector(32, "DEVICE_VERSION", description.version_word, "major 31:24, minor 23:16, patch 15:0")
    out.heading("Numbers that all share")
    for parameter in description.parameters:
        emit_parameter(out, parameter)
    for enum in description.enums + description.payload_enums:
        emit_enum(out, enum)
    out.lines += ["", "  // Wire format: sizes and offsets in bytes, values of fields in their width."]
    for section in description.wire:
        emit_wire(out, section)
    for payload in description.payloads:
        emit_payload(out, payload)
    for descriptor in description.descriptors:
        emit_descriptor(out, descriptor)
    for register in description.registers:
        emit_register(out, register)
    emit_register_block_types(out, description.registers)
    return "\n".join([HEAD, f"package {description.name}_pkg;"] + out.lines + [TAIL])
