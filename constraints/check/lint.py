#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks constraints/ without the vendor's tools: scripts, pins, clocks, crossings, IP. One line each; exit status 1 if one fails.

usage: lint.py --root SOURCE-FOLDER --build FOLDER --sources FILE --kernels FOLDER --boxes FILE [--card NAME] ..
FOLDER receives what is made on the way. --sources: names of the SystemVerilog files of core and cards, packages first; those of the
kernels are in the folder --kernels.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import xml.etree.ElementTree
from pathlib import Path

import yaml

import crossings
import netlist
import outlines

SHELLS = {"vfio": ["sapulse_vfio"], "xrt": ["sapulse", "sapulse_macs"]}
# Transceiver pins: their electrical standard belongs to the transceiver.
TRANSCEIVER = re.compile(r"(pcie|qsfp)_(refclk_[pn]|[rt]x[pn])(\[\d+\])?$")
# Clocks that the platform of the XRT shell brings and constrains.
PLATFORM_CLOCKS = {"ap_clk[0]", "clk_gt_freerun[0]", "gt0_refclk_p[0]", "gt1_refclk_p[0]"}


class Lint:
    """What has failed so far, and where everything is."""

    def __init__(self, arguments: argparse.Namespace):
        self.root: Path = arguments.root
        self.build: Path = arguments.build
        self.sources: Path = arguments.sources
        self.kernels: Path = arguments.kernels
        self.constraints = self.root / "constraints"
        self.failed = False

    def report(self, name: str, errors: list[str], good: str = "") -> bool:
        if errors:
            self.failed = True
            print(f"lint-constraints: {name}: FAILED")
            print("\n".join("  " + error for error in errors[:20]))
            if len(errors) > 20:
                print(f"  and {len(errors) - 20} more")
        else:
            print(f"lint-constraints: {name}: ok{' (' + good + ')' if good else ''}")
        return not errors

    def folder(self, card: str, shell: str) -> Path:
        return self.build / card / shell

    def settings(self, card: str, shell: str) -> list[str]:
        return [f"card={card}", f"shell={shell}", f"build={self.folder(card, shell)}", f"sources={self.sources}",
                f"includes={self.root / 'rtl/common'}", "version=1.2.3", "git=0123abcd"]

    def run_script(self, card: str, shell: str, table: str, script: str) -> list[str]:
        """Errors of a script; its record is FOLDER/CARD/SHELL/SCRIPT.record."""
        record = self.record(card, shell, script)
        record.parent.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(["tclsh", self.constraints / "check/run_script.tcl", table, self.constraints / script, record,
                               *self.settings(card, shell)], capture_output=True, text=True, check=False)
        return [done.stderr.strip().splitlines()[0]] if done.returncode else []

    def record(self, card: str, shell: str, script: str) -> Path:
        return self.folder(card, shell) / (script.replace("/", "-") + ".record")

    def tree(self, card: str, shell: str, top: str) -> dict:
        """An elaborated top, with its hierarchy."""
        return json.loads((self.folder(card, shell) / f"{top}.tree.json").read_text())


def scripts(lint: Lint, card: str) -> bool:
    good = True
    for shell, table, script in (("vfio", "vivado", "vfio/build.tcl"), ("vfio", "vivado", "vfio/flash.tcl"),
                                 ("xrt", "vivado", "xrt/package.tcl"), ("xrt", "vivado", "xrt/post_link.tcl"),
                                 ("vfio", "hls", "hls/kernels.tcl")):
        good &= lint.report(f"{card}: {script} runs to its end", lint.run_script(card, shell, table, script))
    return good


def check_top(lint: Lint, card: str, shell: str, top: str, boxes: Path) -> None:
    folder = lint.folder(card, shell)
    sources = [Path(line) for line in lint.sources.read_text().split()]
    files = outlines.without_kernels(sources, lint.kernels, folder / "kernels") + [boxes]
    try:
        tree, flat = netlist.elaborate(top, files, [lint.root / "rtl/common", folder / "include"], folder)
    except netlist.ElaborationError as error:
        lint.report(f"{card}: {top} elaborates", [str(error)])
        return
    lint.report(f"{card}: {top} elaborates", [])
    done = subprocess.run(["verilator", "--lint-only", "-Wall", "--assert", f"-I{lint.root / 'rtl/common'}",
                           f"-I{folder / 'include'}", "--top-module", top, *files], capture_output=True, text=True, check=False)
    lint.report(f"{card}: {top} through verilator --lint-only -Wall", done.stderr.splitlines() if done.returncode else [])
    check_constraints(lint, card, shell, top, tree, flat)


