#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The test plan, docs/verification.yaml: what each block promises and which tests show it; its page and its figures.

usage: test_plan.py BUILD                       check it against the tests of BUILD (all of it built) and against its page
       test_plan.py BUILD --write               write the page, docs/verification.md
       test_plan.py BUILD --results JUNIT.xml   write BUILD/verification.md: the page with what a run of ctest has shown

Checked: the shape of the plan (SCHEMA); each pattern of a test (shell wildcards) finds a test, each test of BUILD belongs to a
promise or is listed as supporting with a reason; proofs, and only they, say for how long they hold; sources exist, targets are what
tests run, and each source file of the product belongs to a block; what became of faults are as many as there were; the page is what
--write would make. With --results, tests that have failed or have not run are findings, too (one that has skipped itself is none if
the plan lists it as conditional), and proofs with a bound that are said to have none. Prints FILE:LINE and what is wrong for each
finding; exit status 1 if there are any, 2 if BUILD or the results cannot be read.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
PLAN = "docs/verification.yaml"
PAGE = "docs/verification.md"

# What each kind of mapping holds: text, a number, a mapping of another kind, or a list of one of these; "?": may be absent.
SCHEMA = {
    "plan": {"page": "page", "blocks": ["block"], "supporting": ["supporting"], "conditional": ["conditional"],
             "mutation": ["mutation"]},
    "page": {"head": str, "proofs": str, "missing": str, "mutation": str},
    "block": {"block": str, "sources": [str], "targets?": [str], "generated?": [str], "inputs?": [str],
              "promises": ["promise"], "missing?": ["missing"]},
    "promise": {"promise": str, "tests": [str], "proved?": str, "of?": str},
    "missing": {"what": str, "why": str},
    "supporting": {"tests": [str], "why": str},
    "conditional": {"tests": [str], "needs": str},
    "mutation": {"files": str, "commit": str, "seed": int, "faults": int, "killed": int, "timed_out": int, "not_built": int,
                 "survivors": ["survivor"]},
    "survivor": {"at": str, "change": str, "verdict": str, "why": str},
}
COUNTS = ("faults", "not_built", "killed", "timed_out")
VERDICTS = ("equivalent", "mended", "open")
# Sources of the product; those of tests lie in folders of their own, those of single kernels beside them.
PRODUCT = re.compile(r"(?!.*/(tests|examples)/|.*(_test|_cosim|/random_frame|/slow_parser)\.)"
                     r"(rtl|hls|driver|host|contract)/.*\.(sv|svh|cpp|h|py)$")
PROOFS = "rtl.proof."
UNBOUNDED = "without a bound"


class Mapping(dict):
    """A mapping of a YAML file that knows the lines of itself and of its keys."""

    def __init__(self, line: int):
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


class Loader(yaml.SafeLoader):
    """Makes Mapping of mappings; a key that is given twice is an error."""

    def construct_located(self, node):
        mapping = Mapping(node.start_mark.line + 1)
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in mapping:
                raise yaml.constructor.ConstructorError(None, None, f"'{key}' is given twice", key_node.start_mark)
            mapping[key] = self.construct_object(value_node, deep=True)
            mapping.lines[key] = key_node.start_mark.line + 1
        return mapping


Loader.add_constructor("tag:yaml.org,2002:map", Loader.construct_located)


class PlanError(Exception):
    """The plan cannot be used; one finding in each line."""


def check_shape(value, shape, where: str, findings: list[str]) -> None:
    """`where` is FILE:LINE and the name of what `value` is."""
    if isinstance(shape, list):
        if not isinstance(value, list):
            findings.append(f"{where} must be a list")
        for entry in value if isinstance(value, list) else []:
            check_shape(entry, shape[0], where, findings)
    elif isinstance(shape, str):
        check_mapping(value, shape, where, findings)
    elif type(value) is not shape or value == "":
        findings.append(f"{where} must be {'a number' if shape is int else 'text'}")


