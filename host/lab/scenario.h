// SPDX-License-Identifier: Apache-2.0
// What happens in a lab, from a file: nodes, links, and events in protocol time.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sapulse/error.h"
#include "sapulse/exception.h"
#include "sapulse/liveness.h"

namespace sapulse::lab {

/// Position in Scenario::nodes.
using NodeIndex = std::size_t;

/// A gateway: a card with its host.
struct NodeSpec {
  std::string name;
};

/// Conditions of both directions of a link, in protocol time.
struct LinkConditions {
  std::chrono::nanoseconds delay = std::chrono::microseconds(50);
  std::chrono::nanoseconds spread{};  ///< random part on top of the delay: reorders
  double loss = 0;                    ///< per frame and direction
  double duplication = 0;
  bool cut = false;
};

/// Two gateways and the SAs between them.
struct LinkSpec {
  NodeIndex first = 0;
  NodeIndex second = 0;
  LinkConditions conditions;
  std::size_t sas = 1;
  LivenessSettings liveness;  ///< of these SAs, at both ends
  Encapsulation encapsulation = Encapsulation::esp;
  bool ipv6 = false;
};

/// The host and its card lose power: all SAs are gone.
struct Crash {
  NodeIndex node = 0;
  bool keeps_secret = true;  ///< the secret for crash tokens survives
};
/// All SAs of a node are negotiated anew, with fresh keys, at both ends.
struct Rekey {
  NodeIndex node = 0;
};
/// Packets of some SAs of a link vanish, in both directions.
struct BlackHole {
  std::size_t link = 0;
  std::optional<std::size_t> sa;  ///< position among those of the link, from 0; absent: all
  bool present = true;            ///< false: it goes away
};
/// Conditions of a link change.
struct SetLink {
  std::size_t link = 0;
  LinkConditions conditions;
};
/// An attacker on the path sends frames to a node, as if they came from its peer.
struct Forge {
  enum class Kind : std::uint8_t {
    errors,   ///< clear errors `unknown SPI` for SAs of the link, with random tokens
    replays,  ///< frames of the link that it has recorded
    tampered  ///< the same with one bit changed
  };
  std::size_t link = 0;
  NodeIndex victim = 0;
  Kind kind = Kind::errors;
  std::uint64_t count = 0;
  std::chrono::nanoseconds every = std::chrono::microseconds(10);
};
/// The operator takes an SA down or up.
struct Admin {
  NodeIndex node = 0;
  std::size_t link = 0;
  std::size_t sa = 0;
  bool down = true;
};
/// SAs of a link are probed by cards or hosts from now on, at both ends.
struct SetMode {
  std::size_t link = 0;
  ProbeMode mode = ProbeMode::card;
};
/// The number of SAs of a node that have to be in a state now.
struct Expect {
  NodeIndex node = 0;
  Liveness state = Liveness::up;
  std::size_t sas = 0;
};

using Action = std::variant<Crash, Rekey, BlackHole, SetLink, Forge, Admin, SetMode, Expect>;

struct ScenarioEvent {
  std::chrono::nanoseconds at{};  ///< since all nodes were ready
  Action action;
};

struct Scenario {
  std::uint64_t seed = 1;
  std::uint32_t ns_per_cycle = 1000;  ///< how far the cards' clocks move in a cycle
  unsigned sa_capacity = 1024;        ///< of each card; there is a card of that size, or Lab::create() fails
  std::chrono::nanoseconds duration = std::chrono::milliseconds(100);
  std::vector<NodeSpec> nodes;
  std::vector<LinkSpec> links;
  std::vector<ScenarioEvent> events;  ///< in the order of their times
};

/// Reads a scenario (docs/lab.md describes the format). Errors: not_found, io_error, parse_error: one line, "file:line:
/// what".
Result<Scenario> load_scenario(const std::filesystem::path& file);
/// Same for text; `name` stands for the file in messages.
Result<Scenario> parse_scenario(std::string_view text, const std::string& name);

}  // namespace sapulse::lab
