#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares hls/include/ap_int.h with the vendor's ap_int.h on random statements: types and bits of all results. Then runs the
tests of our header on the vendor's.

A statement that a header refuses is counted, not compared. The status is 1 if a result differs, if a test fails, or if ours refuses
what the vendor's accepts without saying why (REASONS).
"""

import argparse
import collections
import pathlib
import re
import subprocess
import sys
import tempfile

import cases

HERE = pathlib.Path(__file__).resolve().parent
OURS = HERE.parents[1] / "include"
BATCH = 250  # cases of one program
VERDICTS = ("same", "differs", "refused", "refused with a reason", "refused by both", "refused by the vendor")
REASONS = re.compile(r"the vendor's header|more than 64 bits; use|'\d+ <= 64' .*evaluated to false|because '\d+ <= 64'")


def program(batch: list[cases.Case]) -> str:
    text = ['#include <string>', '#include "ap_int.h"', f'#include "{HERE}/record.h"']
    for case in batch:
        text += [f'#line 1 "case_{case.number}"', f"static void case_{case.number}() {{ {' '.join(case.lines)} }}"]
    calls = " ".join(f"run({case.number}, case_{case.number});" for case in batch)
    return "\n".join([*text, '#line 1 "main"', f"int main() {{ catch_traps(); {calls} }}", ""])


def refusals(messages: str) -> dict[int, str]:
    """The cases that the compiler complains of, with what it says of them."""
    found: dict[int, str] = {}
    for message in re.split(r"^(?=.*error: )", messages, flags=re.MULTILINE):
        place = re.search(r"^case_(\d+):", message, re.MULTILINE)
        if place and "error: " in message:
            found.setdefault(int(place.group(1)), message[message.index("error: "):])
    return found


class Header:
    """One of the two headers, with the compiler's options for it."""

    def __init__(self, compiler: str, name: str, options: list[str], folder: pathlib.Path):
        self.command = [compiler, *options, "-O0", "-w", "-ferror-limit=0", "-ftemplate-backtrace-limit=0"]
        self.name = name
        self.folder = folder
        self.refused: dict[int, str] = {}

    def run(self, batch: list[cases.Case]) -> dict[int, list[str]]:
        """The results of each case that the header accepts."""
        source, executable = self.folder / f"{self.name}.cpp", self.folder / self.name
        while True:
            source.write_text(program([c for c in batch if c.number not in self.refused]))
            done = subprocess.run([*self.command, str(source), "-o", str(executable)], capture_output=True, text=True)
            if done.returncode == 0:
                break
            found = refusals(done.stderr)
            if not found:
                sys.exit(f"{self.name}: {done.stderr}")
            self.refused.update(found)
        results = collections.defaultdict(list)
        output = subprocess.run([str(executable)], capture_output=True, text=True)
        if output.returncode:
            sys.exit(f"{self.name}: status {output.returncode}: {output.stderr}")
        for line in output.stdout.splitlines():
            number, result = line.split(" ", 1)
            results[int(number)].append(result)
        return results


def judge(number: int, ours: Header, vendor: Header, our_results: dict, vendor_results: dict) -> tuple[str, str]:
    if number in ours.refused and number in vendor.refused:
        return "refused by both", ""
    if number in vendor.refused:
        return "refused by the vendor", vendor.refused[number]
    if number in ours.refused:
        reason = ours.refused[number]
        return "refused with a reason" if REASONS.search(reason) else "refused", f"ours: {reason.splitlines()[0]}"
    if our_results[number] == vendor_results[number]:
        return "same", ""
    return "differs", f"ours {'; '.join(our_results[number])} | vendor {'; '.join(vendor_results[number])}"


def compare(ours: Header, vendor: Header, all_cases: list[cases.Case]) -> tuple[dict[str, collections.Counter], list[str]]:
    """Verdicts for each form of statement, and what is to be mended."""
    counts: dict[str, collections.Counter] = collections.defaultdict(collections.Counter)
    findings = []
    for first in range(0, len(all_cases), BATCH):
        batch = all_cases[first:first + BATCH]
        our_results, vendor_results = ours.run(batch), vendor.run(batch)
        for case in batch:
            verdict, detail = judge(case.number, ours, vendor, our_results, vendor_results)
            counts[case.form][verdict] += 1
            if verdict in ("differs", "refused"):
                findings.append(f"{verdict}: {case.form}: {' '.join(case.lines)}\n    {detail}")
    return counts, findings


def our_tests_pass(vendor: Header, folder: pathlib.Path) -> bool:
    # The vendor's streams are not open.
    sources = [str(path) for path in sorted(HERE.parent.glob("*_test.cpp")) if path.name != "stream_test.cpp"]
    executable = str(folder / "tests")
    command = [*vendor.command, "-std=c++17", *sources, "-o", executable, "-lgtest", "-lgtest_main", "-lpthread"]
    built = subprocess.run(command, check=False).returncode == 0
    return built and subprocess.run([executable, "--gtest_brief=1"], check=False).returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("vendor", type=pathlib.Path, help="folder with the vendor's ap_int.h")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--compiler", default="clang++-19")
    parser.add_argument("--show", type=int, default=40, help="how many differences to print")
    options = parser.parse_args()
    if not (options.vendor / "ap_int.h").is_file():
        parser.error(f"no ap_int.h in '{options.vendor}': say which folder has the vendor's headers")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        ours = Header(options.compiler, "ours", ["-std=c++20", f"-I{OURS}"], folder)
        vendor = Header(options.compiler, "vendor", ["-std=c++14", "-DNDEBUG", f"-I{options.vendor}"], folder)
        counts, findings = compare(ours, vendor, cases.make_cases(options.seed, options.cases))
        passed = our_tests_pass(vendor, folder)
    print(f"seed {options.seed}, {options.cases} statements\n\n| use | {' | '.join(VERDICTS)} |\n|---|{'---|' * len(VERDICTS)}")
    for form, count in sorted(counts.items()):
        print(f"| {form} | {' | '.join(str(count[v]) for v in VERDICTS)} |")
    for finding in findings[:options.show]:
        print(finding)
    return 0 if passed and not findings else 1


if __name__ == "__main__":
    sys.exit(main())
