# SPDX-License-Identifier: Apache-2.0
"""Installs hlsc alone into a folder and compiles a kernel with it there, with the installed headers and no others.

usage: install_test.py CMAKE BUILD-FOLDER KERNEL.cpp, whose function has the name of the file
"""
import os
import pathlib
import subprocess
import sys
import tempfile

FILES = ["bin/hlsc", "share/doc/hlsc/README.md", "share/hlsc/include/ap_int.h", "share/hlsc/include/hls_stream.h",
         "share/hlsc/lib/hls_output_queue.sv", "share/hlsc/lib/hls_queue_parity.sv"]


def compile_kernel(prefix: pathlib.Path, kernel: pathlib.Path) -> tuple[int, str]:
    """Exit code and messages."""
    command = [prefix / "bin/hlsc", kernel, "--top", kernel.stem, "-o", prefix / "kernel.sv"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def main() -> str:
    """What is wrong, or nothing."""
    cmake, build, kernel = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    with tempfile.TemporaryDirectory() as root:
        command = [cmake, "--install", build, "--prefix", "/opt/hlsc", "--component", "hlsc"]
        subprocess.run(command, env={**os.environ, "DESTDIR": root}, stdout=subprocess.DEVNULL, check=True)
        prefix = pathlib.Path(root, "opt/hlsc")
        missing = [name for name in FILES if not (prefix / name).is_file()]
        if missing:
            return f"not installed: {', '.join(missing)}"
        code, messages = compile_kernel(prefix, kernel)
        if code != 0 or not (prefix / "kernel.sv").is_file():
            return f"exit code {code}: {messages}"
        header = prefix / "share/hlsc/include/hls_stream.h"
        header.write_text("#error the installed header\n", encoding="utf-8")
        code, messages = compile_kernel(prefix, kernel)
        return "" if code == 1 and "the installed header" in messages else f"other headers than the installed ones: {messages}"


if __name__ == "__main__":
    sys.exit(main() or 0)
