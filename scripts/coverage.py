#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tables of what tests cover, from what `llvm-cov export -summary-only` says.

usage: coverage.py SUMMARY.json HOLES.yaml PAGE.md

HOLES.yaml: `goal`, percent of all lines; `low`, percent of lines below which a file of at least `least` lines needs a reason;
`head`, text of the page; and `holes`: a list of `file`, from the top of the repository, and `why`. Writes the page and prints
its table of folders. Exit code 1: less than the goal, files with little coverage that have no reason, or reasons that are not
needed any more; 2: the input cannot be read.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
# What is counted of a file; not `functions`, of which templates have one for each use.
KINDS = ("lines", "branches")


class Count:
    """Covered lines and branches, and all of them."""

    def __init__(self):
        self.covered = dict.fromkeys(KINDS, 0)
        self.all = dict.fromkeys(KINDS, 0)

    def add(self, summary):
        for kind in KINDS:
            self.covered[kind] += summary[kind]["covered"]
            self.all[kind] += summary[kind]["count"]

    def percent(self, kind):
        return 100 * self.covered[kind] / self.all[kind] if self.all[kind] else 100.0

    def cells(self):
        return [str(self.all["lines"])] + [f"{self.percent(kind):.1f}" for kind in KINDS]


def read_summary(path, root=ROOT):
    """Summaries by the names of files, from the top of the repository."""
    data = json.loads(Path(path).read_text(encoding="utf-8"))["data"][0]["files"]
    return {str(Path(file["filename"]).relative_to(root)): file["summary"] for file in data}


def folder_of(file):
    """host/service/server.cpp counts for host/service; what lies deeper counts for that, too."""
    return "/".join(Path(file).parent.parts[:2])


def count_by(files, key):
    counts = defaultdict(Count)
    for file, summary in files.items():
        counts[key(file)].add(summary)
    return counts


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def findings(total, by_file, holes, source):
    """What is wrong, one line each."""
    low = {file for file, count in by_file.items()
           if count.all["lines"] >= holes["least"] and count.percent("lines") < holes["low"]}
    explained = {hole["file"] for hole in holes["holes"]}
    found = []
    if total.percent("lines") < holes["goal"]:
        found.append(f"{total.percent('lines'):.1f} % of the lines are covered; the goal is {holes['goal']} %")
    found += [f"{file}: {by_file[file].percent('lines'):.1f} % of its lines are covered, and {source} gives no reason"
              for file in sorted(low - explained)]
    found += [f"{source}: {file}: needs no reason: it is covered, or gone" for file in sorted(explained - low)]
    return found


HEAD = ["lines", "% of lines", "% of branches"]


def table_of_folders(total, by_folder):
    rows = [[f"`{name}`", *count.cells()] for name, count in sorted(by_folder.items())]
    return table(["folder", *HEAD], [*rows, ["**all**", *total.cells()]])


def table_of_holes(by_file, holes):
    known = [hole for hole in holes if hole["file"] in by_file]
    return table(["file", *HEAD, "why"], [[f"`{hole['file']}`", *by_file[hole["file"]].cells(), hole["why"]] for hole in known])


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    summary, source, output = sys.argv[1:]
    try:
        files = read_summary(summary)
        holes = yaml.safe_load(Path(source).read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError, KeyError, yaml.YAMLError) as error:
        print(f"coverage.py: {error}", file=sys.stderr)
        sys.exit(2)
    total = count_by(files, lambda file: "all")["all"]
    by_folder, by_file = count_by(files, folder_of), count_by(files, lambda file: file)
    folders = table_of_folders(total, by_folder)
    Path(output).write_text(f"{holes['head'].strip()}\n\n{folders}\n\n## Files below {holes['low']} %\n\n"
                            f"{table_of_holes(by_file, holes['holes'])}\n", encoding="utf-8")
    print(folders)
    found = findings(total, by_file, holes, source)
    print("\n".join(found), file=sys.stderr)
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
