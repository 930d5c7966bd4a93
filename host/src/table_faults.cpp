// SPDX-License-Identifier: Apache-2.0
#include "table_faults.h"

#include <fmt/format.h>

#include <string_view>

namespace sapulse {
namespace {

/// What a damaged entry does, and until when.
std::string_view consequence(SaTable table) {
  switch (table) {
    case SaTable::index:
      return "it is not found until it is replaced";
    case SaTable::in_key:
      return "its packets are not authentic until it is replaced";
    case SaTable::token:
    case SaTable::out_key:
    case SaTable::sequence:
      return "nothing is sent on it until it is replaced";
    case SaTable::window:
    case SaTable::admin:
      return "its packets are refused until it is replaced";
    case SaTable::path:
      return "the card asks nothing on it until it is replaced";
    case SaTable::peer:
      return "a move of its peer is not noticed until it is replaced";
    case SaTable::customer:
      return "customer packets of before are not told to the peer, the next one is";
    case SaTable::prober:
      return "the card does not probe it until it is told to again";
    case SaTable::customer_time:
      return "customer packets of before are no signs of life, the next one is";
    case SaTable::pings:
      return "the end of a ping may not be told, and the card has one less for it until the card is reset";
  }
  return "?";
}

/// Whose entries have the numbers of SAs.
bool is_by_sa(SaTable table) { return table != SaTable::index && table != SaTable::pings; }

std::string whose(SaTable table, const SaInfo* sa) {
  if (sa != nullptr) return fmt::format("SA '{}', inbound SPI {:#010x}", sa->name, sa->spi_in);
  return table == SaTable::pings ? "an outstanding ping" : "an SA";
}

}  // namespace

std::optional<std::string> TableFaults::take(const Event& event, const SaManager& sas) {
  const SaInfo* sa = is_by_sa(event.table) ? sas.find_number(event.entry) : nullptr;
  if (said_.size() == kMost || !said_.emplace(event.table, event.entry, sa != nullptr ? sa->spi_in : 0).second) {
    return std::nullopt;
  }
  return fmt::format("{}: {}, because a bit has flipped in the card (table {}, entry {}){}", whose(event.table, sa),
                     consequence(event.table), regs::name(event.table), event.entry,
                     said_.size() == kMost ? "; further ones are only counted" : "");
}

}  // namespace sapulse
