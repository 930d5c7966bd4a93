#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs into a folder of the build, builds the examples against what is there, with pkg-config and with CMake, and runs
# them on the simulated card. Checks what the shared library exports.
# usage: install_test.sh BUILD SOURCE C-COMPILER C++-COMPILER
set -euo pipefail
build=$1 source=$2 cc=$3 cxx=$4
root=$build/install_test
rm -rf "$root"
export DESTDIR=$root/destdir
cmake --install "$build" --prefix /opt/sapulse --component Unspecified > "$root.log"
unset DESTDIR
prefix=$root/destdir/opt/sapulse
lib=$(dirname "$(find "$prefix" -name libsapulse.so)")
examples=$source/host/examples/installed

echo "== symbols"
nm -D --defined-only "$lib/libsapulse.so" | awk '$2 != "A" { print $3 }' > "$root/symbols"
if grep -v '@@SAPULSE_1$' "$root/symbols"; then echo "symbols without version" >&2; exit 1; fi
if c++filt < "$root/symbols" | grep -E '^(std|fmt|YAML|tl|__gnu)::|sapulse::sim::|::Impl::|CommandQueue'; then
  echo "inner symbols are exported" >&2; exit 1
fi
declared=$(grep -oE 'SAPULSE_API .*' "$prefix/include/sapulse/sapulse.h" | grep -oE 'sapulse_[a-z_]+\(' | tr -d '(' | sort)
exported=$(grep -oE '^sapulse_[a-z_]+@' "$root/symbols" | tr -d '@' | sort)
diff <(echo "$declared") <(echo "$exported")
readelf -d "$lib/libsapulse.so" | grep -q 'SONAME.*libsapulse.so.1]'

echo "== every header by itself"
for header in "$prefix"/include/sapulse/*.h; do
  echo "#include <sapulse/$(basename "$header")>" | "$cxx" -std=c++20 -Wall -Wextra -Werror -Wno-unknown-pragmas \
    -fsyntax-only -I"$prefix/include" -x c++ -
done
echo '#include <sapulse/sapulse.h>' | "$cc" -std=c99 -pedantic -Wall -Wextra -Werror -fsyntax-only -I"$prefix/include" -x c -

echo "== C with pkg-config"
export PKG_CONFIG_PATH=$lib/pkgconfig
flags=$(pkg-config --cflags --libs sapulse)
# shellcheck disable=SC2086
"$cc" -std=c11 -Wall -Wextra -Werror "$examples/liveness.c" $flags -o "$root/liveness"
run() { LD_LIBRARY_PATH=$lib "$@"; }
run "$root/liveness" sim "$examples/sas.yaml" "$root/state" | tee "$root/out"
grep -q '^peer0: 192.0.2.1 -> 198.51.100.1, 0 accepted$' "$root/out"
grep -qE '^(this card cannot ask|1 change\(s\), now down)$' "$root/out"
[ "$(stat -c %a "$root/state/secret")" = 600 ]
run "$root/liveness" sim "$examples/sas.yaml" "$root/state" | grep -q '^peer0'
if run "$root/liveness" nowhere "$examples/sas.yaml" 2> "$root/err"; then exit 1; fi
grep -q '^open: invalid_argument: device ' "$root/err"

echo "== the shortest program of the guide, as it is printed"
guide=$source/docs/host-library.md
awk '/^```cpp$/ { if (!done) take = 1; next } /^```$/ { if (take) done = 1; take = 0 } take' "$guide" > "$root/shortest.cpp"
mkdir -p "$root/bin"
ln -sf "$(command -v "$cxx")" "$root/bin/c++"
cp "$examples/sas.yaml" "$root"
(cd "$root" && PATH=$root/bin:$PATH && eval "$(grep -m 1 '^c++ .*shortest' "$guide")" && run ./shortest) | tee "$root/out"
grep -q '^0 pings answered$' "$root/out"

echo "== C and C++ with CMake"
cmake -S "$examples" -B "$root/examples" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_COMPILER="$cc" \
  -DCMAKE_CXX_COMPILER="$cxx" > "$root.log"
cmake --build "$root/examples" >> "$root.log"
run "$root/examples/pings" sim "$examples/sas.yaml" | tee "$root/out"
grep -qE '^peer0: (this card cannot ask|no answer)$' "$root/out"
run "$root/examples/liveness" sim "$examples/sas.yaml" | grep -q '^peer0'
