// SPDX-License-Identifier: Apache-2.0
// Tells a URL.
#pragma once

#include <memory>
#include <string>

#include "reaction.h"

namespace sapulse::reactions {

/// Scheme and host of a URL, which are all of it that may be in logs: the rest can be a password. Errors:
/// invalid_argument (not a URL, or of another scheme than http and https).
Result<std::string> public_part(const std::string& url);

/// Sends each change as JSON to a URL (HTTP POST). Redirections are not followed; certificates are checked.
class UrlReaction final : public Reaction {
 public:
  explicit UrlReaction(std::string url, std::string card = {}) : url_(std::move(url)), card_(std::move(card)) {}

  /// Errors: io_error (no connection, or a status of HTTP other than 2xx), timeout.
  Result<std::string> react(const LivenessChange& change, const Patience& patience) override;

 private:
  std::string url_;
  std::string card_;
};

}  // namespace sapulse::reactions
