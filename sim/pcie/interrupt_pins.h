// SPDX-License-Identifier: Apache-2.0
// Turns the card's interrupt levels into messages or the INTx line, whichever software has enabled.
#pragma once

#include <cstdint>
#include <vector>

#include "config_space.h"
#include "msix_table.h"

namespace sapulse::sim {

/// Not thread-safe.
class InterruptPins {
 public:
  /// What has to be told to the interrupt controller.
  struct Signals {
    std::vector<MsiMessage> messages;
    bool line_changed = false;
    bool line = false;
  };

  InterruptPins(ConfigSpace& config, MsixTable& msix, unsigned count) : config_(config), msix_(msix), count_(count) {}

  /// To be called whenever levels, configuration or table may have changed.
  Signals update(std::uint32_t levels);
  /// Software has acknowledged these interrupts: each that is still up counts as having risen anew.
  void acknowledge(std::uint32_t interrupts) { levels_ &= ~interrupts; }
  void reset() { levels_ = 0; }

 private:
  void update_msix(std::uint32_t risen, Signals& signals);

  ConfigSpace& config_;
  MsixTable& msix_;
  unsigned count_;
  std::uint32_t levels_ = 0;  // seen last
  bool line_ = false;
};

}  // namespace sapulse::sim
