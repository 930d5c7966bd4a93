#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the LUT levels that hlsc estimates of a kernel with the depth of what Yosys maps, as `make synth` does for all.

usage: levels_test.py KERNEL FOLDER MODULE...

FOLDER has the kernel's generated RTL and its schedule report, MODULE are files that the RTL needs. The estimate may be one level
below or above: Yosys packs LUTs otherwise, and the netlist contains the control logic of the queues, which hlsc does not schedule.
Run by the Python that has pyosys (BUILD/venv).
"""

import sys
import tempfile
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[4] / "scripts"
sys.path += [str(SCRIPTS), str(SCRIPTS / "synth")]

import design  # noqa: E402
from hlsc_report import estimated_levels  # noqa: E402

TOLERANCE = 1


def mapped_levels(kernel, folder, library):
    block, = design.kernel_blocks([kernel], library, folder)
    with tempfile.TemporaryDirectory() as scratch:
        return design.synthesise(block, Path(scratch))["levels"]


def main():
    kernel, folder, *library = sys.argv[1:]
    estimated = estimated_levels(Path(folder) / f"{kernel}.rpt", kernel)
    mapped = mapped_levels(kernel, Path(folder), [Path(file) for file in library])
    print(f"{kernel}: {estimated} levels estimated, {mapped} mapped by Yosys")
    if abs(estimated - mapped) > TOLERANCE:
        sys.exit(f"{kernel}: the estimate is off by more than one level")


if __name__ == "__main__":
    main()
