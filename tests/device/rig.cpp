// SPDX-License-Identifier: Apache-2.0
#include "rig.h"

#include "support/convert.h"

namespace sapulse::test {

void Rig::drain() {
  constexpr unsigned kStill = 1000;
  for (unsigned still = 0; still < kStill;) {
    must(device().relax(), "card");
    const bool nothing = take(Side::line).empty() && take(Side::core).empty();
    still = nothing ? still + 1 : 0;
  }
}

}  // namespace sapulse::test
