// SPDX-License-Identifier: Apache-2.0
// Giving up privileges that are not needed any more.
#pragma once

#include <cstdint>

#include "sapulse/error.h"

#pragma GCC visibility push(default)
namespace sapulse {

/// What a program still needs once its device is open.
enum class KeptCapability : std::uint8_t {
  none,
  net_admin  ///< CAP_NET_ADMIN: it reads SAs of the kernel
};

/// Takes CAP_NET_RAW and CAP_NET_ADMIN, but for the one that is kept, from the calling thread, and from those that it
/// starts from now on, for good. To be called once the device is open; it changes nothing where the thread has neither.
/// Errors: io_error.
Result<void> drop_network_capabilities(KeptCapability kept = KeptCapability::none);

}  // namespace sapulse
#pragma GCC visibility pop
