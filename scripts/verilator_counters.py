#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads what RTL that Verilator has made with --coverage-line and --coverage-toggle counts.

A line of such a file is C '<keys and values>' <count>; a key stands after a byte 1, its value after a byte 2. Keys are f, the file;
l and n, line and column; page, v_line/.., v_branch/.. or v_toggle/..; o, which of several at one place, for instance if or else,
or the bit of a signal; S, the lines that run with it, for instance 3-5,7; h, the instance. All instances of a module are added up.
"""

import re
from collections import defaultdict
from pathlib import Path

RECORD = re.compile(r"C '(.*)' (\d+)$")
KIND = {"v_line": "branches", "v_branch": "branches", "v_toggle": "toggles"}


def read_points(folder):
    """Counts by what is counted: file, kind, line, column, which of several, and the lines that run with it."""
    counts = defaultdict(int)
    for path in sorted(Path(folder).glob("*.dat")):
        for text in path.read_text(encoding="latin-1").splitlines():
            record = RECORD.match(text)
            if not record:
                continue
            fields = dict(field.split("\2", 1) for field in record[1].split("\1") if "\2" in field)
            kind = KIND[fields["page"].split("/")[0]]
            key = (fields["f"], kind, int(fields["l"]), int(fields["n"]), fields["o"], fields.get("S", ""))
            counts[key] += int(record[2])
    return counts


def lines_of(text):
    """Of 3-5,7: 3, 4, 5, 7."""
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def summaries(folder, root):
    """For each file of rtl/, named from `root`: `lines`, `branches` and `toggles`, each with `covered` and `count`; and texts of
    what is not covered."""
    points = read_points(folder)
    if not points:
        raise ValueError(f"{folder}: no counters")
    seen = defaultdict(lambda: {"lines": {}, "branches": {}, "toggles": {}})
    for (file, kind, line, column, name, covers), count in points.items():
        if not Path(file).is_relative_to(root / "rtl"):  # generated
            continue
        kinds = seen[str(Path(file).relative_to(root))]
        kinds[kind][line, column, name] = count > 0
        for number in lines_of(covers):
            kinds["lines"][number] = kinds["lines"].get(number, False) or count > 0
    return {file: {kind: {"covered": sum(hits.values()), "count": len(hits)} for kind, hits in kinds.items()}
            for file, kinds in seen.items()}, {file: missing(kinds) for file, kinds in seen.items()}


def missing(kinds):
    """Texts of the places that are not covered, in the order of lines; bits of a signal together."""
    texts = [(line, f"{line}: not run") for line, hit in kinds["lines"].items() if not hit]
    texts += [(line, f"{line}:{column}: {name}: not taken")
              for (line, column, name), hit in kinds["branches"].items() if not hit and kinds["lines"].get(line)]
    bits = defaultdict(list)
    for (line, _, name), hit in kinds["toggles"].items():
        signal, bracket, bit = name.rpartition("[")
        bits[line, signal if bracket else name].append((bit.rstrip("]") if bracket else "", hit))
    for (line, signal), hits in bits.items():
        still = [bit for bit, hit in hits if not hit]
        if still:
            texts.append((line, f"{line}: {signal}: {len(still)} of {len(hits)} bits never change"
                          + (f": {', '.join(still[:8])}" if still != [""] else "")))
    return [text for _, text in sorted(texts)]
