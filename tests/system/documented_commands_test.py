#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Starts every command of README.md and docs/*.md as it is written, and demands an answer: a new user does the same.

usage: documented_commands_test.py SOURCE SAPULSE

Of a synopsis the first form counts, without what is optional. Files that the reader has to bring are those of the demonstration. A
card that is not here is answered with one line that names it. `sim` and `lab` take the simulator's time; tests.demo.run runs them.
"""
import concurrent.futures
import os
import pathlib
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ANSWER_WITHIN = 10  # s, also where the machine is busy; what hangs never answers
HARDWARE = re.compile(r"(?:vfio:|xrt:|bind )([^\s:]+)")
ELSEWHERE = {"sim", "lab"}
ANY = rb"\n"
# Of those that go on for long.
ANSWERS = {"serve": rb", socket .*\n", "watch": rb"peer0[ \"]", "ping": rb"reply from peer0|bytes pass"}
# Interfaces of the commands, in a network namespace of the test's own.
INTERFACES = ("ip link add eth0 type veth peer name eth1 && ip link set eth0 up && ip link set eth1 up && exec \"$@\"")


def documented(source):
    """(page, words of a command) for each command line in a block of code, every command once."""
    commands = {}
    for page in (source / "README.md", *sorted((source / "docs").glob("*.md"))):
        for block in re.findall(r"^```\w*\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S):
            for line in re.sub(r"\\?\n +(?=[-\[])", " ", block).splitlines():
                match = re.match(r"(?:build/bin/)?sapulse (.*)", line)
                if not match:
                    continue
                text = match.group(1).split("#")[0].split(" | ")[0]
                while "[" in text:
                    text = re.sub(r" *\[[^][]*\]", "", text)
                commands.setdefault(tuple(text.split()), page.name)
    return [(page, words) for words, page in commands.items() if words[0] not in ELSEWHERE]


class Command:
    """One command that runs, in a folder of its own."""

    def __init__(self, sapulse, words, folder, sockets):
        """sockets: folder where commands look for a running service."""
        sas = shutil.copy("tests/demo/sas.yaml", folder)
        with open(sas, "a", encoding="utf-8") as file:
            file.write("path: {peer_mac: 02:aa:bb:cc:dd:03}\nliveness: {interval: 100ms}\n")
        os.chmod(sas, 0o600)
        files = {"SA": "peer0", "SAS.yaml": sas, "sapulse.yaml": sas, "/etc/sapulse/sapulse.yaml": sas, "gw-gw/net0": "peer0",
                 "/var/lib/sapulse": f"{folder}/state", "OUT.pcapng": f"{folder}/out.pcapng",
                 "east.yaml": sas, "west.yaml": self.other(sas)}
        self.environment = {**os.environ, "RUNTIME_DIRECTORY": str(folder), "XDG_RUNTIME_DIR": str(sockets)}
        self.words = [files.get(word, word) for word in words]
        self.output = b""
        self.process = subprocess.Popen([sapulse, *self.words], env=self.environment, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    @staticmethod
    def other(sas):
        """The same for a second card, which has an address of its own."""
        west = pathlib.Path(sas).with_name("west.yaml")
        west.write_text(re.sub(r"(?<=\D)192\.0\.2\.1(?=\D)", "192.0.2.9",
                               pathlib.Path(sas).read_text(encoding="utf-8")).replace("2001:db8::1\"", "2001:db8::9\""),
                        encoding="utf-8")
        west.chmod(0o600)
        return str(west)

    def wait_for(self, pattern, endless):
        """Until it ends, or until its output matches if it is `endless`."""
        end = time.monotonic() + ANSWER_WITHIN
        while not (endless and re.search(pattern, self.output)):
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, end - time.monotonic()))
            assert ready, f"no '{pattern.decode()}' within {ANSWER_WITHIN} s, but: {self.output.decode()}"
            chunk = os.read(self.process.stdout.fileno(), 65536)
            if not chunk:
                break
            self.output += chunk
        assert re.search(pattern, self.output), f"no '{pattern.decode()}' in: {self.output.decode()}"

    def stop(self):
        """Exit status after SIGTERM, or as it was."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=ANSWER_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"not ended {ANSWER_WITHIN} s after SIGTERM") from None


def refusal_of(words, has_interfaces):
    """What a command is refused with here; nothing: it is not."""
    if hardware := HARDWARE.search(" ".join(words)):
        return re.escape(hardware[1].encode())
    if any(word.startswith("net:") for word in words) and not has_interfaces:
        return rb"net:eth0"
    return None


def check(sapulse, words, sockets, has_interfaces):
    refusal = refusal_of(words, has_interfaces)
    endless = refusal is None and words[0] in ANSWERS
    with tempfile.TemporaryDirectory() as folder:
        command = Command(sapulse, words, pathlib.Path(folder), sockets)
        try:
            command.wait_for(refusal or ANSWERS.get(words[0], ANY), endless)
        finally:
            status = command.stop()
    good = {0} if refusal is None else {1, 2}
    if endless and words[0] != "serve":
        good |= {-signal.SIGTERM}  # ended before it was done
    assert status in good, f"exit status {status}: {command.output.decode()}"


def run_all(source, sapulse, has_interfaces):
    commands = documented(source)
    assert len(commands) >= 12, f"only {len(commands)} commands found"
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        service = Command(sapulse, ("serve", "--sas", "SAS.yaml"), place, place)
        try:
            service.wait_for(ANSWERS["serve"], True)
            with concurrent.futures.ThreadPoolExecutor() as pool:
                results = [(page, words, pool.submit(check, sapulse, words, place, has_interfaces)) for page, words in commands]
                for page, words, result in results:
                    wrong = result.exception()
                    failed += wrong is not None
                    print(f"{page}: sapulse {' '.join(words)}: {wrong or 'answers'}")
        finally:
            assert service.stop() == 0, service.output.decode()
    return failed


def main():
    source, sapulse = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    inside = sys.argv[3:] == ["inside"]
    if not inside and subprocess.run(["unshare", "--net", "true"], check=False, stderr=subprocess.DEVNULL).returncode == 0:
        again = [sys.executable, __file__, str(source), str(sapulse), "inside"]
        os.execvp("unshare", ["unshare", "--net", "sh", "-ec", INTERFACES, "sh", *again])
    os.chdir(source)
    return 1 if run_all(source, str(sapulse), inside) else 0


sys.exit(main())
