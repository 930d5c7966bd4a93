// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <net/if.h>

#include <algorithm>
#include <charconv>

#include "sapulse/open_device.h"

namespace sapulse {
namespace {

Result<DeviceAddress> parse_xrt(std::string_view text, std::string_view place) {
  DeviceAddress address{.backend = DeviceAddress::Backend::xrt, .place = std::string(place)};
  const auto colon = place.rfind(':');
  const std::string_view digits = colon == std::string_view::npos ? "" : place.substr(colon + 1);
  if (!digits.empty() && std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), address.index);
    if (error != std::errc{}) {
      return failure(Errc::invalid_argument, fmt::format("device '{}': '{}' is no index of a device", text, digits));
    }
    address.place = place.substr(0, colon);
  }
  if (address.place.empty()) {
    return failure(Errc::invalid_argument, fmt::format("device '{}': the xclbin file is missing", text));
  }
  return address;
}

/// Whether a text is like a pattern, in which x stands for a lower-case hex digit, 1 for 0 or 1, and 7 for 0 to 7.
bool matches(std::string_view text, std::string_view pattern) {
  return std::ranges::equal(text, pattern, [](char c, char like) {
    switch (like) {
      case 'x':
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
      case '1':
      case '7':
        return c >= '0' && c <= like;
      default:
        return c == like;
    }
  });
}

Result<DeviceAddress> parse_vfio(std::string_view text, std::string_view place) {
  DeviceAddress address{.backend = DeviceAddress::Backend::vfio, .place = std::string(place)};
  std::ranges::transform(address.place, address.place.begin(),
                         [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (matches(address.place, "xx:1x.7")) address.place.insert(0, "0000:");
  if (matches(address.place, "xxxx:xx:1x.7")) return address;
  return failure(Errc::invalid_argument,
                 fmt::format("device '{}': '{}' is no PCI address such as 0000:41:00.0", text, place));
}

bool is_interface(std::string_view name) {
  return !name.empty() && name.size() < IFNAMSIZ && name.find_first_of("/: ") == std::string_view::npos;
}

Result<DeviceAddress> parse_net(std::string_view text, std::string_view place) {
  const auto comma = place.find(',');
  const std::string_view line = place.substr(0, comma);
  const std::string_view core = comma == std::string_view::npos ? "" : place.substr(comma + 1);
  for (const std::string_view name : {line, core}) {
    if (is_interface(name) || (name.empty() && comma == std::string_view::npos && !line.empty())) continue;
    return failure(Errc::invalid_argument,
                   fmt::format("device '{}': '{}' is no name of a network interface", text, name));
  }
  if (line == core) {
    return failure(Errc::invalid_argument, fmt::format("device '{}': line and core are the same interface", text));
  }
  return DeviceAddress{.backend = DeviceAddress::Backend::net, .place = std::string(line), .core = std::string(core)};
}

}  // namespace

Result<DeviceAddress> DeviceAddress::parse(std::string_view text) {
  if (text == "model") return DeviceAddress{};
  if (text == "sim") return DeviceAddress{.backend = DeviceAddress::Backend::sim, .place = {}};
  if (text.starts_with("xrt:")) return parse_xrt(text, text.substr(4));
  if (text.starts_with("net:")) return parse_net(text, text.substr(4));
  if (text.starts_with("vfio:")) return parse_vfio(text, text.substr(5));
  return failure(Errc::invalid_argument, fmt::format("device '{}': must be {}", text, kForms));
}

}  // namespace sapulse
