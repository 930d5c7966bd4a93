// SPDX-License-Identifier: Apache-2.0
#include "git_hash.h"

namespace sapulse::sim {

std::uint32_t git_hash() { return SAPULSE_GIT_HASH; }

}  // namespace sapulse::sim
