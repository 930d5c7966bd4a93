// SPDX-License-Identifier: Apache-2.0
// What becomes of a frame, from its record, the configuration and the SPI index (rtl/datapath/policy.sv).
#pragma once

#include <cstdint>

#include "register_file.h"
#include "sa_tables.h"
#include "sapulse_payloads.h"

namespace sapulse::model {

/// What the control path does with a frame.
enum class Route : std::uint8_t { exception, ping, echo };

/// Neither pass nor take: dropped for the reason `drop`.
struct Decision {
  bool pass = true;
  bool take = false;  ///< goes to the control path
  bool copy = false;  ///< taken for an exception, and passed on or dropped as well
  bool data_seen = false;
  Route route = Route::exception;
  regs::Cause cause = regs::Cause::unknown_spi_data;
  regs::Counter drop = regs::Counter::drop_action;
  std::uint32_t sa = 0;  ///< with Route::ping or data_seen
};

class Policy {
 public:
  Policy(const RegisterFile& registers, const SaTables& tables) : registers_(registers), tables_(tables) {}

  /// `enabled`: CONTROL.ENABLE, once the tables are ready. Rate limits are for the caller.
  [[nodiscard]] Decision judge(const record_t& record, bool enabled) const;

 private:
  [[nodiscard]] bool for_us(const record_t& record) const;
  [[nodiscard]] bool local(const ap_uint<128>& address) const;
  [[nodiscard]] bool own(const ap_uint<48>& mac) const;
  [[nodiscard]] unsigned malformed_for(const record_t& record, regs::Action action) const;
  [[nodiscard]] Decision judge_reserved(const record_t& record) const;
  void judge_control(const record_t& record, Decision& decision) const;
  /// A malformed control message may be copied to the host, which could answer it with an error.
  void copy_malformed(unsigned malformed, Decision& decision) const;
  [[nodiscard]] Decision judge_customer(const record_t& record) const;

  const RegisterFile& registers_;
  const SaTables& tables_;
};

}  // namespace sapulse::model
