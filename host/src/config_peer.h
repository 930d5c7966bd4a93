// SPDX-License-Identifier: Apache-2.0
// The parts of configuration files about asking and about errors.
#pragma once

#include <optional>
#include <string>

#include "sapulse/card.h"
#include "sapulse/error_responder.h"
#include "sapulse/sa.h"
#include "yaml_tree.h"

namespace sapulse {

/// What SAs have that say nothing else.
struct PeerDefaults {
  Path path;                                 ///< as far as it is given
  std::optional<LivenessSettings> liveness;  ///< absent: SAs are not watched
};

/// All of these throw YamlMistake. check() makes an error of validate() a mistake at a place of the file.
void check(const YamlNode& node, const Result<void>& valid);
IpAddress read_address(const YamlNode& node, const std::string& what);
MacAddress read_mac(const YamlNode& node, const std::string& what);
RateLimit read_limit(const YamlNode& node, const std::string& what, const RateLimit& defaults);
/// Fields that are not given are those of `defaults`, among them the port where encapsulated ESP is received.
Path read_path(const YamlNode& node, const Path& defaults);
LivenessSettings read_liveness(const YamlNode& node, const LivenessSettings& defaults);
/// Fields `path` and `liveness` of an SA; either may be absent.
void read_peer(const std::optional<YamlNode>& path, const std::optional<YamlNode>& liveness,
               const PeerDefaults& defaults, SaParameters& sa);
ErrorCodes read_error_codes(const YamlNode& node);
std::vector<IpAddress> read_icmp_peers(const YamlNode& node);

}  // namespace sapulse
