# SPDX-License-Identifier: Apache-2.0
"""Compiles kernels of public repositories with hlsc as they are, and compares RTL with the native run.

Usage: try_kernels.py DATA --hlsc FILE --repositories FOLDER [--only TEXT] [--words N] [--seed N] [--seconds N] [-o TABLE]

DATA is a YAML file that names repositories, their commits and kernels (kernels.yaml). FOLDER has a checkout of each, named as the
repository without its owner; nothing is downloaded, and a checkout of another commit is an error. Prints a row of a Markdown table
for each kernel: where it is, options but those of the preprocessor, whether it compiles, its stages, whether native run and RTL
agree, and the first refusal otherwise.
-o writes the rows to a file as well. Exit code 0 if everything compiles and agrees, 1 if not.
"""
import argparse
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

import yaml

HEAD = "| repository | kernel | top | options | compiles | stages | co-simulation | first refusal |\n" + "|---" * 8 + "|\n"


def run(command, folder, seconds):
    """Exit code and everything that was printed; 124 after the time limit."""
    try:
        result = subprocess.run(command, cwd=folder, timeout=seconds, text=True, errors="replace",
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except subprocess.TimeoutExpired:
        return 124, f"error: nothing after {seconds} s"
    return result.returncode, result.stdout


def refusal(output, folder):
    """The first error, without the folder of the checkout, fit for a cell of a table."""
    lines = [line for line in output.splitlines() if "error:" in line] or output.splitlines()[-1:] or ["nothing said"]
    return lines[0].replace(f"{folder}/", "").replace("|", "\\|")


def stages(report):
    """Stages of a kernel, or of the longest process of a network."""
    found = [int(n) for n in re.findall(r"stages: (\d+)", report)]
    return str(max(found)) if found else ""


def outcome(output, code, folder):
    """What --cosim has found."""
    if code == 0:
        words = sum(int(n) for n in re.findall(r"(\d+) words written", output))
        return f"exact, {words} words" if words else "nothing written", ""
    found = re.search(r"^.*\b(?:stream \S+, word|output \S+) .*|^stream .*: expected .*|^native: .*", output, re.MULTILINE)
    return ("differs", found.group(0)) if found else ("not run", refusal(output, folder))


def commit_of(folder):
    return subprocess.run(["git", "-C", folder, "rev-parse", "HEAD"], check=True, text=True, capture_output=True).stdout.strip()


def options_cell(words):
    """Options that are no preprocessor's."""
    return " ".join(word for word in words if not word.startswith(("-D", "-I")))


def row(repository, kernel, folder, options):
    """One kernel: its row, and whether all was well."""
    words = shlex.split(f"{repository.get('arguments', '')} {kernel.get('arguments', '')}")
    command = [options.hlsc, kernel["path"], *kernel.get("more", []), "--top", kernel["top"], *words]
    random = shlex.split(kernel.get("random", "").replace("{here}", str(options.data.resolve().parent)))
    with tempfile.TemporaryDirectory() as scratch:
        report = pathlib.Path(scratch) / "report"
        code, output = run([*command, "-o", f"{scratch}/kernel.sv", "--report", str(report)], folder, options.seconds)
        cells = [repository["name"], kernel["path"], f"`{kernel['top']}`", options_cell(words)]
        if code:
            return [*cells, "no", "", "", refusal(output, folder)], False
        cells += ["yes", stages(report.read_text())]
    command += [*random, "--cosim", "--words", str(options.words), "--seed", str(options.seed)]
    code, output = run(command, folder, options.seconds)
    return [*cells, *outcome(output, code, folder)], code == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--hlsc", required=True, type=lambda name: str(pathlib.Path(name).resolve()))
    parser.add_argument("--repositories", required=True, type=pathlib.Path)
    parser.add_argument("--only", default="", help="kernels with this in their path")
    parser.add_argument("--words", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=600, help="limit for each run of hlsc")
    parser.add_argument("-o", "--output", type=pathlib.Path)
    options = parser.parse_args()
    table, good = HEAD, True
    print(table, end="", flush=True)
    for repository in yaml.safe_load(options.data.read_text())["repositories"]:
        folder = options.repositories.resolve() / repository["name"].split("/")[1]
        if commit_of(folder) != repository["commit"]:
            sys.exit(f"{folder} is not at commit {repository['commit']}")
        for kernel in repository["kernels"]:
            if options.only not in kernel["path"]:
                continue
            cells, well = row(repository, kernel, folder, options)
            good = good and well
            line = f"| {' | '.join(cells)} |\n"
            print(line, end="", flush=True)
            table += line
    if options.output:
        options.output.write_text(table)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
