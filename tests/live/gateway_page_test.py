#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/gateway.md on a gateway: its settings and its commands, as they are written there, with the package's unit under systemd.

usage: gateways.sh CHILDREN REKEY-TIME gateway_page_test.py SAPULSE"""
import pathlib
import re
import sys

from gateway import CHILDREN, Gateway, delete_at_b
from machine import Machine

SOURCE = pathlib.Path(__file__).parents[2]
DOCS = SOURCE / "docs"
PACKAGE = SOURCE / "host" / "package" / "debian"
UNIT = "sapulse.service"
SETTINGS = "/etc/sapulse/sapulse.yaml"
ELSEWHERE = ("apt", "editor")  # the packages are tested by host.package
REFUSED = "/run/charon.vici: Permission denied: it is open to group root (for a service of systemd: SupplementaryGroups=root)"


def block(text, heading, language):
    """The first block of code below a heading."""
    return re.search(rf"^## {heading}$.*?^```{language}\n(.*?)^```", text, re.M | re.S).group(1)


def commands(text, heading):
    lines = [line.split("#")[0].split() for line in block(text, heading, "").splitlines()]
    return [words for words in lines if words[0] not in ELSEWHERE]


def line_with(process, pattern):
    lines = []
    for line in process.stdout:
        lines.append(line)
        if re.search(pattern, line):
            return line
    raise AssertionError(f"no '{pattern}' in: {''.join(lines)}")


def install(machine, sapulse):
    """What the package puts there. Copies: the unit hides /home and /tmp, where the build may be."""
    machine.run("install", sapulse, "/usr/bin/sapulse")
    machine.run("install", pathlib.Path(sapulse).resolve().parents[1] / "lib" / "libsapulse.so.1", "/usr/lib")
    machine.run("cp", PACKAGE / UNIT, "/lib/systemd/system")
    machine.run("systemd-sysusers", PACKAGE / "sapulse.sysusers")
    machine.run("ln", "-s", "/run/a/vici", "/run/charon.vici")  # where charon has it if nobody says otherwise


def watch(machine, words, pattern):
    watching = machine.start(*words)
    print(line_with(watching, pattern))
    watching.kill()


def wait_all_up(machine):
    """Under their names; also where the machine stalls for as long as makes one down."""
    def is_up(child):
        return re.search(rf"gw-gw/net{child} .* up ", machine.run("sapulse", "sa", "list"))
    machine.poll("all SAs", lambda: all(is_up(child) for child in range(CHILDREN)))


def install_and_start(machine, sapulse, page):
    install(machine, sapulse)
    machine.write(SETTINGS, block(page, "Configure", "yaml"))
    machine.run("systemd-tmpfiles", "--create", PACKAGE / "sapulse.tmpfiles")
    *start, watching = commands(page, "Install")
    for words in start:
        machine.run(*words)
    watch(machine, watching, r"192\.0\.2\.2/\d+ .* up")
    machine.wait_for_log(UNIT, REFUSED)


def let_in(machine, page):
    edit, restart = commands(page, "Let the service in at strongSwan")
    assert edit == ["systemctl", "edit", "sapulse"]
    machine.drop_in(UNIT, block(page, "Let the service in at strongSwan", "ini"))
    machine.run(*restart)
    wait_all_up(machine)


def look(machine, page):
    watching, *asking = commands(page, "Watch")
    watch(machine, watching, r"gw-gw/net\d .* up")
    said = "".join(machine.run(*words) for words in asking)
    assert "reply from gw-gw/net0" in said, said
    print(said)


def main():
    page = (DOCS / "gateway.md").read_text(encoding="utf-8")
    b = Gateway(sys.argv[1], "b", "500ms", 4)
    machine = Machine()
    install_and_start(machine, sys.argv[1], page)
    let_in(machine, page)
    look(machine, page)

    delete_at_b(b.sas()[0]["spi_in"])
    machine.wait_for_log(UNIT, "is dead: rekey: done")
    wait_all_up(machine)
    journal = machine.journal(f"--unit={UNIT}")
    assert journal.count(REFUSED) == 1, journal

    machine.run("systemctl", "reload", "sapulse")
    machine.run("ip", "netns", "add", "red")
    machine.write(SETTINGS, block(page, "Configure", "yaml") + "kernel: { netns: [default, red] }\n")
    machine.drop_in(UNIT, block((DOCS / "service.md").read_text(encoding="utf-8"), "What it survives", "ini"))
    machine.run("systemctl", "restart", "sapulse")
    machine.stop()
    b.stop()


main()
