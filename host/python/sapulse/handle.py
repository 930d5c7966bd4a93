# SPDX-License-Identifier: Apache-2.0
"""The library's endpoint, which nobody uses once it is being closed."""
from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import c_void_p
from typing import Any

from .library import call


class Closed(ValueError):
    """As files do, when they are closed."""


class Handle:
    """Counts the calls that are under way. A process that has forked leaves it to its parent, whose card it is."""

    def __init__(self, pointer: c_void_p, keep: Any) -> None:
        """keep: what has to live as long as the library's endpoint."""
        self._pointer: c_void_p | None = pointer
        self._keep = keep
        self._process = os.getpid()
        self._calls = 0
        self._changed = threading.Condition()

    @property
    def closed(self) -> bool:
        return self._pointer is None or self._is_parents()

    @contextmanager
    def use(self) -> Iterator[c_void_p]:
        """Raises Closed."""
        if self._is_parents():
            raise Closed("the endpoint belongs to the process that has opened it: it is closed in this one")
        with self._changed:
            if self._pointer is None:
                raise Closed("the endpoint is closed")
            pointer = self._pointer
            self._calls += 1
        try:
            yield pointer
        finally:
            with self._changed:
                self._calls -= 1
                self._changed.notify_all()

    def close(self) -> None:
        """Refuses further calls, waits for those that are under way, and closes. Once is enough. Raises Error."""
        if self._is_parents():
            return
        with self._changed:
            pointer, self._pointer = self._pointer, None
            self._changed.wait_for(lambda: self._calls == 0)
        if pointer is not None:
            call("sapulse_close", pointer)

    def _is_parents(self) -> bool:
        return os.getpid() != self._process
