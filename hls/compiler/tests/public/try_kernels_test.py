#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs try_kernels.py on a repository of its own: a kernel that agrees, one that is refused, and one whose RTL does something else.

usage: try_kernels_test.py HLSC
"""
import pathlib
import subprocess
import sys
import tempfile

KERNELS = {
    "adder.cpp": "void adder(hls::stream<ap_uint<8>>& in, hls::stream<ap_uint<8>>& out) { out.write(in.read() + ADDEND); }",
    "divider.cpp": "void divider(hls::stream<ap_uint<8>>& in, hls::stream<ap_uint<8>>& out) { out.write(in.read() / 3); }",
    "other.cpp": "#ifdef HLSC\n#define ADDEND 1\n#else\n#define ADDEND 2\n#endif\n"
                 "void other(hls::stream<ap_uint<8>>& in, hls::stream<ap_uint<8>>& out) { out.write(in.read() + ADDEND); }",
}
DATA = """
repositories:
  - name: somebody/kernels
    commit: "{}"
    arguments: -Iheaders
    kernels:
      - {{path: adder.cpp, top: adder, arguments: -DADDEND=3}}
      - {{path: divider.cpp, top: divider}}
      - {{path: other.cpp, top: other}}
"""


def git(folder: pathlib.Path, *words: str) -> str:
    """What git prints."""
    identity = ["-c", "user.name=test", "-c", "user.email=test@localhost"]
    return subprocess.run(["git", "-C", folder, *identity, *words], check=True, text=True, capture_output=True).stdout.strip()


def main() -> str:
    """What is wrong, or nothing."""
    script = pathlib.Path(__file__).with_name("try_kernels.py")
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        repository = folder / "kernels"
        (repository / "headers").mkdir(parents=True)
        (repository / "headers" / "streams.h").write_text('#include "hls_stream.h"\n', encoding="utf-8")
        for name, text in KERNELS.items():
            (repository / name).write_text(f'#include "streams.h"\n{text}\n', encoding="utf-8")
        git(repository, "init", "--quiet")
        git(repository, "add", ".")
        git(repository, "commit", "--quiet", "-m", "kernels")
        data = folder / "data.yaml"
        command = [sys.executable, "-B", script, data, "--hlsc", sys.argv[1], "--repositories", folder, "--words", "100"]
        data.write_text(DATA.format(git(repository, "rev-parse", "HEAD")), encoding="utf-8")
        done = subprocess.run(command, text=True, capture_output=True, check=False)
        rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in done.stdout.splitlines()[2:]]
        data.write_text(DATA.format("0" * 40), encoding="utf-8")
        moved = subprocess.run(command, text=True, capture_output=True, check=False)
    found = [(row[1], row[4], row[6].partition(",")[0]) for row in rows]
    if done.returncode != 1 or found != [("adder.cpp", "yes", "exact"), ("divider.cpp", "no", ""), ("other.cpp", "yes", "differs")]:
        return f"exit code {done.returncode}: {done.stdout}{done.stderr}"
    if "divider.cpp:2:" not in rows[1][-1] or "division" not in rows[1][-1] or "stream out, word 0" not in rows[2][-1]:
        return f"reasons: {rows}"
    return "" if "is not at commit 0000" in moved.stderr else f"another commit: {moved.stdout}{moved.stderr}"


if __name__ == "__main__":
    sys.exit(main() or 0)
