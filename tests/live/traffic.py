#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Customer traffic through the tunnels of gateways.sh: packets from a, which b sends back. As a program, it is b's part."""
import os
import select
import socket
import struct
import subprocess
import sys
import threading
import time

CHILDREN = int(os.environ["CHILDREN"])
MODE = os.environ["MODE"]
GATEWAYS = {"a": "172.16.0.2" if MODE == "nat" else "192.0.2.1", "b": "192.0.2.2"}
PATIENCE = 300  # s; far longer than anything here takes, also where the machine is busy
PAUSE = 0.05  # s between packets of a child: a load, no measurement
PAYLOAD = struct.Struct("d192x")  # when it was sent


def end_of(side, child):
    """Address and port of one end of a child's traffic."""
    if MODE == "transport":
        return GATEWAYS[side], 5000 + child
    return f"10.{'ab'.index(side) + 1}.{child}.1", 5000


def sockets(side):
    opened = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(CHILDREN)]
    for child, end in enumerate(opened):
        end.bind(end_of(side, child))
        end.setblocking(False)
    return opened


def exchange(ends, handle, timeout):
    """Takes what arrives within a time: handle(child, packet)."""
    for ready in select.select(ends, [], [], timeout)[0]:
        try:
            handle(ends.index(ready), ready.recv(PAYLOAD.size))
        except OSError:  # ICMP has told of a packet that was lost
            pass


def send(end, packet, where):
    try:
        end.sendto(packet, where)
    except OSError:  # its SA is not there at the moment: lost like a packet on the way
        pass


class Traffic:
    """Sends from now on until it is stopped."""

    def __init__(self):
        self.echo = subprocess.Popen(["ip", "netns", "exec", "b", sys.executable, __file__], stdout=subprocess.PIPE)
        self.echo.stdout.readline()  # it listens
        self.sent = [0.0] * CHILDREN  # when the last packet that has come back was sent
        self.arrived = [0.0] * CHILDREN  # when it came back
        self.counts = [0] * CHILDREN
        self.ends = sockets("a")
        self.stopped = False
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        due = time.monotonic()
        while not self.stopped:
            for child, end in enumerate(self.ends):
                send(end, PAYLOAD.pack(time.monotonic()), end_of("b", child))
            due = max(due + PAUSE, time.monotonic())
            while (left := due - time.monotonic()) > 0:
                exchange(self.ends, self.note, left)

    def note(self, child, packet):
        with self.changed:
            self.sent[child], self.arrived[child] = *PAYLOAD.unpack(packet), time.monotonic()
            self.counts[child] += 1
            self.changed.notify_all()

    def wait(self, since, children=range(CHILDREN), patience=PATIENCE):
        """Until a packet of each child that was sent after `since` has come back; returns when the last of them did."""
        with self.changed:
            flows = self.changed.wait_for(lambda: all(self.sent[child] > since for child in children), patience)
            assert flows, f"no traffic: {[since - sent for sent in self.sent]} s before"
            return max(self.arrived[child] for child in children)

    def stop(self):
        self.stopped = True
        self.thread.join()
        self.echo.kill()
        self.echo.wait()


def main():
    ends = sockets("b")
    print("ready", flush=True)
    while True:
        exchange(ends, lambda child, packet: send(ends[child], packet, end_of("a", child)), None)


if __name__ == "__main__":
    main()
