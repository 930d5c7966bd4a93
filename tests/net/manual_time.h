// SPDX-License-Identifier: Apache-2.0
// Time that passes when the test says so: no verdict hangs on the speed of the machine.
#pragma once

#include <sys/eventfd.h>

#include <atomic>

#include "sapulse/card_time.h"
#include "sapulse/file_descriptor.h"

namespace sapulse::test {

class ManualTime final : public CardTime {
 public:
  void pass(std::uint64_t ns) { now_ += ns; }

  [[nodiscard]] std::uint64_t now() const override { return now_; }
  /// The test runs the card whenever it lets time pass: nobody has to be woken up.
  void set_alarm(std::optional<std::uint64_t> /*when*/) override {}
  [[nodiscard]] int descriptor() const override { return never_.get(); }

 private:
  std::atomic<std::uint64_t> now_ = 0;
  FileDescriptor never_{eventfd(0, EFD_CLOEXEC)};
};

}  // namespace sapulse::test
