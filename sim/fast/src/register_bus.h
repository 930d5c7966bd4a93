// SPDX-License-Identifier: Apache-2.0
// What reading and writing the registers does (rtl/host/host_registers.sv).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "requester.h"
#include "shell.h"

namespace sapulse::sim::fast {

class RegisterBus {
 public:
  /// `status`: the register STATUS of now, without its bits about rings.
  RegisterBus(const Shell& shell, Requester& requester, std::function<std::uint32_t()> status)
      : shell_(shell), requester_(requester), status_(std::move(status)) {}

  /// Registers of the build, after a reset.
  void identify(unsigned capacity);

  /// Nothing: a bus error.
  std::optional<std::uint32_t> read(std::uint32_t offset, std::uint64_t cycle);
  /// False: a bus error.
  bool write(std::uint32_t offset, std::uint32_t value, std::uint64_t cycle);

 private:
  std::uint32_t latch_counter(std::uint32_t offset);
  void write_limit(std::uint32_t offset);

  Shell shell_;
  Requester& requester_;
  std::function<std::uint32_t()> status_;
  std::uint64_t counter_latch_ = 0;  // one for all counters
};

}  // namespace sapulse::sim::fast
