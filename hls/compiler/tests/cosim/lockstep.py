#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A kernel and its simulation view side by side.

usage: lockstep.py KERNEL.sv VIEW.sv OUT.sv

Writes OUT.sv with two modules: the view under the name <kernel>_view, and <kernel>_lockstep with the kernel's ports. Both get the
same inputs; the outputs are those of the kernel, and an assertion for each of them fails in the first cycle in which the view's
differ. Data of a stream count while its tvalid is high. Kernel and view are the last modules in their files.
"""
import pathlib
import re
import sys

MODULE = re.compile(r"^module (\w+) (\(.*?^\);)(.*?^endmodule\n)", re.MULTILINE | re.DOTALL)
PORT = re.compile(r"^ *(input|output) +(?:wire|reg) +((?:\[[^\]]*\] )?)(\w+)", re.MULTILINE)
STREAM_DATA = re.compile(r"(\w+)_t(?:data|keep|strb|user|last|id|dest)")


def comparison_of(port):
    """What must hold of an output."""
    equal = f"view_{port} === {port}"
    data = STREAM_DATA.fullmatch(port)
    return f"!{data[1]}_tvalid || {equal}" if data else equal


def wrapper_of(kernel, header):
    ports = PORT.findall(header)
    outputs = [(bits, port) for direction, bits, port in ports if direction == "output"]
    common = [port for direction, _, port in ports if direction == "input"]
    wires = "".join(f"  wire {bits}view_{port};\n" for bits, port in outputs)
    given = ", ".join(f".{port}" for port in common)
    of_view = "".join(f", .{port}(view_{port})" for _, port in outputs)
    of_kernel = "".join(f", .{port}" for _, port in outputs)
    checks = "".join(f"    a_{port} : assert ({comparison_of(port)});\n" for _, port in outputs)
    return (f"module {kernel}_lockstep {header.replace('output reg ', 'output wire')}\n{wires}"
            f"  {kernel} u_kernel ({given}{of_kernel});\n  {kernel}_view u_view ({given}{of_view});\n"
            f"  bit known = 0;  // reset has reached the registers\n"
            f"  always @(posedge ap_clk) begin\n    known <= known | ~ap_rst_n;\n    if (known) begin\n"
            f"{checks.replace('    a_', '      a_')}    end\n  end\nendmodule\n")


def main():
    kernel_file, view_file, out = map(pathlib.Path, sys.argv[1:])
    kernel, header, _ = MODULE.findall(kernel_file.read_text(encoding="utf-8"))[-1]
    _, view_header, view_body = MODULE.findall(view_file.read_text(encoding="utf-8"))[-1]
    out.write_text(f"// SPDX-License-Identifier: Apache-2.0\n// verilator lint_off BLKSEQ\n`default_nettype none\n\n"
                   f"module {kernel}_view {view_header}{view_body}\n// verilator lint_on BLKSEQ\n"
                   f"{wrapper_of(kernel, header)}\n`default_nettype wire\n", encoding="utf-8")


if __name__ == "__main__":
    main()
