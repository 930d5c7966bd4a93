#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Minutes of two gateways with software cards on a bridge, in real time, and somebody else on the same bridge: SAs are rekeyed and
deleted, a service stops or is killed, a cable is pulled out, the stranger floods. No SA may be called dead without one of these,
all have to come up again, every frame has to be accounted for, and memory has to stay. Needs a network namespace of its own.

usage: unshare --net gateway_minutes.py SAPULSE [--seconds N] [--sas N] [--seed N]"""
import argparse
import itertools
import json
import os
import pathlib
import random
import socket
import struct
import subprocess
import sys
import tempfile
import time

PATIENCE = "120s"  # far longer than it takes
INTERVAL, MULTIPLIER = "1s", 10
FLOOD = 20_000  # frames
SETTLED = 3  # rounds, after which memory has to stay
MAY_GROW = 1.05, 8 << 20  # times, and bytes, for fragments of the heap
CONTROL_SPI, ECHO_SPI = 253, 7
POLL = 0.05  # s


def run(*command):
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, f"{' '.join(command)}: exit status {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout


def make_network():
    run("ip", "link", "add", "bridge", "type", "bridge")
    for number, name in enumerate(("east", "west", "stranger"), 1):
        run("ip", "link", "add", name, "address", f"02:5a:00:00:00:0{number}", "type", "veth", "peer", "name", f"{name}-port")
        run("ip", "link", "set", f"{name}-port", "master", "bridge")
        for end in (name, f"{name}-port"):
            run("ip", "link", "set", end, "up")
    run("ip", "link", "set", "bridge", "up")


class Keys:
    """Of the SAs, as both gateways have them."""

    def __init__(self, count, chance):
        self.chance = chance
        self.next_spi = 4096
        self.pairs = [self.fresh() for _ in range(count)]

    def half(self):
        salt, key = self.chance.randbytes(4).hex(), self.chance.randbytes(16).hex()
        self.next_spi += 1
        return f'{{ spi: {self.next_spi}, key: "{key}", salt: "{salt}" }}'

    def fresh(self):
        return self.half(), self.half()

    def recent(self):
        return range(max(4096, self.next_spi - 64), self.next_spi + 1)


class Gateway:
    def __init__(self, sapulse, folder, name, own, peer):
        self.sapulse, self.folder, self.name, self.own, self.peer = sapulse, folder, name, own, peer
        self.socket, self.file, self.log = (folder / f"{name}.{ending}" for ending in ("socket", "yaml", "log"))
        self.process, self.looked_at = None, 0

    def sa(self, number, pair):
        there, back = pair if self.own == 1 else reversed(pair)
        return f'  - {{ name: sa{number}, local: "192.0.2.{self.own}", peer: "192.0.2.{self.peer}", in: {back}, out: {there} }}\n'

    def text(self, sas):
        return (f'device: net:{self.name}\nlocal: ["192.0.2.{self.own}"]\n'
                f'liveness: {{ interval: {INTERVAL}, multiplier: {MULTIPLIER} }}\n'
                f'path: {{ mac: "02:5a:00:00:00:0{self.own}", peer_mac: "02:5a:00:00:00:0{self.peer}" }}\nsas:\n' + "".join(sas))

    def write(self, path, sas):
        path.touch(mode=0o600)
        path.write_text(self.text(sas), encoding="ascii")
        return str(path)

    def write_all(self, pairs):
        self.write(self.file, [self.sa(number, pair) for number, pair in pairs])

    def start(self):
        with self.log.open("ab") as log:
            begin = log.tell()
            self.process = subprocess.Popen(
                [self.sapulse, "serve", "--sas", str(self.file), "--socket", str(self.socket),
                 "--state", str(self.folder / f"{self.name}.state")], stdout=log, stderr=log)
        while f", socket {self.socket}" not in self.log.read_text(encoding="utf-8")[begin:]:
            assert self.process.poll() is None, f"{self.name} has ended: {self.log.read_text(encoding='utf-8')}"
            time.sleep(POLL)

    def stop(self, crash):
        if crash:
            self.process.kill()
        else:
            self.process.terminate()
        status = self.process.wait(timeout=120)
        assert crash or status == 0, f"{self.name}: exit status {status}"

    def ask(self, *words):
        return run(self.sapulse, *words, "--socket", str(self.socket))

    def wait_until(self, state, *sas):
        for sa in sas or ("",):
            self.ask("watch", *filter(None, (sa,)), "--until", state, "--timeout", PATIENCE)

    def deaths(self):
        """What the log says of SAs that have died since this was asked last."""
        with self.log.open(encoding="utf-8") as log:
            log.seek(self.looked_at)
            lines = log.readlines()
            self.looked_at = log.tell()
        return [line for line in lines if "to=down" in line or "to=lost" in line]

    def resident(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1]) << 10

    def counters(self):
        return json.loads(self.ask("stats", "--json"))["counters"]

    def unaccounted(self):
        counters = self.counters()
        ends = ("passed", "answered", "echo_answered", "keepalive", "host", "replies")
        return counters["line_rx_frames"] - sum(
            value for name, value in counters.items() if name in ends or name.startswith("drop_"))


def with_checksum(header, at):
    """The Internet checksum (RFC 1071) in its place, where zeros are."""
    total = sum(struct.unpack(f"!{len(header) // 2}H", header))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return header[:at] + struct.pack("!H", ~total & 0xffff) + header[at + 2:]


class Stranger:
    """Sends what it likes to the east gateway, from the addresses of the west one."""

    def __init__(self, chance, spis):
        self.chance, self.spis = chance, spis
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self.socket.bind(("stranger", 0))

    @staticmethod
    def packet(payload):
        header = struct.pack("!BBHHHBBH4B4B", 0x45, 0, 20 + len(payload), 0, 0, 64, 50, 0, 192, 0, 2, 2, 192, 0, 2, 1)
        return bytes.fromhex("025a00000001" "025a00000002" "0800") + with_checksum(header, 10) + payload

    def forged(self, text):
        """A control message (docs/protocol.md, section 3) about one of the last SAs, without their keys."""
        subject, number = self.chance.choice(self.spis()), self.chance.getrandbits(32)
        header = struct.pack("!BBBBHHIIQ", 0x16, self.chance.randrange(1, 5), 0, 1, 24 + 16 + len(text), 0, subject,
                             self.chance.getrandbits(32), self.chance.getrandbits(64))
        return with_checksum(header, 6) + struct.pack("!IIQ", subject, number, number) + text

    def any_frame(self):
        noise = self.chance.randbytes(4 * self.chance.randrange(8, 50))
        kind = self.chance.randrange(4)
        if kind == 0:
            return self.packet(struct.pack("!II", CONTROL_SPI, 1) + self.forged(noise))
        if kind == 1:  # a clear echo, or nearly one
            return self.packet(struct.pack("!IIBBHHH", ECHO_SPI, 1, 1, 0, len(noise), 1, 1) + noise)
        if kind == 2:  # any reserved SPI
            return self.packet(struct.pack("!II", self.chance.randrange(256), 1) + noise)
        return self.packet(struct.pack("!II", self.chance.randrange(4096, 1 << 32), 1) + noise)

    def flood(self):
        frames = [self.any_frame() for _ in range(500)]
        for _ in range(FLOOD):
            self.socket.send(self.chance.choice(frames))


class Minutes:
    def __init__(self, sapulse, folder, sas, seed):
        self.chance = random.Random(seed)
        self.keys = Keys(sas, self.chance)
        self.east = Gateway(sapulse, folder, "east", 1, 2)
        self.west = Gateway(sapulse, folder, "west", 2, 1)
        self.both = (self.east, self.west)
        self.stranger = Stranger(self.chance, self.keys.recent)
        self.numbers = itertools.count(sas)
        self.sas = dict(enumerate(self.keys.pairs))
        self.memory = []

    def all_up(self):
        for gateway in self.both:
            gateway.wait_until("up")

    def rekey(self):
        """The new SAs are there before the old ones go."""
        old = self.chance.sample(sorted(self.sas), len(self.sas) // 4)
        fresh = {next(self.numbers): self.keys.fresh() for _ in old}
        self.install({**self.sas, **fresh})
        self.all_up()
        self.install({number: pair for number, pair in {**self.sas, **fresh}.items() if number not in old})

    def install(self, sas):
        self.sas = sas
        for gateway in self.both:
            gateway.write_all(sas.items())
            gateway.ask("sa", "import", str(gateway.file))
            for gone in self.installed(gateway) - {f"sa{number}" for number in sas}:
                gateway.ask("sa", "del", gone)

    @staticmethod
    def installed(gateway):
        lines = [json.loads(line) for line in gateway.ask("sa", "list", "--json").splitlines()]
        return {sa["name"] for line in lines for sa in line.get("sas", [line])}

    def flood(self):
        self.stranger.flood()

    def restart(self, crash):
        self.west.stop(crash)
        self.west.start()

    def pull_the_cable(self):
        run("ip", "link", "set", "west-port", "down")
        for gateway in self.both:
            gateway.wait_until("down")
        run("ip", "link", "set", "west-port", "up")

    def lose_an_sa(self):
        number, pair = self.chance.choice(sorted(self.sas.items()))
        self.west.ask("sa", "del", f"sa{number}")
        self.east.wait_until("lost", f"sa{number}")
        self.west.ask("sa", "add", self.west.write(self.west.folder / "one.yaml", [self.west.sa(number, pair)]))

    def round(self, number):
        for name, happens, deadly in (("rekeying", self.rekey, False), ("flood", self.flood, False),
                                      ("crash", lambda: self.restart(True), True), ("stop", lambda: self.restart(False), True),
                                      ("cable", self.pull_the_cable, True), ("lost SA", self.lose_an_sa, True)):
            happens()
            self.all_up()
            for gateway in self.both:
                deaths = gateway.deaths()
                assert deadly or not deaths, f"{name}: false alarms of {gateway.name}:\n{''.join(deaths)}"
        self.memory.append([gateway.resident() for gateway in self.both])
        for gateway in self.both:
            end = time.monotonic() + 120
            while gateway.unaccounted() != 0:  # probes are under way at any time
                assert time.monotonic() < end, f"{gateway.name}: frames are not accounted for"
        counts = ", ".join(
            f"{name} {count}" for name, count in self.east.counters().items() if count and name.startswith("drop_"))
        print(f"round {number}: {len(self.sas)} SAs up; resident KiB: {[each >> 10 for each in self.memory[-1]]}; "
              f"east: {counts}", flush=True)

    def live(self, seconds):
        for gateway in self.both:
            gateway.write_all(self.sas.items())
            gateway.start()
        try:
            self.all_up()
            end = time.monotonic() + seconds
            for number in itertools.count(1):
                self.round(number)
                if time.monotonic() >= end:
                    break
            for gateway in self.both:
                gateway.stop(crash=False)
        finally:
            for gateway in self.both:
                if gateway.process:
                    gateway.process.kill()
        self.check_memory()

    def check_memory(self):
        times, more = MAY_GROW
        for gateway, settled, last in zip(self.both, self.memory[min(SETTLED, len(self.memory)) - 1], self.memory[-1]):
            assert last <= settled * times + more, f"{gateway.name}: memory grows: {self.memory}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sapulse")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--sas", type=int, default=64)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SAPULSE_TEST_SEED", random.randrange(1 << 31))))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    make_network()
    with tempfile.TemporaryDirectory() as folder:
        Minutes(options.sapulse, pathlib.Path(folder), options.sas, options.seed).live(options.seconds)
    return 0


sys.exit(main())