def check_mapping(value, kind: str, where: str, findings: list[str]) -> None:
    file = where.split(":")[0]
    if not isinstance(value, Mapping):
        findings.append(f"{where} must have the keys of a {kind}")
        return
    shapes = {key.rstrip("?"): shape for key, shape in SCHEMA[kind].items()}
    for key, entry in value.items():
        if key in shapes:
            check_shape(entry, shapes[key], f"{file}:{value.lines[key]}: '{key}'", findings)
        else:
            findings.append(f"{file}:{value.lines[key]}: unknown key '{key}' in a {kind}")
    findings += [f"{file}:{value.line}: a {kind} without '{key}'" for key in SCHEMA[kind] if key[-1] != "?" and key not in value]


def load(text: str, name: str = PLAN) -> Mapping:
    """The plan; PlanError if its shape is wrong."""
    try:
        plan = yaml.load(text, Loader)
    except yaml.MarkedYAMLError as error:
        raise PlanError(f"{name}:{error.problem_mark.line + 1}: {error.problem}") from error
    findings: list[str] = []
    check_mapping(plan, "plan", f"{name}:1: the plan", findings)
    if findings:
        raise PlanError("\n".join(findings))
    return plan


def promises(plan: Mapping) -> list[Mapping]:
    return [promise for block in plan["blocks"] for promise in block["promises"]]


def matching(patterns: list[str], names) -> list[str]:
    return [name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns)]


def check_tests(plan: Mapping, tests: set[str]) -> list[str]:
    """Patterns without a test, tests without a promise."""
    findings, claimed = [], set()
    for entry in [*promises(plan), *plan["supporting"], *plan["conditional"]]:
        place = f"{PLAN}:{entry.lines['tests']}"
        for pattern in entry["tests"]:
            found = matching([pattern], tests)
            if not found:
                findings.append(f"{place}: no test {pattern}")
            if "needs" not in entry:
                claimed.update(found)
        if not entry["tests"]:
            findings.append(f"{place}: no tests")
        if "promise" in entry and ("proved" in entry) != any(pattern.startswith(PROOFS) for pattern in entry["tests"]):
            findings.append(f"{place}: proofs, and only they, have 'proved'")
    findings += [f"{PLAN}: no promise for the test {test}" for test in sorted(tests - claimed)]
    return findings


def check_blocks(plan: Mapping, files: list[str], programs: set[str]) -> list[str]:
    """`files`: all of the repository; `programs`: what tests run."""
    findings, claimed = [], set()
    for block in plan["blocks"]:
        if not block["promises"]:
            findings.append(f"{PLAN}:{block.line}: {block['block']} promises nothing")
        for pattern in block["sources"]:
            found = matching([pattern], files)
            claimed.update(found)
            if not found:
                findings.append(f"{PLAN}:{block.lines['sources']}: no file {pattern}")
        findings += [f"{PLAN}:{block.lines[key]}: no test runs {target}"
                     for key in ("targets", "generated") for target in block.get(key, []) if target not in programs]
    findings += [f"{PLAN}: {file} belongs to no block" for file in files if PRODUCT.match(file) and file not in claimed]
    for run in plan["mutation"]:
        findings += [f"{PLAN}:{survivor.line}: verdict must be one of {', '.join(VERDICTS)}"
                     for survivor in run["survivors"] if survivor["verdict"] not in VERDICTS]
        if run["faults"] != run["killed"] + run["timed_out"] + run["not_built"] + len(run["survivors"]):
            findings.append(f"{PLAN}:{run.line}: {run['faults']} faults, and another number of what became of them")
    return findings


@dataclass
class Result:
    """What a run of ctest says of one test."""
    name: str
    status: str  # of JUnit: run, fail, notrun, disabled
    skipped_itself: bool
    seconds: float
    proved: str  # what a proof has printed of its assertions

    @property
    def passed(self) -> bool:
        return self.status == "run"


def plain_name(name: str) -> str:
    """Without what GoogleTest says of parameters."""
    return name.partition("  # ")[0]


def read_results(text: str) -> list[Result]:
    results = []
    for case in ElementTree.fromstring(text).iter("testcase"):
        skipped, output = case.find("skipped"), case.findtext("system-out") or ""
        proved = re.search(r"(\d+ assertions) hold (.*)", output)
        results.append(Result(plain_name(case.get("name", "")), case.get("status", ""),
                              skipped is not None and skipped.get("message", "").startswith("SKIP_"),
                              float(case.get("time", 0)), " ".join(proved.groups()) if proved else ""))
    return results


