#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tables of what tests cover.

usage: coverage.py COUNTERS HOLES.yaml PAGE.md
       coverage.py --ignored HOLES.yaml

COUNTERS: what `llvm-cov export -summary-only` says; or a folder with the counters of RTL made by Verilator, beside which a list
of all that is not covered is written then, FOLDER.missing. HOLES.yaml: `goals`, percent by what is counted: `lines`, `branches`,
`toggles`, null for no goal; `low`, percent of lines below which a file of at least `least` lines needs a reason; `head`, text of
the page; `holes`: a list of `file`, from the top of the repository, and `why`; and, where not all files count, `ignored`: a list of
`files`, an extended regular expression for the beginning of such a path, and `why`. Writes the page and prints its table of
folders. --ignored: prints an expression for the absolute paths of all files that do not count, for llvm-cov. Exit code 1: less than
a goal, files with little coverage that have no reason, reasons that are not needed any more, or expressions that ignore nothing; 2:
the input cannot be read.
"""

import json
import re
import sys
from collections import defaultdict
from pathlib import Path

import yaml

import verilator_counters

ROOT = Path(__file__).resolve().parents[1]
GENERATED = "build[^/]*/"  # build folders, as .gitignore has them


class Count:
    """What is covered of each kind, and all there is."""

    def __init__(self):
        self.covered = defaultdict(int)
        self.all = defaultdict(int)

    def add(self, summary, kinds):
        for kind in kinds:
            self.covered[kind] += summary[kind]["covered"]
            self.all[kind] += summary[kind]["count"]

    def percent(self, kind):
        return 100 * self.covered[kind] / self.all[kind] if self.all[kind] else 100.0

    def cells(self, kinds):
        return [str(self.all["lines"])] + [f"{self.percent(kind):.1f}" for kind in kinds]


def read_summary(path, root=ROOT):
    """Summaries by the names of files, from the top of the repository."""
    if Path(path).is_dir():
        files, missing = verilator_counters.summaries(path, root)
        Path(path).with_suffix(".missing").write_text(
            "".join(f"{file}:{text}\n" for file in sorted(missing) for text in missing[file]), encoding="utf-8")
        return files
    data = json.loads(Path(path).read_text(encoding="utf-8"))["data"][0]["files"]
    files = {Path(file["filename"]): file["summary"] for file in data}
    written = {str(file.relative_to(root)): summary for file, summary in files.items() if file.is_relative_to(root)}
    return {file: summary for file, summary in written.items() if not re.match(GENERATED, file)}


def ignored_paths(ignored, root=ROOT):
    """An extended regular expression."""
    return f"^{re.escape(str(root))}/({'|'.join([GENERATED, *(entry['files'] for entry in ignored)])})|^/usr/"


def drop_ignored(files, ignored):
    """Those that count, and the expressions that ignore none."""
    matched = {entry["files"]: {file for file in files if re.match(entry["files"], file)} for entry in ignored}
    gone = set().union(*matched.values())
    return {file: files[file] for file in files if file not in gone}, [text for text in matched if not matched[text]]


def folder_of(file):
    """host/service/server.cpp counts for host/service; what lies deeper counts for that, too."""
    return "/".join(Path(file).parent.parts[:2])


def count_by(files, key, kinds):
    counts = defaultdict(Count)
    for file, summary in files.items():
        counts[key(file)].add(summary, kinds)
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
    found += [f"{total.percent(kind):.1f} % of the {kind} are covered; the goal is {goal} %"
              for kind, goal in holes["goals"].items() if goal is not None and total.percent(kind) < goal]
    found += [f"{file}: {by_file[file].percent('lines'):.1f} % of its lines are covered, and {source} gives no reason"
              for file in sorted(low - explained)]
    found += [f"{source}: {file}: needs no reason: it is covered, or gone" for file in sorted(explained - low)]
    return found


def head(kinds):
    return ["lines", *(f"% of {kind}" for kind in kinds)]


def table_of_folders(total, by_folder, kinds):
    rows = [[f"`{name}`", *count.cells(kinds)] for name, count in sorted(by_folder.items())]
    return table(["folder", *head(kinds)], [*rows, ["**all**", *total.cells(kinds)]])


def table_of_holes(by_file, holes, kinds):
    known = [hole for hole in holes if hole["file"] in by_file]
    return table(["file", *head(kinds), "why"],
                 [[f"`{hole['file']}`", *by_file[hole["file"]].cells(kinds), hole["why"]] for hole in known])


def table_of_ignored(ignored):
    return table(["files", "why"], [[f"`{entry['files']}`".replace("|", "\\|"), entry["why"]] for entry in ignored])


def page(holes, folders, low):
    parts = [holes["head"].strip(), folders, f"## Files below {holes['low']} %", low]
    if holes.get("ignored"):
        parts += ["## Not counted", table_of_ignored(holes["ignored"])]
    return "\n\n".join(parts) + "\n"


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--ignored":
        print(ignored_paths(yaml.safe_load(Path(sys.argv[2]).read_text(encoding="utf-8"))["ignored"]))
        return
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    summary, source, output = sys.argv[1:]
    try:
        holes = yaml.safe_load(Path(source).read_text(encoding="utf-8"))
        kinds = list(holes["goals"])
        files, idle = drop_ignored(read_summary(summary), holes.get("ignored", []))
    except (OSError, ValueError, TypeError, KeyError, yaml.YAMLError) as error:
        print(f"coverage.py: {error}", file=sys.stderr)
        sys.exit(2)
    total = count_by(files, lambda file: "all", kinds)["all"]
    by_folder, by_file = count_by(files, folder_of, kinds), count_by(files, lambda file: file, kinds)
    folders = table_of_folders(total, by_folder, kinds)
    Path(output).write_text(page(holes, folders, table_of_holes(by_file, holes["holes"], kinds)), encoding="utf-8")
    print(folders)
    found = findings(total, by_file, holes, source) + [f"{source}: ignored: {text}: there is no such file" for text in idle]
    print("\n".join(found), file=sys.stderr)
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
