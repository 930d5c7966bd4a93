// SPDX-License-Identifier: Apache-2.0
// What SAs of the kernel are installed in.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sapulse/endpoint.h"
#include "sapulse/error.h"
#include "sapulse/sa.h"

namespace sapulse::kernel {

/// A card and its liveness, as far as the follower changes it. SAs are named by their inbound SPIs.
class SaTarget {
 public:
  SaTarget() = default;
  virtual ~SaTarget() = default;
  SaTarget(const SaTarget&) = delete;
  SaTarget& operator=(const SaTarget&) = delete;

  /// What is installed when following begins, restored from a directory of state.
  [[nodiscard]] virtual std::vector<SaInfo> installed() const = 0;
  /// Runs what takes long in a thread of its own, while probes go on, and returns once it has ended; of the target it
  /// may call is_elsewhere() and obstacle() only.
  virtual void run_beside(const std::function<void()>& work) = 0;
  /// Lets probes go on between many short changes.
  virtual void take_turn() = 0;
  /// Another card answers for this address: its SAs are none of this target's business.
  [[nodiscard]] virtual bool is_elsewhere(const IpAddress& local) const = 0;
  /// Empty if an SA with this local address and own port can be answered, else why not.
  [[nodiscard]] virtual std::string obstacle(const IpAddress& local, const std::optional<Path>& path) const = 0;
  /// All or none. Errors: as SaManager::add().
  virtual Result<void> add(std::span<const SaParameters> sas) = 0;
  /// Whether SAs can still be changed after an error: it concerns one SA then. Errors: as SaManager::changeable().
  [[nodiscard]] virtual Result<void> changeable() const = 0;
  virtual Result<void> remove(std::span<const std::uint32_t> spis) = 0;
  virtual Result<void> set_place(std::uint32_t spi, const Place& place) = 0;
  virtual Result<void> rename(std::uint32_t spi, const std::string& name) = 0;
  virtual Result<void> watch(std::uint32_t spi, const LivenessSettings& settings) = 0;
  virtual Result<void> unwatch(std::uint32_t spi) = 0;
};

/// The card of an endpoint.
class EndpointTarget final : public SaTarget {
 public:
  explicit EndpointTarget(Endpoint& endpoint) : endpoint_(endpoint) {}

  [[nodiscard]] std::vector<SaInfo> installed() const override { return endpoint_.sas().list(); }
  void run_beside(const std::function<void()>& work) override { endpoint_.run_beside(work); }
  void take_turn() override { endpoint_.take_turn(); }
  void set_elsewhere(std::vector<IpAddress> addresses) { elsewhere_ = std::move(addresses); }
  [[nodiscard]] bool is_elsewhere(const IpAddress& local) const override {
    return std::ranges::find(elsewhere_, local) != elsewhere_.end();
  }
  [[nodiscard]] std::string obstacle(const IpAddress& local, const std::optional<Path>& path) const override;
  Result<void> add(std::span<const SaParameters> sas) override { return endpoint_.sas().add(sas); }
  [[nodiscard]] Result<void> changeable() const override { return endpoint_.sas().changeable(); }
  Result<void> remove(std::span<const std::uint32_t> spis) override { return endpoint_.sas().remove(spis); }
  Result<void> set_place(std::uint32_t spi, const Place& place) override {
    return endpoint_.sas().set_place(spi, place);
  }
  Result<void> rename(std::uint32_t spi, const std::string& name) override { return endpoint_.sas().rename(spi, name); }
  Result<void> watch(std::uint32_t spi, const LivenessSettings& settings) override {
    return endpoint_.monitor().watch(spi, settings);
  }
  Result<void> unwatch(std::uint32_t spi) override { return endpoint_.monitor().unwatch(spi); }

 private:
  Endpoint& endpoint_;
  std::vector<IpAddress> elsewhere_;
};

}  // namespace sapulse::kernel
