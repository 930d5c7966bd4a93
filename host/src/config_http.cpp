// SPDX-License-Identifier: Apache-2.0
#include "config_http.h"

#include <charconv>
#include <limits>
#include <optional>
#include <string>

#include "yaml_reader.h"

namespace sapulse {
namespace {

constexpr unsigned kMostClients = 64;

struct Place {
  IpAddress address;
  std::uint16_t port;
};

/// 192.0.2.1:9753, [2001:db8::1]:9753
std::optional<Place> parse_place(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view port = text.substr(colon + 1);
  std::string_view host = text.substr(0, colon);
  const bool in_brackets = host.starts_with('[') && host.ends_with(']');
  if (in_brackets) host = host.substr(1, host.size() - 2);
  const auto address = IpAddress::parse(host);
  if (!address || address->is_v4() == in_brackets) return std::nullopt;
  Place place{.address = *address, .port = 0};
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), place.port);
  if (error != std::errc() || end != port.data() + port.size()) return std::nullopt;
  return place;
}

}  // namespace

HttpSettings read_http(const YamlNode& node) {
  const YamlMap map(node, "http", {"listen", "clients", "sa_metrics"});
  HttpSettings settings;
  if (const auto listen = map.find("listen")) {
    const auto place = parse_place(read_text(*listen, "listen"));
    if (!place) refuse(*listen, "listen: must be address and port, as 127.0.0.1:9753 or [::1]:9753");
    settings.address = place->address;
    settings.port = place->port;
  }
  if (const auto clients = map.find("clients")) {
    settings.clients = static_cast<unsigned>(read_number(*clients, "clients", 1, kMostClients));
  }
  if (const auto metrics = map.find("sa_metrics")) settings.sa_metrics = read_bool(*metrics, "sa_metrics");
  return settings;
}

}  // namespace sapulse
