// SPDX-License-Identifier: Apache-2.0
#include "guest_rig.h"

namespace sapulse::test {

std::unique_ptr<Rig> make_rig() { return std::make_unique<GuestRig>(); }

}  // namespace sapulse::test
