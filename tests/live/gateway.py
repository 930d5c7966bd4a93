# SPDX-License-Identifier: Apache-2.0
"""A gateway of gateways.sh with sapulse on it: a service with a software card, and what it tells."""
import json
import os
import queue
import subprocess
import threading
import time

# Far longer than anything here takes, also where the machine is busy.
PATIENCE = 300  # s
DEATHS = {"down", "lost"}
FAULTS = {"suspect", "admin-down"} | DEATHS


def run(*command):
    """Output of a command that must not fail."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Gateway:
    """side: a or b, its network namespace. interval and multiplier: how its SAs are probed."""

    def __init__(self, sapulse, side, address, interval, multiplier):
        self.sapulse, self.side = sapulse, side
        self.socket = f"/run/{side}/sapulse.sock"
        self.changes = []  # all that have been told, in their order
        self.arrived = queue.Queue()
        settings = f"/run/{side}/sapulse.yaml"
        with open(settings, "w", encoding="ascii", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(f'local: ["{address}"]\nsas: kernel\nkernel: {{ vici: /run/{side}/vici }}\n'
                       f"liveness: {{ interval: {interval}, multiplier: {multiplier} }}\n")
        # Crash tokens are made with the secret of the directory of state.
        self.service = self.start("serve", "--device", "net:eth0", "--sas", settings, "--state", f"/run/{side}/state",
                                  "--socket", self.socket)
        self.log = []
        self.wait_for_service()
        self.watch = self.start("watch", "--json", "--socket", self.socket)
        # The table of all SAs comes first: from now on no change is missed.
        self.table = json.loads(self.watch.stdout.readline())["sas"]
        threading.Thread(target=self.read_changes, daemon=True).start()

    def start(self, *arguments):
        return subprocess.Popen(["ip", "netns", "exec", self.side, self.sapulse, *arguments],
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def wait_for_service(self):
        for line in self.service.stdout:
            self.log.append(line)
            if f"socket {self.socket}" in line:
                threading.Thread(target=lambda: self.log.extend(self.service.stdout), daemon=True).start()
                return
        raise AssertionError(f"sapulse serve on {self.side} has ended:\n" + "".join(self.log))

    def read_changes(self):
        for line in self.watch.stdout:
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
            assert entry is not None, f"{self.side}: the service has ended:\n" + "".join(self.log)
            self.changes.append(entry[1])
            if done(entry[1]):
                return entry[1], entry[0]

    def wait_up(self, count):
        """Until so many SAs have been seen up, counted by SPI, or one has died."""
        up = {sa["spi_in"] for sa in self.table if sa["liveness"] and sa["liveness"]["state"] == "up"}

        def is_last(change):
            if change["to"] == "up":
                up.add(change["spi_in"])
            return len(up) >= count or change["to"] in DEATHS

        if len(up) < count:
            self.wait(is_last)

    def check_no_fault(self):
        faults = [change for change in self.changes if change["to"] in FAULTS]
        assert not faults, f"{self.side}: false alarm: {faults}"

    def sas(self):
        return self.ask("sa", "list")["sas"]

    def unwatched(self):
        return self.ask("sa", "list", "--unwatched")["unwatched"]

    def ask(self, *arguments):
        return json.loads(run(self.sapulse, *arguments, "--json", "--socket", self.socket))

    def stop(self):
        """Ends in peace, which the service must do, too."""
        self.watch.terminate()
        self.watch.wait(timeout=PATIENCE)
        self.service.terminate()
        assert self.service.wait(timeout=PATIENCE) == 0, "".join(self.log)


def both_gateways(sapulse, interval, multiplier):
    """Services on a and b."""
    return [Gateway(sapulse, side, address, interval, multiplier) for side, address in (("a", "192.0.2.1"), ("b", "192.0.2.2"))]
