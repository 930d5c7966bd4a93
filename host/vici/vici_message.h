// SPDX-License-Identifier: Apache-2.0
// Messages of strongSwan's Versatile IKE Control Interface (the protocol is that of its README): packets on a stream,
// each with a tree of sections, values and lists.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sapulse/error.h"

namespace sapulse::vici {

/// Types of packets.
enum class PacketType : std::uint8_t {
  command_request = 0,
  command_response = 1,
  command_unknown = 2,
  event_register = 3,
  event_unregister = 4,
  event_confirm = 5,
  event_unknown = 6,
  event = 7
};

/// Values, lists and subsections in their order.
struct Section {
  std::vector<std::pair<std::string, std::string>> values{};
  std::vector<std::pair<std::string, std::vector<std::string>>> lists{};
  std::vector<std::pair<std::string, Section>> sections{};

  /// Empty if there is none.
  [[nodiscard]] std::string_view value(std::string_view name) const;
  /// nullptr if there is none.
  [[nodiscard]] const Section* section(std::string_view name) const;
};

struct Packet {
  PacketType type{};
  std::string name{};  ///< of requests, registrations and events
  Section content{};
};

/// A packet as it goes over the stream, with its length; of the content, the values only: orders have nothing else.
std::vector<std::uint8_t> encode(PacketType type, std::string_view name, const Section& content = {});

/// A packet without its length. Errors: parse_error. Thread-safe.
Result<Packet> decode(std::span<const std::uint8_t> packet);

/// A CHILD_SA as charon tells it. SPIs in host byte order.
struct ChildSa {
  std::string name;  ///< "connection/child"
  std::uint32_t spi_in = 0;
  std::uint32_t spi_out = 0;
  std::string id{};      ///< that charon has given it
  std::string ike_id{};  ///< the same of its IKE_SA
  std::string state{};   ///< "INSTALLED", ...

  /// By a rekeying, or by nothing.
  [[nodiscard]] bool is_replaced() const { return state == "REKEYED" || state == "DELETING" || state == "DELETED"; }

  friend bool operator==(const ChildSa&, const ChildSa&) = default;
};

/// CHILD_SAs of an event `list-sa`; those without SPIs are left out. Thread-safe.
std::vector<ChildSa> child_sas(const Section& event);

}  // namespace sapulse::vici