def figure(entry: Mapping, results: list[Result]) -> str:
    """What a run has shown of a promise."""
    mine = [result for result in results if matching(entry["tests"], [result.name])]
    counts = [("passed", sum(result.passed for result in mine)),
              ("failed", sum(result.status == "fail" for result in mine)),
              ("not run", sum(result.status not in ("run", "fail") for result in mine))]
    parts = [f"{count} {what}" for what, count in counts if count] or ["not run"]
    return ", ".join([*parts, f"{sum(result.seconds for result in mine):.1f} s",
                      *(result.proved for result in mine if result.proved)])


def check_results(plan: Mapping, tests: set[str], results: list[Result]) -> list[str]:
    """Tests of promises that have not passed or have not run."""
    conditional = {test for entry in plan["conditional"] for test in matching(entry["tests"], tests)}
    bad = {result.name: "has failed" if result.status == "fail" else "has not run" for result in results
           if not result.passed and not (result.skipped_itself and result.name in conditional)}
    bad.update({test: "has not run" for test in tests - {result.name for result in results}})
    findings = []
    for promise in promises(plan):
        place = f"{PLAN}:{promise.line}"
        findings += [f"{place}: {test} {bad[test]}" for test in matching(promise["tests"], sorted(bad))]
        if not matching(promise["tests"], tests):
            findings.append(f"{place}: no test has run")
        findings += [f"{place}: {result.name} is proved {result.proved}, not {promise['proved']}" for result in results
                     if result.proved and "proved" in promise and matching(promise["tests"], [result.name])
                     and (UNBOUNDED in promise["proved"]) > (UNBOUNDED in result.proved)]
    return findings


def cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def code_list(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def shown_by(promise: Mapping) -> str:
    text = code_list(promise["tests"])
    if "proved" in promise:
        text += f": proved {promise['proved']}"
    return text + (f"; {promise['of']}" if "of" in promise else "")


def rows(head: list[str], cells_of_rows: list[list]) -> list[str]:
    """A table of Markdown."""
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    return lines + ["| " + " | ".join(cell(str(text)) for text in cells) + " |" for cells in cells_of_rows]


def promise_table(plan: Mapping, results: list[Result] | None) -> list[str]:
    cells_of_rows = []
    for block in plan["blocks"]:
        for number, promise in enumerate(block["promises"]):
            cells = ["" if number else f"**{block['block']}**", promise["promise"], shown_by(promise)]
            cells_of_rows.append(cells + ([figure(promise, results)] if results is not None else []))
    return rows(["block", "promise", "shown by"] + (["last run"] if results is not None else []), cells_of_rows)


def found_share(run: Mapping, also: tuple[str, ...]) -> str:
    """Of the faults that were built and can be told from the original, those that were found, and survivors of these verdicts."""
    verdicts = [survivor["verdict"] for survivor in run["survivors"]]
    can_be = run["faults"] - run["not_built"] - verdicts.count("equivalent")
    found = run["killed"] + run["timed_out"] + sum(map(verdicts.count, also))
    return f"{100 * found / can_be:.1f} %" if can_be else "none"


def counts_of(run: Mapping) -> list:
    """What became of its faults, in the order of the columns of the page."""
    verdicts = [survivor["verdict"] for survivor in run["survivors"]]
    return [*(run[key] for key in COUNTS), len(verdicts), *map(verdicts.count, VERDICTS),
            found_share(run, ()), found_share(run, ("mended",))]


def all_runs(runs: list[Mapping]) -> dict:
    """As if they were one."""
    return {**{key: sum(run[key] for run in runs) for key in COUNTS},
            "survivors": [survivor for run in runs for survivor in run["survivors"]]}


def mutation_tables(plan: Mapping) -> list[str]:
    runs = [[run["files"], f"`{run['commit']}`", run["seed"], *counts_of(run)] for run in plan["mutation"]]
    runs.append(["**all**", "", "", *counts_of(all_runs(plan["mutation"]))])
    survivors = [[f"`{survivor['at']}`", f"`{survivor['change']}`", survivor["verdict"], survivor["why"]]
                 for run in plan["mutation"] for survivor in run["survivors"]]
    counts = [key.replace("_", " ") for key in COUNTS]
    heads = ["files", "commit", "seed", *counts, "survived", *VERDICTS, "found then", "found now"]
    return [*rows(heads, runs), "",
            *rows(["survivor", "fault", "verdict", "why"], survivors)]


def render(plan: Mapping, results: list[Result] | None = None) -> str:
    """The page; with results, what they say of each promise, too."""
    page = plan["page"]
    not_shown = [[f"**{block['block']}**", entry["what"], entry["why"]]
                 for block in plan["blocks"] for entry in block.get("missing", [])]
    sections = [
        ["<!-- made by scripts/test_plan.py from docs/verification.yaml -->", page["head"].rstrip()],
        ["## Promises", "", *promise_table(plan, results)],
        *([f"Tests {what}:", "", *rows(["tests", key], [[code_list(entry["tests"]), entry[key]] for entry in plan[entries]])]
          for what, entries, key in (("of what tests and the build stand on", "supporting", "why"),
                                     ("that skip themselves where they cannot run", "conditional", "needs"))),
        ["## Not shown", "", page["missing"].rstrip(), "", *rows(["block", "what", "why"], not_shown)],
        ["## Proofs", "", page["proofs"].rstrip()],
        ["## Faults made on purpose", "", page["mutation"].rstrip(), "", *mutation_tables(plan)],
    ]
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


class BuildError(Exception):
    """The build folder cannot be used."""


def tests_of_build(build: Path, partly: bool = False) -> list[dict]:
    """The tests that ctest knows, as it shows them; BuildError if some are not built, unless it may be built partly."""
    run = subprocess.run(["ctest", "--test-dir", str(build), "--show-only=json-v1"], capture_output=True, text=True, check=False)
    if run.returncode:
        raise BuildError(f"{build}: {run.stderr.strip()}")
    tests = json.loads(run.stdout)["tests"]
    for test in tests:
        test["name"] = plain_name(test["name"])
    missing = [test["name"].removesuffix("_NOT_BUILT") for test in tests if test["name"].endswith("_NOT_BUILT")]
    if missing and not partly:
        raise BuildError(f"{build}: not built: {', '.join(missing)}")
    return tests


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=Path, metavar="BUILD", help="build folder with all tests")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE}")
    parser.add_argument("--results", type=Path, metavar="JUNIT.xml", help="what ctest --output-junit has written")
    return parser.parse_args()


