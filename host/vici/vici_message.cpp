// SPDX-License-Identifier: Apache-2.0
#include "vici_message.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace sapulse::vici {
namespace {

using Bytes = std::span<const std::uint8_t>;

enum class Element : std::uint8_t {
  section_start = 1,
  section_end = 2,
  key_value = 3,
  list_start = 4,
  list_item = 5,
  list_end = 6
};

constexpr unsigned kDeepest = 16;  // sections in each other; charon uses 4

/// Thrown and caught in this file.
struct Malformed {
  std::string what;
};

class Reader {
 public:
  explicit Reader(Bytes bytes) : rest_(bytes) {}

  [[nodiscard]] bool empty() const { return rest_.empty(); }
  std::uint8_t byte() { return take(1)[0]; }
  std::string name() { return text(byte()); }
  std::string value() {
    const Bytes length = take(2);
    return text(static_cast<std::size_t>(length[0]) << 8 | length[1]);
  }

 private:
  Bytes take(std::size_t size) {
    if (size > rest_.size()) throw Malformed{fmt::format("{} bytes announced, {} are there", size, rest_.size())};
    const Bytes taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  std::string text(std::size_t size) {
    const Bytes bytes = take(size);
    return {bytes.begin(), bytes.end()};
  }

  Bytes rest_;
};

std::vector<std::string> read_list(Reader& reader) {
  std::vector<std::string> items;
  for (;;) {
    const auto element = static_cast<Element>(reader.byte());
    if (element == Element::list_end) return items;
    if (element != Element::list_item) throw Malformed{fmt::format("element {} in a list", static_cast<int>(element))};
    items.push_back(reader.value());
  }
}

/// `depth` 0: the whole message, which ends with its bytes.
Section read_section(Reader& reader, unsigned depth) {
  if (depth > kDeepest) throw Malformed{fmt::format("more than {} sections in each other", kDeepest)};
  Section section;
  while (depth > 0 || !reader.empty()) {
    const auto element = static_cast<Element>(reader.byte());
    if (element == Element::section_end && depth > 0) return section;
    switch (element) {
      case Element::section_start: {
        std::string name = reader.name();
        section.sections.emplace_back(std::move(name), read_section(reader, depth + 1));
        break;
      }
      case Element::key_value: {
        std::string name = reader.name();
        section.values.emplace_back(std::move(name), reader.value());
        break;
      }
      case Element::list_start: {
        std::string name = reader.name();
        section.lists.emplace_back(std::move(name), read_list(reader));
        break;
      }
      default:
        throw Malformed{fmt::format("element {} in a section", static_cast<int>(element))};
    }
  }
  return section;
}

bool has_name(PacketType type) {
  return type == PacketType::command_request || type == PacketType::event_register ||
         type == PacketType::event_unregister || type == PacketType::event;
}

std::optional<std::uint32_t> parse_spi(std::string_view hex) {
  std::uint32_t spi = 0;
  const auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), spi, 16);
  if (error != std::errc() || end != hex.data() + hex.size()) return std::nullopt;
  return spi;
}

template <class Value>
const Value* find(const std::vector<std::pair<std::string, Value>>& entries, std::string_view name) {
  const auto found = std::ranges::find(entries, name, &std::pair<std::string, Value>::first);
  return found == entries.end() ? nullptr : &found->second;
}

}  // namespace

std::string_view Section::value(std::string_view name) const {
  const std::string* found = find(values, name);
  return found != nullptr ? *found : std::string_view();
}

const Section* Section::section(std::string_view name) const { return find(sections, name); }

std::vector<std::uint8_t> encode(PacketType type, std::string_view name, const Section& content) {
  std::vector<std::uint8_t> packet(4);  // room for the length
  const auto put = [&packet](std::size_t byte) { packet.push_back(static_cast<std::uint8_t>(byte)); };
  const auto put_text = [&](std::string_view text) { packet.insert(packet.end(), text.begin(), text.end()); };
  put(static_cast<std::size_t>(type));
  put(name.size());  // names of the protocol are short
  put_text(name);
  for (const auto& [key, value] : content.values) {
    put(static_cast<std::size_t>(Element::key_value));
    put(key.size());
    put_text(key);
    put(value.size() >> 8);
    put(value.size());
    put_text(value);
  }
  const std::size_t length = packet.size() - 4;
  for (std::size_t i = 0; i < 4; ++i) packet[i] = static_cast<std::uint8_t>(length >> (24 - 8 * i));
  return packet;
}

Result<Packet> decode(Bytes bytes) {
  try {
    Reader reader(bytes);
    Packet packet;
    const std::uint8_t type = reader.byte();
    if (type > static_cast<std::uint8_t>(PacketType::event)) throw Malformed{fmt::format("packet of type {}", type)};
    packet.type = static_cast<PacketType>(type);
    if (has_name(packet.type)) packet.name = reader.name();
    packet.content = read_section(reader, 0);
    return packet;
  } catch (const Malformed& malformed) {
    return failure(Errc::parse_error, "VICI: " + malformed.what);
  }
}

std::vector<ChildSa> child_sas(const Section& event) {
  std::vector<ChildSa> result;
  for (const auto& [connection, ike] : event.sections) {
    const Section* children = ike.section("child-sas");
    if (children == nullptr) continue;
    for (const auto& [unique_name, child] : children->sections) {
      const auto spi_in = parse_spi(child.value("spi-in"));
      const auto spi_out = parse_spi(child.value("spi-out"));
      if (!spi_in || !spi_out) continue;
      result.push_back({.name = fmt::format("{}/{}", connection, child.value("name")),
                        .spi_in = *spi_in,
                        .spi_out = *spi_out,
                        .id = std::string(child.value("uniqueid")),
                        .ike_id = std::string(ike.value("uniqueid")),
                        .state = std::string(child.value("state"))});
    }
  }
  return result;
}

}  // namespace sapulse::vici
