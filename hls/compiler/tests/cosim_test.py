#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs hlsc --cosim: an example agrees with its RTL, and a kernel that does something else under hlsc is told with the word.

usage: cosim_test.py HLSC EXAMPLE.cpp, whose function has the name of the file
"""
import pathlib
import subprocess
import sys
import tempfile

# With side channels and a scalar. Under hlsc the last word of a packet is another one where the data has its highest bit.
DIFFERENT = """
#include "ap_axi_sdata.h"
#include "hls_stream.h"
void kernel(hls::stream<ap_axiu<16>>& in, hls::stream<ap_axiu<16>>& out, ap_uint<16> by) {
  ap_axiu<16> x = in.read();
#ifdef HLSC
  if (x.data[15]) x.last = !x.last;
#endif
  x.data += by;
  out.write(x);
}
"""

# Two sources. What comes out, and in which order, depends on when words come: a timer runs where there are none, an arbiter takes
# whatever is there, and a word that finds no room is dropped. Keys above 99 would be outside of the table.
ASKING = ["""
#include "asking.h"
static void timers(hls::stream<entry>& in, hls::stream<ap_uint<24>>& expired) {
  static ap_uint<16> table[100];
  static ap_uint<7> at = 0;
  if (!in.empty()) {
    const entry e = in.read();
    if (table[e.key] != 0) expired.write((ap_uint<8>(255), table[e.key]));
    table[e.key] = e.value;
  } else {
    if (table[at] != 0 && !expired.full()) {
      if (table[at][0]) expired.write((ap_uint<8>(at), table[at]));
      table[at] = 0;
    }
    at = at == 99 ? ap_uint<7>(0) : ap_uint<7>(at + 1);
  }
}
void asking(hls::stream<entry>& in, hls::stream<ap_uint<24>>& other, hls::stream<ap_uint<24>>& out, settings& s) {
#pragma HLS DATAFLOW
  static hls::stream<ap_uint<24>> expired;
  timers(in, expired);
  choose(expired, other, out, s);
}
""", """
#include <iostream>
#include "asking.h"
void choose(hls::stream<ap_uint<24>>& a, hls::stream<ap_uint<24>>& b, hls::stream<ap_uint<24>>& out, settings& s) {
  static bool turn = false;
  static ap_uint<16> dropped = 0;
  ap_uint<24> x = 0;
  if (!a.empty() && (turn || b.empty())) {
    x = a.read();
  } else if (!b.empty()) {
    x = b.read() ^ s.mask;
  } else {
    return;
  }
  turn = !turn;
#ifdef WRONG_RTL
#ifdef HLSC
  x[3] = x[3] ^ turn;
#endif
#endif
  if (!out.write_nb(x)) dropped++;
  s.dropped = dropped;
}
"""]
HEADER = """
#pragma once
#include "hls_stream.h"
struct entry {
  ap_uint<7> key;
  ap_uint<16> value;
};
struct settings {
  ap_uint<24> mask;
  ap_uint<16> dropped;
};
void choose(hls::stream<ap_uint<24>>& a, hls::stream<ap_uint<24>>& b, hls::stream<ap_uint<24>>& out, settings& s);
"""


def asking(hlsc: str, folder: pathlib.Path) -> str:
    """What is wrong with kernels that ask their streams."""
    (folder / "asking.h").write_text(HEADER, encoding="utf-8")
    sources = [folder / "asking.cpp", folder / "choose.cpp"]
    for source, text in zip(sources, ASKING):
        source.write_text(text, encoding="utf-8")
    code, text = cosim(hlsc, sources, "asking", "--below", "key=100")
    if code != 0 or text.count("out: ") != 6 or "native and RTL agree" not in text or "s_dropped_o: " not in text:
        return f"kernels that ask: {code}: {text}"
    code, text = cosim(hlsc, sources, "asking", "--below", "key=100", "-DWRONG_RTL")
    if code != 1 or "stream out, word " not in text or "native and RTL differ" not in text:
        return f"a difference of kernels that ask is not told: {code}: {text}"
    code, text = cosim(hlsc, sources, "asking", "--below", "key=none")
    return "" if code == 1 and "--below key=none: not NAME=N" in text else f"a wrong bound: {code}: {text}"


# Says nothing but of a word that has its own digest, which random ones have not.
GIVEN = """
#include "hls_stream.h"
struct word { ap_uint<40> data; ap_uint<33> digest; };
void checked(hls::stream<word>& in, hls::stream<ap_uint<40>>& out, ap_uint<8> key) {
  const word w = in.read();
#ifdef HLSC
  if (w.data[39]) return;
#endif
  if (w.digest == (ap_uint<33>(1) << 32 | (ap_uint<32>(w.data.range(39, 8)) ^ (key, key, key, key)))) out.write(w.data);
}
"""


def given(hlsc: str, folder: pathlib.Path) -> str:
    """What is wrong with words that a kernel is given."""
    source, words, key = folder / "checked.cpp", folder / "words", folder / "key"
    source.write_text(GIVEN, encoding="utf-8")
    key.write_text("5a\n", encoding="utf-8")

    def run(lines: str) -> tuple[int, str]:
        words.write_text(lines, encoding="utf-8")
        return cosim(hlsc, [source], "checked", "--given", f"in={words}", "--given", f"key={key}")

    good = f"1{0x12345678 ^ 0x5a5a5a5a:08x}12345678ff  # a right one\n\n# a wrong one\n0\n1{0x5a5a5a5a:X}0000000001\n"
    checks = [
        (run(good), 0, "out: 200 words written"),
        (run(good + f"1{0x80000000 ^ 0x5a5a5a5a:x}8000000000\n"), 1, "stream out, word "),
    ]
    wrong = [f"{wanted}: {code}: {text}" for (code, text), expected, wanted in checks if code != expected or wanted not in text]
    return "".join(wrong)


def cosim(hlsc: str, sources: list[pathlib.Path], top: str, *options: str) -> tuple[int, str]:
    """Exit code and what it says."""
    command = [hlsc, *sources, "--top", top, "--cosim", "--words", "300", "--seed", "7", *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout


def main() -> str:
    """What is wrong, or nothing."""
    hlsc, example = sys.argv[1], pathlib.Path(sys.argv[2])
    code, text = cosim(hlsc, [example], example.stem)
    if code != 0 or "cosim seed 7" not in text or "out: 300 words written" not in text or "native and RTL agree" not in text:
        return f"{example.name}: exit code {code}: {text}"
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "kernel.cpp")
        source.write_text(DIFFERENT, encoding="utf-8")
        code, text = cosim(hlsc, [source], "kernel")
        if code != 1 or "seed 7" not in text or "stream out, word " not in text:
            return f"a difference is not told: {code}: {text}"
        return asking(hlsc, pathlib.Path(folder)) or given(hlsc, pathlib.Path(folder))


if __name__ == "__main__":
    sys.exit(main() or 0)
