# SPDX-License-Identifier: Apache-2.0
"""iperf3 through each tunnel of gateways.sh: UDP at a bounded rate from a to b, of every second child from b to a."""
import re
import subprocess
import tempfile
import time

from gateway import POLL, run
from traffic import CHILDREN, PATIENCE, end_of

RATE = "160K"  # bit/s: 20 packets a second, a load and no measurement
PACKET = 1000  # bytes
LONGEST_GAP = 5  # s without a packet that has arrived; longer than a busy machine rests
RECEIVING = {"a": range(1, CHILDREN, 2), "b": range(0, CHILDREN, 2)}  # children
INTERVAL = re.compile(r"(-?\d+)/(\d+) \(.*%\)")  # of a receiver's report of a second: packets that are missing, of so many
PACING = 50_000  # us between two looks at what is due: at the default of 1 ms the clients do nothing else


class Process:
    """iperf3 on a side, which says each second what has arrived. Not by --json, which comes at its end: that would be SIGINT's,
    whose handler leaves what it has interrupted by longjmp(), malloc() as well."""

    def __init__(self, side, *arguments):
        self.output = tempfile.TemporaryFile("w+", encoding="ascii")
        self.process = subprocess.Popen(["ip", "netns", "exec", side, "iperf3", "--forceflush", "--interval", "1", *arguments],
                                        stdout=self.output, stderr=subprocess.STDOUT)

    def said(self):
        self.output.seek(0)
        return self.output.read()

    def check_running(self):
        status = self.process.poll()
        assert status is None, f"iperf3 has ended by itself, exit status {status}: {self.said()}"

    def stop(self):
        """Packets that have arrived in each second."""
        self.process.kill()
        self.process.wait()
        with self.output:
            return [int(total) - int(missing) for missing, total in INTERVAL.findall(self.said())]


def server(child):
    address, port = end_of("b", child)
    return Process("b", "--server", "--one-off", "--bind", address, "--port", str(port))


def client(child):
    # Transport mode protects UDP between these ports alone; what iperf3 says over TCP goes beside it.
    (address, port), (peer, peer_port) = end_of("a", child), end_of("b", child)
    return Process("a", "--client", peer, "--port", str(peer_port), "--bind", address, "--cport", str(port), "--udp", "--time", "0",
                   "--bitrate", RATE, "--length", str(PACKET), "--pacing-timer", str(PACING),
                   *(["--reverse"] if child in RECEIVING["a"] else []))


class Iperf:
    """Runs until it is stopped."""

    def __init__(self):
        self.servers = [server(child) for child in range(CHILDREN)]
        self.wait_for_sockets("-lt")
        self.clients = [client(child) for child in range(CHILDREN)]
        self.wait_for_sockets("-u", "state", "established")  # a first packet that is lost would not be repeated

    def wait_for_sockets(self, *kind):
        """Until each server has one."""
        end = time.monotonic() + PATIENCE
        while len(run("ip", "netns", "exec", "b", "ss", "-Hn", *kind, "sport ge :5000 and sport lt :6000").splitlines()) < CHILDREN:
            assert time.monotonic() < end, f"iperf3: not all have a socket {kind}"
            time.sleep(POLL)  # they do not tell

    def stop(self):
        """Packets that have arrived, by child, of which none may have been without for long."""
        for process in self.clients + self.servers:
            process.check_running()
        arrived = {side: [process.stop() for process in processes]
                   for side, processes in (("a", self.clients), ("b", self.servers))}
        return {child: packets(child, arrived[side][child]) for side in "ab" for child in RECEIVING[side]}


def packets(child, arrived):
    windows = [sum(arrived[begin:begin + LONGEST_GAP]) for begin in range(max(1, len(arrived) - LONGEST_GAP + 1))]
    assert all(windows), f"child {child}: packets in each second: {arrived}"
    return sum(arrived)
