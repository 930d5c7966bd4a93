# SPDX-License-Identifier: Apache-2.0
"""Kernels without their insides: what constraints are about lies around them, and they are most of the time that a top takes to
elaborate. What is in them is looked at by the core's own checks (rtl/lint.sh)."""

from __future__ import annotations

import re
from pathlib import Path


def outline(kernel: str, text: str) -> str:
    """The kernel of a source of hlsc with its ports and nothing else, without the modules that it is made of."""
    header = re.search(rf"^module {kernel} \(.*?^\);\n", text, re.M | re.S)
    if not header:
        raise ValueError(f"no module {kernel}")
    return "".join(f"// verilator lint_off {what}\n" for what in ("DECLFILENAME", "UNUSED", "UNDRIVEN")) + header[0] + "endmodule\n"


def without_kernels(sources: list[Path], kernels: Path, folder: Path) -> list[Path]:
    """The same sources, with those in the folder `kernels` replaced by their outlines in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    replaced = []
    for source in sources:
        if source.parent == kernels:
            shorter = folder / source.name
            shorter.write_text(outline(source.stem, source.read_text()))
            source = shorter
        replaced.append(source)
    return replaced
