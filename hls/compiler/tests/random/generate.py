#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a random kernel, and the RTL and the test that put several of them into one Verilated model.

  generate.py kernel <seed> <folder>      random_<seed>.h and random_<seed>.cpp
  generate.py model <seed>... <folder>    random_kernels.sv and random_kernels_cosim.cpp

The same seed makes the same kernel, whatever the machine.
"""

import argparse
import pathlib
import sys

from kernel import Kernel
from model import test_of, wrapper_of


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("kernel", "model"))
    parser.add_argument("seeds", nargs="+", type=int)
    parser.add_argument("folder", type=pathlib.Path)
    arguments = parser.parse_args()
    kernels = [Kernel(seed) for seed in arguments.seeds]
    if arguments.what == "kernel":
        for k in kernels:
            (arguments.folder / f"{k.name}.h").write_text(k.header())
            (arguments.folder / f"{k.name}.cpp").write_text(k.source())
    else:
        (arguments.folder / "random_kernels.sv").write_text(wrapper_of(kernels))
        (arguments.folder / "random_kernels_cosim.cpp").write_text(test_of(kernels))
    return 0


if __name__ == "__main__":
    sys.exit(main())
