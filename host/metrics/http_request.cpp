// SPDX-License-Identifier: Apache-2.0
#include "http_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace sapulse::metrics {
namespace {

constexpr std::string_view kSpaces = " \t";

/// Scripts, styles and data come from this server alone, and no other page shows this one.
constexpr std::string_view kCommonHeaders =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Cache-Control: no-store\r\n"
    "Connection: close\r\n";

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    default:
      return "Service Unavailable";
  }
}

/// What stands before a separator, which goes, too; all of it if there is none.
std::string_view take_until(std::string_view& text, std::string_view separator) {
  const auto end = text.find(separator);
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + separator.size());
  return taken;
}

std::string_view trim(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kSpaces), text.size()));
  return text.substr(0, text.find_last_not_of(kSpaces) + 1);
}

bool is_host(std::string_view field) {
  constexpr std::string_view kHost = "host";
  return std::ranges::equal(field, kHost, {}, [](unsigned char c) { return std::tolower(c); });
}

/// Without the port.
std::string_view host_of(std::string_view value) {
  if (value.starts_with('[')) return value.substr(0, value.find(']') + 1);
  return value.substr(0, value.find(':'));
}

}  // namespace

std::optional<HttpRequest> parse_request(std::string_view received) {
  const auto end = received.find("\r\n\r\n");
  if (end == std::string_view::npos) {
    return received.size() < kMostRequestBytes ? std::nullopt : std::optional(HttpRequest());
  }
  std::string_view text = received.substr(0, end);
  std::string_view line = take_until(text, "\r\n");
  const std::string_view method = take_until(line, " ");
  std::string_view target = take_until(line, " ");
  if (!line.starts_with("HTTP/1.") || !target.starts_with('/')) return HttpRequest();
  HttpRequest request{.method = std::string(method), .path = std::string(take_until(target, "?")), .host = ""};
  while (!text.empty()) {
    std::string_view value = take_until(text, "\r\n");
    const std::string_view field = take_until(value, ":");
    if (is_host(field)) request.host = host_of(trim(value));
  }
  return request;
}

std::string answer_headers(int status, std::string_view type, std::size_t body_bytes) {
  return fmt::format("HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n{}\r\n", status, reason_of(status),
                     type, body_bytes, kCommonHeaders);
}

}  // namespace sapulse::metrics
