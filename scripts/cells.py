#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cells and flip-flops of the shell as Yosys maps it for UltraScale+, with the kernels as black boxes: to compare two
states of it.

usage: cells.py FILE-LIST INCLUDE-FOLDER
FILE-LIST: SystemVerilog of core and lint_top, packages first (BUILD/rtl/sapulse_core.files)
Takes some minutes. Run by the Python that has pyosys (BUILD/venv).
"""

import json
import pathlib
import sys
import tempfile

from pyosys import libyosys

KERNELS = ("align", "assemble", "classify", "header", "open", "request", "respond", "seal")


def statistics(files: list[str], include: str) -> dict:
    boxes = " ".join(f"--blackboxed-module {kernel}" for kernel in KERNELS)
    with tempfile.NamedTemporaryFile(suffix=".json") as output:
        commands = [f"read_slang -I{include} --top lint_top {boxes} {' '.join(files)}", "hierarchy -check -top lint_top",
                    "synth_xilinx -family xcup -flatten -noiopad -top lint_top", f"tee -q -o {output.name} stat -json"]
        libyosys.run_pass("; ".join(commands), libyosys.Design())
        return json.loads(pathlib.Path(output.name).read_text(encoding="utf-8"))["design"]


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    design = statistics(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8").split(), sys.argv[2])
    kinds = design["num_cells_by_type"]
    print(f"cells: {design['num_cells']}")
    print(f"flip-flops: {sum(count for kind, count in kinds.items() if kind.startswith('FD'))}")
    print("by type: " + ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items())))


if __name__ == "__main__":
    main()
