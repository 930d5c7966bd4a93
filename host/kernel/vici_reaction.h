// SPDX-License-Identifier: Apache-2.0
// Has strongSwan's charon set up anew what has died.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sapulse/liveness.h"
#include "vici_client.h"

namespace sapulse::kernel {

/// A CHILD_SA that is dead is rekeyed: that replaces it, and leaves its IKE_SA and the others alone. If it still is
/// there after kPatience, the peer does not know the IKE_SA any more either: that is destroyed without waiting for the
/// peer, and all that it had is initiated anew.
///
/// A CHILD_SA of the same name is rekeyed again after kLeastPause at the soonest, and after twice as long each time
/// that it has died again soon. Never waits for charon. Not thread-safe.
class ViciReaction {
 public:
  using Clock = std::chrono::steady_clock;
  using Log = std::function<void(const std::string& line)>;

  static constexpr auto kPatience = std::chrono::seconds(3);
  static constexpr auto kLeastPause = std::chrono::seconds(10);
  static constexpr auto kLongestPause = std::chrono::minutes(5);

  explicit ViciReaction(std::filesystem::path socket) : client_(std::move(socket)) {}

  /// Gets a line for each command and what charon says to it.
  void set_log(Log log) { log_ = std::move(log); }

  /// Takes note of an SA that is lost, or down after it has been up: a peer that has never answered may not know how
  /// to. An SA that charon does not have is none of its business.
  void note(const LivenessChange& change, Clock::time_point now);
  /// Goes on.
  void poll(Clock::time_point now);
  /// For event loops: poll() has something to do when this is readable (-1: never), or when this time has come.
  [[nodiscard]] int descriptor() const { return client_.is_asking() ? client_.descriptor() : -1; }
  [[nodiscard]] std::optional<Clock::time_point> next_due() const;

 private:
  struct Death {
    std::uint32_t spi_in = 0;
    Clock::time_point due{};
    bool is_rekeyed = false;  // or should be by now
  };
  struct Order {
    std::string command;
    vici::Section content;
    std::string what;  // for the log
  };
  struct History {
    Clock::time_point last{};
    Clock::duration pause{};
  };

  bool start_next(Clock::time_point now);
  void take_children(const std::vector<vici::ChildSa>& children, Clock::time_point now);
  /// False: it is dealt with.
  bool act_on(Death& death, const std::vector<vici::ChildSa>& children, Clock::time_point now);
  void rekey(const vici::ChildSa& child);
  void restart(const std::string& ike_id, const std::vector<vici::ChildSa>& children);
  void take_result();
  void give_up(const std::string& why);

  vici::Client client_;
  Log log_;
  std::vector<Death> deaths_;
  std::deque<Order> orders_;  // the first one is under way while is_ordering_
  bool is_ordering_ = false;
  std::set<std::string> restarted_;           // IKE_SAs, by the list that is being looked at
  std::map<std::string, History> histories_;  // by name of the CHILD_SA
};

}  // namespace sapulse::kernel
