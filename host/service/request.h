// SPDX-License-Identifier: Apache-2.0
// Requests as clients write them, and typed access to their fields.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sapulse/error.h"
#include "sapulse/sa.h"
#include "service.h"

namespace sapulse::service {

/// Far more than any command has: to find one among very many takes long.
inline constexpr std::size_t kMostFields = 32;

/// Reads a request: an object whose fields are texts, numbers, true, false or null. Takes as long as the text is, and
/// no longer, whatever it says. Errors: parse_error (not JSON), invalid_argument (other fields, or more than
/// kMostFields). Thread-safe.
Result<Json> parse_request(std::string_view text);

/// A request whose fields are read by name. The first mistake is kept; afterwards every read gives a default.
class Request {
 public:
  explicit Request(const Json& json);

  /// Required text.
  std::string text(std::string_view field);
  /// Number between the limits; `fallback` if it is absent.
  std::uint64_t number(std::string_view field, std::uint64_t fallback, std::uint64_t least, std::uint64_t most);
  std::chrono::nanoseconds nanoseconds(std::string_view field, std::chrono::nanoseconds fallback);
  bool flag(std::string_view field);
  [[nodiscard]] bool has(std::string_view field) const { return json_.contains(field); }
  /// The SA that the field `sa` names, by its name or by its inbound SPI, decimal or hexadecimal with 0x.
  /// `Errc::not_found` if there is none, `invalid_argument` if several have the name.
  std::uint32_t sa(const SaManager& sas);

  /// Nothing if all reads were good.
  [[nodiscard]] const std::optional<Error>& mistake() const { return mistake_; }

 private:
  void refuse(Errc code, std::string message);

  const Json& json_;
  std::optional<Error> mistake_;
};

}  // namespace sapulse::service
