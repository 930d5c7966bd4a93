#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/performance.md and its plots from what one run of `make bench` has found. Run by a Python with PyYAML."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from pathlib import Path

import yaml

from bar_chart import bar_chart

HERE = Path(__file__).resolve().parent
CARDS = HERE.parents[1] / "scripts/synth/cards.yaml"
COLUMNS = 132
NO_TEXT = 14 + 20 + 8 + 24 + 32  # bytes of a frame over IPv4 that are not text of the nested packet
PEERS = {"ipsec_mb": "ipsec-mb, burst interface", "openssl": "OpenSSL"}
SAS = {"1_sa": "1 SA", "65536_sas": "65,536 SAs"}
RESOURCES = {"cells": "logic cells", "lut": "LUTs", "ff": "flip-flops", "block_ram": "block RAM, 36 Kb", "ultra_ram": "UltraRAM",
             "dsp": "DSP", "levels": "levels"}
ESTIMATED = "levels, estimated"

HEAD = """<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- Written by `make bench`: do not edit. -->
# Performance

**Cycles** are counted in simulation of the RTL and are the same in every run. **Nanoseconds** of the card are cycles at a clock of
{mhz:.3f} MHz, which is *assumed*: the card has met no vendor's tool. **Times of software** are processor time of one core of the
machine that wrote this page ({processor}), measured in the same run; they say nothing of another machine. **Cells** are those of
{tool}, which counts more LUTs than Vivado does: they are good for comparing two states of this design. `make bench` writes the
whole page; `make bench-check` fails when cycles, cells or levels have become worse than `tests/bench/recorded.json`.
"""


class PageError(Exception):
    """Which file, and what is wrong with it."""


def load(path: Path) -> dict:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PageError(f"{path}: {error}") from error


# Tests of the requester that count cycles, and what they count.
REPLIES = {"TakesRepliesToPingsAtTheRateOfPings": "own_ping_reply", "TakesRepliesToProbesInFourCyclesEach": "probe_reply"}


def count_replies(report: dict) -> dict[str, float]:
    """Cycles from the JSON report of Google Test."""
    tests = {test["name"]: test for suite in report["testsuites"] for test in suite["testsuite"]}
    try:
        return {figure: float(tests[name]["cycles_per_reply"]) for name, figure in REPLIES.items()}
    except KeyError as error:
        raise PageError(f"report of the requester's tests: no {error.args[0]}") from error


class Run:
    """What one run has found, as figures with names."""

    def __init__(self, bench: dict, counted: dict, replies: dict[str, float], synth: dict):
        self.mhz: float = bench["assumed_clock_mhz"]
        process = bench["runs"]["in process"]
        self.processor = processor(process["context"])
        self.measured = {entry["name"].split("/")[0]: entry for entry in process["benchmarks"]}
        self.cycles, self.parts, self.speed = counted["cycles"] | replies, counted["parts"], counted["speed"]
        self.load = counted["load"]
        self.synth = synth
        self.values = self.find_values()

    def nanoseconds(self, cycles: float) -> float:
        return cycles * 1e3 / self.mhz

    def peer_nanoseconds(self, peer: str, sas: str) -> float | None:
        """Processor time of a ping; None: this peer is not here."""
        found = self.measured.get(f"{peer}_responder_{sas}")
        return 1e9 / found["items_per_second"] if found else None

    def card_cycles(self, sas: str) -> float:
        return self.cycles[{"1_sa": "cycles_per_ping_1_sa", "65536_sas": "cycles_per_ping_2000_of_65536_sas"}[sas]]

    def find_values(self) -> dict[str, float]:
        blocks, kernels = self.synth["blocks"], self.synth["kernels"]
        values = {f"cycles/{name}": value for name, value in self.cycles.items()}
        values |= {f"load/{name}": value for name, value in self.load.items()}
        values |= {f"speed/{name}": value for name, value in self.speed.items()}
        values |= {f"synth/{block}/{name}": value for block, found in blocks.items() for name, value in found.items()}
        values["synth/levels_of_kernels"] = max(blocks[name]["levels"] for name in kernels)
        values["synth/levels_off"] = max(abs(blocks[name]["levels"] - levels)
                                         for name, levels in self.synth["estimated_levels"].items())
        values["synth/levels_of_shell"] = max(found["levels"] for name, found in blocks.items() if name not in kernels)
        values["ratio/loaded_over_alone"] = self.cycles["reply_latency_166_loaded_p99"] / self.cycles["reply_latency_166_aes128"]
        for frame, per_ping in ((166, "cycles_per_ping_1_sa"), (1114, "cycles_per_ping_1114")):
            values[f"ratio/gcm_{frame}"] = (frame - NO_TEXT) / self.cycles[per_ping] / (blocks["open"]["lut"] / 1000)
        for peer in PEERS:
            for sas in SAS:
                time = self.peer_nanoseconds(peer, sas)
                if time:
                    values[f"ratio/{peer}_{sas}"] = time / self.nanoseconds(self.card_cycles(sas))
        values["host/sas_per_second"] = 1 / self.measured["library_add_sas"]["host"]
        values["host/liveness_percent"] = 100 * self.measured["liveness_65536_sas"]["host"]
        return values


