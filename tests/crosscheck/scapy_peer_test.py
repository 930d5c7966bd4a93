#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scapy as the peer of a card that asks: it opens the card's own pings of plain SAs and answers them, and the card matches its
replies.

usage: scapy_peer_test.py CROSSCHECK_PEER SCRATCH_DIRECTORY
"""

import json
import pathlib
import struct
import subprocess
import sys

from scapy.layers.l2 import Ether

import scapy_esp as esp

SAS = 8
SIZES = [0, 1, 55, 56, 57, 100, 1000]  # bytes of data; a telemetry block from 56 on
TELEMETRY_BYTES = 56
TELEMETRY_HEAD = bytes.fromhex("535001")  # magic, version
FLAGS = 0x07  # times, data sequence, token and token nonce
FORGED = 5  # every so many-th reply is sealed with a salt that is one bit off


class Peer:
    """Answers one request after the other, and remembers what the card must say about each."""

    def __init__(self, numbers, sas):
        self.numbers = numbers
        self.sas = sas
        self.sent = {sa["in"]["spi"]: 0 for sa in sas}  # control sequence numbers
        self.asked = {sa["in"]["spi"]: [] for sa in sas}  # those of the requests
        self.wanted = []

    def answer(self, frame):
        """The reply to a frame of the card, both as bytes."""
        sa, transaction, token_nonce, n, body = esp.open_message(Ether(frame), esp.ECHO_REQUEST, self.sas)
        spi = sa["in"]["spi"]
        kind, flags, size, identifier, sequence = esp.ECHO.unpack_from(body)
        data = body[esp.ECHO.size:]
        assert (kind, flags, size) == (esp.REQUEST, 0, len(data))
        assert (identifier, sequence) == (transaction >> 16, transaction & 0xFFFF)
        self.asked[spi].append(n)
        self.sent[spi] += 1
        wanted = {"spi": spi, "n": n, "transaction": transaction, "data_bytes": size, "reply_n": self.sent[spi]}
        if size >= TELEMETRY_BYTES:
            data = self.fill_in(data, wanted)
        reply = esp.ECHO.pack(esp.REPLY, 0, size, identifier, sequence) + data
        seal = dict(sa["in"])
        wanted["answered"] = len(self.wanted) % FORGED != FORGED - 1
        if not wanted["answered"]:
            salt = bytearray.fromhex(seal["salt"])
            salt[-1] ^= 1
            seal["salt"] = salt.hex()
        self.wanted.append(wanted)
        return bytes(esp.message_to_card(esp.ECHO_REPLY, seal, self.sent[spi], transaction, reply, token_nonce))

    def fill_in(self, data, wanted):
        """The telemetry block with this peer's fields."""
        assert data[:3] == TELEMETRY_HEAD and data[3] == 0 and data[12:TELEMETRY_BYTES] == bytes(TELEMETRY_BYTES - 12)
        receive, token, nonce = self.numbers.randrange(1 << 62), self.numbers.randbytes(16), self.numbers.randbytes(8)
        wanted.update(
            t_origin=int.from_bytes(data[4:12], "big"),
            t_receive=receive,
            t_transmit=receive + 1000,
            data_sequence=self.numbers.randrange(1 << 32),
            token=token.hex(),
            token_nonce=nonce.hex(),
        )
        filled = struct.pack("!QQI", receive, receive + 1000, wanted["data_sequence"]) + token + nonce
        return data[:3] + bytes([FLAGS]) + data[4:12] + filled + data[TELEMETRY_BYTES:]


def complaints(wanted, said):
    """What the card has said about a ping, against what Scapy has seen of it."""
    for field, value in wanted.items():
        if not wanted["answered"] and field not in ("spi", "n", "transaction", "answered"):
            continue
        if said.get(field) != value:
            yield f"{field} is {said.get(field)}, not {value}"


def main():
    program, scratch = sys.argv[1], pathlib.Path(sys.argv[2])
    scratch.mkdir(parents=True, exist_ok=True)
    numbers = esp.seeded_numbers()
    sas = esp.make_sas(numbers, SAS)
    (scratch / "sas.yaml").write_text(esp.configuration(sas))
    peer, said = Peer(numbers, sas), {}
    command = [program, str(scratch / "sas.yaml"), *map(str, SIZES)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as card:
        for line in card.stdout:
            kind, rest = line.rstrip("\n").split(" ", 1)
            if kind == "frame":
                card.stdin.write(peer.answer(bytes.fromhex(rest)).hex() + "\n")
                card.stdin.flush()
            else:
                result = json.loads(rest)
                said[result["spi"], result["n"]] = result
    wrong = [f"ping {w['spi']}/{w['n']}: {what}" for w in peer.wanted for what in complaints(w, said.get((w["spi"], w["n"]), {}))]
    for spi, used in peer.asked.items():
        if used != list(range(used[0], used[0] + len(SIZES))):
            wrong.append(f"SA {spi}: control sequence numbers {used}")
    if sorted(w["data_bytes"] for w in peer.wanted) != sorted(SIZES * SAS):
        wrong.append("not a ping of each size on each SA")
    print("\n".join(wrong))
    answered = sum(w["answered"] for w in peer.wanted)
    print(f"Scapy opened {len(peer.wanted)} pings of the card, which took {answered} replies for good; {len(wrong)} complaints")
    return 1 if wrong or card.returncode != 0 else 0


if __name__ == "__main__":
    sys.exit(main())
