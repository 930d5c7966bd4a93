#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The module on a card in memory, which nobody answers."""
import asyncio
import ctypes
import gc
import itertools
import os
import pathlib
import select
import signal
import tempfile
import threading
import unittest
from unittest import mock

import sapulse
from sapulse import Status, structures

CONFIG = pathlib.Path(__file__).resolve().parents[2] / "examples/installed/sas.yaml"
SPI = 0x2265b2f5  # of its SA
SHORT = 0.01  # s, of waiting for an answer that does not come
KEY = bytes(range(16))


def make_sa(spi, **members):
    return sapulse.Sa(**{"name": f"sa{spi}", "local": "192.0.2.1", "peer": "198.51.100.2",
                         "inbound": sapulse.Direction(spi, KEY, b"salt"), "outbound": sapulse.Direction(spi, KEY[::-1], b"tlas"),
                         **members})


class ModelCard(unittest.TestCase):
    def setUp(self):
        self.endpoint = sapulse.open("model", CONFIG)
        self.addCleanup(self.endpoint.close)

    def fails(self, status, message, function, *arguments, **named):
        with self.assertRaisesRegex(sapulse.Error, message) as caught:
            function(*arguments, **named)
        self.assertEqual(caught.exception.status, status)

    def spis(self):
        return [sa.spi_in for sa in self.endpoint.sas()]


class Card(ModelCard):
    def test_says_what_it_is(self):
        info = self.endpoint.info()
        self.assertGreater(info.sa_capacity, 0)
        self.assertIs(info.has_requester, True)
        self.assertRegex(sapulse.version(), r"^\d+\.\d+\.\d+$")

    def test_counts(self):
        before = self.endpoint.counters()
        self.endpoint.ping(SPI, SHORT)
        after = self.endpoint.counters()
        self.assertEqual([after[name] - before[name] for name in ("requests", "line_tx_frames", "line_rx_frames")], [1, 1, 0])

    def test_what_cannot_be_opened_is_told(self):
        self.fails(Status.INVALID_ARGUMENT, "^device ", sapulse.open, "nowhere", CONFIG)
        self.fails(Status.NOT_FOUND, "missing.yaml", sapulse.open, "model", "missing.yaml")
        self.fails(Status.INVALID_ARGUMENT, "config: has a zero", sapulse.open, "model", "a\0b")
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write("local: 7\n")
            file.flush()
            self.fails(Status.PARSE_ERROR, f"^{file.name}:1: ", sapulse.open, "model", file.name)

    def test_state_survives(self):
        with tempfile.TemporaryDirectory() as folder:
            with sapulse.open("model", CONFIG, folder) as endpoint:
                endpoint.add(make_sa(300))
            with sapulse.open("model", CONFIG, folder) as endpoint:
                self.assertEqual({sa.spi_in for sa in endpoint.sas()}, {SPI, 300})


class Sas(ModelCard):
    def test_are_listed(self):
        self.assertEqual(self.endpoint.sas(),
                         [sapulse.SaInfo(0, SPI, 0x91b7594a, "peer0", "192.0.2.1", "198.51.100.1", True, False)])

    def test_are_listed_while_others_come(self):
        def call(name, *arguments):
            original(name, *arguments)
            if arguments[:1] == (None,):  # they have been counted
                self.endpoint.add(make_sa(300))
        original = self.endpoint._call
        with mock.patch.object(self.endpoint, "_call", side_effect=call):
            self.assertEqual(len(self.spis()), 2)

    def test_come_and_go(self):
        path = sapulse.Path("02:aa:bb:cc:dd:01", "02:aa:bb:cc:dd:02")
        self.endpoint.add(make_sa(300, path=path), make_sa(301))
        self.assertEqual([(sa.name, sa.has_path) for sa in self.endpoint.sas()[1:]], [("sa300", True), ("sa301", False)])
        self.fails(Status.EXISTS, "", self.endpoint.add, make_sa(302), make_sa(300))
        self.assertEqual(self.spis(), [SPI, 300, 301])
        self.endpoint.replace(300, make_sa(400))
        self.endpoint.remove(SPI, 301)
        self.assertEqual(self.spis(), [400])
        self.endpoint.remove(400)
        self.assertEqual(self.spis(), [])
        self.fails(Status.NOT_FOUND, "no SA", self.endpoint.remove, 400)
        self.fails(Status.INVALID_ARGUMENT, "4294967297 is out of range", self.endpoint.remove, 2**32 + 1)

    def test_have_statistics(self):
        before = self.endpoint.statistics(SPI)
        self.endpoint.ping(SPI, SHORT)
        after = self.endpoint.statistics(SPI)
        self.assertEqual((after.next - before.next, after.accepted, after.data_sequence), (1, 0, None))


