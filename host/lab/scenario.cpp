// SPDX-License-Identifier: Apache-2.0
#include "scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "sapulse/sim/card.h"
#include "text_file.h"
#include "yaml_reader.h"

namespace sapulse::lab {
namespace {

using std::chrono::nanoseconds;

constexpr std::size_t kMostNodes = 16;
constexpr std::size_t kLargestCard = 65536;  // SAs
constexpr std::uint64_t kMostCount = 100'000'000;

double read_real(const YamlNode& node, const std::string& what, std::string_view text, double least, double most) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= least && value <= most)) {
    refuse(node, fmt::format("{}: expected a number from {:g} to {:g}", what, least, most));
  }
  return value;
}

double read_probability(const YamlNode& node, const std::string& what) {
  return read_real(node, what, read_text(node, what), 0, 1);
}

/// The value of a field, or what it was.
template <class Value, class Read>
void read_optional(const YamlMap& map, std::string_view field, Value& value, Read read) {
  if (const auto node = map.find(field)) value = static_cast<Value>(read(*node, std::string(field)));
}

template <class Value>
Value read_choice(const YamlNode& node, const std::string& what,
                  std::initializer_list<std::pair<std::string_view, Value>> choices) {
  const std::string text = read_text(node, what);
  std::string names;
  for (const auto& [name, value] : choices) {
    if (text == name) return value;
    names += (names.empty() ? "" : ", ") + std::string(name);
  }
  refuse(node, fmt::format("{}: must be one of {}", what, names));
}

void read_conditions(const YamlMap& map, LinkConditions& conditions) {
  read_optional(map, "delay", conditions.delay, read_duration);
  read_optional(map, "spread", conditions.spread, read_duration);
  read_optional(map, "loss", conditions.loss, read_probability);
  read_optional(map, "duplication", conditions.duplication, read_probability);
  read_optional(map, "cut", conditions.cut, read_bool);
}

class Reader {
 public:
  Scenario read(const YamlNode& root) {
    const YamlMap map(root, "scenario",
                      {"seed", "ns_per_cycle", "sa_capacity", "duration", "nodes", "links", "events"});
    read_optional(map, "seed", scenario_.seed,
                  [](const YamlNode& node, const std::string& what) { return read_number(node, what, 0, kMostCount); });
    read_optional(map, "ns_per_cycle", scenario_.ns_per_cycle,
                  [](const YamlNode& node, const std::string& what) { return read_number(node, what, 1, 65535); });
    read_optional(map, "sa_capacity", scenario_.sa_capacity, [](const YamlNode& node, const std::string& what) {
      const auto capacity = read_number(node, what, 1, kLargestCard);
      const auto known = sim::Card::capacities();
      if (std::ranges::find(known, capacity) == known.end()) {
        refuse(node, fmt::format("{}: {} is not one of {}", what, capacity, fmt::join(known, ", ")));
      }
      return capacity;
    });
    scenario_.duration = read_duration(map.require("duration"), "duration");
    read_nodes(map.require("nodes"));
    read_links(map.require("links"));
    if (const auto events = map.find("events")) read_events(*events);
    return std::move(scenario_);
  }

 private:
  void read_nodes(const YamlNode& list) {
    if (!list.is_sequence() || list.size() < 2 || list.size() > kMostNodes) {
      refuse(list, fmt::format("nodes: expected a list of 2 to {} names", kMostNodes));
    }
    for (const auto& item : list) {
      const std::string name = read_text(item, "nodes");
      const bool known = std::ranges::any_of(scenario_.nodes, [&](const NodeSpec& node) { return node.name == name; });
      if (known) refuse(item, fmt::format("nodes: '{}' twice", name));
      scenario_.nodes.push_back({name});
    }
  }

  NodeIndex read_node(const YamlNode& node, const std::string& what) const {
    const std::string name = read_text(node, what);
    const auto found = std::ranges::find(scenario_.nodes, name, &NodeSpec::name);
    if (found == scenario_.nodes.end()) refuse(node, fmt::format("{}: no node is called '{}'", what, name));
    return static_cast<NodeIndex>(found - scenario_.nodes.begin());
  }

  std::pair<NodeIndex, NodeIndex> read_ends(const YamlNode& node, const std::string& what) const {
    if (!node.is_sequence() || node.size() != 2) refuse(node, what + ": expected two nodes");
    auto end = node.begin();
    const NodeIndex first = read_node(*end, what);
    const auto ends = std::pair(first, read_node(*++end, what));
    if (ends.first == ends.second) refuse(node, what + ": expected two different nodes");
    return ends;
  }

