// SPDX-License-Identifier: Apache-2.0
// Giving up privileges that are not needed any more.
#pragma once

#include "sapulse/error.h"

#pragma GCC visibility push(default)
namespace sapulse {

/// Whether CAP_NET_ADMIN stays: the kernel shows keys of SAs only to those who have it at that moment.
enum class NetAdmin : bool { drop, keep };

/// Takes CAP_NET_RAW and CAP_NET_ADMIN from the calling thread, and from those that it starts from now on, for good. To
/// be called once the device is open; it changes nothing where the thread has neither. Errors: io_error.
Result<void> drop_network_capabilities(NetAdmin admin = NetAdmin::drop);

}  // namespace sapulse
#pragma GCC visibility pop
