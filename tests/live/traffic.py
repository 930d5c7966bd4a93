# SPDX-License-Identifier: Apache-2.0
"""Customer traffic through the tunnels of gateways.sh, from a to b: `traffic.py send|receive CHILDREN`.

The receiver prints `count CHILD` for each child when it ends with SIGTERM, and `ready` when it listens."""
import select
import signal
import socket
import sys

PORT = 5000
PAYLOAD = bytes(1000)
PAUSE = 0.01  # s between packets of a child: a load, no measurement


def endpoint(address):
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    opened.bind((address, PORT))
    return opened


def send(children):
    sockets = [endpoint(f"10.1.{child}.1") for child in range(children)]
    stop = signal.sigtimedwait
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    while stop([signal.SIGTERM], PAUSE) is None:
        for child, sender in enumerate(sockets):
            try:
                sender.sendto(PAYLOAD, (f"10.2.{child}.1", PORT))
            except OSError:  # its SA is not there at the moment: lost like a packet on the way
                pass


def receive(children):
    sockets = [endpoint(f"10.2.{child}.1") for child in range(children)]
    counts = [0] * children
    wake_up, woken = socket.socketpair()
    woken.setblocking(False)
    signal.set_wakeup_fd(woken.fileno())
    signal.signal(signal.SIGTERM, lambda *_: None)
    print("ready", flush=True)
    while True:
        readable, _, _ = select.select([*sockets, wake_up], [], [])
        if wake_up in readable:
            break
        for ready in readable:
            ready.recv(len(PAYLOAD))
            counts[sockets.index(ready)] += 1
    for child, count in enumerate(counts):
        print(count, child)


{"send": send, "receive": receive}[sys.argv[1]](int(sys.argv[2]))
