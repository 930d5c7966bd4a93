// SPDX-License-Identifier: Apache-2.0
#include "card_name.h"

namespace sapulse::command {

std::string card_prefix(const service::Json& line) {
  const std::string card = line.value("card", "");
  return card.empty() ? "" : card + ": ";
}

std::string name_with_card(const service::Json& sa, const char* field) {
  return card_prefix(sa) + sa[field].get<std::string>();
}

}  // namespace sapulse::command