  [[nodiscard]] std::optional<std::size_t> find_link(std::pair<NodeIndex, NodeIndex> ends) const {
    const auto found = std::ranges::find_if(scenario_.links, [&](const LinkSpec& link) {
      return std::pair(link.first, link.second) == ends || std::pair(link.second, link.first) == ends;
    });
    if (found == scenario_.links.end()) return std::nullopt;
    return static_cast<std::size_t>(found - scenario_.links.begin());
  }

  std::size_t read_link(const YamlNode& node, const std::string& what) const {
    const auto link = find_link(read_ends(node, what));
    if (!link) refuse(node, what + ": these nodes have no link");
    return *link;
  }

  std::size_t read_sa(const YamlNode& node, std::size_t link) const {
    return read_number(node, "sa", 0, scenario_.links[link].sas - 1);
  }

  void read_links(const YamlNode& list) {
    if (!list.is_sequence() || list.size() == 0) refuse(list, "links: expected a list");
    sas_.resize(scenario_.nodes.size());
    for (const auto& item : list) {
      const YamlMap map(item, "link",
                        {"between", "delay", "spread", "loss", "duplication", "cut", "sas", "interval", "multiplier",
                         "suspect", "jitter_percent", "data_alive", "mode", "encapsulation", "ipv6"});
      LinkSpec link;
      const auto ends = read_ends(map.require("between"), "between");
      if (find_link(ends)) refuse(item, "link: these nodes have a link already");
      std::tie(link.first, link.second) = ends;
      read_conditions(map, link.conditions);
      read_optional(map, "sas", link.sas, [this](const YamlNode& node, const std::string& what) {
        return read_number(node, what, 1, scenario_.sa_capacity);
      });
      read_liveness(map, link.liveness);
      if (const auto node = map.find("encapsulation")) {
        link.encapsulation = read_choice<Encapsulation>(
            *node, "encapsulation",
            {{"esp", Encapsulation::esp}, {"udp", Encapsulation::udp}, {"ah", Encapsulation::ah}});
      }
      read_optional(map, "ipv6", link.ipv6, read_bool);
      for (const NodeIndex end : {link.first, link.second}) {
        sas_[end] += link.sas;
        if (sas_[end] > scenario_.sa_capacity) {
          refuse(item,
                 fmt::format("sas: node '{}' has more than {}", scenario_.nodes[end].name, scenario_.sa_capacity));
        }
      }
      scenario_.links.push_back(link);
    }
  }

  static void read_liveness(const YamlMap& map, LivenessSettings& liveness) {
    read_optional(map, "interval", liveness.interval, read_duration);
    const auto number = [](std::uint64_t least, std::uint64_t most) {
      return [=](const YamlNode& node, const std::string& what) { return read_number(node, what, least, most); };
    };
    read_optional(map, "multiplier", liveness.multiplier, number(1, 255));
    if (const auto node = map.find("suspect"))
      liveness.suspect = static_cast<unsigned>(read_number(*node, "suspect", 0, 254));
    read_optional(map, "jitter_percent", liveness.jitter_percent, number(0, 25));
    read_optional(map, "data_alive", liveness.data_alive, read_bool);
    if (const auto node = map.find("mode")) liveness.mode = read_mode(*node, "mode");
    if (const auto valid = validate(liveness); !valid) refuse(map.node(), "link: " + valid.error().message);
  }

  static ProbeMode read_mode(const YamlNode& node, const std::string& what) {
    return read_choice<ProbeMode>(node, what, {{"card", ProbeMode::card}, {"host", ProbeMode::host}});
  }

  void read_events(const YamlNode& list) {
    if (!list.is_sequence()) refuse(list, "events: expected a list");
    for (const auto& item : list) {
      const ScenarioEvent event = read_event(item);
      if (event.at > scenario_.duration) refuse(item, "event: after the end");
      if (!scenario_.events.empty() && event.at < scenario_.events.back().at)
        refuse(item, "event: before the one above it");
      scenario_.events.push_back(event);
    }
  }

  struct EventKind {
    std::string_view name;  // of the field that tells it from others
    Action (Reader::*read)(const YamlNode& item) const;
  };

  ScenarioEvent read_event(const YamlNode& item) const {
    static constexpr std::array kKinds{
        EventKind{"crash", &Reader::read_crash},           EventKind{"rekey", &Reader::read_rekey},
        EventKind{"black_hole", &Reader::read_black_hole}, EventKind{"set_link", &Reader::read_set_link},
        EventKind{"forge", &Reader::read_forge},           EventKind{"admin", &Reader::read_admin},
        EventKind{"set_mode", &Reader::read_set_mode},     EventKind{"expect", &Reader::read_expect}};
    if (!item.is_map()) refuse(item, "event: expected a map of fields");
    const auto kind =
        std::ranges::find_if(kKinds, [&](const EventKind& one) { return item.find(one.name).has_value(); });
    if (kind == kKinds.end()) {
      refuse(item, "event: expected one of crash, rekey, black_hole, set_link, forge, admin, set_mode, expect");
    }
    const auto at = item.find("at");
    if (!at) refuse(item, "event: field 'at' is missing");
    return {read_duration(*at, "at"), (this->*kind->read)(item)};
  }

