// SPDX-License-Identifier: Apache-2.0
// Identifying a card, and programming what CardConfig says.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "register_access.h"
#include "sapulse/card.h"
#include "sapulse/error.h"

namespace sapulse {

/// Checks ring sizes and times. Errors: invalid_argument.
Result<void> validate(const CardOptions& options);

/// Checks that this is a card of a version that the library knows. Changes nothing. Errors: incompatible.
Result<void> identify(RegisterAccess& registers);

/// Waits for READY after a reset. Errors: timeout.
Result<void> wait_ready(RegisterAccess& registers, std::chrono::nanoseconds timeout);

/// Reads what the card says about itself. Errors: incompatible (parameters that this library cannot work with).
Result<CardInfo> read_info(RegisterAccess& registers);

/// Writes what a life begins with. Errors: io_error (CardStart::fresh()).
Result<void> begin_life(RegisterAccess& registers, const CardInfo& info, const std::optional<CardStart>& wanted);

/// Programs addresses, actions and limits; not the register CONTROL.
class ConfigWriter {
 public:
  explicit ConfigWriter(RegisterAccess& registers) : registers_(registers) {}
  /// Errors: unsupported (copies, on a card that makes none).
  Result<void> write(const CardConfig& config, const CardInfo& info);

 private:
  Result<void> write_addresses(const std::vector<IpAddress>& addresses);
  Result<void> write_macs(const std::vector<MacAddress>& macs);
  Result<void> write_transport(const CardConfig& config);
  Result<void> write_actions(const CardConfig& config);
  Result<void> write_limits(const RateLimits& limits, const CardInfo& info);
  Result<void> write_copies(const std::set<Cause>& copies, const CardInfo& info);

  RegisterAccess& registers_;
  std::array<Action, 256> actions_{};  ///< as the card has them; after reset all of them pass
};

}  // namespace sapulse
