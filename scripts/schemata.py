# SPDX-License-Identifier: Apache-2.0
"""Many faults (faults.py) in one text, so that a source file is built once for all of them: the environment variable
SAPULSE_MUTANT selects one when the program starts, none without it.

A fault in an expression becomes a choice between the expression with and without it: of all that is between two borders such as
brackets, commas and assignments, found by text, not by a syntax tree. A statement that a fault drops is executed unless the fault
is selected. What results may not compile, as where a constant is required; `at` tells which faults a message of a compiler is
about.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, field

from faults import Fault, code_only, end_of_brackets, sv_assignments

VARIABLE = "SAPULSE_MUTANT"
SELECTED = "sapulse_mutant"
READ = 'std::getenv("{0}") != nullptr ? std::atoi(std::getenv("{0}")) : 0'.format(VARIABLE)
HEAD = {
    "c++": "#include <cstdlib>\n#pragma clang diagnostic ignored \"-Winvalid-constexpr\"\n"
           f"namespace {{ [[maybe_unused]] const int {SELECTED} = {READ}; }}\n",
    "sv": f"\n  int {SELECTED} = $c32(\"" + READ.replace('"', '\\"') + "\");\n",
}
# Behind it, the declarations of a module, interface or package begin.
SV_SCOPE = re.compile(r"^(?:module|interface|package) [^;]*;", re.MULTILINE)

# An operator that assigns; group 1 is what makes it another one.
ASSIGN = re.compile(r"(?<![=!<>])=(?!=)|(?<=<<)=|(?<=>>)=")
# Words and heads of statements in front of an expression.
IN_FRONT = re.compile(r"\b(?:return|throw|co_return|else|do|begin|assign|case|unique|priority|initial|always_comb)\b"
                      r"|\b(?:if|for|while|switch|repeat|always_ff @|always @)\s*\(")
# A constant of a file or a function that is initialised behind it.
CONSTANT = re.compile(r"\bconstexpr (?=[^;{}()]*= \s*$)")
OPEN, CLOSE = "([{", ")]}"


@dataclass
class Part:
    """A stretch of the text and the faults that are made by writing all of it once more: `faults` with their numbers."""
    start: int
    end: int
    drops: bool  # a statement
    faults: list[tuple[int, Fault]] = field(default_factory=list)
    inner: list[Part] = field(default_factory=list)


def border_before(code: str, offset: int, assignments: set[int]) -> int:
    """Behind the bracket, comma, semicolon or assignment in front of `offset` that is not inside of other brackets."""
    depth = 0
    for place in range(offset - 1, -1, -1):
        letter = code[place]
        if letter in CLOSE:
            depth += 1
        elif letter in OPEN:
            if depth == 0:
                return place + 1
            depth -= 1
        elif depth == 0 and (letter in ",;" or ASSIGN.match(code, place)):
            # A block in front of the statement, such as the body of the function before, is passed as brackets are: see below.
            return place + 1
        elif depth == 0 and place in assignments:
            return place + 2
    return 0


def border_behind(code: str, offset: int) -> int:
    """In front of the comma, semicolon or closing bracket behind `offset`."""
    while offset < len(code) and code[offset] not in ",;" + CLOSE:
        offset = end_of_brackets(code, offset) if code[offset] in OPEN else offset + 1
    return offset


def outside(code: str, start: int, end: int):
    """The places between `start` and `end` that are in no brackets."""
    while start < end:
        if code[start] in OPEN:
            start = end_of_brackets(code, start)
        else:
            yield start
            start += 1


def heads_end(code: str, start: int, offset: int) -> int:
    """Behind words, heads and blocks of statements between `start` and `offset`."""
    for place in list(outside(code, start, offset)):
        found = IN_FRONT.match(code, place) if place >= start else None
        if found:
            end = end_of_brackets(code, found.end() - 1) if found[0].endswith("(") else found.end()
            start = end if end <= offset else start
    return start


def block_end(code: str, start: int, offset: int) -> int:
    """Behind the last block of statements between `start` and `offset`: braces that nothing goes on with."""
    place = start
    while place < offset:
        if code[place] in OPEN:
            end = end_of_brackets(code, place)
            if code[place] == "{" and end <= offset and re.match(r"\s*[A-Za-z_*(+\-]", code[end:]):
                start = end
            place = end
        else:
            place += 1
    return start


def colon_borders(code: str, start: int, end: int, offset: int) -> tuple[int, int]:
    """Without labels, names of a range or of arguments: what a colon without a question mark cuts off."""
    questions = 0
    for place in list(outside(code, start, end)):
        if code[place] == "?":
            questions += 1
        elif code[place] == ":" and "::" not in code[max(place - 1, 0):place + 2]:
            if questions:
                questions -= 1
            elif place < offset:
                start = place + 1
            else:
                return start, place
    return start, end


def expression(code: str, fault: Fault, assignments: set[int]) -> tuple[int, int]:
    """The smallest stretch around the fault that is an expression of its own."""
    start, end = border_before(code, fault.offset, assignments), border_behind(code, fault.offset)
    start = heads_end(code, block_end(code, start, fault.offset), fault.offset)
    start, end = colon_borders(code, start, end, fault.offset)
    assigned = [place for place in outside(code, fault.offset + len(fault.old), end) if ASSIGN.match(code, place)]
    if assigned:  # a fault in the place that is assigned to: all of it
        end = border_behind(code, assigned[-1])
    blanks = len(code[start:end]) - len(code[start:end].lstrip())
    return start + blanks, start + len(code[start:end].rstrip())


def part_of(code: str, fault: Fault, assignments: set[int]) -> Part:
    drops = fault.kind.startswith("dropped")
    end = fault.offset + len(fault.old)
    if drops and code.startswith("assign ", fault.offset):
        start = ASSIGN.search(code, fault.offset).end()
        return Part(start, end - 1, False)
    if drops:
        return Part(fault.offset, end, True)
    if fault.kind == "condition":
        return Part(fault.offset + 1, end - 1, False)
    return Part(*expression(code, fault, assignments), False)


class Schemata:
    """`text` with the faults, which are numbered from 1 on as they are given; `left_out`: those that have found no place."""

    def __init__(self, text: str, language: str, numbered: list[tuple[int, Fault]]):
        self.source, self.language = text, language
        self.left_out: list[int] = []
        self.stretches: list[tuple[int, int, int]] = []  # of `text`: start, end, number of the fault
        self.pieces: list[str] = []
        self.length = 0
        self._write(self._parts(numbered))
        self.text = "".join(self.pieces)
        self._starts_of_lines = [0] + [match.end() for match in re.finditer("\n", self.text)]

    def at(self, line: int, column: int) -> list[int]:
        """Numbers of the faults that are there, those that are nearest first; line and column from 1 on."""
        if not 1 <= line <= len(self._starts_of_lines):
            return []
        offset = self._starts_of_lines[line - 1] + column - 1
        found = [(end - start, number) for start, end, number in self.stretches if start <= offset < end]
        return [number for _, number in sorted(found)]

    def on_line(self, line: int) -> list[int]:
        start = self._starts_of_lines[line - 1] if line <= len(self._starts_of_lines) else len(self.text)
        end = self._starts_of_lines[line] if line < len(self._starts_of_lines) else len(self.text)
        return sorted({number for begin, stop, number in self.stretches if begin < end and stop > start})

    def _parts(self, numbered: list[tuple[int, Fault]]) -> list[Part]:
        """Those that are in no other one; they hold the others."""
        code = code_only(self.source, self.language)
        assignments = sv_assignments(code) if self.language == "sv" else set()
        parts: dict[tuple[int, int, bool], Part] = {}
        for number, fault in numbered:
            part = part_of(code, fault, assignments)
            parts.setdefault((part.start, part.end, part.drops), part).faults.append((number, fault))
        outer: list[Part] = []
        for part in sorted(parts.values(), key=lambda part: (part.start, -part.end, not part.drops)):
            place = outer
            while place and part.start < place[-1].end and part.end <= place[-1].end:
                place = place[-1].inner
            if place and part.start < place[-1].end:
                self.left_out += [number for number, _ in part.faults]
            else:
                place.append(part)
        return outer

    def _write(self, parts: list[Part]) -> None:
        heads = [0] if self.language == "c++" else [scope.end() for scope in SV_SCOPE.finditer(code_only_scopes(self.source))]
        self._write_between(0, len(self.source), parts, heads)

    def _write_between(self, start: int, end: int, parts: list[Part], heads: list[int]) -> None:
        for part in parts:
            self._write_source(start, part.start, heads)
            self._make_variable()
            self._write_part(part)
            start = part.end
        self._write_source(start, end, heads)

    def _write_source(self, start: int, end: int, heads: list[int]) -> None:
        for head in heads[bisect.bisect_left(heads, start):bisect.bisect_left(heads, end)]:
            self._append(self.source[start:head] + HEAD[self.language])
            start = head
        self._append(self.source[start:end])

    def _make_variable(self) -> None:
        """What is initialised next, by a constant that has faults."""
        if self.language == "c++" and (constant := CONSTANT.search(self.pieces[-1])):
            self.length -= len("constexpr ")
            self.pieces[-1] = self.pieces[-1][:constant.start()] + "const " + self.pieces[-1][constant.end():]
            self.length += len("const ")

    def _write_part(self, part: Part) -> None:
        opened = self.length
        numbers = [number for number, _ in part.faults]
        if part.drops:
            begin, end = ("{ ", " }") if self.language == "c++" else ("begin ", " end")
            self._append(f"{begin}if ({SELECTED} != {numbers[0]}) ")
            self._write_between(part.start, part.end, part.inner, [])
            self._append(end)
        else:
            self._append("(")
            for number, fault in part.faults:
                self._append(f"{SELECTED} == {number} ? (")
                begun = self.length
                self._append(self._faulty(part, fault))
                self.stretches.append((begun, self.length, number))
                self._append(") : ")
            is_condition = self.language == "c++" and any(fault.kind == "condition" for _, fault in part.faults)
            self._append("static_cast<bool>(" if is_condition else "(")
            self._write_between(part.start, part.end, part.inner, [])
            self._append("))")
        self.stretches += [(opened, self.length, number) for number in numbers]

    def _faulty(self, part: Part, fault: Fault) -> str:
        if fault.kind == "condition":
            return fault.new
        if fault.kind.startswith("dropped"):  # what nobody drives
            return "'0"
        end = fault.offset + len(fault.old)
        return self.source[part.start:fault.offset] + fault.new + self.source[end:part.end]

    def _append(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)


def code_only_scopes(text: str) -> str:
    """Without comments, of the same length."""
    return re.sub(r"//[^\n]*", lambda match: " " * len(match[0]), text)