def summary(plan: Mapping, results: list[Result]) -> str:
    def is_shown(promise: Mapping) -> bool:
        mine = [result.passed for result in results if matching(promise["tests"], [result.name])]
        return bool(mine) and all(mine)

    shown = sum(map(is_shown, promises(plan)))
    missing = sum(len(block.get("missing", [])) for block in plan["blocks"])
    return (f"{shown} of {len(promises(plan))} promises of {len(plan['blocks'])} blocks shown by "
            f"{sum(result.passed for result in results)} of {len(results)} tests; {missing} things listed as not shown")


def run(options: argparse.Namespace) -> list[str]:
    plan = load((ROOT / PLAN).read_text(encoding="utf-8"))
    known = tests_of_build(options.build)
    tests = {test["name"] for test in known}
    if options.results:
        results = read_results(options.results.read_text(encoding="utf-8"))
        (options.build / "verification.md").write_text(render(plan, results), encoding="utf-8")
        print(f"{options.build / 'verification.md'}: {summary(plan, results)}")
        return check_results(plan, tests, results)
    if options.write:
        (ROOT / PAGE).write_text(render(plan), encoding="utf-8")
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    programs = {Path(word).name for test in known for word in test.get("command", [])}
    findings = check_tests(plan, tests) + check_blocks(plan, files, programs)
    if (ROOT / PAGE).read_text(encoding="utf-8") != render(plan):
        findings.append(f"{PAGE}: not up to date with {PLAN}: scripts/test_plan.py BUILD --write")
    return findings


def main() -> int:
    try:
        findings = run(arguments())
    except PlanError as error:
        findings = [str(error)]
    except (BuildError, OSError, ElementTree.ParseError) as error:
        print(f"test_plan: {error}", file=sys.stderr)
        return 2
    print("\n".join(findings), end="\n" if findings else "")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
