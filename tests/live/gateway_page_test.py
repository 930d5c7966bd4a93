#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/gateway.md on a gateway: its settings and its commands, as they are written there.

usage: gateways.sh CHILDREN REKEY-TIME gateway_page_test.py SAPULSE"""
import os
import pathlib
import re
import subprocess
import sys
import time

from gateway import CHILDREN, POLL, Gateway, check_end, run

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "gateway.md"
# The guest has the files of the machine that it runs on, which stay as they are.
PLACES = {"/etc/sapulse": "/run/a/etc", "/var/lib/sapulse": "/run/a/state"}


def block(text, heading, language):
    """The first block of code below a heading, with the places of this test."""
    found = re.search(rf"^## {heading}$.*?^```{language}\n(.*?)^```", text, re.M | re.S).group(1)
    for place, here in PLACES.items():
        found = found.replace(place, here)
    return found


def start(words):
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def line_with(process, text):
    lines = []
    for line in process.stdout:
        lines.append(line)
        if text in line:
            return line
    raise AssertionError(f"no '{text}' in: {''.join(lines)}")


def main():
    text = PAGE.read_text(encoding="utf-8")
    sapulse = sys.argv[1]
    lines = [line.split("#")[0].split()[1:] for line in block(text, "Watch", "").splitlines()]
    commands = {" ".join(words): [sapulse, *words] for words in lines}
    serve = next(words for words in commands if words.startswith("serve "))
    os.makedirs("/run/a/etc")
    with open("/run/a/etc/sapulse.yaml", "w", encoding="ascii", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write(block(text, "Configure", "yaml"))
    os.symlink("/run/a/vici", "/run/charon.vici")  # where charon has it if nobody says otherwise
    b = Gateway(sapulse, "b", "500ms", 4)

    service = start(commands.pop(serve))
    line_with(service, ", socket ")
    watch = start(commands.pop("watch"))
    line_with(watch, "name")
    assert re.search(r"gw-gw/net\d|192.0.2.2/\d+", line_with(watch, " up"))  # its table, or a change
    # All are up in the end, also where the machine stalls for as long as makes one down.
    while not all(re.search(rf"gw-gw/net{child} .* up ", run(sapulse, "sa", "list")) for child in range(CHILDREN)):
        time.sleep(POLL)  # charon is asked for names about once a second
    outputs = {words: run(*command) for words, command in commands.items()}
    assert "reply from gw-gw/net0" in outputs["ping gw-gw/net0"], outputs
    print("".join(outputs.values()))
    for process in (watch, service):
        process.terminate()
    check_end(service.wait(), service.stdout.read())
    b.stop()


main()
