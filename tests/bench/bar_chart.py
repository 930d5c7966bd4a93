# SPDX-License-Identifier: Apache-2.0
"""Bar charts as SVG."""

from __future__ import annotations

import math
from xml.sax.saxutils import escape

WIDTH, LABEL, BAR, GAP, TOP = 760, 230, 16, 8, 40
COLOUR = "#3b6ea5"


def bar_chart(title: str, bars: list[tuple[str, float]], logarithmic: bool = False) -> str:
    """One bar a line, with its value; logarithmic: a bar is as long as the logarithm of its value over a tenth of the least."""
    values = [value for _, value in bars if value > 0]
    least = min(values) / 10 if logarithmic else 0

    def length(value: float) -> float:
        if value <= 0:
            return 0
        share = math.log(value / least) / math.log(max(values) / least) if logarithmic else value / max(values)
        return share * (WIDTH - LABEL - 90)

    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{TOP + len(bars) * (BAR + GAP)}" '
             'font-family="sans-serif" font-size="12">', '<rect width="100%" height="100%" fill="white"/>',
             f'<text x="8" y="20" font-size="14">{escape(title)}</text>']
    for row, (name, value) in enumerate(bars):
        y = TOP + row * (BAR + GAP)
        lines += [f'<text x="{LABEL - 6}" y="{y + 12}" text-anchor="end">{escape(name)}</text>',
                  f'<rect x="{LABEL}" y="{y}" width="{length(value):.1f}" height="{BAR}" fill="{COLOUR}"/>',
                  f'<text x="{LABEL + length(value) + 5:.1f}" y="{y + 12}">{value:,.4g}</text>']
    return "\n".join([*lines, "</svg>"]) + "\n"
