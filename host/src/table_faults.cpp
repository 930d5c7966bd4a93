// SPDX-License-Identifier: Apache-2.0
#include "table_faults.h"

#include <fmt/format.h>

#include <string_view>

namespace sapulse {
namespace {

std::string_view consequence(SaTable table) {
  switch (table) {
    case SaTable::index:
      return "it is not found";
    case SaTable::in_key:
      return "its packets are not authentic";
    case SaTable::token:
    case SaTable::out_key:
    case SaTable::sequence:
      return "nothing is sent on it";
    case SaTable::window:
    case SaTable::admin:
      return "its packets are refused";
    case SaTable::path:
      return "the card asks nothing on it";
    case SaTable::peer:
      return "a move of its peer is not noticed";
    case SaTable::customer:
      return "customer packets of before are not told to the peer";
    case SaTable::prober:
      return "the card does not probe it";
    case SaTable::customer_time:
      return "customer packets of before are no signs of life";
    case SaTable::pings:
      return "the end of a ping may not be told";
  }
  return "?";
}

}  // namespace

std::optional<std::string> TableFaults::take(const Event& event, const SaManager& sas) {
  const SaInfo* sa = event.table == SaTable::index ? nullptr : sas.find_number(event.entry);
  if (!said_.emplace(event.table, event.entry, sa != nullptr ? sa->spi_in : 0).second) return std::nullopt;
  const std::string whose =
      sa != nullptr ? fmt::format("SA '{}', inbound SPI {:#010x}", sa->name, sa->spi_in) : std::string("an SA");
  return fmt::format("{}: {} until it is replaced, because a bit has flipped in the card (table {}, entry {})", whose,
                     consequence(event.table), regs::name(event.table), event.entry);
}

}  // namespace sapulse
