#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The card against Scapy's ESP: it answers pings of plain SAs that Scapy has encrypted, and Scapy opens its replies.

usage: scapy_card_test.py SAPULSE SCRATCH_DIRECTORY
"""

import pathlib
import subprocess
import sys

from scapy.utils import rdpcap, wrpcap

import scapy_esp as esp

SAS = 8
PINGS = 64


def ping(numbers, sa, n, transaction):
    """An encrypted ping, and what its reply must copy: token nonce and body."""
    data = numbers.randbytes(numbers.randrange(0, 55))  # too short for a telemetry block: copied as it is
    identifier = numbers.randrange(1 << 16)
    body = esp.ECHO.pack(esp.REQUEST, 0, len(data), identifier, n & 0xFFFF) + data
    token_nonce = numbers.randbytes(8)
    frame = esp.message_to_card(esp.ECHO_REQUEST, sa["in"], n, transaction, body, token_nonce)
    return frame, (token_nonce, bytes([esp.REPLY, 0]) + body[2:])


def opened_reply(frame, sas):
    """Transaction of a reply, and what it has copied."""
    _, transaction, token_nonce, _, body = esp.open_message(frame, esp.ECHO_REPLY, sas)
    return transaction, (token_nonce, body)


def main():
    sapulse, scratch = sys.argv[1], pathlib.Path(sys.argv[2])
    scratch.mkdir(parents=True, exist_ok=True)
    numbers = esp.seeded_numbers()
    sas = esp.make_sas(numbers, SAS)
    (scratch / "sas.yaml").write_text(esp.configuration(sas))
    frames, wanted = [], {}
    for i in range(PINGS):
        n = 1 + i // SAS
        if i >= PINGS - SAS:  # the last of each SA has a number of more than 32 bits
            n += numbers.randrange(1, 1 << 31) << 32
        frame, wanted[i] = ping(numbers, sas[i % SAS], n, i)
        frames.append(frame)
    wrpcap(str(scratch / "in.pcap"), frames)
    files = {"--sas": "sas.yaml", "--line-in": "in.pcap", "--line-out": "out.pcap", "--core-out": "core.pcap"}
    options = [word for option, name in files.items() for word in (option, str(scratch / name))]
    subprocess.run([sapulse, "sim", *options], check=True)
    found = dict(opened_reply(frame, sas) for frame in rdpcap(str(scratch / "out.pcap")))
    wrong = [i for i in wanted if found.get(i) != wanted[i]]
    print(f"{len(found)} of {PINGS} pings of Scapy answered, {len(wrong)} wrong or missing")
    return 1 if wrong or len(found) != PINGS else 0


if __name__ == "__main__":
    sys.exit(main())
