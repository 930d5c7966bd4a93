// SPDX-License-Identifier: Apache-2.0
// Options of `sapulse sim`.
#pragma once

#include <cstdint>
#include <string>

#include "command_line.h"
#include "sapulse/error.h"
#include "sapulse/sim/card.h"

namespace sapulse::command {

/// What `sapulse sim` runs.
enum class SimModel : std::uint8_t {
  rtl,      ///< the Verilated card
  fast,     ///< the fast model
  lockstep  ///< both, compared
};

struct SimOptions {
  std::string sas;
  std::string line_in;
  std::string core_in;  ///< empty: nothing comes from the core side
  std::string line_out;
  std::string core_out;
  std::string report;            ///< empty: none
  std::string trace;             ///< empty: none
  std::string log_transactions;  ///< empty: none
  std::string latency_plot;      ///< empty: none
  std::string gap = "0";
  unsigned stall_percent = 0;
  std::uint64_t seed = 1;
  double clock_mhz = 322;
  unsigned sa_capacity = 1024;
  SimModel model = SimModel::rtl;
  sim::KernelKind kernels = sim::KernelKind::view;

  /// Adds the options to a subcommand; parsing fills this object.
  void add_to(Command& command);
  /// What the options mean for the card. Errors: invalid_argument, one line.
  [[nodiscard]] Result<sim::CardOptions> card_options() const;
};

}  // namespace sapulse::command
