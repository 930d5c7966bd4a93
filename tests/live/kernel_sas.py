# SPDX-License-Identifier: Apache-2.0
"""SAs of a gateway's kernel, and their ciphers beside what sapulse says."""
import re
import typing

from gateway import run
from traffic import MODE

CIPHERS = {"rfc4106(gcm(aes))", "cbc(aes) hmac(sha256)", "rfc7539esp(chacha20,poly1305)"}  # those of gateways.sh
IS_IN_UDP = MODE == "nat"


class KernelSa(typing.NamedTuple):
    source: str
    destination: str
    mode: str
    cipher: str  # algorithms, as the kernel names them
    ports: tuple[str, ...]  # source and destination of UDP encapsulation; empty: none


def kernel_sas(side):
    """By SPI. Placeholders of IKE have no cipher, and are left out."""
    sas = {}
    for text in re.split(r"^(?=src )", run("ip", "-n", side, "xfrm", "state"), flags=re.M)[1:]:
        source, destination, spi, mode = re.match(r"src (\S+) dst (\S+)\s+proto esp spi (\S+) .*mode (\S+)", text).groups()
        cipher = " ".join(sorted(re.findall(r"^\s+(?:aead|enc|auth-trunc) (\S+)", text, re.M)))
        ports = re.search(r"espinudp sport (\d+) dport (\d+)", text)
        if cipher:
            sas[int(spi, 16)] = KernelSa(source, destination, mode, cipher, ports.groups() if ports else ())
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
