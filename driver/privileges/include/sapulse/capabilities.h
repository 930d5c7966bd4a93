// SPDX-License-Identifier: Apache-2.0
// Giving up privileges that are not needed any more.
#pragma once

#include "sapulse/error.h"

#pragma GCC visibility push(default)
namespace sapulse {

/// Takes CAP_NET_RAW and CAP_NET_ADMIN from the calling thread, and from those that it starts from now on, for good. To
/// be called once the device is open; it changes nothing where the thread has neither. Errors: io_error.
Result<void> drop_network_capabilities();

}  // namespace sapulse
#pragma GCC visibility pop
