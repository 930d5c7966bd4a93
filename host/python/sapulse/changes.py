# SPDX-License-Identifier: Apache-2.0
"""Changes of liveness, one after the other."""
from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .events import Events
from .handle import Closed
from .values import Change

if TYPE_CHECKING:
    from .endpoint import Endpoint

SLICE = 0.05  # s of waiting, after which Python handles signals and looks whether the endpoint is being closed


class Changes:
    """An iterator that polls the endpoint; Endpoint.changes() makes it."""

    def __init__(self, endpoint: Endpoint, events: Events, timeout: float | None) -> None:
        self._endpoint = endpoint
        self._timeout = math.inf if timeout is None else timeout
        self._changes = events.listen(self)

    def __iter__(self) -> Changes:
        return self

    def __next__(self) -> Change:
        try:
            self._wait()
        except Closed:
            if not self._endpoint.closed:  # a handler's own mistake
                raise
        if not self._changes:
            raise StopIteration
        return self._changes.popleft()

    def _wait(self) -> None:
        left = self._timeout
        start = self._endpoint.time_ns() if not self._changes else 0
        while not self._changes and left >= 0:
            self._endpoint.poll(min(left, SLICE))
            left = self._timeout - (self._endpoint.time_ns() - start) / 1e9
