#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long faults last with strongSwan's DPD alone and with sapulse: each fault in a guest of its own, a table on standard output.

usage: outage_table.py SAPULSE"""
import json
import pathlib
import subprocess
import sys

LIMIT = 60  # s
FAULTS = {"deleted": "SA deleted on one side", "reboot": "one side reboots", "blocked": "ESP dropped for 20 s, IKE not"}
UML = pathlib.Path(__file__).parent.with_name("uml")
OUTAGE = pathlib.Path(__file__).with_name("outage.py")


def measure(environment, fault, more):
    command = [str(UML / "run.sh"), "900", "env", *environment, str(UML / "gateways.sh"), "1", "1h", sys.executable, str(OUTAGE),
               str(LIMIT), fault, *more]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1])


def text(seconds):
    return f"more than {LIMIT} s" if seconds is None else f"{seconds:.1f} s"


def cell(result):
    """Seconds until noticed / until traffic flows again; what lasts no longer than the fault need not have been noticed."""
    unnoticed = result["noticed"] is None and result["flows"] is not None
    return f"{'not noticed' if unnoticed else text(result['noticed'])} / {text(result['flows'])}"


def main():
    sapulse = [str(pathlib.Path(sys.argv[1]).resolve())]
    setups = {"DPD as it comes (off)": ([], []), "DPD every second, given up after 4 s": (["DPD=1s"], []), "sapulse": ([], sapulse)}
    print("| fault | " + " | ".join(setups) + " |\n|" + "---|" * (1 + len(setups)), flush=True)
    for fault, what in FAULTS.items():
        cells = [cell(measure(environment, fault, more)) for environment, more in setups.values()]
        print(f"| {what} | " + " | ".join(cells) + " |", flush=True)


main()
