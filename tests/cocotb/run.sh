#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The RTL of the core under bus models of other people: cocotb and cocotbext-axi on Verilator. Exit status 1: a test fails.
# usage: run.sh BUILD-FOLDER [JOBS]   BUILD-FOLDER is configured
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(realpath "${1:?usage: run.sh BUILD-FOLDER [JOBS]}")
jobs=${2:-$(nproc)}
folder=$build/cocotb
mkdir -p "$folder"

bash "$here/../../scripts/venv.sh" "$folder/venv" "$here/build-requirements.txt" "$here/requirements.txt"
share=$("$folder/venv/bin/cocotb-config" --share)
libraries=$("$folder/venv/bin/cocotb-config" --lib-dir)

cmake --build "$build" -j "$jobs" --target sapulse_generated
mapfile -t sources <"$build/rtl/sapulse_core.files"
echo "cocotb: building the core, which takes minutes for the first time"
verilator --cc --exe --vpi --assert --prefix Vtop -o Vtop --top-module cocotb_top --Mdir "$folder/model" -O3 --x-assign unique \
  --x-initial unique --output-split 20000 --output-split-cfuncs 2000 -Wno-fatal -I"$here/../../rtl/common" "$here/cocotb_top.vlt" \
  "${sources[@]}" "$here/cocotb_top.sv" "$share/lib/verilator/verilator.cpp" \
  -LDFLAGS "-Wl,-rpath,$libraries -L$libraries -lcocotbvpi_verilator" >"$folder/verilator.log" 2>&1 ||
  { cat "$folder/verilator.log"; exit 1; }
make --silent -j "$jobs" -C "$folder/model" -f Vtop.mk Vtop CXX=clang++-19 OBJCACHE=ccache OPT_FAST=-O2 OPT_SLOW=-O0 \
  USER_CPPFLAGS=-w >"$folder/build.log" 2>&1 || { cat "$folder/build.log"; exit 1; }

cd "$folder"
rm -f results.xml
PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1 MODULE=ports_test TOPLEVEL=cocotb_top TOPLEVEL_LANG=verilog \
  LIBPYTHON_LOC=$("$folder/venv/bin/cocotb-config" --libpython) VIRTUAL_ENV="$folder/venv" PATH="$folder/venv/bin:$PATH" \
  COCOTB_RESULTS_FILE=$folder/results.xml model/Vtop
# The simulation says nothing of failures by its exit status.
exec "$folder/venv/bin/python3" -B "$here/results.py" results.xml
