// SPDX-License-Identifier: Apache-2.0
// The part of configuration files about HTTP.
#pragma once

#include <yaml-cpp/yaml.h>

#include "sapulse/http_settings.h"

namespace sapulse {

/// Reads the field `http`. Throws YamlMistake.
HttpSettings read_http(const YAML::Node& node);

}  // namespace sapulse
