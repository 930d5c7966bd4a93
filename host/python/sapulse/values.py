# SPDX-License-Identifier: Apache-2.0
"""What is given to an endpoint and what it tells."""
from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field


class Liveness(enum.IntEnum):
    """State of a watched SA."""

    INIT = 0
    UP = 1
    SUSPECT = 2
    DOWN = 3
    LOST = 4
    ADMIN_DOWN = 5

    def __str__(self) -> str:
        return self.name.lower().replace("_", "-")


class Encapsulation(enum.IntEnum):
    """How control packets travel."""

    ESP = 0
    UDP = 1
    AH = 2


@dataclass(frozen=True)
class Info:
    """What a card says about itself."""

    version_major: int  # of the register interface
    version_minor: int
    sa_capacity: int
    clock_khz: int
    has_requester: bool  # it can ask: pings, host-driven liveness
    has_prober: bool  # it can watch by itself


@dataclass(frozen=True)
class Direction:
    """One direction of an SA. Keys are not printed."""

    spi: int  # at least 256
    key: bytes = field(default=b"", repr=False)  # of the cipher, 16..64 bytes; none for ESP without encryption
    salt: bytes = field(default=b"", repr=False)  # of an AEAD cipher, 3 or 4 bytes
    integrity: bytes = field(default=b"", repr=False)  # of the MAC, for ciphers that have one beside them, 16..64 bytes


@dataclass(frozen=True)
class Path:
    """How the peer is reached; what is 0 has the library's default."""

    own_mac: str  # "02:aa:bb:cc:dd:01"
    peer_mac: str
    vlan: Sequence[int] = ()  # up to two, TPID << 16 | TCI, outer one first
    encapsulation: Encapsulation = Encapsulation.ESP
    own_port: int = 0  # UDP only
    peer_port: int = 0
    control_spi: int = 0  # the peer's
    dscp: int = 0


@dataclass(frozen=True)
class Sa:
    """An SA pair."""

    name: str
    local: str  # IP addresses
    peer: str
    inbound: Direction
    outbound: Direction
    next: int = 0  # first control sequence number to send; 0: chosen by the library
    plain: bool = False  # the control channel uses an AES-GCM key and salt as they are
    path: Path | None = None  # None: the card cannot ask this peer


@dataclass(frozen=True)
class SaInfo:
    """An installed SA."""

    number: int  # on the card
    spi_in: int
    spi_out: int
    name: str  # 63 bytes at most
    local: str
    peer: str
    has_path: bool
    admin_down: bool


@dataclass(frozen=True)
class SaStatistics:
    """Counters and sequence numbers of an SA, read from the card at one moment."""

    window_top: int  # highest control sequence number accepted
    next: int  # next control sequence number to send
    accepted: int  # nested packets
    replayed: int
    rejected: int
    data_sequence: int | None  # highest customer sequence number seen, low 32 bits
    time: int  # clock of the card, ns


@dataclass(frozen=True)
class PingResult:
    """What became of a ping. Without an answer in time there is `transaction` and `n` alone, the rest is 0 or None."""

    spi_in: int
    answered: bool
    transaction: int
    n: int  # control sequence number of the request
    rtt_ns: int
    forward_ns: int | None  # difference of the two clocks on the way there; None: the peer has not told its times
    backward_ns: int | None  # and back
    turnaround_ns: int | None  # time that the peer took
    data_sequence: int | None  # highest customer sequence number that the peer has seen
    token: bytes | None  # crash token and its nonce
    token_nonce: bytes | None
    frame_length: int  # of the reply, bytes


@dataclass(frozen=True)
class Change:
    """A change of the state of a watched SA."""

    spi_in: int
    spi_out: int
    name: str  # of the SA
    peer: str  # address
    old: Liveness
    new: Liveness
    reason: str  # "silence", "crash-token", ...
    time: int  # clock of the card, ns
    line: str  # all of it with the evidence as one line of key=value


@dataclass(frozen=True)
class ExceptionFrame:
    """A frame that the card has handed to the host, and what became of it."""

    cause: str  # "unknown_spi", ...
    verdict: str  # "sent", ...
    spi: int
    sequence: int
    time: int  # clock of the card, ns
    snapshot: bytes  # first bytes of the frame
