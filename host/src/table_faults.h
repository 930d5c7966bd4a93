// SPDX-License-Identifier: Apache-2.0
// What is said of damaged entries of the card's tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "sapulse/event.h"
#include "sapulse/sa.h"

namespace sapulse {

/// Words for events table_fault, once for each entry and the SA that it belongs to: the card tells of an entry as often
/// as packets meet it.
class TableFaults {
 public:
  /// A line for a log; nothing if it has been said before, or if so much has been said that the card is broken.
  std::optional<std::string> take(const Event& event, const SaManager& sas);

 private:
  static constexpr std::size_t kMost = 256;  // bits flip once in years

  std::set<std::tuple<SaTable, std::uint32_t, std::uint32_t>> said_;  ///< table, entry, inbound SPI
};

}  // namespace sapulse
