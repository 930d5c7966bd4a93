// SPDX-License-Identifier: Apache-2.0
#include "request.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <utility>

namespace sapulse::service {
namespace {

/// Decimal, or hexadecimal with 0x.
std::optional<std::uint32_t> parse_spi(std::string_view text) {
  const bool hex = text.starts_with("0x");
  if (hex) text.remove_prefix(2);
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Result<Json> parse_request(std::string_view text) {
  using Event = Json::parse_event_t;
  std::size_t fields = 0;
  bool is_object = false;
  bool is_flat = true;
  // What is not to be in a request is read, but not kept.
  const auto keep = [&](int depth, Event event, const Json&) {
    if (event == Event::key) return ++fields <= kMostFields;
    if (depth == 0) {
      is_object = is_object || event == Event::object_start;
      return true;
    }
    const bool is_nested = event == Event::object_start || event == Event::array_start;
    is_flat = is_flat && !is_nested;
    return is_object && !is_nested;
  };
  Json request = Json::parse(text, keep, false);
  if (request.is_discarded()) return failure(Errc::parse_error, "the request is not JSON");
  if (!is_flat) return failure(Errc::invalid_argument, "a field of a request is neither a list nor an object");
  if (fields <= kMostFields) return request;
  return failure(Errc::invalid_argument, fmt::format("a request has at most {} fields", kMostFields));
}

Request::Request(const Json& json) : json_(json) {
  if (!json.is_object()) refuse(Errc::invalid_argument, "a request is a JSON object");
}

void Request::refuse(Errc code, std::string message) {
  if (!mistake_) mistake_ = Error{code, std::move(message)};
}

std::string Request::text(std::string_view field) {
  const auto found = json_.find(field);
  if (found != json_.end() && found->is_string()) return found->get<std::string>();
  refuse(Errc::invalid_argument, fmt::format("{}: expected text", field));
  return {};
}

std::uint64_t Request::number(std::string_view field, std::uint64_t fallback, std::uint64_t least, std::uint64_t most) {
  const auto found = json_.find(field);
  if (found == json_.end()) return fallback;
  // Text that has been parsed has unsigned numbers only; a request made by a program can have a signed one.
  if (found->is_number_unsigned() || (found->is_number_integer() && found->get<std::int64_t>() >= 0)) {
    const auto value = found->get<std::uint64_t>();
    if (value >= least && value <= most) return value;
  }
  refuse(Errc::invalid_argument, fmt::format("{}: expected a number from {} to {}", field, least, most));
  return fallback;
}

std::chrono::nanoseconds Request::nanoseconds(std::string_view field, std::chrono::nanoseconds fallback) {
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return std::chrono::nanoseconds(number(field, static_cast<std::uint64_t>(fallback.count()), 0, kMost));
}

bool Request::flag(std::string_view field) {
  const auto found = json_.find(field);
  if (found == json_.end()) return false;
  if (found->is_boolean()) return found->get<bool>();
  refuse(Errc::invalid_argument, fmt::format("{}: expected true or false", field));
  return false;
}

std::uint32_t Request::sa(const SaManager& sas) {
  const std::string wanted = text("sa");
  if (mistake_) return 0;
  const std::optional<std::uint32_t> wanted_spi = parse_spi(wanted);
  std::optional<std::uint32_t> found;
  std::optional<std::uint32_t> of_that_spi;
  const auto look_at = [&](const SaInfo& sa) {
    if (sa.spi_in == wanted_spi) of_that_spi = sa.spi_in;
    if (sa.name != wanted) return;
    if (found)
      refuse(Errc::invalid_argument, fmt::format("sa: several are called '{}'; name it by its inbound SPI", wanted));
    found = sa.spi_in;
  };
  for (std::uint32_t number = 0; number < sas.capacity(); ++number) {
    if (const SaInfo* sa = sas.find_number(number)) look_at(*sa);
  }
  for (const RefusedSa& refused : sas.refused()) look_at(refused.sa);
  if (!found) found = of_that_spi;
  if (!found) refuse(Errc::not_found, fmt::format("sa: no SA is called '{}' or has that inbound SPI", wanted));
  return found.value_or(0);
}

}  // namespace sapulse::service
