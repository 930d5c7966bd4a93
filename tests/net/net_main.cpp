// SPDX-License-Identifier: Apache-2.0
// Runs tests in a network namespace of their own, or says that they are skipped.
#include <gtest/gtest.h>

#include <cstdio>

#include "veth.h"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (!testing::GTEST_FLAG(list_tests) && !sapulse::test::enter_fresh_namespace()) {
    // ctest looks for these words.
    std::puts("[  SKIPPED ] this user may not make network namespaces (CAP_SYS_ADMIN)");
    return 0;
  }
  return RUN_ALL_TESTS();
}
