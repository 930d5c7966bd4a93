# SPDX-License-Identifier: Apache-2.0
"""A card with its SAs, pings and liveness."""
from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from ctypes import byref, c_int, c_size_t, c_uint32, c_uint64, c_void_p
from types import TracebackType
from typing import Any

from . import convert
from . import structures as c
from .changes import Changes
from .errors import Error, Status
from .events import Events
from .handle import Handle
from .library import call, library, text
from .values import Change, ExceptionFrame, Info, Liveness, PingResult, Sa, SaInfo, SaStatistics

NEVER = 2**64 - 1  # ns


def version() -> str:
    """Version of the library, "1.0.0"."""
    return text(library.sapulse_version())


def open(device: str, config: str | os.PathLike[str], state: str | os.PathLike[str] | None = None) -> Endpoint:
    """Opens a card and programs it from a configuration file.

    device: "model", "sim", "vfio:0000:41:00.0", ...; config: path of the file; state: directory for what survives (SAs, sequence
    numbers, secret), made if need be, None: nothing does. Raises Error.
    """
    return Endpoint(device, config, state)


def _close(handle: Handle, events: Events) -> None:
    try:
        handle.close()
    finally:
        events.hand_on()


class Endpoint:
    """A card that is open. Close it, or use it in a `with` statement.

    Raises Error for what the library refuses, and ValueError once it is closed. Threads: all may use it at the same time, in the
    order in which they come; those that wait (poll, ping, probe_mtu, changes) let the others go on. Handlers and results of pings
    are called in whichever thread has called a method, before that method returns.
    """

    def __init__(self, device: str, config: str | os.PathLike[str], state: str | os.PathLike[str] | None = None) -> None:
        self._events = Events()
        pointer = c_void_p()
        call("sapulse_open", convert.to_c_string(device, "device"), convert.to_c_string(config, "config"),
             None if state is None else convert.to_c_string(state, "state"), byref(pointer))
        self._handle = Handle(pointer, self._events)
        self._close = weakref.finalize(self, _close, self._handle, self._events)
        self._call("sapulse_on_change", self._events.change_callback, None)
        self._call("sapulse_on_exception", self._events.exception_callback, None)

    def __enter__(self) -> Endpoint:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Waits for the calls of other threads and stops the card. Pings that are outstanding fail. May be repeated."""
        self._close()

    @property
    def closed(self) -> bool:
        return self._handle.closed

    def info(self) -> Info:
        """What the card says about itself."""
        info = c.sapulse_info()
        self._call("sapulse_get_info", byref(info))
        return convert.to_info(info)

    def time_ns(self) -> int:
        """Clock of the card."""
        time = c_uint64()
        self._call("sapulse_get_time", byref(time))
        return time.value

    def counters(self) -> dict[str, int]:
        """All counters of the card by name."""
        count = library.sapulse_counter_count()
        values = (c_uint64 * count)()
        self._call("sapulse_read_counters", values, count)
        return {text(library.sapulse_counter_name(position)): value for position, value in enumerate(values)}

    # SAs

    def sas(self) -> list[SaInfo]:
        """The installed SAs in the order of their numbers."""
        count = c_size_t()
        self._call("sapulse_sa_list", None, byref(count))
        while count.value:
            array = (c.sapulse_sa_info * count.value)(c.sapulse_sa_info())
            try:
                self._call("sapulse_sa_list", array, byref(count))
            except Error as error:
                if error.status != Status.NO_SPACE:
                    raise
                continue  # there are more by now
            return [convert.to_sa_info(sa) for sa in array[:count.value]]
        return []

    def add(self, *sas: Sa) -> None:
        """Installs SAs, all or none; with a state directory they are on disk when this returns."""
        with convert.c_sas(sas) as array:
            self._call("sapulse_sa_add", array, len(sas))

    def replace(self, spi_in: int, sa: Sa) -> None:
        """Replaces the SA with this inbound SPI: every packet sees the old or the new one."""
        with convert.c_sas([sa]) as array:
            self._call("sapulse_sa_replace", spi_in, array)

    def remove(self, *spis_in: int) -> None:
        """Removes SAs; their keys have been overwritten on the card when this returns."""
        for spi in spis_in:
            c.check_range(c_uint32, spi, "spi_in")
        self._call("sapulse_sa_remove", (c_uint32 * len(spis_in))(*spis_in), len(spis_in))

    def statistics(self, spi_in: int) -> SaStatistics:
        """Counters and sequence numbers of an SA."""
        read = c.sapulse_sa_statistics()
        self._call("sapulse_sa_get_statistics", spi_in, byref(read))
        return convert.to_statistics(read)

    def set_admin_down(self, spi_in: int, down: bool = True) -> None:
        """Takes an SA down administratively, or up again."""
        self._call("sapulse_set_admin_down", spi_in, bool(down))

    # Pings

    def ping(self, spi_in: int, timeout: float = 1, data_bytes: int = 56) -> PingResult:
        """Sends an encrypted ping and waits for what becomes of it; no answer is a result, too.

        data_bytes: 0..9000; from 56 on with telemetry.
        """
        result = c.sapulse_ping_result()
        self._call("sapulse_ping", spi_in, data_bytes, convert.to_nanoseconds(timeout, "timeout"), byref(result))
        return convert.to_ping_result(result)

    def start_ping(self, spi_in: int, timeout: float = 1, data_bytes: int = 56) -> Future[PingResult]:
        """Same without waiting. The result comes while methods of the endpoint are called, poll() above all."""
        nanoseconds = convert.to_nanoseconds(timeout, "timeout")
        number, future = self._events.expect_ping()
        try:
            self._call("sapulse_ping_start", spi_in, data_bytes, nanoseconds, self._events.ping_callback, number)
        except BaseException:
            self._events.forget_ping(number)
            raise
        return future

    def probe_mtu(self, spi_in: int, most: int = 9000, timeout: float = 1) -> int:
        """The largest IP packet that reaches the peer and comes back, bytes, in steps of 4; 0: none up to `most`."""
        passed = c_size_t()
        self._call("sapulse_probe_mtu", spi_in, most, convert.to_nanoseconds(timeout, "timeout"), byref(passed))
        return passed.value

    # Liveness

    def watch(self, spi_in: int, interval: float = 0.1, multiplier: int = 3, *, jitter_percent: int = 25, data_bytes: int = 56,
              by_host: bool = False, data_alive: bool = False) -> None:
        """Watches an SA, or changes how: dead after multiplier x interval without a sign of life.

        by_host: the host sends the probes, not the card's prober; data_alive: customer packets count as signs of life.
        """
        settings = c.sapulse_watch_settings(interval_ns=convert.to_nanoseconds(interval, "interval"), multiplier=multiplier,
                                            jitter_percent=jitter_percent, data_bytes=data_bytes, by_host=bool(by_host),
                                            data_alive=bool(data_alive))
        self._call("sapulse_watch", spi_in, byref(settings))

    def unwatch(self, spi_in: int) -> None:
        self._call("sapulse_unwatch", spi_in)

    def liveness(self, spi_in: int) -> Liveness:
        """State of a watched SA. NOT_FOUND: it is not watched."""
        state = c.c_enum()
        self._call("sapulse_get_liveness", spi_in, byref(state))
        return Liveness(state.value)

    def on_change(self, handler: Callable[[Change], object] | None) -> None:
        """The handler is called with each change of state; None: none is."""
        self._events.change_handler = handler

    def on_exception(self, handler: Callable[[ExceptionFrame], object] | None) -> None:
        """The handler is called with each frame that the card hands to the host; None: none is."""
        self._events.exception_handler = handler

    def changes(self, timeout: float | None = None) -> Changes:
        """Changes of state from now on, which are waited for; ends after `timeout` of the card's time without one, and when the
        endpoint is closed. Handlers are called as well.
        """
        if timeout is not None:
            convert.to_nanoseconds(timeout, "timeout")
        with self._handle.use():
            return Changes(self, self._events, timeout)

    # Events

    def poll(self, timeout: float = 0) -> None:
        """Waits up to `timeout` of the card's time for something to happen and handles all that has.

        To be called again and again, as changes() does: liveness, exceptions and started pings live on it. Signals, Ctrl-C among
        them, have their effect in Python when it returns.
        """
        self._call("sapulse_poll", convert.to_nanoseconds(timeout, "timeout"))

    def event_descriptor(self) -> int | None:
        """For event loops: readable when there is something for poll() to do, and when another thread has used the endpoint.

        It belongs to the endpoint and stays the same. None: the device has none; prepare_sleep() says when to look again.
        """
        descriptor = c_int()
        self._call("sapulse_event_descriptor", byref(descriptor))
        return descriptor.value if descriptor.value >= 0 else None

    def prepare_sleep(self) -> float | None:
        """Before each sleep on the descriptor, after poll(): real time after which poll() has to be called, s; None: never."""
        longest = c_uint64()
        self._call("sapulse_prepare_sleep", byref(longest))
        return None if longest.value == NEVER else longest.value / 1e9

    def _call(self, name: str, *arguments: Any) -> None:
        try:
            with self._handle.use() as pointer:
                call(name, pointer, *arguments)
        finally:
            self._events.hand_on()
