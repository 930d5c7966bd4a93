// SPDX-License-Identifier: Apache-2.0
// Has strongSwan's charon set up anew what has died.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reaction.h"
#include "vici_client.h"

namespace sapulse::reactions {

/// A CHILD_SA that is dead is rekeyed: that replaces it, and leaves its IKE_SA and the others alone. If it still is
/// there after kPatience, the peer does not know the IKE_SA any more either: that is destroyed without waiting for the
/// peer, and all that it had is initiated anew.
///
/// A CHILD_SA of the same name is rekeyed again after kLeastPause at the soonest, and after twice as long each time
/// that it has died again soon.
class ViciReaction final : public Reaction {
 public:
  static constexpr auto kPatience = std::chrono::seconds(3);
  static constexpr auto kLeastPause = std::chrono::seconds(10);
  static constexpr auto kLongestPause = std::chrono::minutes(5);

  /// `socket`: charon's. `now`: for tests.
  explicit ViciReaction(std::filesystem::path socket, std::function<Clock::time_point()> now = Clock::now)
      : socket_(std::move(socket)), now_(std::move(now)), client_(socket_) {}

  /// Takes note of an SA that is lost, or down after it has been up: a peer that has never answered may not know how
  /// to. An SA that charon does not have is none of its business.
  Result<std::string> react(const LivenessChange& change, const Patience& patience) override;
  [[nodiscard]] std::optional<Clock::time_point> next_due() const override;
  /// Tells charon; one text for each order and what charon says to it.
  std::vector<std::string> go_on(const Patience& patience) override;

  /// What charon is told to do.
  struct Order {
    std::string command;
    vici::Section content;
    std::string what;  ///< for the log
  };

 private:
  struct Death {
    std::uint32_t spi_in = 0;
    Clock::time_point due{};
    bool is_rekeyed = false;  // or should be by now
  };
  struct History {
    Clock::time_point last{};
    Clock::duration pause{};
  };

  /// Waits for the answer to what charon has been asked.
  Result<std::vector<vici::ChildSa>> answer(const Patience& patience);
  /// For what is due, as charon's list is.
  [[nodiscard]] std::vector<Order> make_orders(const std::vector<vici::ChildSa>& children);
  /// Puts it off if it was rekeyed a short time ago.
  bool may_rekey(Death& death, const std::string& name, Clock::time_point now);
  /// Says what charon has answered.
  Result<std::string> give(const Order& order, const Patience& patience);
  /// What has died is forgotten.
  std::string give_up(const std::string& why);

  std::filesystem::path socket_;
  std::function<Clock::time_point()> now_;
  vici::Client client_;
  std::vector<Death> deaths_;
  std::map<std::string, History> histories_;  // by name of the CHILD_SA
};

}  // namespace sapulse::reactions
