// SPDX-License-Identifier: Apache-2.0
// How people are told which of several cards something is about.
#pragma once

#include <string>

#include "service.h"

namespace sapulse::command {

/// "west: " in front of what a line of a service's answer says; empty if it has one card only.
std::string card_prefix(const service::Json& line);

/// A name as it may be written to a terminal: peers choose names, and control sequences would do what they say.
[[nodiscard]] std::string shown_name(std::string name);

/// "west: peer0", as shown_name() shows it. `field`: that with the name of the SA.
std::string name_with_card(const service::Json& sa, const char* field = "name");

}  // namespace sapulse::command
