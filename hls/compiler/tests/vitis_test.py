# SPDX-License-Identifier: Apache-2.0
"""Runs the script of hlsc --vitis in tclsh, with a stand-in for each command of Vitis HLS that tells how it was called.

usage: vitis_test.py HLSC KERNEL.cpp, whose function has the name of the file
"""
import pathlib
import subprocess
import sys
import tempfile

STAND_INS = """foreach command {open_project set_top add_files open_solution set_part create_clock set_directive_pipeline
  csynth_design export_design} {
  proc $command args [string map [list NAME $command] {puts [join [list NAME {*}$args] |]}]
}
source run.tcl
"""


def main() -> str:
    """What is wrong, or nothing."""
    hlsc, kernel = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    name = kernel.stem
    with tempfile.TemporaryDirectory() as folder:
        where = pathlib.Path(folder).resolve()
        command = [hlsc, kernel, "--top", name, "-o", "kernel.sv", "--clock-mhz", "250", "--vitis", "run.tcl", "--part", "xcu250",
                   "-I", "my $headers", "-D", "WORD=\"a b\"", "--ii", "2"]
        subprocess.run(command, cwd=where, check=True)
        (where / "stand_ins.tcl").write_text(STAND_INS, encoding="utf-8")
        done = subprocess.run(["tclsh", "stand_ins.tcl"], cwd=where, capture_output=True, text=True, check=True)
        flags = f'-std=c++20 -I{where}/{name}_headers -I{where}/my $headers -DWORD="a b"'
        expected = [f"open_project|-reset|{name}", f"set_top|{name}", f"add_files|{kernel}|-cflags|{flags}",
                    "open_solution|-reset|solution|-flow_target|vivado", "set_part|xcu250",
                    "create_clock|-period|4.000|-name|default", f"set_directive_pipeline|-II|2|{name}", "csynth_design",
                    "export_design|-format|ip_catalog"]
        headers = [path.name for path in (where / f"{name}_headers").iterdir()]
    if done.stdout.splitlines() != expected:
        return f"expected {expected}, got {done.stdout.splitlines()}"
    return "" if headers == ["hls_module.h"] else f"headers for Vitis HLS: {headers}"


if __name__ == "__main__":
    sys.exit(main() or 0)