class Pings(ModelCard):
    def test_silence_is_a_result(self):
        first, second = self.endpoint.ping(SPI, SHORT), self.endpoint.ping(SPI, SHORT, data_bytes=0)
        self.assertEqual((first.spi_in, first.answered, first.rtt_ns, first.forward_ns, first.token), (SPI, False, 0, None, None))
        self.assertEqual(second.n, first.n + 1)

    def test_what_cannot_be_asked_is_refused(self):
        self.fails(Status.NOT_FOUND, "0x00000005", self.endpoint.ping, 5)
        self.fails(Status.INVALID_ARGUMENT, "argument 2: 4294967296 is out of range", self.endpoint.ping, 2**32)
        self.fails(Status.INVALID_ARGUMENT, "timeout: -1 s", self.endpoint.ping, SPI, -1)
        self.fails(Status.INVALID_ARGUMENT, "", self.endpoint.ping, SPI, data_bytes=9001)
        self.fails(Status.NOT_FOUND, "0x00000005", self.endpoint.start_ping, 5)
        with self.assertRaises(ctypes.ArgumentError):
            self.endpoint.ping("peer0")

    def test_no_size_passes(self):
        self.assertEqual(self.endpoint.probe_mtu(SPI, timeout=SHORT), 0)

    def test_several_at_a_time(self):
        started = [self.endpoint.start_ping(SPI, SHORT) for _ in range(3)]
        while not all(ping.done() for ping in started):
            self.endpoint.poll(SHORT)
        self.assertEqual(len({ping.result().n for ping in started}), 3)

    def test_those_that_are_outstanding_fail_in_close(self):
        ping = self.endpoint.start_ping(SPI, 1000)
        self.endpoint.close()
        self.assertEqual(ping.exception().status, Status.DEVICE_ERROR)

    def test_a_result_may_use_the_endpoint(self):
        spis = []
        ping = self.endpoint.start_ping(SPI, SHORT)
        ping.add_done_callback(lambda _: spis.extend(self.spis()))
        while not ping.done():
            self.endpoint.poll(SHORT)
        self.assertEqual(spis, [SPI])


