# SPDX-License-Identifier: Apache-2.0
"""Description -> SystemVerilog package."""

from __future__ import annotations

from description import Description, Descriptor, Enum, Register


def plural(name: str) -> str:
    return name + ("ES" if name.endswith("S") else "S")


class Package:
    """Collects constants; a name that two entries would share is an error of the description."""

    def __init__(self):
        self.lines: list[str] = []
        self.names: set[str] = set()

    def constant(self, kind: str, name: str, value: str, doc: str = "") -> None:
        if name in self.names:
            raise ValueError(f"two entries make the SystemVerilog constant {name}")
        self.names.add(name)
        comment = f"  // {doc}" if doc else ""
        self.lines.append(f"  localparam {kind} {name} = {value};{comment}")

    def number(self, name: str, value: int, doc: str = "") -> None:
        self.constant("int", name, str(value), doc)

    def vector(self, width: int, name: str, value: int, doc: str = "") -> None:
        digits = (width + 3) // 4
        self.constant(f"logic [{width - 1}:0]", name, f"{width}'h{value:0{digits}x}", doc)

    def heading(self, text: str) -> None:
        self.lines += ["", f"  // {text}"]


def emit_enum(out: Package, enum: Enum) -> None:
    prefix = enum.name.upper()
    out.heading(enum.doc)
    out.number(plural(prefix), len(enum.values), "number of values")
    out.number(f"{prefix}_BITS", enum.bits)
    for value in enum.values:
        out.vector(enum.bits, f"{prefix}_{value.name}", value.value, value.doc)


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
        out.number(f"{name}_BITS", register.mask.bit_length(), "up to the highest field")
    for bits in register.fields:
        out.number(f"{name}_{bits.name}_LSB", bits.lsb, bits.doc)
        out.number(f"{name}_{bits.name}_BITS", bits.width)


def emit_descriptor(out: Package, descriptor: Descriptor) -> None:
    prefix = f"DESC_{descriptor.name.upper()}"
    out.heading(f"{descriptor.name}: {descriptor.doc}; positions in bits, byte i at bits [8i+7:8i]")
    out.number(f"{prefix}_BITS", descriptor.size * 8)
    for item in descriptor.fields:
        out.number(f"{prefix}_{item.name.upper()}_LSB", item.offset * 8, item.doc)
        out.number(f"{prefix}_{item.name.upper()}_BITS", item.size * 8)


def emit(description: Description) -> str:
    out = Package()
    out.heading("Identification")
    out.vector(32, "DEVICE_ID", description.id)
    out.vector(32, "DEVICE_VERSION", description.version_word, "major 31:24, minor 23:16, patch 15:0")
    out.heading("Constants of the layout")
    for parameter in description.parameters:
        if parameter.value < 1 << 31:
            out.number(parameter.name, parameter.value, parameter.doc)
        else:
            out.vector(32, parameter.name, parameter.value, parameter.doc)
    for enum in description.enums:
        emit_enum(out, enum)
    for register in description.registers:
        emit_register(out, register)
    for descriptor in description.descriptors:
        emit_descriptor(out, descriptor)
    head = ["// SPDX-License-Identifier: Apache-2.0",
            "// Registers, descriptors and enumerations that host and card share. Generated from registers.yaml: do not edit.",
            "`default_nettype none",
            "/* verilator lint_off UNUSEDPARAM */  // a package offers more than any one design uses",
            f"package {description.name}_pkg;"]
    tail = ["endpackage", "/* verilator lint_on UNUSEDPARAM */", "`default_nettype wire", ""]
    return "\n".join(head + out.lines + tail)
