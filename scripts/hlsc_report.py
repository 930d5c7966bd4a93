# SPDX-License-Identifier: Apache-2.0
"""What hlsc says of a kernel in its schedule report."""

import re
from pathlib import Path


def estimated_levels(report, kernel):
    """LUT levels of the deepest stage of a kernel or of a module of it. ValueError: the report does not say."""
    found = re.findall(rf"^(?:kernel {kernel}|module {kernel}_\w+)\n(?:  .*\n)*?  LUT levels: (\d+) of \d+$",
                       Path(report).read_text(encoding="utf-8"), re.M)
    if not found:
        raise ValueError(f"{report}: no LUT levels of kernel {kernel}")
    return max(map(int, found))
