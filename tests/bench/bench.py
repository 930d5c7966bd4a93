#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the benchmarks in process and in the guest, writes one JSON file of both and prints a table (docs/bench.md)."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

PROCESS, GUEST = "in process", "guest"
TIMEOUT = 600  # seconds, of each program

# What is compared: where, the measure, with which peer of the same run, and by what. "clock": the card's cycles at its clock
# against the peer's time; "wall": both times; "cycles": both in cycles of the card.
COMPARISONS = [
    (PROCESS, "register_read", None, None),
    (PROCESS, "register_write_read", "register_read", "cycles"),
    (PROCESS, "doorbell_to_completion", "register_read", "cycles"),
    (PROCESS, "add_one_sa", "openssl_add_sa", "clock"),
    (PROCESS, "add_many_sas", "openssl_add_sa", "clock"),
    (PROCESS, "ping_by_host", "openssl_ping", "clock"),
    (PROCESS, "ping_by_host", "reference_ping", "clock"),
    (PROCESS, "exceptions", "socket_frame", "clock"),
    (GUEST, "register_read", "edu_register_read", "wall"),
    (GUEST, "register_write_read", "edu_register_read", "wall"),
    (GUEST, "doorbell_to_completion", "register_read", "wall"),
    (GUEST, "add_one_sa", "kernel_add_sas", "wall"),
    (GUEST, "add_many_sas", "kernel_add_sas", "wall"),
    (GUEST, "ping_by_host", "reference_ping", "wall"),
    (GUEST, "exceptions", "socket_frame", "wall"),
]


class BenchError(Exception):
    """One line: which program or measure, and what is wrong."""


def run(command: list[str], what: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, timeout=TIMEOUT)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BenchError(f"{what}: {error}") from error
    if done.returncode:
        raise BenchError(f"{what}: exit status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def run_in_process(program: Path, once: bool) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "bench.json"
        run([str(program), f"--benchmark_out={output}", *(["--once"] if once else [])], PROCESS)
        return json.loads(output.read_text())


def run_in_guest(arguments: argparse.Namespace) -> dict:
    console = run([str(arguments.vm), "--kernel", str(arguments.kernel), "--initrd", str(arguments.initrd), "--edu",
                   "--append", "suite=bench" + (" once=1" if arguments.once else "")], GUEST)
    _, begin, rest = console.replace("\r", "").partition("bench: begin\n")
    text, end, _ = rest.partition("bench: end")
    if not begin or not end:
        raise BenchError(f"{GUEST}: no results on the console\n{console}")
    return json.loads(text)


def measures(results: dict, place: str) -> dict[str, dict]:
    """By name. wall: ns per item; cycles: of the card, per item, where there are any."""
    found = {}
    for entry in results["benchmarks"]:
        name = entry["name"].split("/")[0]
        if entry.get("error_occurred"):
            raise BenchError(f"{place}: {name}: {entry['error_message']}")
        rate = entry.get("items_per_second", 0)
        if rate <= 0 or entry.get("cycles", 1) <= 0:
            raise BenchError(f"{place}: {name}: nothing was measured")
        found[name] = {"wall": 1e9 / rate, "cycles": entry.get("cycles")}
    return found


def compare(all_measures: dict[str, dict], mhz: float) -> list[dict]:
    rows = []
    for place, name, peer, way in COMPARISONS:
        missing = {name, peer} - {None} - set(all_measures[place])
        if missing:
            raise BenchError(f"{place}: {', '.join(sorted(missing))}: not measured")
        own = all_measures[place][name]
        row = {"place": place, "measure": name, "wall_ns": own["wall"], "cycles": own["cycles"],
               "per_second_at_assumed_clock": mhz * 1e6 / own["cycles"], "peer": peer, "compared": way}
        if peer:
            other = all_measures[place][peer]
            row["ratio"] = {"clock": lambda: own["cycles"] * 1e3 / mhz / other["wall"],
                            "wall": lambda: own["wall"] / other["wall"],
                            "cycles": lambda: own["cycles"] / other["cycles"]}[way]()
        rows.append(row)
    return rows


def table(rows: list[dict], mhz: float) -> str:
    lines = [f"{'':10} {'':22} {'wall ns':>12} {'cycles':>8} {'1/s at ' + format(mhz, '.0f') + ' MHz':>14}  compared with"]
    for row in rows:
        peer = f"{row['ratio']:9.3g} x {row['peer']} ({row['compared']})" if row["peer"] else ""
        lines.append(f"{row['place']:10} {row['measure']:22} {row['wall_ns']:12,.0f} {row['cycles']:8,.0f} "
                     f"{row['per_second_at_assumed_clock']:14,.0f}  {peer}".rstrip())
    return "\n".join([*lines, f"{mhz:.3f} MHz is assumed: no card has run. Times are of a simulation on this machine."])


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("sim", "vm", "kernel", "initrd", "output"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--once", action="store_true", help="one iteration each: whether it runs, not how fast")
    return parser.parse_args()


def main() -> None:
    arguments = parse_arguments()
    runs = {PROCESS: run_in_process(arguments.sim, arguments.once), GUEST: run_in_guest(arguments)}
    mhz = int(runs[PROCESS]["context"]["clock_khz"]) / 1000
    rows = compare({place: measures(results, place) for place, results in runs.items()}, mhz)
    arguments.output.write_text(json.dumps({"assumed_clock_mhz": mhz, "comparisons": rows, "runs": runs}, indent=1) + "\n")
    print(table(rows, mhz))


if __name__ == "__main__":
    try:
        main()
    except BenchError as error:
        sys.exit(f"bench: {error}")
