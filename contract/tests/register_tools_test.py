# SPDX-License-Identifier: Apache-2.0
"""The SystemRDL and the IP-XACT of the register map, as the tools of their users read them, against the C++ header that we use.

usage: register_tools_test.py REGISTERS.H MAP.RDL MAP.XML C++-COMPILER [unittest arguments]
"""

import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from peakrdl_cheader.exporter import CHeaderExporter
from peakrdl_ipxact import IPXACTImporter
from systemrdl import RDLCompiler
from systemrdl.node import RegfileNode, RegNode
from systemrdl.rdltypes import AccessType, OnWriteType

HEADER, RDL, IPXACT, COMPILER = (sys.argv.pop(1) for _ in range(4))

TABLE_ROW = re.compile(r'\{"(\w+)", (\w+), (\d+), Access::(\w+), (\d+), (\d+), (\w+), (?:std::nullopt|(\w+))\}')
FIELDS = re.compile(r"/// Fields of (\w+)\.\nnamespace \w+ \{\n(.*?)\}  // namespace", re.S)
FIELD = re.compile(r"Field k(\w+)\{\.lsb = (\d+), \.width = (\d+)\}")


def camel(name):
    return "".join(part.capitalize() for part in name.lower().split("_"))


def header_registers():
    """Of registers.h: name -> (offset, width, access, count, stride, mask, reset), the reset None if it is not fixed."""
    rows = TABLE_ROW.findall(Path(HEADER).read_text(encoding="utf-8"))
    return {name: (int(offset, 0), int(width), access, int(count), int(stride), int(mask, 0), int(reset, 0) if reset else None)
            for name, offset, width, access, count, stride, mask, reset in rows}


def header_fields():
    """Of registers.h: register -> {field in camel case: (lsb, width)}, for registers with fields."""
    text = Path(HEADER).read_text(encoding="utf-8")
    return {register: {name: (int(lsb), int(width)) for name, lsb, width in FIELD.findall(body)}
            for register, body in FIELDS.findall(text)}


def access_of(fields):
    """One access for the whole register."""
    kinds = {(f.get_property("sw"), f.get_property("onwrite")) for f in fields}
    return {(AccessType.r, None): "read_only", (AccessType.rw, None): "read_write", (AccessType.w, None): "write_only",
            (AccessType.rw, OnWriteType.woclr): "write_one_to_clear"}[kinds.pop()] if len(kinds) == 1 else str(kinds)


def reset_of(fields):
    values = [f.get_property("reset") for f in fields]
    return None if None in values else sum(value << f.low for f, value in zip(fields, values))


def array_of(node):
    return (node.array_dimensions[0], node.array_stride) if node.is_array else (1, 0)


def nodes_of(top):
    """Each register, or word of a register file, as (register file or register, register)."""
    for node in top.descendants(unroll=False):
        if isinstance(node, RegNode):
            yield (node.parent if isinstance(node.parent, RegfileNode) else node), node


def name_of(outer, node):
    return node.inst_name if outer is node else f"{outer.inst_name}_{node.inst_name}"


def model_registers(top):
    """The same of an elaborated model."""
    found = {}
    for outer, node in nodes_of(top):
        offset = outer.raw_address_offset + (0 if outer is node else node.raw_address_offset)
        fields = node.fields()
        mask = sum(bits_of(f) for f in fields)
        found[name_of(outer, node)] = (offset, node.get_property("regwidth"), access_of(fields), *array_of(outer), mask,
                                       reset_of(fields))
    return found


def is_unnamed(field):
    """Part of the bits of a register that has no fields of its own."""
    return field.inst_name.split("_")[0] == "value"


def bits_of(field):
    return (1 << field.high + 1) - (1 << field.low)


def model_fields(top):
    return {node.inst_name: {camel(f.inst_name): (f.low, f.width) for f in node.fields()}
            for _, node in nodes_of(top) if not all(is_unnamed(f) for f in node.fields())}


def compile_rdl():
    compiler = RDLCompiler()
    compiler.compile_file(RDL)
    return compiler.elaborate().top


def import_ipxact():
    compiler = RDLCompiler()
    IPXACTImporter(compiler).import_file(IPXACT)
    return next(iter(compiler.elaborate().top.children()))


class Models(unittest.TestCase):
    maxDiff = None

    def agree(self, top):
        self.assertGreater(len(header_registers()), 40)
        self.assertEqual(model_registers(top), header_registers())
        self.assertEqual(model_fields(top), header_fields())

    def test_systemrdl(self):
        self.agree(compile_rdl())

    def test_ipxact(self):
        self.agree(import_ipxact())


class PeakRdlHeader(unittest.TestCase):
    """A compiler compares PeakRDL's header with ours."""

    def assertions(self, top):
        for outer, node in nodes_of(top):
            name, macro = name_of(outer, node), "__".join(dict.fromkeys(["SAPULSE", outer.inst_name, node.inst_name]))
            member = f"{outer.inst_name}{'[0]' if outer.is_array else ''}" + ("" if outer is node else f".{node.inst_name}")
            offset, _, _, _, _, mask, _ = header_registers()[name]
            yield f"offsetof(sapulse_t, {member}) == {offset}"
            for field in node.fields():
                named = f"sapulse::regs::{name.lower()}::k{camel(field.inst_name)}.mask()"
                ours = f"{mask & bits_of(field):#x}" if is_unnamed(field) else named
                yield f"{macro}__{field.inst_name.upper()}_bm == {ours}"

    def test_agrees_with_ours(self):
        with tempfile.TemporaryDirectory() as folder:
            top = compile_rdl()
            CHeaderExporter().export(top, f"{folder}/peakrdl.h")
            lines = [f'#include "{HEADER}"', "#include <cstddef>", f'#include "{folder}/peakrdl.h"']
            lines += [f"static_assert({condition});" for condition in self.assertions(top)]
            Path(folder, "both.cpp").write_text("\n".join(lines) + "\n", encoding="utf-8")
            result = subprocess.run([COMPILER, "-std=c++20", "-fsyntax-only", f"{folder}/both.cpp"], capture_output=True, text=True)
            self.assertEqual(result.returncode, 0, result.stderr)


if __name__ == "__main__":
    unittest.main()
