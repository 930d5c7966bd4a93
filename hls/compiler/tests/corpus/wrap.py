#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""One module around all kernels of the corpus, so that Verilator and the C++ compiler run once.

usage: wrap.py NAME FILE.sv HEADER.h KERNEL.sv...

Writes FILE.sv with the module NAME, whose ports are those of the kernels with the kernel's name in front, and HEADER.h with
quiet(model), which takes the offers of all streams and other managers back, and disturb(model, random), which gives all inputs of streams random
values. Around a port m_axi_<name> there is a memory_checker (../memory). A kernel is the last module in its file. That may also be <kernel>_lockstep (lockstep.py), which is connected as <kernel>.
"""
import pathlib
import re
import sys

LICENSE = "// SPDX-License-Identifier: Apache-2.0\n"
MODULE = re.compile(r"^module (\w+) \((.*?)^\);", re.MULTILINE | re.DOTALL)
SIDE_CHANNELS = ("tkeep", "tstrb", "tuser", "tlast", "tid", "tdest")
MANAGER = re.compile(r"(m_axi_\w+)_AWVALID")
UNCHECKED = ("LOCK", "QOS", "REGION", "error")
QUIET = re.compile(r"_(tvalid|ap_start|AWREADY|WREADY|BVALID|ARREADY|RVALID)$")
PORT = re.compile(r"^ *(input|output) +(?:wire|reg) +(\[[^\]]*\] )?(\w+)", re.MULTILINE)


LOCKSTEP = "_lockstep"


def kernel_of(path):
    """(module, [(direction, width, port, wire)]) without clock and reset. Side channels of a stream are parts of its tdata."""
    name, ports = MODULE.findall(path.read_text(encoding="utf-8"))[-1]
    result = []
    for direction, bits, port in PORT.findall(ports):
        width = int(bits.strip("[] ").split(":")[0]) + 1 if bits else 1
        stream, channel = port.rpartition("_")[::2]
        if channel in SIDE_CHANNELS and result and result[-1][2].startswith(stream + "_t"):
            low = sum(w for _, w, p, _ in result if p.startswith(stream + "_t"))
            result.append((direction, width, port, f"{stream}_tdata[{low + width - 1}:{low}]"))
        elif port not in ("ap_clk", "ap_rst_n"):
            result.append((direction, width, port, port))
    return name, result


def name_of(module):
    return module.removesuffix(LOCKSTEP)


def wires_of(ports):
    """[(direction, width, wire)] with all channels of a stream as one."""
    widths = {}
    for direction, width, _, wire in ports:
        name = wire.partition("[")[0]
        widths[name] = (direction, widths.get(name, ("", 0))[1] + width)
    return [(direction, width, name) for name, (direction, width) in widths.items()]


def connection(kernel, port, wire, ports):
    """The wire's own bits where other channels share it."""
    shared = sum(w.partition("[")[0] == wire for _, _, _, w in ports) > 1
    width = next(w for _, w, p, _ in ports if p == port)
    return f"{kernel}_{wire}" + (f"[{width - 1}:0]" if shared else "")


def checkers_of(kernels):
    """Instances of memory_checker at the AXI4 ports."""
    text = ""
    for module, ports in kernels:
        for manager in MANAGER.findall(" ".join(wire for _, _, _, wire in ports)):
            signals = [(w[len(manager) + 1:], w, width) for _, width, _, w in ports
                       if w.startswith(manager + "_") and not w.endswith(UNCHECKED)]
            data = next(width for signal, _, width in signals if signal == "WDATA")
            pins = "".join(f",\n      .{signal}({name_of(module)}_{w})" for signal, w, _ in signals)
            text += f"  memory_checker #(.DATA_W({data})) u_{module}_{manager} (.ap_clk, .ap_rst_n{pins});\n"
    return text


def wrapper_of(name, kernels):
    ports = "".join(f",\n    {direction} wire [{width - 1}:0] {name_of(module)}_{wire}" for module, all_ports in kernels
                    for direction, width, wire in wires_of(all_ports))
    instances = "".join(f"  {module} i_{module} (.ap_clk, .ap_rst_n" +
                        "".join(f",\n      .{port}({connection(name_of(module), port, wire, all_ports)})"
                                for _, _, port, wire in all_ports) + ");\n"
                        for module, all_ports in kernels)
    return (f"{LICENSE}`default_nettype none\n\nmodule {name} (\n    input wire ap_clk,\n    input wire ap_rst_n{ports}\n);\n"
            f"{instances}{checkers_of(kernels)}endmodule\n\n`default_nettype wire\n")


def header_of(kernels):
    inputs = [(f"m.{name_of(module)}_{wire}", width) for module, all_ports in kernels
              for direction, width, wire in wires_of(all_ports)
              if direction == "input" and wire.endswith(("_tdata", "_tvalid", "_tready"))]
    offers = "".join(f"  m.{name_of(module)}_{wire} = 0;\n" for module, all_ports in kernels
                     for direction, _, wire in wires_of(all_ports) if direction == "input" and QUIET.search("_" + wire))
    random = "".join(f"  cosim::set_pin({pin}, random.word({width}));\n" for pin, width in inputs)
    return (f"{LICENSE}#pragma once\n\n#include \"cosim.h\"\n\ntemplate <class Model>\nvoid quiet(Model& m) {{\n{offers}}}\n\n"
            f"template <class Model>\nvoid disturb(Model& m, cosim::Random& random) {{\n{random}}}\n")


def main():
    name, wrapper, header, *files = sys.argv[1:]
    kernels = [kernel_of(pathlib.Path(file)) for file in files]
    pathlib.Path(wrapper).write_text(wrapper_of(name, kernels), encoding="utf-8")
    pathlib.Path(header).write_text(header_of(kernels), encoding="utf-8")


if __name__ == "__main__":
    main()
