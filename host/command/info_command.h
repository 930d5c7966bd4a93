// SPDX-License-Identifier: Apache-2.0
// `sapulse info`: what a card is and whether this program can work with it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "sapulse/card.h"

namespace sapulse::command {

/// @param device name of the device
nlohmann::ordered_json info_json(const std::string& device, const CardInfo& info);

/// The same for people, one line each.
std::string info_text(const std::string& device, const CardInfo& info);

}  // namespace sapulse::command
