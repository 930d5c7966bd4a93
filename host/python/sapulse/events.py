# SPDX-License-Identifier: Apache-2.0
"""What the library's callbacks tell.

They run while the endpoint is taken, where a handler that uses it would wait for itself. So what they tell is kept, and handed on
when the call that has run them has returned: handlers may call anything, and what they raise comes out of that call.
"""
from __future__ import annotations

import itertools
import weakref
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from . import convert
from .errors import Status
from .library import ChangeCallback, ExceptionCallback, PingCallback, last_error
from .values import Change, ExceptionFrame, PingResult


class Events:
    """Callbacks of one endpoint. It has to live until the endpoint is closed."""

    def __init__(self) -> None:
        self.change_callback = ChangeCallback(self._changed)
        self.exception_callback = ExceptionCallback(self._excepted)
        self.ping_callback = PingCallback(self._ping_ended)
        self.change_handler: Callable[[Change], object] | None = None
        self.exception_handler: Callable[[ExceptionFrame], object] | None = None
        self._listeners: dict[int, deque[Change]] = {}
        self._pings: dict[int, Future[PingResult]] = {}
        self._numbers = itertools.count(1)
        self._pending: deque[Callable[[], object]] = deque()

    def hand_on(self) -> None:
        """Calls the handlers. If one raises, the rest waits for the next time."""
        while True:
            try:
                tell = self._pending.popleft()
            except IndexError:
                return
            tell()

    def listen(self, listener: object) -> deque[Change]:
        """What has all changes as long as the listener lives."""
        changes: deque[Change] = deque()
        self._listeners[id(changes)] = changes
        weakref.finalize(listener, self._listeners.pop, id(changes)).atexit = False
        return changes

    def expect_ping(self) -> tuple[int, Future[PingResult]]:
        """A number for a ping, and what will have its result."""
        future: Future[PingResult] = Future()
        future.set_running_or_notify_cancel()  # what is sent cannot be taken back
        number = next(self._numbers)
        self._pings[number] = future
        return number, future

    def forget_ping(self, number: int) -> None:
        self._pings.pop(number, None)

    def _changed(self, _: Any, told: Any) -> None:
        change = convert.to_change(told.contents)
        for changes in tuple(self._listeners.values()):
            changes.append(change)
        handler = self.change_handler
        if handler is not None:
            self._pending.append(lambda: handler(change))

    def _excepted(self, _: Any, told: Any) -> None:
        handler = self.exception_handler
        if handler is not None:
            frame = convert.to_exception_frame(told.contents)
            self._pending.append(lambda: handler(frame))

    def _ping_ended(self, number: int, status: int, told: Any) -> None:
        future = self._pings.pop(number, None)
        if future is None:  # a handler has raised in the call that was to return it
            return
        if status == Status.OK:
            result = convert.to_ping_result(told.contents)
            self._pending.append(lambda: future.set_result(result))
        else:
            error = last_error(status)
            self._pending.append(lambda: future.set_exception(error))
