# SPDX-License-Identifier: Apache-2.0
"""A machine of its own with systemd as its first process, in the network namespace of the caller: this one's files, of which it
changes copies, and /run/a."""
import pathlib
import subprocess
import time

from gateway import POLL, run
from traffic import PATIENCE


class Machine:
    def __init__(self):
        run("/run/guest/modprobe", "overlay")
        self.process = subprocess.Popen(["unshare", "--mount", "--pid", "--cgroup", "--fork", "--kill-child",
                                         "bash", pathlib.Path(__file__).with_name("machine.sh")])
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        self.poll("its first process", children.read_text)
        self.inside = ["nsenter", f"--target={children.read_text().strip()}", "--mount", "--pid", "--cgroup", "--wdns=/"]
        self.poll("systemd", lambda: self.start("systemctl", "is-system-running").communicate()[0] == "running\n")

    def poll(self, what, is_there):
        end = time.monotonic() + PATIENCE
        while not is_there():
            assert self.process.poll() is None and time.monotonic() < end, f"in vain: {what}"
            time.sleep(POLL)  # there is nothing to wait for

    def start(self, *command):
        return subprocess.Popen([*self.inside, *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def run(self, *command):
        """Output of a command that must not fail."""
        started = self.start(*command)
        said = started.communicate()[0]
        assert started.returncode == 0, f"{command}: exit status {started.returncode}: {said}{self.journal()}"
        return said

    def write(self, path, text):
        """The folder is made, too."""
        subprocess.run([*self.inside, "sh", "-c", f"mkdir -p $(dirname {path}) && cat >{path}"], check=True, input=text, text=True)

    def drop_in(self, unit, text):
        """What `systemctl edit` does."""
        self.write(f"/etc/systemd/system/{unit}.d/override.conf", text)
        self.run("systemctl", "daemon-reload")

    def wait_for_log(self, unit, text):
        """Until the journal of a unit has it."""
        self.poll(f"'{text}' of {unit}", lambda: text in self.journal(f"--unit={unit}"))

    def journal(self, *which):
        return run(*self.inside, "journalctl", "--boot", "--no-pager", *which)

    def stop(self):
        self.process.kill()
        self.process.wait()