class Liveness(ModelCard):
    def watch(self):
        self.endpoint.watch(SPI, interval=0.005, multiplier=3)

    def test_a_silent_peer_is_down(self):
        changes = self.endpoint.changes()
        self.watch()
        change = next(changes)
        self.assertEqual((change.spi_in, change.spi_out, change.name, change.peer, change.old, change.new, change.reason),
                         (SPI, 0x91b7594a, "peer0", "198.51.100.1", sapulse.Liveness.INIT, sapulse.Liveness.DOWN, "silence"))
        self.assertIn("to=down", change.line)
        self.assertEqual(self.endpoint.liveness(SPI), sapulse.Liveness.DOWN)
        self.endpoint.unwatch(SPI)
        self.fails(Status.NOT_FOUND, "not watched", self.endpoint.liveness, SPI)

    def test_waiting_for_changes_ends(self):
        self.assertEqual(list(self.endpoint.changes(timeout=SHORT)), [])
        self.fails(Status.INVALID_ARGUMENT, "timeout", self.endpoint.changes, -1)

    def test_everybody_is_told(self):
        told = []
        self.endpoint.on_change(told.append)
        listeners = [self.endpoint.changes(0), self.endpoint.changes(0)]
        self.watch()
        self.endpoint.set_admin_down(SPI)
        self.assertEqual([change.new for change in told][-1], sapulse.Liveness.ADMIN_DOWN)
        self.assertEqual([list(listener) for listener in listeners], [told, told])
        self.assertTrue(self.endpoint.sas()[0].admin_down)
        self.endpoint.on_change(None)
        self.endpoint.set_admin_down(SPI, False)
        self.assertEqual(told[-1].new, sapulse.Liveness.ADMIN_DOWN)

    def test_a_handler_may_use_the_endpoint(self):
        states = []
        self.endpoint.on_change(lambda change: states.append(self.endpoint.liveness(change.spi_in)))
        self.watch()
        self.endpoint.set_admin_down(SPI)
        self.assertEqual(states[-1], sapulse.Liveness.ADMIN_DOWN)

    def test_what_a_handler_raises_comes_out_of_the_call(self):
        self.watch()
        self.endpoint.on_change(lambda change: 1 / 0)
        with self.assertRaises(ZeroDivisionError):
            self.endpoint.set_admin_down(SPI)

    def test_all_settings_are_handed_on(self):
        with mock.patch.object(self.endpoint, "_call") as call:
            self.endpoint.watch(SPI, 0.2, 5, jitter_percent=7, data_bytes=60, by_host=True, data_alive=True)
        settings = call.call_args.args[2]._obj
        self.assertEqual([getattr(settings, name) for name, _ in settings._fields_],
                         [ctypes.sizeof(settings), 200_000_000, 5, 7, 60, 1, 1])

    def test_bad_settings_are_refused(self):
        for bad in ({"interval": 0}, {"multiplier": 256}, {"multiplier": 2**32 + 3}, {"jitter_percent": 26}, {"data_bytes": 1}):
            self.fails(Status.INVALID_ARGUMENT, "", self.endpoint.watch, SPI, **bad)


class Callbacks(ModelCard):
    """As the library calls them, for what does not happen to a card alone."""

    def setUp(self):
        super().setUp()
        self.events = self.endpoint._events

    def test_an_exception_frame_is_told(self):
        told = []
        frame = structures.sapulse_exception(cause=b"unknown_spi", verdict=b"sent", spi=300)
        self.events.exception_callback(None, ctypes.pointer(frame))  # nobody wants to hear
        self.endpoint.on_exception(told.append)
        self.events.exception_callback(None, ctypes.pointer(frame))
        self.assertEqual(told, [])  # the endpoint is taken
        self.endpoint.poll()
        self.assertEqual(told, [sapulse.ExceptionFrame("unknown_spi", "sent", 300, 0, 0, b"")])

    def test_an_answer_is_told(self):
        number, ping = self.events.expect_ping()
        self.events.ping_callback(number, Status.OK, ctypes.pointer(structures.sapulse_ping_result(answered=1, rtt_ns=5)))
        self.endpoint.poll()
        self.assertEqual((ping.result().answered, ping.result().rtt_ns), (True, 5))

    def test_the_rest_is_told_after_a_handler_has_raised(self):
        self.endpoint.on_exception(lambda frame: 1 / 0)
        number, ping = self.events.expect_ping()
        self.events.exception_callback(None, ctypes.pointer(structures.sapulse_exception()))
        self.events.ping_callback(number, Status.OK, ctypes.pointer(structures.sapulse_ping_result()))
        with self.assertRaises(ZeroDivisionError):
            self.endpoint.poll()
        self.assertFalse(ping.done())
        self.endpoint.poll()
        self.assertTrue(ping.done())


