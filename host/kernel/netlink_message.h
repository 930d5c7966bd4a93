// SPDX-License-Identifier: Apache-2.0
// Netlink messages and their attributes as they lie in a buffer, every length checked. Numbers are in the host's byte
// order unless the kernel says otherwise.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "sapulse/error.h"

namespace sapulse::kernel {

using Bytes = std::span<const std::uint8_t>;

/// One message of a datagram; points into it.
struct NetlinkMessage {
  std::uint16_t type = 0;
  std::uint16_t flags = 0;
  std::uint32_t sequence = 0;
  Bytes payload;
};

/// Splits a datagram. Errors: parse_error (a length that does not fit). Thread-safe.
Result<std::vector<NetlinkMessage>> split_messages(Bytes datagram);

/// Error number of a message NLMSG_ERROR, positive; 0: an acknowledgement. Errors: parse_error. Thread-safe.
Result<int> error_of(const NetlinkMessage& message);

/// The first bytes as a structure of the kernel's. Errors: parse_error; `what` names the structure.
template <class T>
Result<T> load(Bytes bytes, std::string_view what) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (bytes.size() < sizeof(T)) {
    return failure(Errc::parse_error, fmt::format("{}: {} bytes, needs {}", what, bytes.size(), sizeof(T)));
  }
  T value;
  std::memcpy(&value, bytes.data(), sizeof(T));
  return value;
}

/// The attributes that follow a structure.
class Attributes {
 public:
  /// Errors: parse_error (a length that does not fit); `what` names the message. Thread-safe.
  static Result<Attributes> parse(Bytes bytes, std::string_view what);

  /// Content of an attribute; of several, the last one, as the kernel reads them.
  [[nodiscard]] std::optional<Bytes> find(std::uint16_t type) const;
  /// Content as a number or structure; nothing if the attribute is absent. Errors: parse_error (too short).
  template <class T>
  Result<std::optional<T>> get(std::uint16_t type, std::string_view name) const {
    const auto content = find(type);
    if (!content) return std::optional<T>();
    return load<T>(*content, name).map([](const T& value) { return std::optional<T>(value); });
  }

 private:
  std::vector<std::pair<std::uint16_t, Bytes>> all_;
};

/// Structure at the beginning of a message, and the attributes after it.
template <class T>
Result<std::pair<T, Attributes>> load_with_attributes(Bytes payload, std::string_view what) {
  constexpr std::size_t kAligned = (sizeof(T) + 3) / 4 * 4;
  const auto head = load<T>(payload, what);
  if (!head) return tl::unexpected(head.error());
  return Attributes::parse(payload.subspan(std::min(kAligned, payload.size())), what).map([&](Attributes&& attributes) {
    return std::pair(*head, std::move(attributes));
  });
}

/// Text up to the first zero byte.
std::string text_of(Bytes bytes);

/// Builds a request: header, structure, attributes.
class RequestBuilder {
 public:
  RequestBuilder(std::uint16_t type, std::uint16_t flags);
  template <class T>
  RequestBuilder& put(const T& structure) {
    return append({reinterpret_cast<const std::uint8_t*>(&structure), sizeof(T)});
  }
  RequestBuilder& put(std::uint16_t attribute, Bytes content);
  template <class T>
  RequestBuilder& put_value(std::uint16_t attribute, const T& value) {
    return put(attribute, Bytes(reinterpret_cast<const std::uint8_t*>(&value), sizeof(T)));
  }
  /// The message with its length and this sequence number.
  std::vector<std::uint8_t> finish(std::uint32_t sequence);

 private:
  RequestBuilder& append(Bytes bytes);

  std::vector<std::uint8_t> bytes_;
};

}  // namespace sapulse::kernel
