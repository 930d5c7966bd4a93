// SPDX-License-Identifier: Apache-2.0
// What reading and writing the registers does (rtl/host/host_registers.sv).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "requester.h"
#include "shell.h"

namespace sapulse::model {

/// What the registers tell of a card's build.
struct BuildIdentity {
  unsigned sa_capacity = 1024;
  std::uint32_t clock_khz = 0;  ///< how long a cycle is
  std::uint32_t git_hash = 0;   ///< first 32 bits of the commit; 0: unknown
};

class RegisterBus {
 public:
  /// `status`: the register STATUS of now, without its bits about rings.
  RegisterBus(const Shell& shell, Requester& requester, std::function<std::uint32_t()> status)
      : shell_(shell), requester_(requester), status_(std::move(status)) {}

  /// Registers of the build, after a reset.
  void identify(const BuildIdentity& build);

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

}  // namespace sapulse::model
