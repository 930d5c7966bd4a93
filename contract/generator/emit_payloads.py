# SPDX-License-Identifier: Apache-2.0
"""Description -> C++14 header of the payloads, with members of ap_uint."""

from __future__ import annotations

from .description import Description
from .emit_wire import brief
from .enums import Enum
from .payloads import Member, Payload

HEAD = """// SPDX-License-Identifier: Apache-2.0
// Stream payloads that the kernels exchange with the shell and with each other.
// C++14. Generated from contract/description/payloads.yaml: do not edit.
//
// Conventions, valid for every type in this file:
//  * Beats and byte strings (keys, salts, powers of H, ICVs, tokens, header bytes): byte i is bits [8*i+7 : 8*i].
//  * Numbers (SPIs, sequence numbers, lengths, addresses, ports): host value of the big-endian field,
//    so the first byte on the wire is the most significant one.
//  * IPv4 addresses are ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2).
//  * On the stream the first member occupies the least significant bits.
#pragma once

#include "ap_int.h"
"""


def emit_enum(enum: Enum) -> list[str]:
    values = [f"  {enum.prefix}_{v.name} = {v.value},{brief(v.doc)}" for v in enum.values]
    return ["", f"/// {enum.doc}.", f"enum {enum.name}_t {{", *values, "};"]


def emit_member(member: Member) -> str:
    kind = member.payload or f"ap_uint<{member.bits}>"
    doc = "; ".join(part for part in (f"{member.enum}_t" if member.enum else "", member.doc) if part)
    return f"  {kind} {member.name};{brief(doc)}"


def emit_payload(payload: Payload) -> list[str]:
    return ["", f"/// {payload.doc}.", f"struct {payload.name} {{", *[emit_member(m) for m in payload.members], "};"]


def emit(description: Description) -> str:
    lines = [HEAD, f"namespace {description.name} {{", ""]
    lines += [f"constexpr int {p.name.lower()} = {p.value};{brief(p.doc)}" for p in description.parameters if p.kernels]
    for enum in description.payload_enums:
        lines += emit_enum(enum)
    for payload in description.payloads:
        lines += emit_payload(payload)
    return "\n".join(lines + ["", f"}}  // namespace {description.name}", ""])
