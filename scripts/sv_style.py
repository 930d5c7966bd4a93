#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Names in SystemVerilog, by the rules of docs/style.md.

usage: sv_style.py [FILE-OR-FOLDER..]       default: everything of ours that is written by hand

Prints "FILE:LINE: RULE" for each finding, then their number in each folder; exit status 1 if there are any.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import sv_source
from sv_source import Token

DEFAULT = [Path("rtl"), Path("sim/rtl"), Path("hls/compiler/lib")]

UPPER = re.compile(r"[A-Z][A-Z0-9_]*$")
LOWER = re.compile(r"[a-z][a-z0-9_]*$")
TYPE = re.compile(r"[a-z][a-z0-9_]*_t$")
WORD = re.compile(r"[A-Za-z_]\w*$")

BOUNDARIES = {";", "begin", "end", "else", "generate", "endcase", "endfunction", "endtask", "endgenerate"}
NO_MODULES = {"assert", "assign", "assume", "automatic", "begin", "case", "casez", "cover", "do", "else", "end", "final", "for",
              "foreach", "function", "if", "import", "initial", "inside", "modport", "priority", "property", "repeat", "return",
              "task", "typedef", "unique", "wait", "while"}
DATA_TYPES = {"logic", "wire", "bit", "reg", "int", "integer", "byte", "longint", "genvar"}
NO_NAMES = {"signed", "unsigned", "automatic", "static", "var", "wire", "logic", "bit", "reg", "int", "integer"}


def declared_names(found: list[Token], start: int) -> Iterator[Token]:
    """Names of a declaration "[signed] [dimensions] NAME [dimensions] [= value], NAME .. ;" whose type ends in front of start."""
    end = start
    depth = 0
    while end < len(found) and not (depth == 0 and found[end].text in (";", ")", "begin")):
        depth += (found[end].text in "([{") - (found[end].text in ")]}")
        end += 1
    for piece in sv_source.pieces(found[start:end]):
        index = 0
        while index < len(piece) and (piece[index].text == "[" or piece[index].text in NO_NAMES):
            index = sv_source.closing(piece, index) + 1 if piece[index].text == "[" else index + 1
        rest = piece[index:]
        if rest and WORD.match(rest[0].text) and (len(rest) == 1 or rest[1].text in ("=", "[")):
            yield rest[0]


def name_before_value(piece: list[Token]) -> Token | None:
    """NAME of "type NAME [dimensions] = value"."""
    last, index = None, 0
    while index < len(piece) and piece[index].text != "=":
        if piece[index].text in "([{":
            index = sv_source.closing(piece, index)
        else:
            last = piece[index]
        index += 1
    return last if last and WORD.match(last.text) else None


def constants(found: list[Token]) -> Iterator[tuple[int, str]]:
    declared = [piece for header in sv_source.headers(found) for piece in header.parameters]
    for index, token in enumerate(found):
        if token.text in ("localparam", "parameter") and found[index - 1].text in BOUNDARIES | {")"}:
            end = next(i for i in range(index, len(found)) if found[i].text == ";")
            declared += list(sv_source.pieces(found[index + 1:end]))
    for piece in declared:
        words = [token.text for token in piece]
        name = name_before_value(piece)
        if name is None:
            continue
        if "type" in words[:2]:
            if name.text != "T" and not TYPE.match(name.text):
                yield name.line, f"type parameter {name.text}: T, or lower_case with _t"
        elif not UPPER.match(name.text):
            yield name.line, f"constant {name.text}: UPPER_CASE"


def enumerators(found: list[Token]) -> Iterator[tuple[int, str]]:
    for index, token in enumerate(found):
        if token.text == "enum":
            start = next(i for i in range(index, len(found)) if found[i].text == "{")
            for piece in sv_source.pieces(found[start + 1:sv_source.closing(found, start)]):
                if not UPPER.match(piece[0].text):
                    yield piece[0].line, f"enumerator {piece[0].text}: UPPER_CASE"


def types(found: list[Token]) -> Iterator[tuple[int, str]]:
    for index, token in enumerate(found):
        if token.text == "typedef":
            end = index
            while found[end].text != ";":
                end = sv_source.closing(found, end) + 1 if found[end].text in "([{" else end + 1
            name = name_before_value(found[index + 1:end])
            if name and not TYPE.match(name.text):
                yield name.line, f"type {name.text}: lower_case with _t"


