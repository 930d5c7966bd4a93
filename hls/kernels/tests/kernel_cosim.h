// SPDX-License-Identifier: Apache-2.0
// Co-simulation of the kernels: the RTL must do what the native kernel has done, whatever the gaps and the
// back-pressure.
#pragma once

#include <functional>

#include "cosim.h"
#include "tests/kernel_test.h"

namespace sapulse::test {

/// Runs the native kernel over everything that is in its input streams.
inline void run_native(const std::function<void()>& kernel) {
  hls::simulation simulation;
  simulation.add("kernel", kernel);
  run_until_idle(simulation);
}

template <class T>
void append(std::vector<T>& all, const std::vector<T>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

}  // namespace sapulse::test
