// SPDX-License-Identifier: Apache-2.0
// The tests that every backend must pass, behind XRT.
#include "xrt_rig.h"

namespace sapulse::test {

std::unique_ptr<Rig> make_rig() { return std::make_unique<XrtRig>(0); }

}  // namespace sapulse::test
