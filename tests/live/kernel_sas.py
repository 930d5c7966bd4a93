# SPDX-License-Identifier: Apache-2.0
"""SAs of a gateway's kernel, and their ciphers beside what sapulse says."""
import re
import time
import typing

from gateway import POLL, run
from traffic import MODE, PATIENCE

CIPHERS = {"rfc4106(gcm(aes))", "cbc(aes) hmac(sha256)", "rfc7539esp(chacha20,poly1305)"}  # those of gateways.sh
IS_IN_UDP = MODE == "nat"


class KernelSa(typing.NamedTuple):
    source: str
    destination: str
    reqid: str  # of its child: all generations have the same
    mode: str
    cipher: str  # algorithms, as the kernel names them
    ports: tuple[str, ...]  # source and destination of UDP encapsulation; empty: none
    packets: int  # that it has carried


def kernel_sas(side):
    """By SPI. Placeholders of IKE have no cipher, and are left out."""
    sas = {}
    for text in re.split(r"^(?=src )", run("ip", "-s", "-n", side, "xfrm", "state"), flags=re.M)[1:]:
        head = re.match(r"src (\S+) dst (\S+)\s+proto esp spi (0x\w+)\S* reqid (\d+)\S* mode (\S+)", text)
        source, destination, spi, reqid, mode = head.groups()
        cipher = " ".join(sorted(re.findall(r"^\s+(?:aead|enc|auth-trunc) (\S+)", text, re.M)))
        ports = re.search(r"espinudp sport (\d+) dport (\d+)", text)
        packets = re.search(r"current:\s+\d+\(bytes\), (\d+)\(packets\)", text)
        if cipher:
            sas[int(spi, 16)] = KernelSa(source, destination, reqid, mode, cipher, ports.groups() if ports else (),
                                         int(packets.group(1)))
    return sas


def wait_for_all_ciphers(gateway):
    """Until sapulse has said `up` of an SA of each cipher that the kernel has at that moment, in the mode that was asked for."""
    seen = set()
    while True:
        up = {sa["spi_in"] for sa in gateway.sas() if sa["liveness"] and sa["liveness"]["state"] == "up"}
        for spi, sa in kernel_sas(gateway.side).items():
            assert sa.mode == ("transport" if MODE == "transport" else "tunnel") and bool(sa.ports) == IS_IN_UDP, sa
            seen |= {sa.cipher} if spi in up else set()
        assert seen <= CIPHERS, seen
        if seen == CIPHERS:
            break
        gateway.wait(lambda change: change["to"] == "up")  # of the next generation
    print(f"{gateway.side}, {MODE}: up with each of {', '.join(sorted(CIPHERS))}")


def wait_for_packets(gateway, children):
    """Until each of so many children has received by an SA that sapulse has said is up, since gateway.up was cleared last."""
    received = set()
    end = time.monotonic() + PATIENCE
    while len(received) < children:
        assert time.monotonic() < end, f"{gateway.side}: received by reqids {received} alone"
        gateway.take_arrived()
        received |= {sa.reqid for spi, sa in kernel_sas(gateway.side).items() if spi in gateway.up and sa.packets}
        time.sleep(POLL)  # the kernel does not tell
