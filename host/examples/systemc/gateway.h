// SPDX-License-Identifier: Apache-2.0
// The software of a host: libsapulse on a card of the platform.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "sapulse/endpoint.h"

namespace sapulse::systemc::example {

/// A gateway that watches its SAs. run() is the program of its processor; the other functions tell it what happens to
/// it, take effect when it looks next, and may be called by any process of the platform.
class Gateway {
 public:
  using Observer = std::function<void(const LivenessChange&)>;

  /// The device must outlive the gateway. `observer` sees each change of an SA's state.
  Gateway(Device& device, Config config, Observer observer);

  /// From an SC_THREAD, until stop(). Errors: those of libsapulse.
  Result<void> run();

  /// Installs SAs, each in place of the one with the same inbound SPI if there is one.
  void install(const std::vector<SaParameters>& sas) { to_install_ = sas; }
  /// Power fails and comes back: all SAs are gone; the secret in the configuration survives.
  void crash() { crashed_ = true; }
  void stop() { stopped_ = true; }

  /// SAs in a state, as of the last look.
  [[nodiscard]] std::size_t count(Liveness state) const;
  /// SAs whose peer's crash token is known.
  [[nodiscard]] std::size_t tokens() const;

 private:
  /// From power-up to a crash, or to the end.
  Result<void> live();
  Result<void> look(Endpoint& endpoint);

  Device& device_;
  Config config_;
  Observer observer_;
  std::vector<SaParameters> to_install_;
  std::vector<LivenessInfo> sas_;
  bool crashed_ = false;
  bool stopped_ = false;
};

}  // namespace sapulse::systemc::example
