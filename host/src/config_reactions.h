// SPDX-License-Identifier: Apache-2.0
// The part of configuration files about reactions to changes of state.
#pragma once

#include <vector>

#include "sapulse/reaction_settings.h"
#include "yaml_tree.h"

namespace sapulse {

/// Reads the field `reactions`. Throws YamlMistake.
std::vector<ReactionSettings> read_reactions(const YamlNode& node);

}  // namespace sapulse
