# SPDX-License-Identifier: Apache-2.0
"""Single faults that can be made in a source file of C++ or SystemVerilog (scripts/mutate.py).

Text is searched, not a syntax tree: what is found may not compile, which mutate.py says. It relies on the project's layout, in
which binary operators have spaces around them and brackets of templates and references have none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SWAPS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "&&": "||", "||": "&&", "+": "-", "-": "+",
         "&": "|", "|": "&", "^": "&", "<<": ">>", ">>": "<<", "+=": "-=", "-=": "+=", "|=": "&=", "&=": "|="}
OPERATOR = re.compile(r"(?<= )(" + "|".join(re.escape(operator) for operator in sorted(SWAPS, key=len, reverse=True)) + r")(?=\s)")
NUMBER = re.compile(r"(?<![\w.'<])(?:(?P<sized>\d+'s?[bdh])(?P<digits>[0-9a-fA-F_]+)|'(?P<fill>[01])|"
                    r"(?P<plain>0x[0-9a-fA-F']+|\d+)(?P<suffix>[uUlL]*)|(?P<truth>true|false))(?![\w.'])")
CONDITION = re.compile(r"\b(?:if|while) \(")
# What a statement may begin behind.
START = r"(?:(?<=[;{})])|(?<=\bbegin)|(?<=\bend)|(?<=\belse)|(?<=\w:))\s+"
PLACE = r"(?:\*?[A-Za-z_][\w.]*(?:(?:->|::|\.)\w+|\[[^][\n]*\])*|\{[\w, .\[\]]*\})"
KEYWORDS = r"(?:if|for|while|switch|return|case|default|else|do)"
ASSIGNMENT = re.compile(START + r"(?P<statement>(?:assign )?" + PLACE + r" (?:=|<=|\+=|-=|\|=|&=|\^=)\s)")
CALL = re.compile(START + r"(?P<statement>(?!" + KEYWORDS + r"\b)" + PLACE + r")\(")
STEP = re.compile(START + r"(?P<statement>(?:\+\+|--)" + PLACE + r";)")
JUMP = re.compile(START + r"(?P<statement>(?:break|continue|return);)")
STATEMENTS = {ASSIGNMENT: "dropped assignment", STEP: "dropped assignment", CALL: "dropped statement", JUMP: "dropped statement"}

COMMENT_OR_STRING = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])'", re.DOTALL)
LINES = {
    "c++": re.compile(r"^[ \t]*(?:#(?:[^\n]*\\\n)*[^\n]*|(?:using|namespace|template|enum|friend)\b[^\n]*)", re.MULTILINE),
    "sv": re.compile(r"^[ \t]*(?:`(?!SAPULSE_ASSERT)[^\n]*|(?:parameter|import|module|genvar|input|output|inout)\b[^\n]*)",
                     re.MULTILINE),
}
# Checks and texts for people: from here to the end of the statement.
SPARED = re.compile(r"(?:`SAPULSE_ASSERT\w*|\bassert\b|\bstatic_assert\b|\bassume\b|\bcover\b|\bspdlog::\w+|"
                    r"\$(?:error|fatal|warning|info|display))\s*(?:property\s*)?\(")
# Of SystemVerilog: widths of what is declared, and checks of parameters.
DECLARED = re.compile(r"^[ \t]*(?:logic|wire|bit|typedef|localparam)\b[^=\n;]*|\b(?:logic|bit|wire)(?: *\[[^]\n]*\])+",
                      re.MULTILINE)
PARAMETER_CHECK = re.compile(r"\bif \([^\n]*\) begin[^\n]*\n\s*(?=\$error)")
SIMULATION_ONLY = re.compile(r"^`ifndef SYNTHESIS\b.*?^`(?:else|endif)\b", re.MULTILINE | re.DOTALL)  # what assertions look at
PURE = re.compile(r"\)[\w ]*= 0;")


@dataclass(frozen=True)
class Fault:
    """`old` at `offset` becomes `new`."""
    offset: int
    old: str
    new: str
    kind: str

    def applied(self, text: str) -> str:
        return text[:self.offset] + self.new + text[self.offset + len(self.old):]

    def line(self, text: str) -> int:
        return text.count("\n", 0, self.offset) + 1


def blank(text: str, start: int, end: int) -> str:
    return text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]


def end_of_brackets(text: str, start: int) -> int:
    """Behind the bracket that closes the one at `start`; the end of the text if there is none."""
    depth = 0
    for offset in range(start, len(text)):
        depth += (text[offset] in "([{") - (text[offset] in ")]}")
        if depth == 0:
            return offset + 1
    return len(text)


def end_of_statement(text: str, start: int) -> int | None:
    """Behind its semicolon; None if it has none of its own."""
    offset = start
    while offset < len(text) and text[offset] not in ";)]}":
        offset = end_of_brackets(text, offset) if text[offset] in "([{" else offset + 1
    return offset + 1 if text[offset:offset + 1] == ";" else None


def language_of(path: str) -> str:
    return "sv" if path.endswith((".sv", ".svh")) else "c++"


def code_only(text: str, language: str) -> str:
    """The text, of the same length, with blanks where no fault may be made: comments, strings, directives, checks, logging."""
    # What is only simulated is found by its directives.
    of_language = [SIMULATION_ONLY, LINES["sv"], DECLARED, PARAMETER_CHECK] if language == "sv" else [LINES["c++"], PURE]
    for pattern in (COMMENT_OR_STRING, *of_language):
        for match in pattern.finditer(text):
            text = blank(text, *match.span())
    for match in SPARED.finditer(text):
        text = blank(text, match.start(), end_of_brackets(text, match.end() - 1))
    return text


def sv_assignments(code: str) -> set[int]:
    """Where "<=" assigns: in SystemVerilog the first of a statement, outside of brackets."""
    return {match.end() - len("<= ") for match in ASSIGNMENT.finditer(code) if match[0][-3:-1] == "<="}


def changed_number(match: re.Match) -> str:
    if match["truth"]:
        return "false" if match["truth"] == "true" else "true"
    if match["fill"]:
        return "'" + ("1" if match["fill"] == "0" else "0")
    if match["sized"]:
        base = {"b": 2, "d": 10, "h": 16}[match["sized"][-1]]
        width, value = int(match["sized"].split("'")[0]), int(match["digits"], base)
        value = value + 1 if value + 1 < 1 << width else value - 1
        return match["sized"] + format(value, {2: "b", 10: "d", 16: "x"}[base])
    digits = match["plain"].replace("'", "")
    base, form = (16, "0x{:x}") if digits.startswith("0x") else (8, "0{:o}") if digits[0] == "0" != digits else (10, "{}")
    return form.format(int(digits, base) + 1) + match["suffix"]


def faults(text: str, language: str) -> list[Fault]:
    """All single faults that can be made in `text`, by place."""
    code = code_only(text, language)
    assignments = sv_assignments(code) if language == "sv" else set()
    found = [Fault(match.start(), match[0], SWAPS[match[0]], "operator")
             for match in OPERATOR.finditer(code) if match.start() not in assignments]
    found += [Fault(match.start(), match[0], changed_number(match), "constant") for match in NUMBER.finditer(code)]
    for match in CONDITION.finditer(code):
        start, end = match.end() - 1, end_of_brackets(code, match.end() - 1)
        if ";" not in code[start:end] and " = " not in code[start:end]:  # a declaration cannot be negated
            found.append(Fault(start, text[start:end], f"(!{text[start:end]})", "condition"))
    for pattern, kind in STATEMENTS.items():
        for match in pattern.finditer(code):
            start = match.start("statement")
            end = end_of_statement(code, start)
            if end and (pattern is not CALL or code[end_of_brackets(code, match.end() - 1)] in ";.-"):
                found.append(Fault(start, text[start:end], ";", kind))
    return sorted(found, key=lambda fault: (fault.offset, fault.kind))
