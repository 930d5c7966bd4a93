// SPDX-License-Identifier: Apache-2.0
// Configuration files: addresses, actions and SAs in YAML.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sapulse/address.h"
#include "sapulse/card.h"
#include "sapulse/error.h"
#include "sapulse/error_responder.h"
#include "sapulse/sa.h"
#include "sapulse/secret.h"

namespace sapulse {

/// Contents of a configuration file (docs/host-library.md describes the format).
struct Config {
  CardConfig card;
  DeviceSecret secret;            ///< empty: no crash tokens
  std::optional<MacAddress> mac;  ///< the card's own, for frames that are not answers
  std::vector<SaParameters> sas;

  /// Configures a card and installs the SAs.
  Result<void> apply(Card& card, SaManager& sas) const;
};

/// Reads a file. `sa_capacity`: SAs that the card holds. Errors: not_found or io_error (the file), parse_error: one
/// line, "file:line: what"; no message contains key material.
Result<Config> load_config(const std::filesystem::path& file, std::size_t sa_capacity);

/// Same for text; `name` stands for the file in messages.
Result<Config> parse_config(std::string_view text, const std::string& name, std::size_t sa_capacity);

/// A card programmed from a configuration, with its SAs and the answers to its exceptions. Not thread-safe.
class Endpoint {
 public:
  /// Opens, configures, installs. The device must outlive the endpoint. Errors: those of Card and SaManager.
  static Result<std::unique_ptr<Endpoint>> open(Device& device, const Config& config,
                                                const CardOptions& card_options = {},
                                                const ErrorResponderOptions& responder_options = {});

  [[nodiscard]] Card& card() { return *card_; }
  [[nodiscard]] SaManager& sas() { return sas_; }
  [[nodiscard]] ErrorResponder& errors() { return errors_; }

  /// Handles completions and exceptions that have arrived; returns the number of exceptions.
  Result<std::size_t> poll(const ErrorResponder::Observer& observer = {}) { return errors_.poll(observer); }
  /// True when the card is idle and nothing waits for poll() (Card::quiet()).
  Result<bool> quiet() { return card_->quiet(); }
  /// Stops cleanly (Card::close()).
  Result<void> close() { return card_->close(); }

 private:
  Endpoint(std::unique_ptr<Card> card, const Config& config, const ErrorResponderOptions& responder_options);
  std::unique_ptr<Card> card_;
  SaManager sas_;
  ErrorResponder errors_;
};

}  // namespace sapulse
