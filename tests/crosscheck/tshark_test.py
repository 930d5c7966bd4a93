#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What Wireshark thinks of frames: checksums good, nothing malformed, the fields that every answer has.

usage: tshark_test.py CROSSCHECK DEMO_DIRECTORY SCRATCH_DIRECTORY [CAPTURE_OF_A_CARD CORE_IN]
Without the last two, the answers of the reference responder are judged; else those that a card has sent.
"""

import json
import pathlib
import subprocess
import sys

FIELDS = [
    "frame.len",
    "ip.version",
    "ip.checksum.status",
    "ip.ttl",
    "ip.flags.df",
    "ip.hdr_len",
    "ipv6.hlim",
    "udp.checksum",
    "udp.checksum.status",
    "esp.spi",
    "ah.spi",
    "_ws.malformed",
]


def dissect(capture):
    """One dictionary of fields per frame."""
    command = ["tshark", "-n", "-r", str(capture), "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE",
               "-T", "fields", "-E", "separator=|"]
    for field in FIELDS:
        command += ["-e", field]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return [dict(zip(FIELDS, line.split("|"))) for line in lines]


def mistakes(frame):
    """What is wrong with an answer."""
    if frame["_ws.malformed"]:
        yield "malformed"
    if int(frame["frame.len"]) < 60:
        yield "shorter than 60 bytes"
    if frame["ip.version"] == "4":
        if frame["ip.checksum.status"] not in ("1", "Good"):
            yield f"IPv4 checksum status {frame['ip.checksum.status']}"
        if frame["ip.ttl"] != "64" or frame["ip.hdr_len"] != "20" or frame["ip.flags.df"] not in ("1", "True"):
            yield "IPv4 header is not that of an answer"
    elif frame["ip.version"] == "6":
        if frame["ipv6.hlim"] != "64":
            yield "hop limit"
    else:
        yield "neither IPv4 nor IPv6"
    if frame["udp.checksum"] and frame["ip.version"] == "4" and frame["udp.checksum"] != "0x0000":
        yield "UDP checksum over IPv4"
    if frame["udp.checksum"] and frame["ip.version"] == "6" and frame["udp.checksum.status"] not in ("1", "Good"):
        yield f"UDP checksum status {frame['udp.checksum.status']}"
    spi = frame["esp.spi"] or frame["ah.spi"]
    if int(spi or "0", 0) not in (253, 8):
        yield f"SPI {spi}"


def raw_frames(capture):
    """Frames of a capture as hex."""
    command = ["tshark", "-n", "-r", str(capture), "-T", "jsonraw", "-j", "frame"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [packet["_source"]["layers"]["frame_raw"][0] for packet in json.loads(text)]


def answers_of(capture, core_in):
    """Positions in a line-side capture that are not customer frames of the core side."""
    customers = raw_frames(core_in)
    positions = []
    for position, frame in enumerate(raw_frames(capture)):
        if customers and frame == customers[0]:
            customers.pop(0)
        else:
            positions.append(position)
    return positions


def main():
    crosscheck, demo, scratch = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    scratch.mkdir(parents=True, exist_ok=True)
    if len(sys.argv) > 4:
        frames = dissect(sys.argv[4])
        frames = [frames[i] for i in answers_of(sys.argv[4], sys.argv[5])]
    else:
        answers = scratch / "answers.pcap"
        subprocess.run([crosscheck, "answers", demo / "sas.yaml", demo / "line.pcap", answers], check=True)
        frames = dissect(answers)
    wrong = 0
    for number, frame in enumerate(frames, 1):
        for mistake in mistakes(frame):
            wrong += 1
            print(f"answer {number}: {mistake}")
    print(f"tshark looked at {len(frames)} answers, {wrong} complaints")
    return 0 if frames and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
