# SPDX-License-Identifier: Apache-2.0
"""SystemVerilog as a list of tokens, for checks that need no parser. Comments, attributes and compiler directives are left
out; of a macro, its body stays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_TOKEN = re.compile(r"""
    (?P<blank>\s+|//[^\n]*|/\*.*?\*/|\(\*(?!\s*\)).*?\*\))
  | (?P<directive>`include\b[^\n]*|`define\s+\w+(?:\([^)]*\))?|\\\n|`(?:ifdef|ifndef|elsif|undef|default_nettype)\s+\w+
                 |`(?:else|endif)\b|`timescale[^\n]*)
  | (?P<text>"(?:\\.|[^"\\])*"|\\\S+|`?[A-Za-z_$][\w$]*|\d+\s*'[sS]?[bBoOdDhH][\w?]+|'[sS]?[bBoOdDhH][\w?]+|\d[\w.]*|::|\S)
""", re.VERBOSE | re.DOTALL)

_OPENING = {"(": ")", "[": "]", "{": "}"}
_CLOSING = set(_OPENING.values())


@dataclass(frozen=True)
class Token:
    """A word, number, string or sign, and its line (from 1)."""
    text: str
    line: int


def tokens(source: str) -> list[Token]:
    found, line = [], 1
    for match in _TOKEN.finditer(source):
        if match.lastgroup == "text":
            found.append(Token(match.group(), line))
        line += match.group().count("\n")
    return found


def read(path: Path) -> list[Token]:
    return tokens(path.read_text(encoding="utf-8"))


def closing(found: list[Token], start: int) -> int:
    """Index of the bracket that closes the one at index start."""
    depth = 0
    for index in range(start, len(found)):
        depth += (found[index].text in _OPENING) - (found[index].text in _CLOSING)
        if depth == 0:
            return index
    raise ValueError(f"line {found[start].line}: '{found[start].text}' is not closed")


def pieces(found: list[Token]) -> Iterator[list[Token]]:
    """What commas outside of brackets separate; nothing for an empty list."""
    piece: list[Token] = []
    depth = 0
    for token in found:
        depth += (token.text in _OPENING) - (token.text in _CLOSING)
        if token.text == "," and depth == 0:
            yield piece
            piece = []
        else:
            piece.append(token)
    if piece:
        yield piece


@dataclass(frozen=True)
class Header:
    """The head of a module or interface: parameters and ports, each as its tokens; body: index of the first token behind it."""
    kind: str
    name: Token
    parameters: list[list[Token]]
    ports: list[list[Token]]
    body: int


def headers(found: list[Token]) -> Iterator[Header]:
    for start, token in enumerate(found):
        if token.text not in ("module", "interface") or (start and found[start - 1].text == "virtual"):
            continue
        index = start + 1
        if found[index].text in ("automatic", "static"):
            index += 1
        name, parameters, ports = found[index], [], []
        while found[index].text != ";":
            if found[index].text == "import":
                index = next(i for i in range(index, len(found)) if found[i].text == ";")
            elif found[index].text == "(":
                end = closing(found, index)
                listed = list(pieces(found[index + 1:end]))
                if found[index - 1].text == "#":
                    parameters = listed
                else:
                    ports = listed
                index = end
            index += 1
        yield Header(token.text, name, parameters, ports, index + 1)


def modports(found: list[Token]) -> Iterator[list[list[Token]]]:
    """What each modport of an interface lists."""
    for index, token in enumerate(found):
        if token.text == "modport":
            end = next(i for i in range(index, len(found)) if found[i].text == ";")
            for _, _, *listed, _ in pieces(found[index + 1:end]):  # NAME ( .. )
                yield list(pieces(listed))


def connections(found: list[Token]) -> Iterator[int]:
    """Indices of the dots that begin a connection by name of a port or a parameter: .name(value), .name, .* Other dots, of members,
    stand behind a name in the same line."""
    for index, token in enumerate(found):
        if token.text == "." and (index == 0 or found[index - 1].text in ("(", ",") or found[index - 1].line != token.line):
            yield index


def product_files(folders: Iterable[Path]) -> list[Path]:
    """SystemVerilog below the folders, without that of tests."""
    return sorted(path for folder in folders for path in folder.rglob("*.sv") if "tests" not in path.relative_to(folder).parts)
