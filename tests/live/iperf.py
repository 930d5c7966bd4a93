# SPDX-License-Identifier: Apache-2.0
"""iperf3 through each tunnel of gateways.sh: UDP at a bounded rate from a to b, of every second child from b to a."""
import json
import signal
import subprocess
import time

from gateway import POLL, run
from traffic import CHILDREN, PATIENCE, end_of

RATE = "160K"  # bit/s: 20 packets a second, a load and no measurement
PACKET = 1000  # bytes
LONGEST_GAP = 5  # s without a packet that has arrived; longer than a busy machine rests
RECEIVING = {"a": range(1, CHILDREN, 2), "b": range(0, CHILDREN, 2)}  # children
PACING = 50_000  # us between two looks at what is due: at the default of 1 ms the clients do nothing else


def start(side, *arguments):
    return subprocess.Popen(["ip", "netns", "exec", side, "iperf3", "--json", "--interval", "1", *arguments],
                            stdout=subprocess.PIPE, text=True)


def server(child):
    address, port = end_of("b", child)
    return start("b", "--server", "--one-off", "--bind", address, "--port", str(port))


def client(child):
    # Transport mode protects UDP between these ports alone; what iperf3 says over TCP goes beside it.
    (address, port), (peer, peer_port) = end_of("a", child), end_of("b", child)
    return start("a", "--client", peer, "--port", str(peer_port), "--bind", address, "--cport", str(port), "--udp", "--time", "0",
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
        for client in self.clients:
            client.send_signal(signal.SIGINT)
        reports = {side: [json.loads(process.communicate(timeout=PATIENCE)[0]) for process in processes]
                   for side, processes in (("a", self.clients), ("b", self.servers))}
        return {child: packets(child, reports[side][child]) for side in "ab" for child in RECEIVING[side]}


def packets(child, report):
    error = report.get("error")
    assert error and "the client has terminated" in error, f"child {child}: not by us: {error}"
    arrived = [interval["sum"]["bytes"] // PACKET for interval in report["intervals"]]
    whole = arrived[:-1]
    windows = [sum(whole[begin:begin + LONGEST_GAP]) for begin in range(max(1, len(whole) - LONGEST_GAP + 1))]
    assert all(windows), f"child {child}: packets in each second: {whole}"
    return sum(whole)
