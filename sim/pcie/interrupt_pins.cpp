// SPDX-License-Identifier: Apache-2.0
#include "interrupt_pins.h"

#include <utility>

namespace sapulse::sim {

InterruptPins::Signals InterruptPins::update(std::uint32_t levels) {
  Signals signals;
  const std::uint32_t risen = levels & ~levels_;
  levels_ = levels;
  if (config_.msix_enabled()) {
    update_msix(risen, signals);
  } else if (config_.msi_enabled() && config_.bus_master()) {
    for (unsigned i = 0; i < count_; ++i) {
      if ((risen >> i & 1) != 0) signals.messages.push_back(config_.msi_message(i));
    }
  }
  const bool messages = config_.msix_enabled() || config_.msi_enabled();
  config_.set_interrupt_status(levels != 0);
  signals.line = levels != 0 && !messages && !config_.intx_disabled();
  signals.line_changed = std::exchange(line_, signals.line) != signals.line;
  return signals;
}

void InterruptPins::update_msix(std::uint32_t risen, Signals& signals) {
  for (unsigned i = 0; i < count_; ++i) {
    if ((risen >> i & 1) != 0) msix_.set_pending(i, true);
    if (!msix_.pending(i) || msix_.masked(i) || config_.msix_masked() || !config_.bus_master()) continue;
    msix_.set_pending(i, false);
    signals.messages.push_back(msix_.message(i));
  }
}

}  // namespace sapulse::sim
