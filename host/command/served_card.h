// SPDX-License-Identifier: Apache-2.0
// One of the cards of `sapulse serve`.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "access.h"
#include "local_card.h"
#include "reactions.h"
#include "service.h"

namespace sapulse::command {

/// A card with its service and its reactions. Lines in the log begin with its name. Not thread-safe.
class ServedCard {
 public:
  /// `name`: empty if it is the only one. Errors: those of reading the configuration, and of LocalCard::open().
  static Result<std::unique_ptr<ServedCard>> open(AccessOptions options, std::string name);
  /// Begins to serve, once all cards are open: their addresses are known, and privileges are given up. Errors: those of
  /// Service::follow_kernel() and Reactions::create().
  Result<void> begin(const std::vector<std::unique_ptr<ServedCard>>& all);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const Config& config() const { return config_; }
  [[nodiscard]] service::Service& service() { return *service_; }
  [[nodiscard]] Endpoint& endpoint() { return card_->endpoint(); }
  /// Made of software, on network interfaces.
  [[nodiscard]] bool is_on_network() const;
  /// "west: net:eth1: 20 SAs"
  [[nodiscard]] std::string describe();
  /// Reads the configuration again; the card goes on with the old one if the new one is not good.
  void reload();
  Result<void> close() { return card_->close(); }

 private:
  ServedCard(AccessOptions options, std::string name) : options_(std::move(options)), name_(std::move(name)) {}
  /// What somebody who has changed the file while the service was down has to know.
  void warn_of_ignored();
  [[nodiscard]] std::string named(const std::string& line) const { return name_.empty() ? line : name_ + ": " + line; }

  AccessOptions options_;
  std::string name_;
  Config config_;
  std::unique_ptr<capture::TrafficCapture> capture_;  // nullptr if none is asked for
  std::unique_ptr<LocalCard> card_;
  std::unique_ptr<service::Service> service_;
  std::optional<reactions::Reactions> reactions_;
};

/// Opens a card for each configuration file: its name is that of the file without folder and extension, and its state
/// is in the folder of that name, unless there is one only. Errors: invalid_argument (two of the same name or with the
/// same address; one device for several files), those of ServedCard::open().
Result<std::vector<std::unique_ptr<ServedCard>>> open_cards(const AccessOptions& options,
                                                            const std::vector<std::string>& files);

}  // namespace sapulse::command
