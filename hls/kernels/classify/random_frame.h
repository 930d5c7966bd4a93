// SPDX-License-Identifier: Apache-2.0
// Frames for the tests of classify.
#pragma once

#include "tests/kernel_test.h"

namespace sapulse::test {

/// A control message in any encapsulation, mostly without faults.
bytes sound_frame(RandomSource& random);
/// The same with up to two faults in its headers, sometimes cut off.
bytes random_frame(RandomSource& random);

}  // namespace sapulse::test
