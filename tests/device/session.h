// SPDX-License-Identifier: Apache-2.0
// The host library on a card under test, and everything that goes in and comes out of the card meanwhile.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "rig.h"
#include "sapulse/endpoint.h"
#include "traffic/check.h"
#include "traffic/config.h"
#include "traffic/generator.h"

namespace sapulse::test {

/// Every failure of card or library is thrown as std::runtime_error: the test ends there.
class Session {
 public:
  /// Opens the card and programs it. Polling, time passes in calls alone, so that runs on a simulated card are alike.
  Session(Rig& rig, const traffic::Config& config, const CardOptions& options = {.interrupts = false});

  /// Offers a frame and remembers it.
  void line(const traffic::Bytes& frame);
  void core(const traffic::Bytes& frame);

  /// Lets the library handle what has arrived, and collects frames.
  void poll();
  /// Until a condition holds. Throws when that takes longer than `patience` of the card's time.
  void until(const std::function<bool()>& condition, const char* what);
  /// Until every frame offered has been received and dealt with and every frame sent has been collected.
  void settle();

  /// What went in and came out since construction, with the counters of now; call settle() before.
  [[nodiscard]] traffic::Run result();

  [[nodiscard]] Endpoint& endpoint() { return *endpoint_; }
  [[nodiscard]] Card& card() { return endpoint_->card(); }
  [[nodiscard]] SaManager& sas() { return endpoint_->sas(); }
  /// Exceptions handled so far.
  [[nodiscard]] std::uint64_t exceptions() const { return exceptions_; }

 private:
  static constexpr std::chrono::nanoseconds kPatience = std::chrono::milliseconds(1);

  [[nodiscard]] bool has_received_all();
  [[nodiscard]] bool at_rest();

  Rig& rig_;
  std::unique_ptr<Endpoint> endpoint_;
  traffic::Run run_;
  std::uint64_t exceptions_ = 0;
};

/// Small frames without the rarer wrappings: enough for what is about the host interface.
inline constexpr traffic::Mixture kPlainPings{
    .max_data = 64, .bad_percent = 0, .customer_percent = 0, .wrappings = false, .replays = false};

/// The discrepancies of a run as test failures.
void expect_right(const traffic::Config& config, const traffic::Run& run);

}  // namespace sapulse::test
