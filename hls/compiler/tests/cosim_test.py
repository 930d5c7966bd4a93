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


def cosim(hlsc: str, source: pathlib.Path, top: str) -> tuple[int, str]:
    """Exit code and what it says."""
    command = [hlsc, source, "--top", top, "--cosim", "--words", "300", "--seed", "7"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout


def main() -> str:
    """What is wrong, or nothing."""
    hlsc, example = sys.argv[1], pathlib.Path(sys.argv[2])
    code, text = cosim(hlsc, example, example.stem)
    if code != 0 or "cosim seed 7" not in text or "out: 300 words written" not in text or "native and RTL agree" not in text:
        return f"{example.name}: exit code {code}: {text}"
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "kernel.cpp")
        source.write_text(DIFFERENT, encoding="utf-8")
        code, text = cosim(hlsc, source, "kernel")
    return "" if code == 1 and "seed 7" in text and "stream out, word " in text else f"a difference is not told: {code}: {text}"


if __name__ == "__main__":
    sys.exit(main() or 0)
