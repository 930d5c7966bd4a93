# SPDX-License-Identifier: Apache-2.0
"""The design as blocks that Yosys synthesises each alone, and again only when what it reads has changed."""

from __future__ import annotations

import argparse
import dataclasses
import functools
import hashlib
import importlib.metadata
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[1]
ROOT = SCRIPTS.parent
sys.path += [str(SCRIPTS), str(ROOT / "constraints/check")]

import lint  # noqa: E402
import resources  # noqa: E402
import yosys_depth  # noqa: E402

YOSYS = SCRIPTS / "yosys.py"
# Without wide multiplexers, whose slow inputs distort XOR-heavy logic, and without ABC's proof that it has kept the logic, which
# takes most of the time where there are multipliers of GF(2^128), and tells nothing of ours. With a nanosecond of wire behind each
# LUT: by the 300 ps of Yosys' own, a chain of small LUTs is as good as one large LUT, so that it maps to more levels than it must.
PREPARE = "scratchpad -set abc9.verify 0; scratchpad -set synth_xilinx.abc9.W 1000"
MAP = "synth_xilinx -family xcup -nowidelut -uram -flatten -noiopad -noclkbuf"
SYNTHESIS = f"{PREPARE}; {MAP}"
# Levels are those of a second mapping to LUTs, in which each bit has as few as it can (-t). In the first one, of which cells are
# counted, paths become as long as the deepest of the block where that saves a LUT, for Yosys knows of no clock that would forbid
# it. With 32 cuts of each node; with 8, where Yosys leaves it, sums of products in GF(2^128) have a level more.
DEPTH_SCRIPT = "+&scorr;&sweep;&dc2;&dch,-f,-r;&if,-t,-W,1000,-C,32"
# Names that Yosys makes are numbered anew in each module, so that they do not change with what other modules have.
NORMALISE = "proc; chformal -remove; opt_clean; rename -enumerate"
# Of a block as Yosys writes it, what says nothing of the logic: places in the source, and how far Yosys has counted.
NO_LOGIC = re.compile(rb"^(autoidx \d+|\s*attribute \\src .*)\n", re.M)


class SynthesisError(Exception):
    """Which block, and what Yosys says."""


@dataclasses.dataclass(frozen=True)
class Block:
    """Something to synthesise. read: commands of Yosys that read it; inputs: the files that these read."""
    name: str
    top: str
    read: str = ""
    inputs: tuple[Path, ...] = ()
    boxes: frozenset[str] = frozenset()  # modules that are blocks of their own, or the vendor's

    @property
    def file_name(self) -> str:
        return re.sub(r"\W+", "_", self.name).strip("_")


