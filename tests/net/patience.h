// SPDX-License-Identifier: Apache-2.0
// Waiting for what happens in another thread or in the kernel.
#pragma once

#include <sched.h>

#include <chrono>
#include <stdexcept>
#include <string>

namespace sapulse::test {

/// Until a condition holds. So late that no machine is that slow, it throws std::runtime_error.
template <class Condition>
void await(Condition&& condition, const std::string& what) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error("never: " + what);
    sched_yield();
  }
}

}  // namespace sapulse::test
