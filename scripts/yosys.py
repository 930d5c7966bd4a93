#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs commands of Yosys. It comes as a Python package, in the environment that scripts/deps.sh makes: Debian's is too old for the
shell's
interfaces, and has no slang front end (read_slang).

usage: yosys.py "COMMAND; COMMAND .."    exit status 1: a command failed, and the last lines say why
"""

import sys

from pyosys import libyosys


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    libyosys.run_pass(sys.argv[1], libyosys.Design())


if __name__ == "__main__":
    main()
