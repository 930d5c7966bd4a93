#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does what docs/monitoring.md says, with a service on the simulated card.

usage: monitoring_page_test.py PAGE COMMAND SAS     COMMAND: sapulse; SAS: a configuration with the SA peer0
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import urllib.request

PATIENCE_S = 60
PLACE = "127.0.0.1:9753"
WATCHED = "path: { peer_mac: \"02:aa:bb:cc:dd:03\" }\nliveness: { interval: 1ms, multiplier: 20 }\n"


def blocks_of(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def config_of(page, sas, folder):
    """The SAs, watched, with what the page shows; a program of the test's, a port that is free, and nobody on the Internet."""
    blocks = blocks_of(page, "yaml")
    http, reactions = (next(block for block in blocks if block.startswith(field)) for field in ("http:", "reactions:"))
    program = folder / "page"
    program.write_text(f'#!/bin/sh\necho "$SAPULSE_SA $SAPULSE_TO $*" >> {folder}/told\n', encoding="utf-8")
    program.chmod(0o700)
    reactions, programs = re.subn(r"/usr/local/sbin/page", str(program), reactions)
    reactions, urls = re.subn(r"https://hooks\.example\.org/", "http://127.0.0.1:1/", reactions)
    http, places = re.subn(re.escape(PLACE), "127.0.0.1:0", http, count=1)
    assert (programs, urls, places) == (1, 1, 1), "the page has changed: change this test"
    ours = f"  - {{ sas: peer0, states: up, program: [{program}, ours] }}\n"
    return sas + WATCHED + http + reactions + ours


class Service:
    """sapulse serve; its log is read in a thread."""

    def __init__(self, command, config, folder):
        self.lines = []
        self.news = threading.Condition()
        environment = dict(os.environ, RUNTIME_DIRECTORY=str(folder))
        serve = [command, "serve", "--device", "sim", "--sas", str(config), "--ns-per-cycle", "1000"]
        self.process = subprocess.Popen(serve, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        threading.Thread(target=self.read, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def read(self):
        for line in self.process.stdout:
            with self.news:
                self.lines.append(line.rstrip("\n"))
                self.news.notify_all()
        with self.news:
            self.lines.append("it has ended")
            self.news.notify_all()

    def wait_for(self, pattern):
        """The match in the log."""
        def found():
            return next((match for line in self.lines if (match := re.search(pattern, line))), None)
        with self.news:
            self.news.wait_for(lambda: found() or self.lines[-1:] == ["it has ended"], PATIENCE_S)
            match = found()
        assert match, f"{pattern} is not in the log:\n" + "\n".join(self.lines)
        return match

    def terminate(self):
        self.process.terminate()
        return self.process.wait(PATIENCE_S)


def run(line, command, folder, url):
    """Runs a line of the page. Its exit status and output."""
    words = line.replace(f"http://{PLACE}/", url).split()
    if words[0] == "sapulse":
        words[0] = command
    environment = dict(os.environ, XDG_RUNTIME_DIR=str(folder))
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    return done.returncode, done.stdout, done.stderr


def main():
    page, command, sas = sys.argv[1:]
    page = pathlib.Path(page).read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        config = folder / "sapulse.yaml"
        config.write_text(config_of(page, pathlib.Path(sas).read_text(encoding="utf-8"), folder), encoding="utf-8")
        config.chmod(0o600)
        with Service(command, config, folder) as service:
            url = service.wait_for("metrics and page: (.*)")[1]
            service.wait_for(", socket ")
            assert run("sapulse watch peer0 --until up --timeout 60s", command, folder, url)[0] == 0
            lines = "".join(blocks_of(page, "sh")).splitlines()
            assert len(lines) == 6, lines
            for line in lines:
                status, output, errors = run(line, command, folder, url)
                assert status == 0 and output, (line, status, output, errors)
            assert run("sapulse check", command, folder, url)[0] == 3
            assert run("sapulse check nobody", command, folder, url) == (
                3, "SAPULSE UNKNOWN - sa: no SA is called 'nobody' or has that inbound SPI\n", "")
            assert run("sapulse check peer0 --rtt-critical 1ns", command, folder, url)[0] == 2
            assert run("sapulse watch nobody", command, folder, url)[0] == 2
            assert run("sapulse watch peer0 --until lost --timeout 10ms", command, folder, url)[0] == 1
            with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
                assert b"sapulse.js" in answer.read()
            service.wait_for("reaction .*page: .* done: exit status 0 sa=\"peer0\" .* to=up")
            assert "peer0 up ours" in (folder / "told").read_text(encoding="utf-8").splitlines()
            assert service.terminate() == 0


if __name__ == "__main__":
    main()
