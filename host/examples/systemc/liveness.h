// SPDX-License-Identifier: Apache-2.0
// The liveness demonstration on a virtual platform: two gateways, what happens to them, and what they find out.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <random>
#include <span>
#include <string>

#include "gateway.h"
#include "platform.h"
#include "scenario.h"

namespace sapulse::systemc::example {

/// SAs come up by the probes of the cards; one falls into a black hole, and out of it again; one gateway crashes, which
/// the other learns by crash tokens; all SAs are negotiated anew. The timeline goes to standard output.
class Demonstration {
 public:
  static constexpr std::size_t kSaCount = 4;

  Demonstration(const char* name, const CardModuleOptions& options);

  /// From an SC_THREAD. Returns seconds of processor time; nothing if something was not found out, or went wrong, which
  /// is said.
  std::optional<double> run();

 private:
  using Condition = std::function<bool()>;

  [[nodiscard]] Gateway make_gateway(lab::NodeIndex side);
  /// The program of a host's processor.
  void host(Gateway& gateway);
  void install_fresh_sas();
  [[nodiscard]] bool vanishes(std::span<const std::byte> frame) const;
  bool tell_story();
  /// Lets time pass until the condition holds; false, and a line that says so, when that takes too long.
  bool expect(const char* what, const Condition& condition);
  void tell(const std::string& who, const std::string& what) const;
  /// A gateway has found something out.
  void changed(lab::NodeIndex side, const LivenessChange& change);
  [[nodiscard]] bool both(Liveness state, std::size_t sas) const;
  [[nodiscard]] bool unbroken() const;

  lab::Scenario scenario_;
  std::mt19937_64 random_{7};
  bool clocked_;
  Platform platform_;
  Gateway west_;
  Gateway east_;
  Software west_host_;
  Software east_host_;
  sc_core::sc_event start_;
  sc_core::sc_event stopped_;
  std::size_t running_ = 2;
  sc_core::sc_time begin_;
  bool hole_ = false;  // in the links, for the packets of one SA
  bool failed_ = false;
};

}  // namespace sapulse::systemc::example
