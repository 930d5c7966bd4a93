// SPDX-License-Identifier: Apache-2.0
// The tests that every backend must pass, on a software card between network interfaces.
#include <gtest/gtest.h>

#include "net_rig.h"

namespace sapulse::test {

std::unique_ptr<Rig> make_rig() { return std::make_unique<NetRig>(); }

}  // namespace sapulse::test

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (testing::GTEST_FLAG(list_tests)) return RUN_ALL_TESTS();
  if (!sapulse::test::enter_fresh_namespace()) {
    puts("[  SKIPPED ] network namespaces need CAP_SYS_ADMIN");
    return 0;
  }
  return RUN_ALL_TESTS();
}
