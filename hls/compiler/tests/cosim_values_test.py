#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""hlsc --cosim compares scalars that kernels write: by reference, pointer and result, in loops, networks, calls and where nothing
stops a kernel. Faults put into the RTL of each are told.

usage: cosim_values_test.py HLSC
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

# Sources, and the ports that have to be compared.
KERNELS = {
    # by reference, pointer and result; one that is read as well; one that is written seldom, often with the same value again
    "meter": ("""
struct excess {
  ap_uint<16> word;
  ap_int<16> by;
};
ap_uint<8> meter(hls::stream<ap_uint<16>>& in, ap_uint<16> limit, ap_uint<24>& total, excess* above, ap_uint<6>& level,
                 bool& odd) {
  static ap_uint<24> sum = 0;
  static ap_uint<8> count = 0;
  const ap_uint<16> x = in.read();
  sum += x;
  total = sum;
  if (x > limit) *above = {x, ap_int<16>(x - limit)};
  if (x[0]) level = level + 1;
  if (x[1]) odd = x[2];
  return ++count;
}
""", ["total", "above_word", "above_by", "level_o", "odd", "ap_return"]),
    # several iterations a call, each of which writes
    "longest": ("""
struct summary {
  ap_uint<8> longest;
  ap_uint<4> at;
};
summary longest(hls::stream<ap_uint<8>>& in, ap_uint<4>& progress) {
  summary s = {0, 0};
  for (ap_uint<4> i = 0; i < 7; i++) {
    const ap_uint<8> x = in.read();
    progress = i;
    if (x >= s.longest) s = {x, i};
  }
  return s;
}
""", ["progress", "ap_return_longest", "ap_return_at"]),
    # nothing stops it
    "timer": ("""
void timer(ap_uint<8> step, ap_uint<40>& now) {
  static ap_uint<40> time = 0;
  time += step;
  if (time[1]) now = time;
}
""", ["now"]),
    # a process of a network
    "split": ("""
static void count(hls::stream<ap_uint<8>>& in, hls::stream<ap_uint<8>>& out, unsigned& words) {
  static unsigned n = 0;
  out.write(in.read());
  words = ++n;
}
static void sum(hls::stream<ap_uint<8>>& in, hls::stream<ap_uint<8>>& out, ap_uint<12>* total) {
  static ap_uint<12> t = 0;
  const ap_uint<8> x = in.read();
  t += x;
  *total = t;
  out.write(x);
}
void split(hls::stream<ap_uint<8>>& in, hls::stream<ap_uint<8>>& out, unsigned& words, ap_uint<12>* total) {
#pragma HLS DATAFLOW
  static hls::stream<ap_uint<8>> between;
  count(in, between, words);
  sum(between, out, total);
}
""", ["words", "total"]),
    # called once
    "largest": ("""
unsigned largest(const unsigned* numbers, ap_uint<6> n, ap_uint<6>& at) {
#pragma HLS INTERFACE m_axi port = numbers
  unsigned most = 0;
  for (ap_uint<6> i = 0; i < n; i++) {
    const unsigned x = numbers[i];
    if (x >= most) at = i;
    most = x >= most ? x : most;
  }
  return most;
}
""", ["at", "ap_return"]),
    # asked: the RTL runs first
    "drop": ("""
void drop(hls::stream<ap_uint<8>>& in, hls::stream<ap_uint<8>>& out, ap_uint<16>& dropped, bool& idle) {
  static ap_uint<16> n = 0;
  idle = in.empty();
  if (in.empty()) return;
  if (!out.write_nb(in.read())) dropped = ++n;
}
""", ["dropped", "idle"]),
}

# What a fault makes of the lines that set a port's pulse and value.
FAULTS = {
    "another value": [(r"(if \(.*\) PORT <= )(.*);", r"\1~(\2);")],
    "lost writes": [(r"(PORT_ap_vld <= )(\w.*);", r"\1(\2) & ~(^PORT);"),
                    (r"if \((.*)\) (PORT <= .*);", r"if ((\1) & ~(^PORT)) \2;")],
    "no pulse": [(r"(PORT_ap_vld <= )(\w.*);", r"\g<1>1'b0;")],
    "too many pulses": [(r"(PORT_ap_vld <= )([^1].*);", r"\g<1>1'b1;")],
}
TRIED = [("meter", "total", "another value"), ("meter", "level_o", "lost writes"), ("meter", "odd", "no pulse"),
         ("longest", "progress", "too many pulses"), ("drop", "dropped", "another value")]

# Stands for Verilator: puts a fault into the kernel, then calls it.
FAULTY = """#!{python}
import os, pathlib, re, sys
for kernel in (pathlib.Path(a) for a in sys.argv if a.endswith("kernel.sv")):
    text = kernel.read_text()
    for pattern, by in {changes}:
        text, n = re.subn(pattern, by, text)
        if n == 0:
            sys.exit("no line is " + pattern)
    kernel.write_text(text)
os.execv("{verilator}", ["verilator", *sys.argv[1:]])
"""


def run(hlsc: str, source: pathlib.Path, verilator: str = "verilator") -> tuple[int, str]:
    """Exit code and what is said."""
    command = [hlsc, source, "--top", source.stem, "--cosim", "--words", "60", "--seed", "3"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                          env=os.environ | {"HLSC_VERILATOR": verilator})
    return done.returncode, done.stdout


def disagreement(hlsc: str, source: pathlib.Path, ports: list[str]) -> str:
    """What is wrong with a kernel as it is."""
    code, text = run(hlsc, source)
    if code != 0 or "native and RTL agree" not in text:
        return f"{source.name}: {code}: {text}"
    for port in ports:
        if not re.search(rf"^{port}: [1-9]\d* words written$", text, re.MULTILINE):
            return f"{source.name}: nothing of {port} is compared: {text}"
    return ""


def untold(hlsc: str, source: pathlib.Path, port: str, fault: str) -> str:
    """A fault that is not told."""
    faulty = source.parent / "verilator"
    changes = [(pattern.replace("PORT", rf"\b{port}"), by.replace("PORT", port)) for pattern, by in FAULTS[fault]]
    faulty.write_text(FAULTY.format(python=sys.executable, changes=repr(changes), verilator=shutil.which("verilator")))
    faulty.chmod(0o755)
    code, text = run(hlsc, source, str(faulty))
    return "" if code == 1 and f"output {port}" in text else f"{source.name}: {fault} of {port}: {code}: {text}"


def main() -> str:
    """What is wrong, or nothing."""
    with tempfile.TemporaryDirectory() as folder:
        sources = {name: pathlib.Path(folder, f"{name}.cpp") for name in KERNELS}
        for name, (text, ports) in KERNELS.items():
            sources[name].write_text('#include "hls_stream.h"\n' + text, encoding="utf-8")
            if wrong := disagreement(sys.argv[1], sources[name], ports):
                return wrong
        for name, port, fault in TRIED:
            if wrong := untold(sys.argv[1], sources[name], port, fault):
                return wrong
    return ""


if __name__ == "__main__":
    sys.exit(main() or 0)
