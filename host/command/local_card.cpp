// SPDX-License-Identifier: Apache-2.0
#include "local_card.h"

#include <poll.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "device_option.h"
#include "model_card.h"
#include "sapulse/poll_timeout.h"
#include "sapulse/registers.h"
#include "simulator.h"
#include "stop_request.h"

namespace sapulse::command {
namespace {

constexpr std::string_view kNoCard =
    ": the peers are simulated, too, and no packet leaves this process; --device names a card";

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

/// A card that only is a program, with its peer.
Result<std::unique_ptr<LocalCard>> open_simulated(const LocalCardOptions& options, Config config) {
  if (config.sas_from_kernel) {
    return failure(Errc::invalid_argument,
                   "sas: kernel: needs a card on the line of this gateway: --device net:LINE, ...");
  }
  if (options.device.backend == DeviceAddress::Backend::model) return ModelCard::open(options, std::move(config));
  const auto simulator = find_simulator();
  if (!simulator) return tl::unexpected(simulator.error());
  return (*simulator)->open_card(options, std::move(config));
}

}  // namespace

Result<std::unique_ptr<LocalCard>> LocalCard::open(const LocalCardOptions& options, Config config) {
  if (options.device.is_simulated()) {
    auto card = open_simulated(options, std::move(config));
    if (card && options.endpoint.report)
      options.endpoint.report((*card)->endpoint().card().device().name() + std::string(kNoCard));
    return card;
  }
  auto device =
      options.keeps_privileges
          ? open_device(options.device, options.tap)
          : open_card_device(options.device, config.sas_from_kernel ? NetAdmin::keep : NetAdmin::drop, options.tap);
  if (!device) return tl::unexpected(device.error());
  auto endpoint = Endpoint::open(**device, config, options.endpoint);
  if (!endpoint) return tl::unexpected(endpoint.error());
  if (auto set = set_increment(**device, options.ns_per_cycle); !set) return tl::unexpected(set.error());
  return std::make_unique<DeviceCard>(std::move(*device), std::move(*endpoint));
}

Result<void> LocalCard::sleep(std::optional<std::uint64_t> due, std::chrono::nanoseconds most,
                              std::span<const int> others) {
  return endpoint().prepare_sleep(due).map([&](std::chrono::nanoseconds longest) {
    std::vector<pollfd> wake{{endpoint().event_descriptor(), POLLIN, 0}, {stop_descriptor(), POLLIN, 0}};
    for (const int other : others) wake.push_back({other, POLLIN, 0});
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
