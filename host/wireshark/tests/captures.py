# SPDX-License-Identifier: Apache-2.0
"""Captures for tshark, and the fields that it finds in them."""

import os
import struct
import subprocess
from xml.etree import ElementTree

NS_BETWEEN_FRAMES = 100_000
NS_PER_SECOND = 1_000_000_000
ETHERNET = 1


def write_capture(path, frames):
    """Frames are bytes, or pairs of bytes and the length on the wire where less was captured; one every 100 us."""
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, ETHERNET))
        for number, frame in enumerate(frames):
            captured, length = frame if isinstance(frame, tuple) else (frame, len(frame))
            file.write(struct.pack("<IIII", *divmod(number * NS_BETWEEN_FRAMES, NS_PER_SECOND), len(captured), length) + captured)


def environment(home):
    """Without the settings and plugins of whoever runs the test."""
    return {"HOME": str(home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}


def esp_sa(direction, version):
    """Argument that tells Wireshark's ESP dissector the control keys of a direction."""
    spi, key = f"0x{direction['spi']:08x}", "0x" + direction["control_key"] + direction["control_salt"]
    columns = [f"IPv{version}", "*", "*", spi, "AES-GCM with 16 octet ICV [RFC4106]", key, "NULL", ""]
    return "-ouat:esp_sa:" + ",".join(f'"{column}"' for column in columns)


def tshark(script, capture, arguments):
    command = ["tshark", "-n", "-2", "-r", str(capture), "-X", f"lua_script:{script}", *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment(capture.parent)).stdout


def dissect(script, capture, fields, options=()):
    """For each frame a dictionary of its fields: values as text, several of them joined by "|"."""
    arguments = ["-T", "fields", "-E", "aggregator=|", *options]
    for field in fields:
        arguments += ["-e", field]
    return [dict(zip(fields, line.split("\t"))) for line in tshark(script, capture, arguments).splitlines()]


def positions(script, capture, options=()):
    """Where the fields of a capture of one frame stand, in bytes from the beginning of what they have been read from."""
    fields = ElementTree.fromstring(tshark(script, capture, ["-T", "pdml", *options])).iter("field")
    return {field.get("name"): int(field.get("pos")) for field in fields}
