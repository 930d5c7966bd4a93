// SPDX-License-Identifier: Apache-2.0
#include "sequence_source.h"

#include <algorithm>
#include <chrono>
#include <limits>

namespace sapulse {
namespace {

/// Reserved ahead: 4.8 hours of one number in a nanosecond.
constexpr std::uint64_t kReserve = std::uint64_t{1} << 44;
/// A clock that is far ahead must not use up the numbers: the year 2262.
constexpr std::uint64_t kLatestTime = std::uint64_t{1} << 63;
/// 2026-01-01. Clocks without battery begin with 1970 or the date of a firmware, again and again.
constexpr std::uint64_t kEarliestTime = 1'767'225'600'000'000'000;

}  // namespace

SequenceSource::Clocks SequenceSource::system_clocks() {
  using std::chrono::duration_cast;
  return {.unix_nanoseconds =
              [] {
                const auto now = std::chrono::system_clock::now().time_since_epoch();
                return static_cast<std::uint64_t>(duration_cast<std::chrono::nanoseconds>(now).count());
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
      begun_(std::min(clocks_.unix_nanoseconds(), kLatestTime)),
      last_(std::max(reserved, begun_)),
      taken_at_(clocks_.uptime_nanoseconds()) {}

std::uint64_t SequenceSource::unused() const { return last_ + (clocks_.uptime_nanoseconds() - taken_at_) + 1; }

Result<void> SequenceSource::check_clock() const {
  if (reserved_ != 0 || begun_ >= kEarliestTime) return {};
  return failure(Errc::invalid_argument,
                 "the clock of this computer is before 2026: control sequence numbers begin with the time, and would "
                 "repeat under the same keys");
}

Result<void> SequenceSource::reserve_above(std::uint64_t number) {
  if (number > std::numeric_limits<std::uint64_t>::max() - kReserve) {
    return failure(Errc::invalid_argument, "no control sequence numbers are left above those that may have been used");
  }
  if (auto done = reserve_(number + kReserve); !done) return done;
  reserved_ = number + kReserve;
  return {};
}

Result<std::uint64_t> SequenceSource::take(std::uint64_t least) {
  if (auto good = check_clock(); !good) return tl::unexpected(good.error());
  const std::uint64_t start = std::max(unused(), least);
  if (start >= reserved_) {
    if (auto done = reserve_above(start); !done) return tl::unexpected(done.error());
  }
  last_ = start;
  taken_at_ = clocks_.uptime_nanoseconds();
  return start;
}

Result<void> SequenceSource::extend() {
  if (auto good = check_clock(); !good) return good;
  return unused() + kReserve / 2 > reserved_ ? reserve_above(unused()) : Result<void>();
}

}  // namespace sapulse
