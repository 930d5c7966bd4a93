#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""One module around all kernels of the corpus, so that Verilator and the C++ compiler run once.

usage: wrap.py NAME FILE.sv HEADER.h KERNEL.sv...

Writes FILE.sv with the module NAME, whose ports are those of the kernels with the kernel's name in front, and HEADER.h with
quiet(model), which takes the offers of all streams back. A kernel is the last module in its file.
"""
import pathlib
import re
import sys

LICENSE = "// SPDX-License-Identifier: Apache-2.0\n"
MODULE = re.compile(r"^module (\w+) \((.*?)^\);", re.MULTILINE | re.DOTALL)
PORT = re.compile(r"^ *(input|output) +wire +(\[[^\]]*\] )?(\w+)", re.MULTILINE)


def kernel_of(path):
    """(name, [(direction, range, port)]) without clock and reset."""
    name, ports = MODULE.findall(path.read_text(encoding="utf-8"))[-1]
    return name, [p for p in PORT.findall(ports) if p[2] not in ("ap_clk", "ap_rst_n")]


def wrapper_of(name, kernels):
    ports = "".join(f",\n    {direction} wire {bits}{kernel}_{port}" for kernel, all_ports in kernels
                    for direction, bits, port in all_ports)
    instances = "".join(f"  {kernel} i_{kernel} (.ap_clk, .ap_rst_n" +
                        "".join(f",\n      .{port}({kernel}_{port})" for _, _, port in all_ports) + ");\n"
                        for kernel, all_ports in kernels)
    return (f"{LICENSE}`default_nettype none\n\nmodule {name} (\n    input wire ap_clk,\n    input wire ap_rst_n{ports}\n);\n"
            f"{instances}endmodule\n\n`default_nettype wire\n")


def header_of(kernels):
    offers = "".join(f"  m.{kernel}_{port} = 0;\n" for kernel, all_ports in kernels for direction, _, port in all_ports
                     if direction == "input" and port.endswith("_tvalid"))
    return f"{LICENSE}#pragma once\n\ntemplate <class Model>\nvoid quiet(Model& m) {{\n{offers}}}\n"


def main():
    name, wrapper, header, *files = sys.argv[1:]
    kernels = [kernel_of(pathlib.Path(file)) for file in files]
    pathlib.Path(wrapper).write_text(wrapper_of(name, kernels), encoding="utf-8")
    pathlib.Path(header).write_text(header_of(kernels), encoding="utf-8")


if __name__ == "__main__":
    main()