def yosys(commands: list[str], what: str) -> float:
    """Processor time of the run, s."""
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen([sys.executable, YOSYS, "; ".join(commands)], stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            raise SynthesisError(f"{what}: {output.read()[-1000:].strip()}")
    return usage.ru_utime + usage.ru_stime


def kernel_blocks(names: list[str], library: list[Path], folder: Path) -> list[Block]:
    """What hlsc has made a module of its own is mapped once: dozens of copies of an AES round take hours."""
    blocks = []
    for name in names:
        files = (*library, folder / f"{name}.sv")
        read = f"read_verilog -sv {' '.join(map(str, files))}; setattr -mod -set keep_hierarchy 1 {name}_*"
        blocks.append(Block(name, name, read=read, inputs=files))
    return blocks


def core_blocks(plan: dict, sources: list[Path], capacity: int, folder: Path) -> list[Block]:
    """Elaborates the core for `capacity` SAs and writes what each of its blocks consists of into a file of its own."""
    return write_blocks(read_core(plan, sources, capacity), core_modules(plan), frozenset(plan["kernels"]), folder)


def large_blocks(plan: dict, sources: list[Path], folder: Path) -> list[Block]:
    """Those that grow with the number of SAs, of the largest core."""
    large = plan["large"]
    modules = {f"{name} {large['suffix']}" if name in large["blocks"] else name: module
               for name, module in core_modules(plan).items()}
    blocks = write_blocks(read_core(plan, sources, large["sa_capacity"]), modules, frozenset(plan["kernels"]), folder / "large")
    return [block for block in blocks if block.name.endswith(large["suffix"])]


def core_modules(plan: dict) -> dict[str, str]:
    """Of each block its module in the elaborated core."""
    return {name: f"{name}$lint_top.u_core" + (f".{path}" if path else "") for name, path in plan["core"].items()}


def read_core(plan: dict, sources: list[Path], capacity: int) -> list[str]:
    return [f"read_slang --keep-hierarchy -I{ROOT / 'rtl/common'} -G SA_CAPACITY={capacity} --top lint_top "
            f"{box_options(plan)} {' '.join(map(str, sources))}", "hierarchy -check -top lint_top"]


def top_blocks(plan: dict, sources: Path, kernels: Path, folder: Path) -> list[Block]:
    """The same for the card tops, with what constraints/ writes for the vendor's tools. sources: names of all files, one a line;
    kernels: folder of those that are kernels."""
    box_file = ROOT / "constraints/check/black_boxes.sv"
    boxes = frozenset(re.findall(r"^module (\w+)", box_file.read_text(encoding="utf-8"), re.M)) | {"sapulse_core"}
    files = " ".join([*sources.read_text(encoding="utf-8").split(), str(box_file)])
    cards = lint.Lint(argparse.Namespace(root=ROOT, build=folder / "cards", sources=sources, kernels=kernels))
    blocks = []
    for name, each in plan["tops"].items():
        card, shell, top = each["card"], each["shell"], each["top"]
        errors = cards.run_script(card, shell, "vivado", {"vfio": "vfio/build.tcl", "xrt": "xrt/package.tcl"}[shell])
        if errors:
            raise SynthesisError(f"{name}: {errors[0]}")
        include = cards.folder(card, shell) / "include"
        read = [f"read_slang --keep-hierarchy -I{ROOT / 'rtl/common'} -I{include} --top {top} {box_options(plan)} {files}",
                "blackbox sapulse_core$*", f"hierarchy -check -top {top}"]
        blocks += write_blocks(read, {name: top}, boxes, folder)
    return blocks


def box_options(plan: dict) -> str:
    return " ".join(f"--blackboxed-module {kernel}" for kernel in plan["kernels"])


def write_blocks(read: list[str], modules: dict[str, str], boxes: frozenset[str], folder: Path) -> list[Block]:
    """modules: for each block its module in the elaborated design. Modules of other blocks are boxes in it."""
    folder.mkdir(parents=True, exist_ok=True)
    commands = [*read, NORMALISE, "design -save whole"]
    blocks = []
    for name, module in modules.items():
        inner = [other for other in modules.values() if is_below(other, module)]
        block = Block(name, module, boxes=boxes | {other.partition("$")[0] for other in inner})
        file = folder / f"{block.file_name}.il"
        commands += [f"blackbox {other}" for other in inner]
        commands += [f"hierarchy -top {module}", f"write_rtlil {file}", "design -load whole"]
        blocks.append(dataclasses.replace(block, read=f"read_rtlil {file}", inputs=(file,)))
    yosys(commands, ", ".join(modules))
    return blocks


def is_below(module: str, other: str) -> bool:
    """Whether an instance is inside another one."""
    return path_of(module).startswith(path_of(other) + ".")


def path_of(module: str) -> str:
    """The front end makes a module of each instance and appends its path to the name; the top has none."""
    return module.partition("$")[2] or module


def digest(block: Block) -> str:
    """Of all that the result depends on."""
    read = re.sub(r"\S*/", "", block.read)  # wherever the files are
    hashed = hashlib.sha256(f"{version()} {read} {SYNTHESIS} {DEPTH_SCRIPT} {block.top} {sorted(block.boxes)}".encode())
    for file in block.inputs:
        hashed.update(NO_LOGIC.sub(b"", file.read_bytes()))
    return hashed.hexdigest()


@functools.cache
def version() -> str:
    return importlib.metadata.version("pyosys")


def known_result(block: Block, folder: Path) -> dict | None:
    """What an earlier run has found of the same block."""
    result = folder / f"{block.file_name}.json"
    found = json.loads(result.read_text(encoding="utf-8")) if result.exists() else {}
    return found if found.get("digest") == digest(block) else None


def count(statistics: dict, boxes: frozenset[str]) -> dict[str, float]:
    """Resources by Yosys' `stat -json` of a top: its figures are those of all instances, but the modules that have been kept are
    listed among the cells, too."""
    whole = statistics["design"]
    kinds = {kind: number for kind, number in whole["num_cells_by_type"].items() if f"\\{kind}" not in statistics["modules"]}
    return resources.of(kinds, whole["estimated_num_lc"], boxes)


def synthesise(block: Block, folder: Path) -> dict:
    """Resources, levels between registers, and processor time in seconds, from this run or an earlier one of the same block."""
    if found := known_result(block, folder):
        return found
    netlist, statistics = (folder / f"{block.file_name}.{kind}.json" for kind in ("netlist", "stat"))
    map_luts = f"{MAP} -top {block.top} -run map_luts:"
    seconds = yosys([block.read, PREPARE, f"{MAP} -top {block.top} -run :map_luts", "design -save before_luts",
                     map_luts, f"tee -q -o {statistics} stat -json -tech xilinx -top {block.top}",
                     "design -load before_luts", PREPARE, f"scratchpad -set abc9.script {DEPTH_SCRIPT}",
                     map_luts, f"write_json {netlist}"], block.name)
    try:
        taken = count(json.loads(statistics.read_text(encoding="utf-8")), block.boxes)
        levels = yosys_depth.read(netlist, block.top, block.boxes).depth()
    except (KeyError, ValueError) as error:
        raise SynthesisError(f"{block.name}: {error.args[0]}") from error
    netlist.unlink()
    found = {"digest": digest(block), "levels": levels, "seconds": round(seconds), **taken}
    (folder / f"{block.file_name}.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return found
