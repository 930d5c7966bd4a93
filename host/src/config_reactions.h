// SPDX-License-Identifier: Apache-2.0
// The part of configuration files about reactions to changes of state.
#pragma once

#include <yaml-cpp/yaml.h>

#include <vector>

#include "sapulse/reaction_settings.h"

namespace sapulse {

/// Reads the field `reactions`. Throws YamlMistake.
std::vector<ReactionSettings> read_reactions(const YAML::Node& node);

}  // namespace sapulse
