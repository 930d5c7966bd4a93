# SPDX-License-Identifier: Apache-2.0
# To be sourced: configure FOLDER OPTION...: a build folder with clang and the compiler cache, as the Makefile's own; says nothing
# unless it fails.
configure() {
  cmake -S . -B "$1" -G Ninja -DCMAKE_CXX_COMPILER=clang++-19 -DCMAKE_CXX_COMPILER_LAUNCHER=ccache \
    -DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld -DCMAKE_SHARED_LINKER_FLAGS=-fuse-ld=lld "${@:2}" >"$1.log" || { cat "$1.log"; return 1; }
}
