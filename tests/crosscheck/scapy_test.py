#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Nested packets of plain SAs are ordinary ESP: Scapy opens ours, and we open Scapy's.

usage: scapy_test.py CROSSCHECK SCRATCH_DIRECTORY
"""

import json
import os
import pathlib
import random
import subprocess
import sys

from scapy.layers.inet import IP
from scapy.layers.ipsec import ESP, SecurityAssociation
from scapy.packet import Raw

NEXT_HEADER = 144
PACKETS = 64


def association(item):
    return SecurityAssociation(
        ESP,
        spi=item["spi"],
        crypt_algo="AES-GCM",
        crypt_key=bytes.fromhex(item["key"]) + bytes.fromhex(item["salt"]),
    )


def scapy_opens(item):
    """Whether Scapy finds our body in our packet."""
    packet = IP(src="198.51.100.1", dst="192.0.2.1", proto=50) / ESP(bytes.fromhex(item["packet"]))
    opened = association(item).decrypt(IP(bytes(packet)))
    return opened.proto == NEXT_HEADER and bytes(opened.payload) == bytes.fromhex(item["body"])


def scapy_seals(numbers):
    """A packet that Scapy has made."""
    size = numbers.choice([16, 32])
    n = numbers.randrange(1, 1 << 64)
    item = {
        "spi": numbers.randrange(256, 1 << 32),
        "key": numbers.randbytes(size).hex(),
        "salt": numbers.randbytes(4).hex(),
        "n": n,
        "body": numbers.randbytes(numbers.randrange(8, 300)).hex(),
    }
    clear = IP(src="198.51.100.1", dst="192.0.2.1", proto=NEXT_HEADER) / Raw(bytes.fromhex(item["body"]))
    sealed = association(item).encrypt(clear, seq_num=n & 0xFFFFFFFF, iv=n.to_bytes(8, "big"))
    item["packet"] = bytes(sealed[ESP]).hex()
    return item


def main():
    crosscheck, scratch = sys.argv[1], pathlib.Path(sys.argv[2])
    scratch.mkdir(parents=True, exist_ok=True)
    ours = scratch / "ours.json"
    subprocess.run([crosscheck, "packets", str(PACKETS), ours], check=True)
    items = json.loads(ours.read_text())
    wrong = [item["n"] for item in items if not scapy_opens(item)]
    print(f"Scapy opened {len(items)} packets, {len(wrong)} wrong")

    seed = int(os.environ.get("SAPULSE_TEST_SEED", "1"), 0)
    print(f"seed {seed} (SAPULSE_TEST_SEED overrides it)")
    numbers = random.Random(seed)
    theirs = scratch / "theirs.json"
    theirs.write_text(json.dumps([scapy_seals(numbers) for _ in range(PACKETS)]))
    refused = subprocess.run([crosscheck, "open", theirs]).returncode
    return 1 if wrong or len(items) != PACKETS or refused else 0


if __name__ == "__main__":
    sys.exit(main())
