// SPDX-License-Identifier: Apache-2.0
#include "gateway.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace sapulse::systemc::example {
namespace {

constexpr std::chrono::microseconds kBetweenLooks(5);

Result<void> put(SaManager& sas, const SaParameters& sa) {
  const auto installed = sas.find(sa.in.spi) != nullptr ? sas.replace(sa.in.spi, sa) : sas.add(sa);
  return installed.map([](std::uint32_t) {});
}

}  // namespace

Gateway::Gateway(Device& device, Config config, Observer observer)
    : device_(device), config_(std::move(config)), observer_(std::move(observer)) {}

Result<void> Gateway::run() {
  while (!stopped_) {
    crashed_ = false;
    if (auto lived = live(); !lived) return lived;
  }
  return {};
}

Result<void> Gateway::live() {
  auto endpoint = Endpoint::open(device_, config_);
  if (!endpoint) return tl::unexpected(endpoint.error());
  (*endpoint)->monitor().set_handler(observer_);
  while (!stopped_ && !crashed_) {
    if (auto looked = look(**endpoint); !looked) return looked;
  }
  if (!crashed_) return (*endpoint)->close();
  sas_.clear();
  endpoint->reset();
  return device_.reset();
}

Result<void> Gateway::look(Endpoint& endpoint) {
  for (const SaParameters& sa : std::exchange(to_install_, {})) {
    if (auto done = put(endpoint.sas(), sa); !done) return done;
  }
  if (auto waited = endpoint.wait(kBetweenLooks); !waited) return tl::unexpected(waited.error());
  if (auto polled = endpoint.poll(); !polled) return tl::unexpected(polled.error());
  sas_ = endpoint.monitor().list();
  return {};
}

std::size_t Gateway::count(Liveness state) const {
  return static_cast<std::size_t>(std::ranges::count(sas_, state, &LivenessInfo::state));
}

std::size_t Gateway::tokens() const {
  return static_cast<std::size_t>(std::ranges::count(sas_, true, &LivenessInfo::token_known));
}

}  // namespace sapulse::systemc::example
