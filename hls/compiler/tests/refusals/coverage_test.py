#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that every refusal in the sources of hlsc, and every static_assert of its headers, is the expectation of some test.

usage: coverage_test.py FOLDER-OF-SOURCES FOLDER-OF-HEADERS FOLDER-OF-TESTS

A refusal is a call of fail(); its message is made of string literals and values. It is covered when a test expects at least eight
consecutive characters that lie within one of its literals. Messages that begin with "internal error" cannot be reached by a kernel.
"""
import pathlib
import re
import sys

LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
MIN_LENGTH = 8


def statements(text, start):
    """From each match of `start` to the end of the statement, string literals kept."""
    text = re.sub(r"//[^\n]*", "", text)
    for match in re.finditer(start, text):
        yield re.match(r'(?:"(?:[^"\\]|\\.)*"|[^;"])*', text[match.start():]).group(0)


def literals(statement):
    joined = re.sub(r'"\s*\n\s*"', "", statement)
    return [part.strip() for text in LITERAL.findall(joined) for part in text.split("{}")]


def messages(sources, headers):
    """(file, literals of the message) of every refusal."""
    for path in sorted(sources.rglob("*.cpp")):
        if path.name == "diagnostics.cpp":  # defines fail()
            continue
        for statement in statements(path.read_text(encoding="utf-8"), r"\b(?:fail|fail_recurrence|violation)\("):
            parts = literals(statement)
            if parts and not parts[0].startswith("internal error"):
                yield path, parts
    for path in sorted(headers.glob("*.h")):
        for statement in statements(path.read_text(encoding="utf-8"), r"\bstatic_assert\("):
            if literals(statement):
                yield path, literals(statement)


def expectations(tests):
    for path in tests.glob("refusals/*.cpp"):
        for match in re.finditer(r"// (?:error|message|clang|warning): (.*)", path.read_text(encoding="utf-8")):
            yield match.group(1).strip()
    for match in LITERAL.finditer((tests / "CMakeLists.txt").read_text(encoding="utf-8")):
        yield match.group(1)


def is_covered(parts, expected):
    """Whether an expectation, or a part of it between values, lies in a literal or the other way round."""
    return any(
        (len(part) >= MIN_LENGTH and part in text) or (len(text) >= MIN_LENGTH and text in part)
        for part in parts for text in expected)


def main():
    sources, headers, tests = map(pathlib.Path, sys.argv[1:])
    expected = set(expectations(tests))
    found = list(messages(sources, headers))
    missing = [f"{path.name}: {' ... '.join(parts)}" for path, parts in found if not is_covered(parts, expected)]
    print(f"{len(found)} refusals, {len(expected)} expectations")
    if missing or not found:
        sys.exit("no test for:\n  " + "\n  ".join(missing))


if __name__ == "__main__":
    main()
