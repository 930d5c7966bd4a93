# SPDX-License-Identifier: Apache-2.0
"""Watches IPsec SAs by encrypted pings: cards, real or made of software, for scripts.

    with sapulse.open("model", "sas.yaml") as endpoint:
        for sa in endpoint.sas():
            print(sa.name, endpoint.ping(sa.spi_in))

It is the C face of libsapulse (sapulse/sapulse.h), whose library is loaded by `import sapulse`. Time-outs and intervals are in
seconds, members of results that end in `_ns` in nanoseconds. What the library refuses raises Error.
"""
from .changes import Changes
from .endpoint import Endpoint, open, version
from .errors import Error, Status
from .values import (Change, Direction, Encapsulation, ExceptionFrame, Info, Liveness, Path, PingResult, Sa, SaInfo,
                     SaStatistics)

__all__ = ["Change", "Changes", "Direction", "Encapsulation", "Endpoint", "Error", "ExceptionFrame", "Info", "Liveness", "Path",
           "PingResult", "Sa", "SaInfo", "SaStatistics", "Status", "open", "version"]
