#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One service with two software cards, which are joined by a cable and have each other's peers. Needs a network namespace of its
own.

usage: unshare --net two_cards_test.py SAPULSE"""
import json
import pathlib
import secrets
import subprocess
import sys
import tempfile
import urllib.request

CAP_NET_ADMIN, CAP_NET_RAW = 12, 13
PATIENCE = "60s"  # far longer than it takes


def run(*command, status=0):
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == status, f"{' '.join(command)}: exit status {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def make_cable():
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "one", "address", "02:5a:00:00:00:01", "type", "veth",
        "peer", "name", "other", "address", "02:5a:00:00:00:02")
    for end in ("one", "other"):
        run("ip", "link", "set", end, "up")


def write_files(folder):
    there, back = (f'{{ spi: {spi}, key: "{secrets.token_hex(16)}", salt: "{secrets.token_hex(4)}" }}' for spi in (4096, 8192))

    def write(card, end, own, peer, keys, more):
        path = folder / f"{card}.yaml"
        path.write_text(f'device: net:{end}\nlocal: ["192.0.2.{own}"]\nliveness: {{ interval: 100ms, multiplier: 3 }}\n'
                        f'path: {{ mac: "02:5a:00:00:00:0{own}", peer_mac: "02:5a:00:00:00:0{peer}" }}\n{more}sas:\n'
                        f'  - {{ name: gw, local: "192.0.2.{own}", peer: "192.0.2.{peer}", in: {keys[0]}, out: {keys[1]} }}\n',
                        encoding="ascii")
        path.chmod(0o600)
        return str(path)

    more = "http: {}\nreactions: [{ states: up, program: /bin/true }]\n"
    return [write("east", "one", 1, 2, (back, there), more), write("west", "other", 2, 1, (there, back), "")]


def check_privileges(process):
    """Of all threads: the cards are open."""
    threads = list(pathlib.Path(f"/proc/{process}/task").iterdir())
    assert len(threads) >= 4, "two cards, a reaction, and the one that serves"
    for thread in threads:
        status = (thread / "status").read_text(encoding="ascii")
        effective = int(next(line for line in status.splitlines() if line.startswith("CapEff:")).split()[1], 16)
        assert effective & (1 << CAP_NET_ADMIN | 1 << CAP_NET_RAW) == 0, status


def fetch(document):
    with urllib.request.urlopen(f"http://127.0.0.1:9753/{document}", timeout=60) as answer:
        return answer.read().decode()


def check_commands(ask):
    ask("watch", "--until", "up", "--timeout", PATIENCE)
    table = ask("sa", "list")
    assert "east: gw" in table and "west: gw" in table, table
    assert "several cards have 'gw': east, west" in ask("ping", "gw", status=2)
    assert "reply from gw" in ask("ping", "gw", "--card", "east", "-c", "1")
    assert ask("check", "gw", "--card", "west").startswith("SAPULSE OK - west: gw is up")
    stats = ask("stats")
    assert "east:\n" in stats and "west:\n" in stats, stats
    assert "east:\n" not in ask("stats", "--card", "west")
    reloaded = ask("reload")
    assert reloaded.count("1 not touched") == 2 and "west: SAs: " in reloaded, reloaded


def check_refusals(folder, serve):
    clash = folder / "clash.yaml"
    clash.write_text('local: ["192.0.2.1"]\nsas: []\n', encoding="ascii")
    for more, why in ((["--device", "net:one"], "--device: is for one file"),
                      (["--sas", str(folder / "east.yaml")], "there is another card 'east'"),
                      (["--sas", str(clash)], "local: 192.0.2.1 is of card 'east' and of card 'clash'")):
        refused = run(*serve, *more, status=2)
        assert why in refused, refused


def check_documents():
    metrics = fetch("metrics")
    for card in ("east", "west"):
        assert f'sapulse_sa_up{{card="{card}",sa="gw",' in metrics, metrics
    shown = json.loads(fetch("sas.json"))
    assert [card["card"] for card in shown["cards"]] == ["east", "west"], shown
    assert sorted(sa["card"] for sa in shown["sas"]) == ["east", "west"], shown


def main():
    sapulse = sys.argv[1]
    make_cable()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        east, west = write_files(folder)
        socket = str(folder / "socket")
        serve = [sapulse, "serve", "--sas", east, "--sas", west, "--socket", socket]
        check_refusals(folder, serve)
        service = subprocess.Popen(serve, stdout=subprocess.PIPE, text=True)
        try:
            while ", socket " not in service.stdout.readline():
                assert service.poll() is None, "the service has ended"
            check_privileges(service.pid)
            check_commands(lambda *words, status=0: run(sapulse, *words, "--socket", socket, status=status))
            check_documents()
            service.terminate()
            assert service.wait(timeout=60) == 0
        finally:
            service.kill()
            service.wait()


main()
