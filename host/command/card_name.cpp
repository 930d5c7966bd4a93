// SPDX-License-Identifier: Apache-2.0
#include "card_name.h"

#include <algorithm>

namespace sapulse::command {

std::string shown_name(std::string name) {
  std::ranges::replace_if(name, [](unsigned char c) { return c < ' ' || c == 0x7f; }, '?');
  return name;
}

std::string card_prefix(const service::Json& line) {
  const std::string card = shown_name(line.value("card", ""));
  return card.empty() ? "" : card + ": ";
}

std::string name_with_card(const service::Json& sa, const char* field) {
  return card_prefix(sa) + shown_name(sa[field]);
}

}  // namespace sapulse::command
