#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""performance.py on made-up results: what is reached, what is not, what is missing. Run by a Python with PyYAML."""
import copy
import tempfile
import unittest
from pathlib import Path
from xml.etree import ElementTree

import yaml

import performance

TEXTS = yaml.safe_load((Path(__file__).parent / "performance.yaml").read_text(encoding="utf-8"))
BLOCK = {"cells": 1000, "lut": 1500, "ff": 800, "block_ram": 1.5, "ultra_ram": 2, "dsp": 0, "levels": 5}
DESIGNS = ("core", "U50, VFIO", "U50, XRT", "U55C or U250, VFIO", "U55C or U250, XRT")
PROCESS = {"context": {"num_cpus": 1, "mhz_per_cpu": 1},
           "benchmarks": [{"name": f"{peer}_responder_{sas}/iterations:1", "items_per_second": 1e7}
                          for peer in performance.PEERS for sas in performance.SAS]
           + [{"name": "library_add_sas", "host": 1e-6}, {"name": "liveness_65536_sas", "host": 0.004}]}
RESULTS = {
    "bench": {"assumed_clock_mhz": 300.0, "runs": {"in process": PROCESS}},
    "cycles": {"cycles": dict.fromkeys(set(TEXTS["cycles"]) - set(performance.REPLIES.values()), 3),
               "parts": dict.fromkeys(TEXTS["parts"], 4), "load": {"pings": 24000, "probes": 470, "lost": 0},
               "speed": dict.fromkeys(
        ("rtl_khz", "view_khz", "fast_khz", "rtl_pings_per_second", "view_pings_per_second", "fast_pings_per_second"), 10)},
    "synth": {"tool": "Yosys", "command": "synth", "depth_script": "script", "sa_capacity": 16384, "kernels": ["open"],
              "estimated_levels": {"open": 4}, "blocks": {"open": BLOCK, "requester": {**BLOCK, "levels": 7}},
              "designs": dict.fromkeys(DESIGNS, BLOCK)}}


class Page(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name) / "performance"
        self.results = copy.deepcopy(RESULTS)
        self.texts = copy.deepcopy(TEXTS)

    def page(self):
        bench, counted, synth = (self.results[name] for name in ("bench", "cycles", "synth"))
        replies = dict.fromkeys(performance.REPLIES.values(), 3.5)
        return performance.page(performance.Run(bench, counted, replies, synth), self.texts, self.folder)

    def row(self, start):
        return next(line for line in self.page().splitlines() if line.startswith(f"| {start}"))

    def test_a_goal_that_is_reached(self):
        self.assertEqual(self.row("pass path, cycles"), "| pass path, cycles | at most 26 | 3 | yes |")

    def test_a_goal_that_is_missed_has_its_reason(self):
        self.results["cycles"]["cycles"]["pass_latency"] = 27
        self.assertRegex(self.row("pass path, cycles"), r"at most 26 \| 27 \| \*\*no\*\*: a decision takes")
        self.assertRegex(self.row("simulation of the whole card"), r"at least 60 \| 10 \| \*\*no\*\*: ")

    def test_what_is_not_measured_says_so(self):
        self.texts["goals"].append({"what": "weight", "at_most": 1, "why": "no scales"})
        self.assertEqual(self.row("weight"), "| weight | at most 1 |  | not measured: no scales |")

    def test_a_full_load_is_told_with_what_it_lost(self):
        self.results["cycles"]["load"]["lost"] = 3
        self.assertIn("| at most 0 | 3 | **no**: some FIFO", self.row("liveness of 65,536 SAs and"))
        self.assertIn("24,000 of the smallest pings", " ".join(self.page().split()))

    def test_counts_of_the_requester_are_those_of_its_report(self):
        tests = [{"name": name, "cycles_per_reply": "3.25"} for name in performance.REPLIES]
        self.assertEqual(performance.count_replies({"testsuites": [{"testsuite": tests}]}),
                         {"own_ping_reply": 3.25, "probe_reply": 3.25})
        with self.assertRaisesRegex(performance.PageError, "no TakesRepliesToProbes"):
            performance.count_replies({"testsuites": [{"testsuite": tests[:1]}]})

    def test_ratios_are_those_of_the_same_run(self):
        # 100 ns against 3 cycles at 300 MHz
        self.assertEqual(self.row("1 SA | ipsec-mb"), "| 1 SA | ipsec-mb, burst interface, one core | 100 | 10 |")
        self.assertIn("| at least 6 | 10 | yes |", self.row("time of ipsec-mb's burst interface over the card's, 1 SA"))

    def test_bytes_a_cycle_are_those_of_the_text(self):
        # 68 bytes in 3 cycles with 1,500 LUTs
        self.assertIn("| 15.11 | yes |", self.row("GCM of open, pings of 166 bytes"))

    def test_a_peer_that_is_not_here(self):
        self.results["bench"]["runs"]["in process"]["benchmarks"] = [
            entry for entry in PROCESS["benchmarks"] if not entry["name"].startswith("ipsec_mb")]
        self.assertIn("not on this machine", self.row("1 SA | ipsec-mb"))
        self.assertIn("not measured", self.row("time of ipsec-mb's burst interface over the card's, 1 SA"))

    def test_levels_are_the_worst_of_their_kind(self):
        self.assertIn("| 5 | yes |", self.row("mapped LUT levels of the deepest kernel"))
        self.assertIn("| 7 | **no**", self.row("mapped LUT levels of the deepest block of the shell"))

    def test_estimates_stand_beside_what_is_mapped(self):
        self.assertIn("| 1 | yes |", self.row("mapped LUT levels less those that hlsc has estimated"))
        self.assertTrue(self.row("open | 1,000").endswith("| 5 | 4 |"))
        self.assertTrue(self.row("requester | 1,000").endswith("| 7 |  |"))
        self.results["synth"]["estimated_levels"]["open"] = 7
        self.assertIn("| 2 | **no**", self.row("mapped LUT levels less those that hlsc has estimated"))

    def test_shares_are_of_what_is_left(self):
        self.assertEqual(self.row("U50, VFIO | the chip"), "| U50, VFIO | the chip | 0.2 | 0.0 | 0.1 | 0.3 |")
        self.assertIn("what the platform leaves", self.row("U50, XRT | what"))
        self.assertIn("is not known", self.row("U55C, XRT"))

    def test_a_count_without_a_text_is_refused(self):
        self.results["cycles"]["cycles"]["new"] = 1
        with self.assertRaisesRegex(performance.PageError, "cycles: new: on one side only"):
            self.page()
        self.results = copy.deepcopy(RESULTS)
        del self.results["cycles"]["parts"]["sent"]
        with self.assertRaisesRegex(performance.PageError, "parts: sent: on one side only"):
            self.page()

    def test_plots_are_pictures(self):
        self.page()
        for name in ("parts", "peers", "area"):
            bars = ElementTree.parse(self.folder / f"{name}.svg").getroot().findall("{*}rect")
            self.assertGreater(len(bars), 2)

    def test_a_file_that_is_not_there(self):
        with self.assertRaisesRegex(performance.PageError, "nowhere.json"):
            performance.load(Path("/nowhere.json"))


if __name__ == "__main__":
    unittest.main()
