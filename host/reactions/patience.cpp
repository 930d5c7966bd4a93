// SPDX-License-Identifier: Apache-2.0
#include "patience.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "sapulse/poll_timeout.h"

namespace sapulse::reactions {

std::chrono::nanoseconds Patience::left() const {
  return std::max(std::chrono::nanoseconds(0), std::chrono::nanoseconds(end_ - std::chrono::steady_clock::now()));
}

Result<void> Patience::check() const {
  pollfd called_off{called_off_, POLLIN, 0};
  if (::poll(&called_off, 1, 0) > 0) return failure(Errc::timeout, "called off: the service ends");
  if (left().count() == 0) return failure(Errc::timeout, "not done in time");
  return {};
}

Result<void> Patience::wait(std::span<pollfd> descriptors) const {
  std::vector<pollfd> all(descriptors.begin(), descriptors.end());
  all.push_back({called_off_, POLLIN, 0});
  if (::poll(all.data(), all.size(), poll_timeout(left())) < 0 && errno != EINTR) {
    return failure(Errc::io_error, fmt::format("poll: {}", std::strerror(errno)));
  }
  std::copy_n(all.begin(), descriptors.size(), descriptors.begin());
  return check();
}

}  // namespace sapulse::reactions
