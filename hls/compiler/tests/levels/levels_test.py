#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the LUT levels that hlsc estimates with the depth of what Yosys maps.

usage: levels_test.py TOP RTL REPORT MODULE...

RTL is the generated module TOP, REPORT its schedule report, MODULE the files that it needs. The estimate may be up to TOLERANCE
levels below or above: Yosys packs LUTs otherwise, and the netlist contains the control logic of the queues, which hlsc does not
schedule. `make synth` tells of all kernels.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "scripts"))

import yosys_depth  # noqa: E402
from hlsc_report import estimated_levels  # noqa: E402

TOLERANCE = 1


def mapped(top, files):
    """Depth of module TOP as Yosys maps it for UltraScale+. Wide multiplexers are left out: their slow inputs distort XOR-heavy
    logic. What hlsc has made a module of its own is mapped once, as hlsc estimates it once: dozens of copies of an AES round take
    hours."""
    with tempfile.NamedTemporaryFile(suffix=".json") as mapped_file:
        script = (f"read_verilog -sv {' '.join(files)}; setattr -mod -set keep_hierarchy 1 {top}_*; "
                  f"synth_xilinx -family xcup -nowidelut -flatten -noiopad -noclkbuf -top {top}; write_json {mapped_file.name}")
        subprocess.run(["yosys", "-q", "-p", script], check=True, stdout=subprocess.DEVNULL)
        return yosys_depth.read(mapped_file.name, top).depth()


def main():
    top, rtl, report, *modules = sys.argv[1:]
    estimated, found = estimated_levels(report, top), mapped(top, [*modules, rtl])
    print(f"{top}: {estimated} levels estimated, {found} mapped by Yosys")
    if abs(estimated - found) > TOLERANCE:
        sys.exit(f"{top}: the estimate is off by more than one level")


if __name__ == "__main__":
    main()
