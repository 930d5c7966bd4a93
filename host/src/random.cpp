// SPDX-License-Identifier: Apache-2.0
#include "random.h"

#include <sys/random.h>

#include <cerrno>

namespace sapulse {

Result<void> fill_random(std::span<std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::getrandom(bytes.data(), bytes.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return failure(Errc::io_error, "the operating system gives no random numbers");
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

}  // namespace sapulse
