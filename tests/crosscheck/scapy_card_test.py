#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The card against Scapy's ESP: it answers pings of plain_salt SAs that Scapy has encrypted, and Scapy opens its replies.

usage: scapy_card_test.py SAPULSE SCRATCH_DIRECTORY
"""

import json
import os
import pathlib
import random
import struct
import subprocess
import sys

from scapy.layers.inet import IP
from scapy.layers.ipsec import ESP, SecurityAssociation
from scapy.layers.l2 import Ether
from scapy.packet import Raw
from scapy.utils import checksum, rdpcap, wrpcap

LOCAL, PEER = "192.0.2.1", "198.51.100.1"
NEXT_HEADER = 144
CONTROL_SPI = 253
ECHO_REQUEST, ECHO_REPLY = 1, 2  # control types
REQUEST, REPLY, REPLY_WANTED = 2, 3, 0x80  # of the body
OUTER_BYTES = 14 + 20 + 8
CONTROL_BYTES = 16
SAS = 8
PINGS = 64


def make_direction(numbers, spi):
    return {"spi": spi, "key": numbers.randbytes(numbers.choice([16, 32])).hex(), "salt": numbers.randbytes(4).hex()}


def association(direction):
    return SecurityAssociation(
        ESP,
        spi=direction["spi"],
        crypt_algo="AES-GCM",
        crypt_key=bytes.fromhex(direction["key"]) + bytes.fromhex(direction["salt"]),
    )


def configuration(sas):
    """JSON is YAML."""
    entries = [
        {"name": f"sa{i}", "local": LOCAL, "peer": PEER, "in": sa["in"], "out": sa["out"], "plain_salt": True}
        for i, sa in enumerate(sas)
    ]
    return json.dumps({"local": [LOCAL], "sas": entries})


def ping(numbers, sa, n, transaction):
    """An encrypted ping, and what its reply must copy."""
    data = numbers.randbytes(numbers.randrange(0, 47))  # too short for a telemetry block: copied as it is
    body = struct.pack("!BBHHHI", REQUEST, REPLY_WANTED, len(data), numbers.randrange(1 << 16), n & 0xFFFF, 0) + data
    clear = IP(src=PEER, dst=LOCAL, proto=NEXT_HEADER) / Raw(body)
    nested = bytes(association(sa["in"]).encrypt(clear, seq_num=n & 0xFFFFFFFF, iv=n.to_bytes(8, "big"))[ESP])
    control = struct.pack("!BBBBHHII", 0x14, ECHO_REQUEST, 0, 1, CONTROL_BYTES + len(nested), 0, sa["in"]["spi"], transaction)
    control = control[:6] + struct.pack("!H", checksum(control)) + control[8:]
    outer = struct.pack("!II", CONTROL_SPI, transaction)
    frame = Ether(src="02:00:00:00:00:02", dst="02:00:00:00:00:01") / IP(src=PEER, dst=LOCAL, proto=50)
    return frame / Raw(outer + control + nested), bytes([REPLY, 0]) + body[2:]


def opened_reply(frame, sas):
    """Transaction and body of a reply."""
    end = 14 + frame[IP].len
    message = bytes(frame)[OUTER_BYTES:end]
    _, kind, _, _, length, _, subject, transaction = struct.unpack("!BBBBHHII", message[:CONTROL_BYTES])
    assert kind == ECHO_REPLY and length == len(message) and checksum(message[:CONTROL_BYTES]) == 0
    out = next(sa["out"] for sa in sas if sa["out"]["spi"] == subject)
    packet = IP(src=LOCAL, dst=PEER, proto=50) / ESP(message[CONTROL_BYTES:])
    opened = association(out).decrypt(IP(bytes(packet)))
    assert opened.proto == NEXT_HEADER
    return transaction, bytes(opened.payload)


def main():
    sapulse, scratch = sys.argv[1], pathlib.Path(sys.argv[2])
    scratch.mkdir(parents=True, exist_ok=True)
    seed = int(os.environ.get("SAPULSE_TEST_SEED", "1"), 0)
    print(f"seed {seed} (SAPULSE_TEST_SEED overrides it)")
    numbers = random.Random(seed)
    sas = [{"in": make_direction(numbers, 1000 + i), "out": make_direction(numbers, 2000 + i)} for i in range(SAS)]
    (scratch / "sas.yaml").write_text(configuration(sas))
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
