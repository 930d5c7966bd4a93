// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace sapulse::test {

/// Seed of the random tests: SAPULSE_TEST_SEED, or `preset`. Printed, and kept with the test's result.
std::uint64_t test_seed(std::uint64_t preset);

}  // namespace sapulse::test
