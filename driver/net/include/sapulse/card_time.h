// SPDX-License-Identifier: Apache-2.0
// The time in which a card made of software lives.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

namespace sapulse {

/// Thread-safe.
class CardTime {
 public:
  virtual ~CardTime() = default;
  CardTime() = default;
  CardTime(const CardTime&) = delete;
  CardTime& operator=(const CardTime&) = delete;

  /// ns since some moment; never goes back.
  [[nodiscard]] virtual std::uint64_t now() const = 0;
  /// Lets descriptor() become readable at `when`, or not at all; in place of any time set before.
  virtual void set_alarm(std::optional<std::uint64_t> when) = 0;
  /// Readable from the alarm on until the next call of set_alarm().
  [[nodiscard]] virtual int descriptor() const = 0;
};

/// CLOCK_MONOTONIC and a timer of the kernel; null: the system has none left.
[[nodiscard]] std::shared_ptr<CardTime> make_system_time();

}  // namespace sapulse
