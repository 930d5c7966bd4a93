// SPDX-License-Identifier: Apache-2.0
// Liveness of one SA on a fake card whose prober and peer the test plays.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <vector>

#include "asking_card.h"
#include "sapulse/monitor.h"

namespace sapulse::test {

using namespace std::chrono_literals;
using testing::IsEmpty;

class MonitorTest : public testing::Test {
 protected:
  static constexpr std::uint32_t kSpi = 0x1234;

  explicit MonitorTest(std::uint32_t capabilities = FakeDevice::kAll) : device_(64, 0, capabilities) {}
  void SetUp() override {
    Config config;
    config.card.local = {sa_.local};
    endpoint_ = std::move(*Endpoint::open(device_, config));
    monitor().set_handler([this](const LivenessChange& change) { changes_.push_back(change); });
  }
  void TearDown() override {
    EXPECT_TRUE(endpoint_->close());
    EXPECT_THAT(device_.violations, IsEmpty());
  }
  Monitor& monitor() { return endpoint_->monitor(); }
  /// Installs and watches the SA; the peer answers pings with this token.
  void watch(ProbeMode mode = ProbeMode::card, bool data_alive = false) {
    answer_with(make_crash_token(1));
    sa_.liveness = LivenessSettings{
        .mode = mode, .interval = 10us, .multiplier = 3, .jitter_percent = 0, .data_alive = data_alive};
    number_ = *endpoint_->sas().add(sa_);
    poll();
  }
  void answer_with(std::optional<CrashToken> token) {
    device_.requester.answer = [token](const FakePing& ping) {
      return FakeReply{
          .delay = 1000, .n = 100 + ping.n, .telemetry = {.times = {}, .data_sequence = {}, .token = token}};
    };
  }
  void poll() { ASSERT_TRUE(endpoint_->poll()); }
  void run(std::chrono::nanoseconds time) {
    const std::uint64_t end = device_.now() + static_cast<std::uint64_t>(time.count());
    while (device_.now() < end) {
      const auto waited = endpoint_->wait(1us);
      ASSERT_TRUE(waited) << waited.error().message;
      poll();
    }
  }
  void tell(ProbeState state, ProbeState previous) {
    ASSERT_TRUE(device_.deliver_event(probe_event(number_, state, previous, device_.now())));
    poll();
  }
  /// Up, with the token learnt.
  void bring_up() {
    tell(ProbeState::up, ProbeState::init);
    run(20us);
    ASSERT_TRUE(monitor().find(kSpi)->token_known);
    changes_.clear();
  }
  void receive(const Exception& exception) { ASSERT_TRUE(*monitor().handle(exception)); }
  Liveness state() { return monitor().find(kSpi)->state; }
  [[nodiscard]] std::vector<Liveness> states() const {
    std::vector<Liveness> result;
    for (const LivenessChange& change : changes_) result.push_back(change.to);
    return result;
  }

  FakeDevice device_;
  SaParameters sa_ = make_peer(kSpi);
  std::uint32_t number_ = 0;
  std::unique_ptr<Endpoint> endpoint_;
  std::vector<LivenessChange> changes_;
};

}  // namespace sapulse::test
