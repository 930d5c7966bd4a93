# SPDX-License-Identifier: Apache-2.0
"""Description -> C++14 header of the wire format."""

from __future__ import annotations

from .description import Description
from .wire import CodePoints, WireConstant, WireSection

HEAD = """// SPDX-License-Identifier: Apache-2.0
// Wire format of IPsec control messages under a reserved SPI, version 1 (docs/protocol.md): every offset, size and code
// point, shared by kernels, host and tests. Offsets and sizes are in bytes; all integers on the wire are big-endian.
// C++14. Generated from contract/description/wire.yaml: do not edit.
#pragma once

#include <cstdint>
"""


def brief(doc: str) -> str:
    return f"  ///< {doc}" if doc else ""


def emit_constant(constant: WireConstant) -> str:
    kind = f"std::uint{constant.bits}_t" if constant.bits else "int"
    return f"constexpr {kind} {constant.name} = {constant.text};{brief(constant.doc)}"


def emit_code_points(points: CodePoints) -> list[str]:
    values = [f"  {value.name} = {value.text},{brief(value.doc)}" for value in points.values]
    return ["", f"enum {points.name}_t : std::uint{points.bits}_t {{", *values, "};"]


def emit_section(section: WireSection) -> list[str]:
    lines = ["", f"// {section.title}"] + [emit_constant(constant) for constant in section.constants]
    return lines + (emit_code_points(section.code_points) if section.code_points else [])


def emit(description: Description) -> str:
    lines = [HEAD, f"namespace {description.name} {{", "namespace wire {"]
    for section in description.wire:
        lines += emit_section(section)
    return "\n".join(lines + ["", "}  // namespace wire", f"}}  // namespace {description.name}", ""])
