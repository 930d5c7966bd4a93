# SPDX-License-Identifier: Apache-2.0
"""Table of what hlsc says of the kernels of its tests, from its reports, for docs/hlsc-corpus.md.

corpus_page.py PAGE [--write] REPORT...     REPORT: <kernel>_fast.rpt and <kernel>_slow.rpt, as --report writes them

Fails if the table in the page is another one, or with --write puts it there: a change of the compiler shows what it does to each.
"""

import argparse
import re
import sys
from pathlib import Path

BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"
SPEEDS = ("fast", "slow")
HEAD = "| kernel | modules | stages | levels | pipeline bits | state bits |\n|---|---|---|---|---|---|\n"


def figures(report: str) -> list[int]:
    """Modules; stages and levels, the most of any module; bits of pipeline registers and of state, sums."""
    def numbers(pattern: str) -> list[int]:
        return [int(found) for found in re.findall(pattern, report, re.MULTILINE)]
    stages = numbers(r"^  stages: (\d+)")
    if not stages:
        raise ValueError("no report of hlsc")
    return [len(stages), max(stages), max(numbers(r"^  LUT levels: (\d+)")), sum(numbers(r"(\d+) pipeline bits")),
            sum(numbers(r"(\d+) state bits"))]


def table(reports: list[Path]) -> str:
    found: dict[str, dict[str, list[int]]] = {}
    for report in reports:
        kernel, _, speed = report.stem.rpartition("_")
        if speed not in SPEEDS:
            raise ValueError(f"{report}: neither fast nor slow")
        found.setdefault(kernel, {})[speed] = figures(report.read_text(encoding="utf-8"))
    rows = []
    for kernel in sorted(found):
        fast, slow = (found[kernel][speed] for speed in SPEEDS)
        cells = [str(f) if f == s else f"{f}, {s}" for f, s in zip(fast, slow)]
        rows.append(f"| {' | '.join([f'`{kernel}`', *cells])} |\n")
    return HEAD + "".join(rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=Path)
    parser.add_argument("reports", type=Path, nargs="+")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    text = options.page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    old, _, after = rest.partition(END)
    new = table(options.reports)
    if old == new:
        return 0
    if options.write:
        options.page.write_text(before + BEGIN + new + END + after, encoding="utf-8")
        return 0
    was, now = old.splitlines(), new.splitlines()
    print(f"{options.page}: hlsc says something else of these now; `ninja -C build hlsc_corpus_page` writes the table anew")
    print("\n".join([f"- {row}" for row in was if row not in now] + [f"+ {row}" for row in now if row not in was]))
    return 1


if __name__ == "__main__":
    sys.exit(main())
