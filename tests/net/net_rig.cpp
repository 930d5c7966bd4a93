// SPDX-License-Identifier: Apache-2.0
#include "net_rig.h"

#include <fmt/format.h>
#include <sched.h>

#include <chrono>
#include <stdexcept>

#include "support/convert.h"

namespace sapulse::test {

NetRig::NetRig() : cables_{std::make_unique<Cable>("line"), std::make_unique<Cable>("core")} {
  auto time = std::make_shared<ManualTime>();
  auto device = must(NetDevice::open({.line = cable(Side::line).veth.one(),
                                      .core = cable(Side::core).veth.one(),
                                      .sa_capacity = 1024,
                                      .time = time}),
                     "software card");
  device_ = std::make_unique<PacedDevice>(std::move(device), time, [this] { settle(); });
}

void NetRig::send(Side side, std::span<const traffic::Bytes> frames) {
  // No more at a time than the card's buffer holds.
  constexpr std::size_t kAtOnce = 1024;
  while (!frames.empty()) {
    const auto some = frames.first(std::min(frames.size(), kAtOnce));
    cable(side).port.send(some);
    cable(side).offered += some.size();
    frames = frames.subspan(some.size());
    if (!frames.empty()) must(device_->relax(), "card");
  }
}

std::vector<traffic::Bytes> NetRig::take(Side side) {
  settle();
  return std::exchange(cable(side).frames, {});
}

bool NetRig::settled() {
  must(device_->net().relax(), "card");
  const auto sides = device_->net().statistics();
  bool all = true;
  for (std::size_t i = 0; i < sides.size(); ++i) {
    Cable& cable = *cables_.at(i);
    while (auto frame = cable.port.receive()) {
      cable.frames.push_back(*std::move(frame));
      ++cable.arrived;
    }
    all = all && sides.at(i).received + sides.at(i).lost >= cable.offered && cable.arrived >= sides.at(i).sent;
  }
  return all;
}

void NetRig::settle() {
  constexpr auto kPatience = std::chrono::seconds(60);
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!settled()) {
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error("frames are lost on a cable");
    sched_yield();
  }
}

std::vector<std::string> NetRig::complaints() {
  std::vector<std::string> lines;
  for (const NetStatistics& side : device_->net().statistics()) {
    if (side.lost + side.unsent != 0) {
      lines.push_back(fmt::format("{} frames lost on their way to the card, {} not sent", side.lost, side.unsent));
    }
  }
  return lines;
}

}  // namespace sapulse::test
