# SPDX-License-Identifier: Apache-2.0
"""Messages of the protocol with Scapy's ESP inside: plain SAs are ordinary ESP."""

import json
import os
import random
import struct

from scapy.layers.inet import IP
from scapy.layers.ipsec import ESP, SecurityAssociation
from scapy.layers.l2 import Ether
from scapy.packet import Raw
from scapy.utils import checksum

LOCAL, PEER = "192.0.2.1", "198.51.100.1"
CARD_MAC, PEER_MAC = "02:00:00:00:00:01", "02:00:00:00:00:02"
NEXT_HEADER = 144
CONTROL_SPI = 253
ECHO_REQUEST, ECHO_REPLY = 1, 2  # control types
REQUEST, REPLY = 2, 3  # sub-types
ECHO = struct.Struct("!BBHHH")  # header of an echo message: sub-type, flags, data length, identifier, sequence
OUTER_BYTES = 14 + 20 + 8
CONTROL = struct.Struct("!BBBBHHII8s")  # control header


def seeded_numbers():
    seed = int(os.environ.get("SAPULSE_TEST_SEED", "1"), 0)
    print(f"seed {seed} (SAPULSE_TEST_SEED overrides it)", flush=True)
    return random.Random(seed)


def make_direction(numbers, spi):
    return {"spi": spi, "key": numbers.randbytes(numbers.choice([16, 32])).hex(), "salt": numbers.randbytes(4).hex()}


def make_sas(numbers, count):
    return [{"in": make_direction(numbers, 1000 + i), "out": make_direction(numbers, 2000 + i)} for i in range(count)]


def configuration(sas):
    """SAS.yaml: JSON is YAML."""
    entries = [
        {"name": f"sa{i}", "local": LOCAL, "peer": PEER, "in": sa["in"], "out": sa["out"], "plain": True}
        for i, sa in enumerate(sas)
    ]
    return json.dumps({"local": [LOCAL], "mac": CARD_MAC, "path": {"peer_mac": PEER_MAC}, "sas": entries})


def association(direction):
    return SecurityAssociation(
        ESP,
        spi=direction["spi"],
        crypt_algo="AES-GCM",
        crypt_key=bytes.fromhex(direction["key"]) + bytes.fromhex(direction["salt"]),
    )


def message_to_card(kind, direction, n, transaction, body, token_nonce=bytes(8)):
    """A frame with a body that Scapy has sealed for one direction of an SA."""
    clear = IP(src=PEER, dst=LOCAL, proto=NEXT_HEADER) / Raw(body)
    nested = bytes(association(direction).encrypt(clear, seq_num=n & 0xFFFFFFFF, iv=n.to_bytes(8, "big"))[ESP])
    length = CONTROL.size + len(nested)
    control = CONTROL.pack(0x16, kind, 0, 1, length, 0, direction["spi"], transaction, token_nonce)
    control = control[:6] + struct.pack("!H", checksum(control)) + control[8:]
    outer = struct.pack("!II", CONTROL_SPI, transaction)
    return Ether(src=PEER_MAC, dst=CARD_MAC) / IP(src=PEER, dst=LOCAL, proto=50) / Raw(outer + control + nested)


def open_message(frame, kind, sas):
    """SA, transaction, token nonce, n and body of a message that the card has sent; AssertionError if it is none of this kind."""
    end = 14 + frame[IP].len
    message = bytes(frame)[OUTER_BYTES:end]
    _, found, _, _, length, _, subject, transaction, token_nonce = CONTROL.unpack_from(message)
    assert found == kind and length == len(message) and checksum(message[: CONTROL.size]) == 0
    sa = next(sa for sa in sas if sa["out"]["spi"] == subject)
    spi, sequence, n = struct.unpack("!IIQ", message[CONTROL.size:CONTROL.size + 16])
    assert spi == subject and sequence == n & 0xFFFFFFFF
    packet = IP(src=LOCAL, dst=PEER, proto=50) / ESP(message[CONTROL.size:])
    opened = association(sa["out"]).decrypt(IP(bytes(packet)))
    assert opened.proto == NEXT_HEADER
    return sa, transaction, token_nonce, n, bytes(opened.payload)
