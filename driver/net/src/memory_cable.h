// SPDX-License-Identifier: Apache-2.0
// A cable in the memory of this process.
#pragma once

#include <memory>
#include <utility>

#include "frame_port.h"

namespace sapulse::net {

/// The two ends of a new cable, which may be used by two threads. It holds some thousand frames that the other end has
/// not taken yet; what is sent beyond them, or when the other end has gone, is counted as unsent. Frames are not
/// filtered: only the other end sends any. Errors: io_error (no file descriptor).
[[nodiscard]] Result<std::pair<std::unique_ptr<FramePort>, std::unique_ptr<FramePort>>> make_memory_cable();

}  // namespace sapulse::net
