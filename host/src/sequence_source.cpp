// SPDX-License-Identifier: Apache-2.0
#include "sequence_source.h"

#include <algorithm>
#include <chrono>
#include <limits>

namespace sapulse {
namespace {

/// Reserved ahead: 4.8 hours of one number in a nanosecond.
constexpr std::uint64_t kReserve = std::uint64_t{1} << 44;
/// A clock that is far ahead must not use up the numbers.
constexpr std::uint64_t kMostSeconds = 0xc000'0000;

}  // namespace

SequenceSource::Clocks SequenceSource::system_clocks() {
  using std::chrono::duration_cast;
  return {.unix_seconds =
              [] {
                const auto now = std::chrono::system_clock::now().time_since_epoch();
                return static_cast<std::uint64_t>(duration_cast<std::chrono::seconds>(now).count());
              },
          .uptime_nanoseconds =
              [] {
                const auto now = std::chrono::steady_clock::now().time_since_epoch();
                return static_cast<std::uint64_t>(duration_cast<std::chrono::nanoseconds>(now).count());
              }};
}

SequenceSource::SequenceSource(Clocks clocks, std::uint64_t reserved, Reserve reserve)
    : clocks_(std::move(clocks)),
      reserve_(std::move(reserve)),
      reserved_(reserved),
      last_(std::max(reserved, std::min(clocks_.unix_seconds(), kMostSeconds) << 32)),
      taken_at_(clocks_.uptime_nanoseconds()) {}

std::uint64_t SequenceSource::unused() const { return last_ + (clocks_.uptime_nanoseconds() - taken_at_) + 1; }

Result<void> SequenceSource::reserve_above(std::uint64_t number) {
  if (number > std::numeric_limits<std::uint64_t>::max() - kReserve) {
    return failure(Errc::invalid_argument, "no control sequence numbers are left above those that may have been used");
  }
  if (auto done = reserve_(number + kReserve); !done) return done;
  reserved_ = number + kReserve;
  return {};
}

Result<std::uint64_t> SequenceSource::take(std::uint64_t least) {
  const std::uint64_t start = std::max(unused(), least);
  if (start >= reserved_) {
    if (auto done = reserve_above(start); !done) return tl::unexpected(done.error());
  }
  last_ = start;
  taken_at_ = clocks_.uptime_nanoseconds();
  return start;
}

Result<void> SequenceSource::extend() {
  return unused() + kReserve / 2 > reserved_ ? reserve_above(unused()) : Result<void>();
}

}  // namespace sapulse
