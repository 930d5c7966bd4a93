// SPDX-License-Identifier: Apache-2.0
// Named network namespaces, as of `ip netns`.
#pragma once

#include <functional>
#include <string>

#include "sapulse/error.h"

namespace sapulse::kernel {

/// Runs `open` in a thread that is in this network namespace; sockets that it opens stay there. Empty: that of the
/// caller. Errors: not_found, io_error, and those of `open`.
Result<void> in_network_namespace(const std::string& name, const std::function<Result<void>()>& open);

}  // namespace sapulse::kernel