def modules(found: list[Token]) -> Iterator[tuple[int, str]]:
    for header in sv_source.headers(found):
        if not LOWER.match(header.name.text):
            yield header.name.line, f"{header.kind} {header.name.text}: lower_case"
        if header.kind == "interface" and not header.name.text.endswith("_if"):
            yield header.name.line, f"interface {header.name.text}: ends in _if"
        for port in header.ports:
            name = name_before_value(port)
            if name and not LOWER.match(name.text):
                yield name.line, f"port {name.text}: lower_case"


def signals(found: list[Token]) -> Iterator[tuple[int, str]]:
    for index, token in enumerate(found[1:], 1):
        if token.text in DATA_TYPES and found[index - 1].text in BOUNDARIES | {"automatic", ")"}:
            for name in declared_names(found, index + 1):
                if not LOWER.match(name.text):
                    yield name.line, f"signal {name.text}: lower_case"


def instances(found: list[Token]) -> Iterator[tuple[int, str]]:
    """MODULE [#(..)] NAME [dimensions] ( at the beginning of a statement. Interfaces are wires, and named like them."""
    labels = {index for index in range(2, len(found)) if found[index - 1].text == ":" and found[index - 2].text == "begin"}
    for index in range(1, len(found) - 2):
        begins = found[index - 1].text in BOUNDARIES | {")"} or index - 1 in labels
        module = found[index].text
        if not begins or not WORD.match(module) or module in NO_MODULES | DATA_TYPES | BOUNDARIES:
            continue
        at = index + 1
        if found[at].text == "#" and found[at + 1].text == "(":
            at = sv_source.closing(found, at + 1) + 1
        name = found[at]
        if not WORD.match(name.text):
            continue
        at += 1
        while found[at].text == "[":
            at = sv_source.closing(found, at) + 1
        if found[at].text != "(":
            continue
        if module.endswith("_if"):
            if not LOWER.match(name.text) or name.text.startswith("u_"):
                yield name.line, f"interface {name.text}: lower_case without u_"
        elif not name.text.startswith("u_"):
            yield name.line, f"instance {name.text}: u_.."


def generate_blocks(found: list[Token]) -> Iterator[tuple[int, str]]:
    for index, token in enumerate(found[:-2]):
        if token.text != "begin":
            continue
        if found[index + 1].text == ":":
            if not found[index + 2].text.startswith("g_"):
                yield found[index + 2].line, f"block {found[index + 2].text}: g_.."
        elif loops_over_genvar(found, index):
            yield token.line, "block of a generate loop: begin : g_.."


def loops_over_genvar(found: list[Token], begin: int) -> bool:
    """Whether "for (genvar .. )" stands in front of the begin."""
    at, depth = begin - 1, 0
    while at > 1 and found[at].text not in (";",) or depth:
        depth += (found[at].text == ")") - (found[at].text == "(")
        if depth == 0:
            return found[at].text == "(" and found[at - 1].text == "for" and found[at + 1].text == "genvar"
        at -= 1
    return False


def connections(found: list[Token]) -> Iterator[tuple[int, str]]:
    for index in sv_source.connections(found):
        texts = [token.text for token in found[index + 1:index + 5]]
        if len(texts) == 4 and texts[1] == "(" and texts[3] == ")" and texts[0] == texts[2] and LOWER.match(texts[0]):
            yield found[index].line, f".{texts[0]}({texts[0]}): write .{texts[0]}"


RULES = (constants, enumerators, types, modules, signals, instances, generate_blocks, connections)


def findings(source: str) -> list[tuple[int, str]]:
    """Line and text of everything that breaks a rule, in the order of lines."""
    found = sv_source.tokens(source)
    return sorted(finding for rule in RULES for finding in rule(found))


def main() -> int:
    files: list[Path] = []
    for path in map(Path, sys.argv[1:]) if len(sys.argv) > 1 else DEFAULT:
        files += [path] if path.is_file() else sorted(path.rglob("*.sv"))
    counts: Counter[Path] = Counter()
    for path in files:
        for line, text in findings(path.read_text(encoding="utf-8")):
            print(f"{path}:{line}: {text}")
            counts[path.parent] += 1
    for folder, count in sorted(counts.items()):
        print(f"{folder}: {count} findings")
    return 1 if counts else 0


if __name__ == "__main__":
    sys.exit(main())
