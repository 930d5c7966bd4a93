// SPDX-License-Identifier: Apache-2.0
// Requests of HTTP (RFC 9112), as far as a server of documents needs them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sapulse::metrics {

/// Bytes of a request line and its header fields at most.
inline constexpr std::size_t kMostRequestBytes = 8192;

struct HttpRequest {
  std::string method;  ///< empty: this was no request
  std::string path;    ///< without the query
  std::string host;    ///< of the field Host, without the port; empty: there was none
};

/// The request that a connection has begun with, once it is complete. Thread-safe.
std::optional<HttpRequest> parse_request(std::string_view received);

/// "HTTP/1.1 404 Not Found" and the header fields that all answers have. Thread-safe.
std::string answer_headers(int status, std::string_view type, std::size_t body_bytes);

}  // namespace sapulse::metrics