def check_constraints(lint: Lint, card: str, shell: str, top: str, tree: dict, flat: dict) -> None:
    """The constraints of the shell's script against an elaborated top."""
    notes, errors = evaluate_constraints(lint, card, shell, top, tree)
    if not lint.report(f"{card}: {top}: names in constraints exist", errors):
        return
    if shell == "vfio":
        lint.report(f"{card}: {top}: every port has its pin", pin_errors(flat["modules"][top]["ports"], notes))
    clocked = {argument if "[" in argument else argument + "[0]" for note in notes if note["command"] == "create_clock"
               for argument in note["arguments"]}
    design = netlist.Netlist(flat, top, port_clock="ap_clk" if shell == "xrt" else None)
    lint.report(f"{card}: {top}: every clock has a constraint",
                crossings.clock_errors(design, clocked if shell == "vfio" else PLATFORM_CLOCKS))
    errors, count = crossings.crossing_errors(design, crossings.Exceptions(notes, netlist.instances(tree, top)))
    lint.report(f"{card}: {top}: every crossing has an exception", errors, f"{count} paths between clocks")


def evaluate_constraints(lint: Lint, card: str, shell: str, top: str, tree: dict) -> tuple[list[dict], list[str]]:
    """The constraints, with names resolved in the design; or why not."""
    folder = lint.folder(card, shell)
    script, project = {"vfio": ("vfio/build.tcl", f"sapulse_{card}"), "xrt": ("xrt/package.tcl", f"package_{top}")}[shell]
    scopes = sorted(path.stem for path in (lint.root / "rtl/cdc").glob("*.tcl"))
    used = set(netlist.instances(tree, top).values())
    # Vivado joins instances with "/", but generate blocks with ".".
    cells = {"": sorted(re.sub(r"(?<![\w]g_two)(?<!\])\.", "/", path) for path in netlist.instances(tree, top))}
    cells |= {scope: sorted(netlist.registers_of(tree, scope)) for scope in scopes if scope in used}
    ports = tree["modules"][top]["ports"]
    model = folder / f"{top}.model"
    model.write_text("ports " + tcl([word for name, port in ports.items() for word in (name, str(len(port["bits"])))]) + "\ncells "
                     + tcl([word for scope, names in cells.items() for word in (scope, tcl(names, outer=False))]) + "\n")
    output = folder / f"{top}.constraints.json"
    done = subprocess.run(
        ["tclsh", lint.constraints / "check/run_constraints.tcl", lint.record(card, shell, script), project, model, output],
        capture_output=True, text=True, check=False)
    if done.returncode:
        return [], [done.stderr.strip().splitlines()[0]]
    return json.loads(output.read_text()), []


def tcl(words: list[str], outer: bool = True) -> str:
    """A Tcl list of words without braces of their own."""
    text = " ".join("{" + word + "}" for word in words)
    return "{" + text + "}" if outer else text


def pin_errors(ports: dict, notes: list[dict]) -> list[str]:
    """Every bit of every port has one package pin of its own, and an electrical standard unless it is a transceiver's."""
    pins: dict[str, str] = {}
    errors = []
    for note in notes:
        if note["command"] != "set_property" or "-dict" not in note:
            continue
        properties = dict(zip(note["-dict"][0::2], note["-dict"][1::2]))
        port = note["arguments"][0]
        pin = properties.get("PACKAGE_PIN")
        if port in pins:
            errors.append(f"{port} has two pins")
        if pin in pins.values():
            errors.append(f"pin {pin} is used twice, once for {port}")
        pins[port] = pin
        if "IOSTANDARD" not in properties and not TRANSCEIVER.match(port):
            errors.append(f"{port} has no IOSTANDARD")
    for name, port in ports.items():
        width = len(port["bits"])
        wanted = [name] if width == 1 and name not in pins and f"{name}[0]" not in pins else [f"{name}[{i}]" for i in range(width)]
        if width == 1 and name in pins:
            continue
        errors += [f"port {bit} has no pin" for bit in wanted if bit not in pins]
    return errors


