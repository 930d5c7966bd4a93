// SPDX-License-Identifier: Apache-2.0
// Runs GoogleTest inside a SystemC simulation: a simulation can be elaborated only once, so all tests share its
// modules.
#pragma once

#include <gmock/gmock.h>

#include "platform.h"

namespace sapulse::systemc::test {

/// Elaboration is complete. Runs all tests in an SC_THREAD; the result is the exit status.
inline int run_tests() {
  int result = 1;
  const example::Software director("director", [&] {
    result = RUN_ALL_TESTS();
    sc_core::sc_stop();
  });
  sc_core::sc_start();
  return result;
}

}  // namespace sapulse::systemc::test