  Action read_crash(const YamlNode& item) const {
    const YamlMap map(item, "crash", {"at", "crash", "secret"});
    Crash crash{.node = read_node(map.require("crash"), "crash")};
    if (const auto secret = map.find("secret")) {
      crash.keeps_secret = read_choice<bool>(*secret, "secret", {{"kept", true}, {"lost", false}});
    }
    return crash;
  }

  Action read_rekey(const YamlNode& item) const {
    const YamlMap map(item, "rekey", {"at", "rekey"});
    const Rekey rekey{read_node(map.require("rekey"), "rekey")};
    if (std::ranges::find(sas_, scenario_.sa_capacity) != sas_.end()) {
      refuse(item, fmt::format("rekey: replacing takes a free SA number, and a node has all {} in use",
                               scenario_.sa_capacity));
    }
    return rekey;
  }

  Action read_black_hole(const YamlNode& item) const {
    const YamlMap map(item, "black_hole", {"at", "black_hole", "sa", "present"});
    BlackHole hole{.link = read_link(map.require("black_hole"), "black_hole"), .sa = std::nullopt};
    if (const auto sa = map.find("sa")) hole.sa = read_sa(*sa, hole.link);
    read_optional(map, "present", hole.present, read_bool);
    return hole;
  }

  Action read_set_link(const YamlNode& item) const {
    const YamlMap map(item, "set_link", {"at", "set_link", "delay", "spread", "loss", "duplication", "cut"});
    const std::size_t link = read_link(map.require("set_link"), "set_link");
    SetLink set{link, scenario_.links[link].conditions};
    read_conditions(map, set.conditions);
    return set;
  }

  Action read_forge(const YamlNode& item) const {
    const YamlMap map(item, "forge", {"at", "forge", "victim", "kind", "count", "every"});
    Forge forge{.link = read_link(map.require("forge"), "forge")};
    const YamlNode victim = map.require("victim");
    forge.victim = read_node(victim, "victim");
    const LinkSpec& link = scenario_.links[forge.link];
    if (forge.victim != link.first && forge.victim != link.second) refuse(victim, "victim: not at this link");
    forge.kind = read_choice<Forge::Kind>(
        map.require("kind"), "kind",
        {{"errors", Forge::Kind::errors}, {"replays", Forge::Kind::replays}, {"tampered", Forge::Kind::tampered}});
    forge.count = read_number(map.require("count"), "count", 1, kMostCount);
    read_optional(map, "every", forge.every, read_duration);
    return forge;
  }

  Action read_admin(const YamlNode& item) const {
    const YamlMap map(item, "admin", {"at", "admin", "link", "sa", "down"});
    Admin admin{.node = read_node(map.require("admin"), "admin"), .link = read_link(map.require("link"), "link")};
    admin.sa = read_sa(map.require("sa"), admin.link);
    admin.down = read_bool(map.require("down"), "down");
    return admin;
  }

  Action read_set_mode(const YamlNode& item) const {
    const YamlMap map(item, "set_mode", {"at", "set_mode", "mode"});
    return SetMode{read_link(map.require("set_mode"), "set_mode"), read_mode(map.require("mode"), "mode")};
  }

  Action read_expect(const YamlNode& item) const {
    const YamlMap map(item, "expect", {"at", "expect", "state", "sas"});
    return Expect{read_node(map.require("expect"), "expect"),
                  read_choice<Liveness>(map.require("state"), "state",
                                        {{"init", Liveness::init},
                                         {"up", Liveness::up},
                                         {"suspect", Liveness::suspect},
                                         {"down", Liveness::down},
                                         {"lost", Liveness::lost},
                                         {"admin-down", Liveness::admin_down}}),
                  read_number(map.require("sas"), "sas", 0, scenario_.sa_capacity)};
  }

  Scenario scenario_;
  std::vector<std::size_t> sas_;  // by node
};

}  // namespace

Result<Scenario> parse_scenario(std::string_view text, const std::string& name) {
  const auto mistake = [&](int line, const std::string& what) {
    return failure(Errc::parse_error, fmt::format("{}:{}: {}", name, line, what));
  };
  try {
    const YamlTree tree(text);
    return Reader().read(tree.root());
  } catch (const YamlMistake& error) {
    return mistake(error.line, error.what);
  }
}

Result<Scenario> load_scenario(const std::filesystem::path& file) {
  return read_text_file(file).and_then([&](const std::string& text) { return parse_scenario(text, file.string()); });
}

}  // namespace sapulse::lab
