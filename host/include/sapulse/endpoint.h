// SPDX-License-Identifier: Apache-2.0
// Everything around one card: SAs, errors, pings, liveness, state on disk.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sapulse/card.h"
#include "sapulse/config.h"
#include "sapulse/error.h"
#include "sapulse/error_responder.h"
#include "sapulse/monitor.h"
#include "sapulse/peer_follower.h"
#include "sapulse/pinger.h"
#include "sapulse/sa.h"
#include "sapulse/store.h"

#pragma GCC visibility push(default)
namespace sapulse {

struct EndpointOptions {
  CardOptions card{};
  /// Rate limits; codes and ICMP peers come from the configuration.
  ErrorResponderOptions errors{};
  MonitorOptions monitor{};
  PeerFollowerOptions follower{};
  /// Directory of state (SaStore); empty: nothing survives. When it is new, the SAs of the configuration are put into
  /// it; afterwards it is the truth about SAs, and those of the configuration are not looked at. Without `secret` in
  /// the configuration, the directory brings one.
  std::filesystem::path state{};
  /// Time between checkpoints of the replay floors, card's time.
  std::chrono::nanoseconds checkpoint = std::chrono::minutes(1);
  /// Gets one line for each thing that has gone wrong and that the endpoint survives: a torn end of the journal, a
  /// checkpoint that cannot be written, an SA that cannot be probed, a bit that has flipped in the card. For a log; it
  /// must not call the endpoint.
  std::function<void(const std::string& line)> report{};
  /// Told how many of how many SAs of the configuration have been installed while the endpoint is opened without
  /// `state`, some hundred at a time.
  std::function<void(std::size_t done, std::size_t all)> progress{};
};

/// A card programmed from a configuration, with its SAs, the answers to its exceptions, pings and liveness.
///
/// While a change of SAs waits for a disk, or is one of many SAs, all else goes on: probes, their replies, exceptions.
/// So the handlers of events and of the ends of pings are called in functions that change SAs, too. They must not
/// change SAs, nor use the store.
///
/// Not thread-safe: of all functions of an endpoint and of its parts, one call at a time.
class Endpoint {
 public:
  /// Opens, configures, installs, watches. The device must outlive the endpoint. Errors: those of Card, SaManager,
  /// Monitor and SaStore.
  static Result<std::unique_ptr<Endpoint>> open(Device& device, const Config& config,
                                                const EndpointOptions& options = {});
  ~Endpoint();
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  [[nodiscard]] Card& card();
  [[nodiscard]] SaManager& sas();
  [[nodiscard]] ErrorResponder& errors();
  [[nodiscard]] Pinger& pinger();
  [[nodiscard]] Monitor& monitor();
  [[nodiscard]] PeerFollower& follower();
  /// nullptr without a directory of state.
  [[nodiscard]] SaStore* store();

  /// Sees every exception and what became of it, also those that arrive while ping() waits.
  void set_exception_observer(ErrorResponder::Observer observer);

  /// Handles what has arrived (completions, exceptions, events), does what is due, and does not wait. Returns the
  /// number of exceptions and events. `observer`: in place of the set one, for this call. Errors: those of Card; what
  /// the store cannot write is reported, and tried again.
  Result<std::size_t> poll(const ErrorResponder::Observer& observer = {});
  /// Waits until there is something for poll() to do, at most `timeout` of the card's time; false then.
  Result<bool> wait(std::chrono::nanoseconds timeout);

  /// How pings and searches that are waited for wait (Pinger::ping(), Pinger::probe_path_mtu()), in place of wait():
  /// for owners that let others use the endpoint meanwhile. May return early.
  void set_waiter(std::function<Result<bool>(std::chrono::nanoseconds timeout)> waiter);

  /// For event loops, as in Card: the descriptor tells of the card, and the sleep also ends when poll() has something
  /// due.
  [[nodiscard]] int event_descriptor() const;
  /// `due`: when the caller has something to do himself, ns of the card's clock.
  Result<std::chrono::nanoseconds> prepare_sleep(std::optional<std::uint64_t> due = {});

  /// Endpoints of other cards that the same thread serves: while a function of this one waits for its work, they go on,
  /// too. They have to be there as long as this one is used; without this one and without repetition.
  void set_companions(std::vector<Endpoint*> companions);

  /// Runs `work` in a thread of its own, while everything goes on as it does during a change of SAs, and returns once
  /// it has ended: for what takes long and does not touch the endpoint. Not to be called by handlers.
  void run_beside(const std::function<void()>& work);

  /// Lets everything go on once as it does during run_beside(): for what is long, but comes in short parts. Errors of
  /// the card are those that poll() returns again. Not to be called by handlers.
  void take_turn();

  /// Writes the replay floors now (SaManager::checkpoint()); poll() and close() do it, too. Nothing without a store.
  Result<void> checkpoint();

  /// True when the card is idle and nothing waits for poll() (Card::quiet()).
  Result<bool> quiet();
  /// Stops cleanly: checkpoint, then Card::close().
  Result<void> close();

 private:
  friend class EndpointAccess;
  class [[gnu::visibility("hidden")]] Impl;
  explicit Endpoint(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sapulse
#pragma GCC visibility pop
