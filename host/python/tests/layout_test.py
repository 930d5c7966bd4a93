#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Structures, prototypes and enumerations are those of sapulse.h: a C program and the header's text say what these are.

usage: layout_test.py      CC: the C compiler
"""
import ctypes
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import sapulse
from sapulse import library, structures

INCLUDE = pathlib.Path(__file__).resolve().parents[2] / "include"
HEADER = re.sub(r"/\*.*?\*/", "", (INCLUDE / "sapulse/sapulse.h").read_text(encoding="utf-8"), flags=re.S)
STRUCTURES = re.findall(r"^typedef struct (\w+) \{", HEADER, re.M)
ENUMERATIONS = {"status": sapulse.Status, "liveness": sapulse.Liveness, "encapsulation": sapulse.Encapsulation}
C_TYPES = {"int": ctypes.c_int, "size_t": ctypes.c_size_t, "uint32_t": ctypes.c_uint32, "uint64_t": ctypes.c_uint64,
           "char*": ctypes.c_char_p, "void*": ctypes.c_void_p, "sapulse_endpoint*": ctypes.c_void_p,
           "sapulse_ping_callback": library.PingCallback, "sapulse_change_callback": library.ChangeCallback,
           "sapulse_exception_callback": library.ExceptionCallback}


def run_c(statements):
    """What a C program prints that has the header."""
    source = ("#include <sapulse/sapulse.h>\n#include <stdio.h>\n"
              f"int main(void) {{\n{chr(10).join(statements)}\nreturn 0; }}\n")
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder, "program")
        subprocess.run([os.environ.get("CC", "cc"), f"-I{INCLUDE}", "-x", "c", "-", "-o", program], input=source, text=True,
                       check=True)
        return subprocess.run([program], capture_output=True, text=True, check=True).stdout.splitlines()


def to_ctypes(c_type):
    """What a type of the header is called in ctypes."""
    name = re.sub(r"\bconst\b", "", c_type).replace(" ", "")
    if name in C_TYPES:
        return C_TYPES[name]
    if name.endswith("*"):
        return ctypes.POINTER(to_ctypes(name[:-1]))
    if name.removeprefix("sapulse_") in ENUMERATIONS:
        return structures.c_enum
    return getattr(structures, name)


def parameters(text):
    """Types in a list of parameters with names."""
    return [] if text.strip() == "void" else [to_ctypes(re.sub(r"\w+$", "", one.strip())) for one in text.split(",")]


def is_signed(kind):
    return kind in structures.INTEGERS and kind(-1).value < 0


def print_member(structure, name, kind):
    """Offset, size and signedness of a member in C; what is no number counts as unsigned."""
    member = f"(({structure}*)0)->{name}"
    sign = f"(__typeof__({member}))-1 < 1" if kind in structures.INTEGERS else "0"
    return f'printf("{structure}.{name} %zu %zu %d\\n", offsetof({structure}, {name}), sizeof({member}), {sign});'


class Layout(unittest.TestCase):
    def test_every_structure_is_there(self):
        mine = [name for name, value in vars(structures).items() if isinstance(value, type) and name.startswith("sapulse_")]
        self.assertEqual(mine, STRUCTURES)

    def test_structures_have_the_members_of_the_header(self):
        for structure in STRUCTURES:
            members = re.search(rf"struct {structure} \{{(.*?)\}}", HEADER, re.S).group(1)
            mine = [name for name, _ in getattr(structures, structure)._fields_]
            self.assertEqual(mine, re.findall(r"(\w+)(?:\[\d+\])?;", members))

    def test_structures_are_laid_out_alike(self):
        mine, statements = [], []
        for structure in (getattr(structures, name) for name in STRUCTURES):
            mine.append(f"{structure.__name__} {ctypes.sizeof(structure)}")
            statements.append(f'printf("{structure.__name__} %zu\\n", sizeof({structure.__name__}));')
            for name, kind in structure._fields_:
                member = getattr(structure, name)
                mine.append(f"{structure.__name__}.{name} {member.offset} {member.size} {int(is_signed(kind))}")
                statements.append(print_member(structure.__name__, name, kind))
        self.assertEqual(run_c(statements), mine)

    def test_functions_have_the_prototypes_of_the_header(self):
        theirs = {name: (to_ctypes(result), *parameters(arguments)) for result, name, arguments in
                  re.findall(r"^SAPULSE_API ([\w* ]+?) ?(\w+)\(([^)]*)\);", HEADER, re.M)}
        self.assertEqual(len(theirs), HEADER.count("\nSAPULSE_API "))
        self.assertEqual(library.PROTOTYPES, theirs)

    def test_callbacks_have_those_of_the_header(self):
        theirs = re.findall(r"^typedef void \(\*(\w+)\)\(([^)]*)\);", HEADER, re.M)
        self.assertEqual(len(theirs), 3)
        for name, arguments in theirs:
            self.assertEqual(list(C_TYPES[name]._argtypes_), parameters(arguments), name)
            self.assertIsNone(C_TYPES[name]._restype_)

    def test_enumerations_have_the_same_values(self):
        self.assertEqual(set(re.findall(r"^typedef enum sapulse_(\w+)", HEADER, re.M)), set(ENUMERATIONS))
        for name, mine in ENUMERATIONS.items():
            constants = re.findall(r"SAPULSE_(\w+) =", re.search(rf"enum sapulse_{name} \{{(.*?)\}}", HEADER, re.S).group(1))
            values = run_c(f'printf("%d\\n", SAPULSE_{constant});' for constant in constants)
            self.assertEqual({one.name: str(one.value) for one in mine}, dict(zip(constants, values)))

    def test_names_are_those_of_the_library(self):
        for status in sapulse.Status:
            self.assertEqual(str(status), library.text(library.library.sapulse_status_name(status)))
        for state in sapulse.Liveness:
            self.assertEqual(str(state), library.text(library.library.sapulse_liveness_name(state)))


if __name__ == "__main__":
    unittest.main()