def processor(context: dict) -> str:
    """As Linux names it."""
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return f"{context['num_cpus']} processors at {context['mhz_per_cpu']} MHz"


def number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.4g}"


def markdown(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])


def is_reached(value: float, goal: dict) -> bool:
    return value <= goal["at_most"] if "at_most" in goal else value >= goal["at_least"]


def goal_row(goal: dict, values: dict[str, float]) -> list[str]:
    wanted = f"at most {number(goal['at_most'])}" if "at_most" in goal else f"at least {number(goal['at_least'])}"
    value = values.get(goal.get("value"))
    if value is None:
        return [goal["what"], wanted, "", f"not measured: {goal['why']}"]
    return [goal["what"], wanted, number(value), "yes" if is_reached(value, goal) else f"**no**: {goal['why']}"]


def plot(path: Path, svg: str) -> None:
    path.write_text(svg, encoding="utf-8")


def goals(run: Run, texts: dict) -> str:
    rows = [goal_row(goal, run.values) for goal in texts["goals"]]
    return "## Goals\n\n" + markdown(["figure", "goal", "measured", "reached"], rows)


def cycles(run: Run, texts: dict, folder: Path) -> str:
    for kind, found in (("cycles", run.cycles), ("parts", run.parts)):
        unknown = set(found) ^ set(texts[kind])
        if unknown:
            raise PageError(f"performance.yaml: {kind}: {', '.join(sorted(unknown))}: on one side only")
    rows = [[text, number(run.cycles[name]), number(run.nanoseconds(run.cycles[name]))] for name, text in texts["cycles"].items()]
    parts = [[text, number(run.parts[name])] for name, text in texts["parts"].items()]
    plot(folder / "parts.svg", bar_chart("cycles of the smallest ping", [(name, run.parts[name]) for name in texts["parts"]]))
    return ("## Cycles\n\n`build/bin/sapulse_bench_cycles --all`; replies to the card's own pings: `build/bin/rtl_requester_test "
            "--gtest_filter='Requester.TakesReplies*'`. The last column is at the assumed clock.\n\n"
            + markdown(["figure", "cycles", "ns, assumed"], rows)
            + f"\n\nThe RTL of 65,536 SAs while {number(run.load['pings'])} of the smallest pings touched on 100 Gb/s Ethernet "
            f"and it sent {number(run.load['probes'])} probes, as often as ten a second for each of 65,536 SAs are: "
            f"{number(run.load['lost'])} pings or probes lost.\n\n"
            "Where the smallest ping is meanwhile (`sapulse sim --latency-plot` shows it for any capture):\n\n"
            + markdown(["until", "cycles"], parts) + f"\n\n![cycles of a ping]({folder.name}/parts.svg)")


def peers(run: Run, folder: Path) -> str:
    rows, bars = [], []
    for sas, sas_text in SAS.items():
        own = run.nanoseconds(run.card_cycles(sas))
        rows.append([sas_text, "card, cycles at the assumed clock", number(own), "1"])
        bars.append((f"card (assumed clock), {sas_text}", own))
        for peer, peer_text in PEERS.items():
            time = run.peer_nanoseconds(peer, sas)
            if time is None:
                rows.append([sas_text, peer_text, "not on this machine", ""])
                continue
            rows.append([sas_text, f"{peer_text}, one core", number(time), number(time / own)])
            bars.append((f"{peer_text.split(',')[0]}, {sas_text}", time))
    plot(folder / "peers.svg", bar_chart("ns for an encrypted ping of 166 bytes (logarithmic)", bars, logarithmic=True))
    return ("## One encrypted ping, beside software\n\nPings of 166 bytes, SAs in random order, the same packets for all. Software "
            "parses, finds the SA, refuses replays, opens, edits and seals, 32 packets at a time, out of memory and into it: no "
            "driver, no network card. `build/bin/sapulse_bench_sim --benchmark_filter=responder`\n\n"
            + markdown(["", "", "ns", "times the card's"], rows) + f"\n\n![ns for a ping]({folder.name}/peers.svg)")


def host(run: Run) -> str:
    rows = [["SAs added by the library, a second of processor time", number(run.values["host/sas_per_second"])],
            ["liveness of 65,536 SAs, each probed once a second, polled 1,000 times a second: percent of a core",
             number(run.values["host/liveness_percent"])]]
    return ("## Host\n\nProcessor time of the host library apart from the device, on the fast model of the largest card. "
            "`build/bin/sapulse_bench_sim --benchmark_filter='library|liveness'`; what registers, rings and commands take: "
            "[benchmarks](bench.md).\n\n" + markdown(["figure", "measured"], rows))


