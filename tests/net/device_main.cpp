// SPDX-License-Identifier: Apache-2.0
// The tests that every backend must pass, on a software card between network interfaces.
#include "net_rig.h"

namespace sapulse::test {

std::unique_ptr<Rig> make_rig() { return std::make_unique<NetRig>(); }

}  // namespace sapulse::test
