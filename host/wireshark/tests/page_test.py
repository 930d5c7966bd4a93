#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the commands of docs/wireshark.md on a capture of the test vectors; every field that the page names must exist.

usage: page_test.py SOURCE-FOLDER
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

from captures import environment, write_capture

INSTALLED = "/usr/share/sapulse/wireshark"
# What each block of commands prints of the first ping, or of its reply.
EXPECTED = [
    "Echo reply, subject SPI 0x8a119c9e, transaction 0x11223344",
    "2\t1\t0.000100000",
    "3\t0x11223344\t4660\t123456789",
]


def run(block, folder):
    return subprocess.run(["bash", "-euo", "pipefail", "-c", block], cwd=folder, env=environment(folder), stdout=subprocess.PIPE,
                          text=True, check=True).stdout


def named_fields(page):
    """Filters in full, and those that follow one as `.name`."""
    for line in page.splitlines():
        stem = None
        for name in re.findall(r"`((?:sapulse)?\.[a-z_.]+)", line):
            stem = stem if name.startswith(".") else name.rpartition(".")[0]
            yield stem + name if name.startswith(".") else name


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    page = (root / "docs/wireshark.md").read_text()
    blocks = re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    cases = json.loads((root / "tests/vectors/frames.json").read_text())["cases"]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        frames = [bytes.fromhex(frame) for case in cases for frame in [case["in"], *case["line_out"]]]
        write_capture(folder / "capture.pcap", frames)
        for block, expected in zip(blocks, EXPECTED, strict=True):
            printed = run(block.replace(INSTALLED, str(root / "host/wireshark")), folder)
            assert expected in printed, f"{block}printed\n{printed}without {expected!r}"
        known = set(re.findall(r"\tsapulse\.[a-z_.]+\t", run("tshark -G fields", folder)))
    unknown = [field for field in named_fields(page) if f"\t{field}\t" not in known and field != "sapulse.lua"]
    assert not unknown, f"the dissector has no field {unknown}"
    print(f"{len(blocks)} blocks of commands, all fields are known")


if __name__ == "__main__":
    main()
