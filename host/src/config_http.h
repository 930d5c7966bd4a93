// SPDX-License-Identifier: Apache-2.0
// The part of configuration files about HTTP.
#pragma once

#include "sapulse/http_settings.h"
#include "yaml_tree.h"

namespace sapulse {

/// Reads the field `http`. Throws YamlMistake.
HttpSettings read_http(const YamlNode& node);

}  // namespace sapulse