class EventLoops(ModelCard):
    def test_select(self):
        descriptor = self.endpoint.event_descriptor()
        self.assertEqual(self.endpoint.event_descriptor(), descriptor)
        ping = self.endpoint.start_ping(SPI, SHORT)
        self.endpoint.poll()
        while not ping.done():
            select.select([descriptor], [], [], self.endpoint.prepare_sleep())
            self.endpoint.poll()
        self.assertFalse(ping.result().answered)
        self.assertIsNone(self.endpoint.prepare_sleep())

    def test_asyncio(self):
        async def look_after(ping):
            loop, woken = asyncio.get_running_loop(), asyncio.Event()
            loop.add_reader(self.endpoint.event_descriptor(), woken.set)
            self.endpoint.poll()
            while not ping.done():
                woken.clear()
                try:
                    await asyncio.wait_for(woken.wait(), self.endpoint.prepare_sleep())
                except asyncio.TimeoutError:
                    pass  # something is due
                self.endpoint.poll()
            loop.remove_reader(self.endpoint.event_descriptor())
            return await asyncio.wrap_future(ping)
        self.assertFalse(asyncio.run(look_after(self.endpoint.start_ping(SPI, SHORT))).answered)


class Closing(ModelCard):
    def test_nothing_follows(self):
        calls = [self.endpoint.info, self.endpoint.sas, self.endpoint.poll, self.endpoint.counters, self.endpoint.time_ns,
                 self.endpoint.changes, self.endpoint.event_descriptor, self.endpoint.prepare_sleep]
        calls += [lambda function=function: function(SPI) for function in (
            self.endpoint.ping, self.endpoint.start_ping, self.endpoint.probe_mtu, self.endpoint.watch, self.endpoint.unwatch,
            self.endpoint.liveness, self.endpoint.statistics, self.endpoint.set_admin_down, self.endpoint.remove)]
        calls += [lambda: self.endpoint.add(make_sa(300)), lambda: self.endpoint.replace(SPI, make_sa(300))]
        self.assertFalse(self.endpoint.closed)
        self.endpoint.close()
        self.endpoint.close()
        self.assertTrue(self.endpoint.closed)
        for call in calls:
            with self.assertRaisesRegex(ValueError, "closed"):
                call()

    def test_waits_for_calls_of_other_threads(self):
        rounds = itertools.count()
        begun = threading.Event()
        refused = []

        def use():
            try:
                while True:
                    self.endpoint.poll(0.001)
                    if next(rounds) > 2:
                        begun.set()
            except ValueError as error:
                refused.append(str(error))
        threads = [threading.Thread(target=use) for _ in range(3)]
        for thread in threads:
            thread.start()
        begun.wait()
        self.endpoint.close()
        for thread in threads:
            thread.join()
        self.assertEqual(refused, ["the endpoint is closed"] * 3)

    def use_in_child(self):
        signal.alarm(20)
        try:
            self.assertTrue(self.endpoint.closed)
            self.assertRaisesRegex(ValueError, "belongs to the process", self.endpoint.sas)
            self.endpoint.close()
            os._exit(0)
        finally:
            os._exit(1)

    def test_a_child_leaves_it_to_its_parent(self):
        with self.endpoint._handle.use():  # as by another thread, which the child does not have
            child = os.fork()
            if child == 0:
                self.use_in_child()
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)
        self.assertEqual(self.spis(), [SPI])

    def test_ends_changes(self):
        seen = []
        waiting = threading.Thread(target=lambda: seen.append(list(self.endpoint.changes())))
        waiting.start()
        self.endpoint.close()
        waiting.join()
        self.assertEqual(len(seen), 1)

    def test_an_endpoint_that_is_dropped_is_closed(self):
        with tempfile.TemporaryDirectory() as folder:
            def drop():
                ping = sapulse.open("model", CONFIG, folder).start_ping(SPI, 1000)
                gc.collect()
                return ping
            self.assertTrue(drop().done())
            sapulse.open("model", CONFIG, folder).close()  # the directory is free


if __name__ == "__main__":
    unittest.main()
