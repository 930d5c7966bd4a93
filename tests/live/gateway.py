# SPDX-License-Identifier: Apache-2.0
"""A gateway of gateways.sh with sapulse on it: a service with a software card, and what it tells."""
import json
import os
import pathlib
import queue
import signal
import subprocess
import threading
import time

from traffic import CHILDREN, GATEWAYS, PATIENCE

DEATHS = {"down", "lost"}
FAULTS = {"suspect", "admin-down"} | DEATHS
# Interval and multiplier where silence shall be no fault, however the machine stalls: a minute until suspect, two until down. What
# is found is found by what the peer says.
PATIENT_PROBES = "500ms", 255
ESP_FILTER = "2"  # its place among those of gateways.sh
POLL = 0.1  # s; of what tells nothing by itself
CHARON = pathlib.Path(__file__).parent.with_name("uml") / "charon.sh"


def run(*command):
    """Output of a command that must not fail."""
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(command)}: exit status {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout


class Gateway:
    """side: a or b, its network namespace. interval, multiplier: how its SAs are probed; reacts: charon is told what has died."""

    def __init__(self, sapulse, side, interval, multiplier, reacts=False):
        self.sapulse, self.side = sapulse, side
        self.socket = f"/run/{side}/sapulse.sock"
        self.settings = f"/run/{side}/sapulse.yaml"
        with open(self.settings, "w", encoding="ascii", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(f'local: ["{GATEWAYS[side]}"]\nsas: kernel\nkernel:\n  vici: /run/{side}/vici\n'
                       f"liveness: {{ interval: {interval}, multiplier: {multiplier} }}\n")
            if reacts:
                file.write(f"reactions: [ {{ vici: /run/{side}/vici }} ]\n")
        self.start()

    def start(self):
        self.changes = []  # all that have been told, in their order
        self.arrived = queue.Queue()
        self.log = []
        self.logged = threading.Condition()
        # Crash tokens are made with the secret of the directory of state.
        self.service = self.sapulse_on("serve", "--device", "net:eth0", "--sas", self.settings,
                                       "--state", f"/run/{self.side}/state", "--socket", self.socket)
        self.reader = threading.Thread(target=self.read_log, args=[self.service.stdout], daemon=True)
        self.reader.start()
        self.wait_for_log(f"socket {self.socket}")
        self.watch = self.sapulse_on("watch", "--json", "--socket", self.socket)
        # The table of all SAs comes first: from now on no change is missed.
        table = json.loads(self.watch.stdout.readline())["sas"]
        self.up = {sa["spi_in"] for sa in table if sa["liveness"] and sa["liveness"]["state"] == "up"}  # ever seen
        threading.Thread(target=self.read_changes, args=[self.watch.stdout], daemon=True).start()

    def sapulse_on(self, *arguments):
        return subprocess.Popen(["ip", "netns", "exec", self.side, self.sapulse, *arguments],
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def read_log(self, stream):
        for line in stream:
            with self.logged:
                self.log.append(line)
                self.logged.notify_all()

    def wait_for_log(self, text, count=1):
        """Until so many lines have it."""
        with self.logged:
            told = self.logged.wait_for(lambda: sum(text in line for line in self.log) >= count, PATIENCE)
            assert told, f"{self.side}: the service does not say '{text}', but:\n" + "".join(self.log)

    def read_changes(self, stream):
        for line in stream:
            self.arrived.put((time.monotonic(), json.loads(line)["change"]))
        self.arrived.put(None)

    def wait(self, done):
        """Takes changes until done(change) is true; returns that change and when it arrived (time.monotonic())."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                entry = self.arrived.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"{self.side}: it does not happen; the service says:\n" + "".join(self.log)) from None
            change, told = self.take(entry)
            if done(change):
                return change, told

    def take(self, entry):
        assert entry is not None, f"{self.side}: the service has ended:\n" + "".join(self.log)
        told, change = entry
        self.changes.append(change)
        if change["to"] == "up":
            self.up.add(change["spi_in"])
        return change, told

    def wait_death(self):
        return self.wait(lambda change: change["to"] in DEATHS)

    def wait_up(self, count=CHILDREN):
        """Until so many SAs have been seen up, counted by SPI."""
        while len(self.up) < count:
            self.wait(lambda change: change["to"] == "up")

    def wait_all_up(self):
        """Until the SA of each child is up, and every other one that is probed. That one goes is no change: the table is asked."""
        end = time.monotonic() + PATIENCE
        while (states := self.states()).count("up") < CHILDREN or not {"up", "unprobed"}.issuperset(states):
            assert time.monotonic() < end, f"{self.side}: {states}; the service says:\n" + "".join(self.log)
            time.sleep(POLL)

    def states(self):
        return [sa["liveness"]["state"] if sa["liveness"] else "unprobed" for sa in self.sas()]

    def take_arrived(self):
        while not self.arrived.empty():
            self.take(self.arrived.get())

    def changes_to(self, states):
        """Since the last changes.clear(), until now."""
        self.take_arrived()
        return [change for change in self.changes if change["to"] in states]

    def check_no_fault(self):
        faults = self.changes_to(FAULTS)
        assert not faults, f"{self.side}: false alarm: {faults}"

    def sas(self):
        return self.ask("sa", "list")["sas"]

    def unwatched(self):
        return self.ask("sa", "list", "--unwatched")["unwatched"]

    def ask(self, *arguments):
        return json.loads(run(self.sapulse, *arguments, "--json", "--socket", self.socket).splitlines()[0])

    def crash(self):
        """The machine loses power."""
        for process in (self.watch, self.service):
            process.kill()
            process.wait()
        lose_ipsec(self.side)

    def boot(self):
        """It is back, without SAs."""
        self.start()
        start_charon(self.side)

    def stop(self):
        """Ends in peace, which the service must do, too."""
        self.watch.terminate()
        self.watch.wait(timeout=PATIENCE)
        self.service.terminate()
        status = self.service.wait(timeout=PATIENCE)
        self.reader.join()
        check_end(status, "".join(self.log))


def check_end(status, said):
    """Of a service that was told to stop: in peace, or cut short, as it is where it has not ended within a second."""
    assert status == 0 or said.endswith("ended in the middle of its work\n"), said


def both_gateways(sapulse, interval, multiplier, reacts=False):
    """Services on a and b, when they have seen all SAs alive; what a has found before b has begun is forgotten."""
    gateways = [Gateway(sapulse, side, interval, multiplier, reacts) for side in "ab"]
    for gateway in gateways:
        gateway.wait_up()
        gateway.changes.clear()
    return gateways


def lose_ipsec(side):
    """IKE and the SAs of the kernel are gone, untold."""
    os.kill(int(pathlib.Path(f"/run/{side}/pid").read_text(encoding="ascii")), signal.SIGKILL)
    for what in ("state", "policy"):
        run("ip", "-n", side, "xfrm", what, "flush")


def start_charon(side):
    # Its output goes to its log; what is inherited would keep a pipe open.
    subprocess.run([str(CHARON), side], check=True, stdout=subprocess.DEVNULL)


def ike_sas():
    """Numbers of the IKE_SAs at a that are established."""
    listed = run("swanctl", "--list-sas", "--uri", "unix:///run/a/vici").splitlines()
    return [line.split("#")[1].split(",")[0] for line in listed if "ESTABLISHED" in line]


def delete_at_b(spi):
    """Without IKE: the SA by which a sends is gone at b."""
    run("ip", "-n", "b", "xfrm", "state", "delete", "src", GATEWAYS["a"], "dst", GATEWAYS["b"], "proto", "esp", "spi", hex(spi))


def disturb(netem):
    """From now on hub delays and loses as tc's netem is told, in both directions."""
    for side in "ab":
        run("tc", "-n", "hub", "qdisc", "add", "dev", side, "root", "netem", *netem.split())


def drop_esp():
    """From now on hub loses ESP in both directions, but not IKE."""
    for side in "ab":
        run("tc", "-n", "hub", "filter", "add", "dev", side, "ingress", "pref", ESP_FILTER, "protocol", "ip",
            "flower", "ip_proto", "0x32", "action", "drop")


def pass_esp():
    for side in "ab":
        run("tc", "-n", "hub", "filter", "del", "dev", side, "ingress", "pref", ESP_FILTER)
