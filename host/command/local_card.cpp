// SPDX-License-Identifier: Apache-2.0
#include "local_card.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <utility>

#include "device_option.h"
#include "sapulse/poll_timeout.h"
#include "sapulse/registers.h"
#include "simulator.h"
#include "stop_request.h"

namespace sapulse::command {
namespace {

/// A card by its own device.
class DeviceCard final : public LocalCard {
 public:
  DeviceCard(std::unique_ptr<Device> device, std::unique_ptr<Endpoint> endpoint)
      : device_(std::move(device)), endpoint_(std::move(endpoint)) {}

  [[nodiscard]] Endpoint& endpoint() override { return *endpoint_; }
  Result<void> close() override { return endpoint_->close(); }

 private:
  std::unique_ptr<Device> device_;
  std::unique_ptr<Endpoint> endpoint_;
};

}  // namespace

Result<std::unique_ptr<LocalCard>> LocalCard::open(const LocalCardOptions& options, Config config) {
  if (options.device.backend == DeviceAddress::Backend::sim) {
    const auto simulator = find_simulator();
    if (!simulator) return tl::unexpected(simulator.error());
    return (*simulator)->open_card(options, std::move(config));
  }
  auto device = open_card_device(options.device, config.sas_from_kernel ? NetAdmin::keep : NetAdmin::drop);
  if (!device) return tl::unexpected(device.error());
  auto endpoint = Endpoint::open(**device, config, options.endpoint);
  if (!endpoint) return tl::unexpected(endpoint.error());
  if (auto set = set_increment(**device, options.ns_per_cycle); !set) return tl::unexpected(set.error());
  return std::make_unique<DeviceCard>(std::move(*device), std::move(*endpoint));
}

Result<void> LocalCard::sleep(std::optional<std::uint64_t> due, std::chrono::nanoseconds most) {
  return endpoint().prepare_sleep(due).map([&](std::chrono::nanoseconds longest) {
    std::array<pollfd, 2> wake{{{endpoint().event_descriptor(), POLLIN, 0}, {stop_descriptor(), POLLIN, 0}}};
    (void)::poll(wake.data(), wake.size(), poll_timeout(std::min(longest, most)));  // signals wake it, too
  });
}

Result<void> set_increment(Device& device, std::uint32_t ns_per_cycle) {
  if (ns_per_cycle == 0) return {};
  // 16.32 fixed point: fraction in the low register, committed by the high one.
  return device.write32(regs::offset::kTimeIncrement, 0).and_then([&] {
    return device.write32(regs::offset::kTimeIncrement + 4, ns_per_cycle);
  });
}

}  // namespace sapulse::command
