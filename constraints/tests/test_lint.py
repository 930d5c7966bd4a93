#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""lint.py must notice what is broken: each case changes one place of a copy of constraints/ (or of the RTL) and expects an error.

usage: test_lint.py SOURCE-FOLDER FILE-LIST     FILE-LIST: as for lint.py
"""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import sys
import tempfile
import unittest
from argparse import Namespace
from pathlib import Path

ROOT = Path(sys.argv[1])
SOURCES = Path(sys.argv[2])
sys.path.insert(0, str(ROOT / "constraints/check"))

import lint  # noqa: E402
import netlist  # noqa: E402
import outlines  # noqa: E402

CARD = "u250"
TOP = "sapulse_vfio"

# file below the root, what is in it, what takes its place, the error
SCRIPTS = [
    ("constraints/vfio/build.tcl", "wait_on_runs $run", "wait_for_runs $run", "no command wait_for_runs"),
    ("constraints/vfio/build.tcl", "report_cdc -details", "report_cdc -detail", "report_cdc: unknown option -detail"),
    ("constraints/vfio/build.tcl", "open_run impl_1", "open_run", "open_run: 0 arguments"),
    ("constraints/vfio/build.tcl", "STATS.WNS", "STATS.WORST", "no property STATS.WORST"),
    ("constraints/vfio/flash.tcl", "boot_hw_device $devices", "boot_hw_device $device", "can't read \"device\""),
    ("constraints/vfio/ip.tcl", "-> column first", "-> column", "can't read \"first\""),
    ("constraints/xrt/package.tcl", "-xo_path", "-path", "package_xo: unknown option -path"),
    ("constraints/xrt/post_link.tcl", "macs_1/gt_refclk$number", "macs_1/gt_clock$number", "connect_bd_intf_net"),
    ("constraints/hls/kernels.tcl", "csynth_design", "csynth", "no command csynth"),
    ("constraints/settings.tcl", "proc card_facts {folder name}", "proc card_fact {folder name}", "no command card_facts"),
    ("constraints/u250/card.tcl", "dict set card part", "dict set card chip", "key \"part\" not known"),
]
CONSTRAINTS = [
    ("constraints/u250/pins.xdc", "[get_ports pcie_perst_n]", "[get_ports pcie_reset_n]", "no port pcie_reset_n"),
    ("constraints/u250/pins.xdc", "[get_ports {qsfp_txp[7]}]", "[get_ports {qsfp_txp[8]}]", r"no port qsfp_txp\[8\]"),
    ("constraints/u250/pins.xdc", "[get_ports {qsfp_txp[7]}]", "[get_ports {qsfp_txp[6]}]", r"qsfp_txp\[6\] has two pins"),
    ("constraints/u250/pins.xdc", "PACKAGE_PIN AM11}", "PACKAGE_PIN AM10}", "pin AM10 is used twice"),
    ("constraints/u250/pins.xdc", "set_property -dict {PACKAGE_PIN AM11} [get_ports pcie_refclk_p]\n", "",
     "port pcie_refclk_p has no pin"),
    ("constraints/u250/pins.xdc", "set_property -dict {PACKAGE_PIN M11} [get_ports {qsfp_refclk_p[0]}]\n", "",
     r"port qsfp_refclk_p\[0\] has no pin"),
    ("constraints/u250/pins.xdc", " IOSTANDARD LVDS} [get_ports sysclk_n]", "} [get_ports sysclk_n]", "sysclk_n has no IOSTANDARD"),
    ("constraints/u250/clocks.xdc", "create_clock -name sysclk -period 3.333 [get_ports sysclk_p]\n", "",
     "no create_clock for port sysclk_p"),
    ("constraints/u250/clocks.xdc", "create_clock -name qsfp_refclk1 -period 6.400 [get_ports {qsfp_refclk_p[1]}]\n", "",
     r"no create_clock for port qsfp_refclk_p\[1\]"),
    ("constraints/u250/clocks.xdc", "set_false_path -to", "foreach x 1 {}\nset_false_path -to", "no command foreach"),
    ("constraints/u250/floorplan.xdc", "u_macs/g_port[1].u_port", "u_macs/g_port[2].u_port", r"no cell u_macs/g_port\[2\]\.u_port"),
    ("constraints/u250/floorplan.xdc", "get_pblocks pblock_core", "get_pblocks pblock_kernel", "no pblock pblock_kernel"),
    ("rtl/cdc/bit_synchronizer.tcl", "meta_reg", "stable_reg", "no exception for the path .*u_irq"),
    ("rtl/cdc/bit_synchronizer.tcl", "u_flops/meta_reg", "u_flop/meta_reg", r"no cell u_flop/meta_reg\[\*\]"),
    ("rtl/cdc/reset_synchronizer.tcl", "set_false_path -to [get_pins {stage_reg[*]/PRE}]", "", "no exception for the path"),
    ("rtl/cdc/gray_crossing.tcl", "set_max_delay", "# set_max_delay", "no exception for the path .*gray"),
    ("rtl/cdc/gray_crossing.tcl", "-from [get_cells {gray_reg[*]}] -to [get_cells {u_flops/meta_reg[*]}] [expr",
     "-from [get_cells {u_flops/meta_reg[*]}] -to [get_cells {gray_reg[*]}] [expr", "no exception for the path .*gray"),
    ("rtl/cdc/async_fifo.tcl", "-to [get_cells {out_data_reg[*]}]", "-to [get_cells {out_data_reg[0]}]",
     "no exception for the path from u_axi_crossing.u_ar.u_fifo.memory"),
    ("rtl/cdc/async_fifo.tcl", "set_max_delay", "# set_max_delay", "no exception for the path .*memory"),
    ("constraints/vfio/build.tcl", "add_cell_constraints\n", "\n", "no exception for the path"),
    ("constraints/project.tcl", "set_property SCOPED_TO_REF", "set_property USED_IN", "no cell|not a pin"),
]
IP = [
    ("constraints/versions.tcl", "-version [dict get $ip_versions $kind] ", "", "qdma None is not the version"),
    ("constraints/vfio/ip.tcl", "pinned_ip qdma card_qdma", "pinned_ip qdma qdma_0", "no script makes card_qdma"),
    ("constraints/u250/card.tcl", "    {cmac CMACE4_X0Y7 lanes X1Y40~X1Y43 refclk_mhz 156.25}\n", "", "no script makes cmac_port1"),
]
IDENTITY = [
    ("constraints/vfio/ip.tcl", "set pci_vendor 10ee", "set pci_vendor 10ef", "vendor_id is 10ef, kVendor of pci_identity.h 10ee"),
    ("constraints/vfio/ip.tcl", "set pci_device 5350", "set pci_device 5351", "pf0_device_id is 5351, kDevice"),
    ("constraints/vfio/ip.tcl", "set pci_class 120000", "set pci_class 020000", "pf0_class_code_qdma is 020000, kClass"),
    ("constraints/vfio/ip.tcl", "CONFIG.vendor_id $pci_vendor", "CONFIG.copy_pf0 true", "no PCIe block with a vendor ID"),
    ("constraints/vfio/ip.tcl", "CONFIG.pf0_bar0_type_qdma AXI_Lite_Master", "CONFIG.pf0_bar0_type_qdma DMA",
     "BAR 0 .* is not the register"),
    ("driver/vfio/include/sapulse/pci_identity.h", "kDevice = 0x5350", "kDevice = 0x5351", "kDevice of pci_identity.h 5351"),
    ("docs/gateway.md", '{device}=="0x5350"', '{device}=="0x5351"', "docs/gateway.md has no rule"),
]
KERNELS = [
    ("constraints/xrt/sapulse.xml", 'offset="0x140"', 'offset="0x148"', "EXCEPTION_BASE at 0x148"),
    ("constraints/xrt/sapulse.xml", '<port name="m_axis_line"', '<port name="m_axis_lime"', "no bus m_axis_lime"),
]
RTL = [
    ("rtl/card/sapulse_vfio.sv", ".levels(irq_seen)", ".levels(irq)", "no exception for the path from u_core.irq"),
    ("rtl/card/mac_port.sv", ".up(mac_up),\n      .out(mac_tx)", ".up(up),\n      .out(mac_tx)", "no exception for the path"),
    ("rtl/card/sapulse_vfio.sv", ".clk(bus_clk),\n      .rst(bus_rst),\n      .levels",
     ".clk(pcie_perst_n),\n      .rst(bus_rst),\n      .levels",
     "no create_clock for port pcie_perst_n"),
]


class Copy:
    """A copy of what lint.py reads and a case changes; the rest is linked."""

    def __init__(self, folder: Path):
        self.root = folder / "root"
        shutil.copytree(ROOT / "constraints", self.root / "constraints")
        for file in ("driver/vfio/include/sapulse/pci_identity.h", "docs/gateway.md"):
            (self.root / file).parent.mkdir(parents=True)
            shutil.copy(ROOT / file, self.root / file)
        (self.root / "rtl").mkdir()
        for name in ("cdc", "card"):
            shutil.copytree(ROOT / "rtl" / name, self.root / "rtl" / name)
        for name in ("contract", "rtl/common", "hls"):
            (self.root / name).symlink_to(ROOT / name)
        self.lint = lint.Lint(Namespace(root=self.root, build=folder / "build", sources=SOURCES,
                                        kernels=folder / "kernels"))

    def change(self, file: str, old: str, new: str) -> None:
        path = self.root / file
        text = path.read_text()
        if old not in text:
            raise AssertionError(f"the test does not fit: no '{old}' in {file}")
        path.write_text(text.replace(old, new))

    def sources(self) -> list[Path]:
        """Packages, card and black boxes; of the core only its ports."""
        listed = [Path(line) for line in SOURCES.read_text().split()]
        packages = [path for path in listed if path.name.endswith("_pkg.sv")]
        helpers = [path for path in listed
                   if path.parent == ROOT / "rtl/common" or path.name == "axil_slave.sv" or path.name.endswith("_if.sv")]
        own = sorted(self.root.glob("rtl/cdc/*.sv")) + sorted(self.root.glob("rtl/card/*.sv"))
        return packages + helpers + own + [self.root / "constraints/check/black_boxes.sv"]

    def elaborate(self, shell: str, top: str) -> tuple[dict, dict]:
        folder = self.lint.folder(CARD, shell)
        core = folder / "core_ports.sv"
        text = (ROOT / "rtl/sapulse_core.sv").read_text()
        end = text.index(");\n", text.index("irq\n")) + 3
        core.write_text(text[text.index("module sapulse_core"):end] + "endmodule\n")
        return netlist.elaborate(top, self.sources() + [core], [ROOT / "rtl/common", folder / "include"], folder)


class Refuses(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        copy = Copy(cls.folder / "good")
        with contextlib.redirect_stdout(io.StringIO()):
            lint.scripts(copy.lint, CARD)
        cls.tops = {top: copy.elaborate(shell, top) for shell, top in (("vfio", TOP), ("xrt", "sapulse"))}

    def copy(self, number: int, group: str) -> Copy:
        return Copy(self.folder / f"{group}{number}")

    def run_checks(self, copy: Copy, elaborate: bool = False) -> str:
        """Everything that lint.py prints about the one top, without elaborating it anew unless asked to."""
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            if lint.scripts(copy.lint, CARD):
                tree, flat = copy.elaborate("vfio", TOP) if elaborate else self.tops[TOP]
                lint.check_constraints(copy.lint, CARD, "vfio", TOP, tree, flat)
        return output.getvalue()

    def expect(self, case: tuple, output: str, failed: bool) -> None:
        self.assertTrue(failed, f"{case[:3]} passes:\n{output}")
        self.assertTrue(re.search(case[3], output), f"{case[:3]}: no '{case[3]}' in:\n{output}")

    def cases(self, group: str, cases: list[tuple], elaborate: bool = False) -> None:
        for number, case in enumerate(cases):
            with self.subTest(file=case[0], change=case[1]):
                copy = self.copy(number, group)
                copy.change(*case[:3])
                self.expect(case, self.run_checks(copy, elaborate), copy.lint.failed)

    def test_unchanged_passes(self):
        copy = self.copy(0, "unchanged")
        output = self.run_checks(copy)
        self.assertFalse(copy.lint.failed, output)

    def test_scripts(self):
        self.cases("script", SCRIPTS)

    def test_constraints(self):
        self.cases("constraint", CONSTRAINTS)

    def test_rtl(self):
        self.cases("rtl", RTL, elaborate=True)

    def script_cases(self, group: str, cases: list[tuple], check) -> None:
        """Cases that show in what the scripts have recorded."""
        for number, case in enumerate(cases):
            with self.subTest(file=case[0], change=case[1]):
                copy = self.copy(number, group)
                copy.change(*case[:3])
                with contextlib.redirect_stdout(io.StringIO()):
                    lint.scripts(copy.lint, CARD)
                errors = check(copy.lint)
                self.expect(case, "\n".join(errors), bool(errors))

    def test_ip(self):
        self.script_cases("ip", IP, lambda changed: lint.ip_errors(changed, CARD, self.tops[TOP][0]))

    def test_identity(self):
        copy = self.copy(0, "identity_unchanged")
        with contextlib.redirect_stdout(io.StringIO()):
            lint.scripts(copy.lint, CARD)
        self.assertEqual(lint.identity_errors(copy.lint, CARD), [])
        self.script_cases("identity", IDENTITY, lambda changed: lint.identity_errors(changed, CARD))

    def test_kernels(self):
        for number, case in enumerate(KERNELS):
            with self.subTest(file=case[0], change=case[1]):
                copy = self.copy(number, "kernel")
                copy.change(*case[:3])
                errors = lint.kernel_errors(copy.lint, "sapulse", self.tops["sapulse"][0])
                self.expect(case, "\n".join(errors), bool(errors))

    def test_outlines(self):
        folder = self.folder / "outlines"
        (folder / "kernels").mkdir(parents=True)
        (folder / "core.sv").write_text("module core ();\nendmodule\n")
        (folder / "kernels/two.sv").write_text("module two_part (\n  input wire a\n);\nendmodule\n"
                                               "module two (\n  output wire b\n);\n  two_part part ();\nendmodule\n")
        (folder / "kernels/none.sv").write_text("module other (\n  input wire a\n);\nendmodule\n")
        core, two, none = (folder / name for name in ("core.sv", "kernels/two.sv", "kernels/none.sv"))
        kept, outline = outlines.without_kernels([core, two], folder / "kernels", folder / "made")
        self.assertEqual(kept, core)
        lines = [line for line in outline.read_text().splitlines() if not line.startswith("//")]
        self.assertEqual(lines, ["module two (", "  output wire b", ");", "endmodule"])
        with self.assertRaisesRegex(ValueError, "no module none"):
            outlines.without_kernels([none], folder / "kernels", folder / "made")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