def ip_errors(lint: Lint, card: str, tree: dict) -> list[str]:
    """Every IP is made once, in its pinned version, and every black box of the design is one of them or a primitive."""
    versions = dict(re.findall(r"^    (\w+)\s+([\d.]+)", (lint.constraints / "versions.tcl").read_text(), re.M))
    made: dict[str, str] = {}
    errors = []
    for line in lint.record(card, "vfio", "vfio/build.tcl").read_text().splitlines():
        if not line.startswith("create_ip "):
            continue
        options = dict(re.findall(r"-(\w+) (\S+?)(?=[ }])", line))
        if versions.get(options["name"]) != options.get("version"):
            errors.append(f"{options['name']} {options.get('version')} is not the version in versions.tcl")
        if options["module_name"] in made:
            errors.append(f"{options['module_name']} is made twice")
        made[options["module_name"]] = options["name"]
    boxes = {netlist.module_name(kind) for kind, module in tree["modules"].items() if module["attributes"].get("blackbox")}
    used = boxes & set(netlist.instances(tree, "sapulse_vfio").values())
    needed = {name for name in used if not re.match(r"[A-Z0-9_]+$", name)} - set(netlist.OPAQUE)  # primitives are no IP
    errors += [f"no script makes {name}" for name in sorted(needed - set(made))]
    errors += [f"nothing uses {name}" for name in sorted(set(made) - needed)]
    return errors


def identity_errors(lint: Lint, card: str) -> list[str]:
    """The PCIe block shows what the driver, the simulated card and the guide for gateways look for, and room for what they use."""
    record = lint.record(card, "vfio", "vfio/build.tcl").read_text()
    block = re.search(r"CONFIG\.vendor_id .*", record)
    if not block:
        return ["no PCIe block with a vendor ID is made"]
    made = dict(re.findall(r"CONFIG\.(\w+) ([^\s{}]+)", block.group(0)))
    header = (lint.root / "driver/vfio/include/sapulse/pci_identity.h").read_text()
    known = {name: int(value, 0) for name, value in re.findall(r"constexpr \S+ (k\w+) = (\w+);", header)}
    errors = [f"{option} is {made.get(option)}, {name} of pci_identity.h {known[name]:x}"
              for option, name in (("vendor_id", "kVendor"), ("pf0_device_id", "kDevice"), ("pf0_class_code_qdma", "kClass"))
              if int(made.get(option, "0"), 16) != known[name]]
    if made.get(f"pf0_bar{known['kRegisterBar']}_type_qdma") != "AXI_Lite_Master":
        errors.append(f"BAR {known['kRegisterBar']} of pci_identity.h is not the register window")
    rule = f'ATTR{{vendor}}=="{known["kVendor"]:#06x}", ATTR{{device}}=="{known["kDevice"]:#06x}"'
    if rule not in (lint.root / "docs/gateway.md").read_text():
        errors.append(f"docs/gateway.md has no rule with {rule}")
    return errors


def kernel_errors(lint: Lint, top: str, tree: dict) -> list[str]:
    """A kernel's XML names the busses that its top has, and registers where registers.yaml has them."""
    root = xml.etree.ElementTree.parse(lint.constraints / f"xrt/{top}.xml").getroot().find("kernel")
    busses = {re.match(r"([sm]_axi(?:l|s_line|s_core)?)_", name).group(1) for name in tree["modules"][top]["ports"]
              if re.match(r"[sm]_axi", name)}
    named = {port.get("name") for port in root.iter("port")}
    errors = [f"{top}.xml: no bus {name} in the top" for name in sorted(named - busses)]
    errors += [f"{top}.xml: bus {name} is missing" for name in sorted(busses - named)]
    if root.get("name") != top:
        errors.append(f"{top}.xml: name is {root.get('name')}")
    registers = {register["name"]: register["offset"]
                 for register in yaml.safe_load((lint.root / "contract/description/registers.yaml").read_text())["registers"]}
    for argument in root.iter("arg"):
        if argument.get("port") == "m_axi" and registers.get(argument.get("name")) != int(argument.get("offset"), 16):
            errors.append(f"{top}.xml: {argument.get('name')} at {argument.get('offset')} is no register of registers.yaml")
    return errors


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("root", "build", "sources", "kernels", "boxes"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--card", action="append", help="only this card; may be repeated (default: every folder with a card.tcl)")
    return parser.parse_args()


def main() -> int:
    arguments = parse_arguments()
    lint = Lint(arguments)
    cards = arguments.card or sorted(path.parent.name for path in lint.constraints.glob("*/card.tcl"))
    for card in cards:
        if not scripts(lint, card):
            continue
        for shell, tops in SHELLS.items():
            for top in tops:
                check_top(lint, card, shell, top, arguments.boxes)
        if lint.failed:
            continue
        lint.report(f"{card}: IP list is pinned", ip_errors(lint, card, lint.tree(card, "vfio", "sapulse_vfio")))
        lint.report(f"{card}: PCI identity is the driver's", identity_errors(lint, card))
        for top in SHELLS["xrt"]:
            lint.report(f"{card}: {top}.xml agrees with the kernel", kernel_errors(lint, top, lint.tree(card, "xrt", top)))
    return 1 if lint.failed else 0


if __name__ == "__main__":
    sys.exit(main())