def simulation(run: Run) -> str:
    rows = [[name, number(run.speed[f"{model}_khz"]), number(run.speed[f"{model}_pings_per_second"])]
            for model, name in (("rtl", "RTL"), ("view", "RTL with the kernels' simulation views"), ("fast", "fast model"))]
    return ("## Simulation\n\nFull load of the smallest pings, host library included, by processor time, best of five runs. "
            "`build/bin/sapulse_bench_cycles --all`\n\n" + markdown(["model", "kHz", "pings a second"], rows))


def area(run: Run, folder: Path) -> str:
    blocks, designs, estimated = (run.synth[part] for part in ("blocks", "designs", "estimated_levels"))
    head = ["", *RESOURCES.values(), ESTIMATED]
    rows = [[name, *(number(found[key]) for key in RESOURCES), str(estimated.get(name, ""))]
            for name, found in (blocks | designs).items()]
    for row in rows[len(blocks):]:
        row[0] = f"**{row[0]}**"
    plot(folder / "area.svg", bar_chart("LUTs of each block", [(name, found["lut"]) for name, found in blocks.items()]))
    text = (f"`make synth`, {run.synth['sa_capacity']:,} SAs where nothing else is said: {run.synth['tool']}, "
            f"`{run.synth['command']}`, each block alone. LUTs are those of logic, memory and shift registers; logic cells are "
            "Yosys' estimate for logic alone. Levels are the most LUTs between two registers, or between a register and an edge of "
            "the block, of a second mapping in which no path becomes longer to save area (ABC's script "
            f"`{run.synth['depth_script']}`): Yosys knows of no clock, and else lets each path be as long as the deepest of its "
            "block. Of kernels, hlsc's estimate stands beside them. What stands below in bold are sums of blocks. In PCIe, MACs "
            "and clocks there is the vendor's IP, which is not counted.")
    return "\n\n".join(["## Area and levels", text, markdown(head, rows), f"![LUTs of each block]({folder.name}/area.svg)",
                        share_of_cards(designs)])


def share_of_cards(designs: dict[str, dict]) -> str:
    """Percent of the chips, and of what the platform of the XRT shell leaves."""
    cards = yaml.safe_load(CARDS.read_text(encoding="utf-8"))
    kinds = ("lut", "ff", "block_ram", "ultra_ram")
    rows = []
    for name, found in designs.items():
        for card, facts in cards.items():
            if card.upper() not in name:
                continue
            room, of = facts["device"], "the chip"
            if "XRT" in name and facts["free"]:
                room, of = facts["free"], "what the platform leaves"
            elif "XRT" in name:
                of = "the chip; what the platform leaves is not known"
            shares = [f"{100 * found[kind] / room[kind]:.1f}" for kind in kinds]
            rows.append([f"{card.upper()}, {name.partition(', ')[2]}", of, *shares])
    sources = sorted({facts[source] for facts in cards.values() for source in ("device_source", "free_source") if facts[source]})
    return (markdown(["percent of a card", "of", *(RESOURCES[kind] for kind in kinds)], rows)
            + "\n\nPCIe and MACs are hard blocks of the chip; the logic that the vendor's IP puts around them is not known without "
              "Vivado. Sources: " + "; ".join(sources) + ".")


def page(run: Run, texts: dict, folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    head = HEAD.format(mhz=run.mhz, processor=run.processor, tool=run.synth["tool"])
    parts = [head.rstrip(), goals(run, texts), cycles(run, texts, folder), peers(run, folder), host(run), simulation(run),
             area(run, folder)]
    return "\n\n".join(wrapped(paragraph) for part in parts for paragraph in part.split("\n\n")) + "\n"


def wrapped(paragraph: str) -> str:
    """Text in lines of the width that everything has; tables, headings and comments as they are."""
    if paragraph[0] in "|#<!":
        return paragraph
    return textwrap.fill(paragraph, COLUMNS, break_long_words=False, break_on_hyphens=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, text in (("bench", "bench.json of bench.py"), ("cycles", "what sapulse_bench_cycles --all has printed"),
                       ("requester", "report of rtl_requester_test, as JSON"), ("synth", "synth.json of make synth"),
                       ("output", "the page; plots go into a folder beside it")):
        parser.add_argument(f"--{name}", type=Path, required=True, metavar="FILE", help=text)
    arguments = parser.parse_args()
    run = Run(load(arguments.bench), load(arguments.cycles), count_replies(load(arguments.requester)), load(arguments.synth))
    texts = yaml.safe_load((HERE / "performance.yaml").read_text(encoding="utf-8"))
    arguments.output.write_text(page(run, texts, arguments.output.with_suffix("")), encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except PageError as error:
        sys.exit(f"performance: {error}")
