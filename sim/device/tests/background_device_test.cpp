// SPDX-License-Identifier: Apache-2.0
#include "sapulse/background_device.h"

#include <gtest/gtest.h>
#include <poll.h>

#include "sapulse/registers.h"

namespace sapulse {
namespace {

constexpr int kMilliseconds = 1;
constexpr int kNever = -1;
constexpr std::chrono::nanoseconds kForever = std::chrono::nanoseconds::max();

class BackgroundDeviceTest : public testing::Test {
 protected:
  void SetUp() override {
    sim::CardOptions options;
    options.model = sim::ModelKind::fast;
    auto made = SimDevice::create(options);
    ASSERT_TRUE(made) << made.error().message;
    inner_ = std::move(*made);
    auto background = BackgroundDevice::create(inner_);
    ASSERT_TRUE(background) << background.error().message;
    device_ = std::move(*background);
  }

  /// Whether the event comes within some milliseconds (-1: as long as it takes).
  bool event_comes(int timeout) {
    pollfd event{device_->event_descriptor(), POLLIN, 0};
    return ::poll(&event, 1, timeout) == 1;
  }

  /// Lets the card fetch a command from memory that it was not given.
  void start_fault() {
    ASSERT_TRUE(device_->write32(regs::offset::kCommandBase, 0x1000));
    ASSERT_TRUE(device_->write32(regs::offset::kCommandBase + 4, 0));
    ASSERT_TRUE(device_->write32(regs::offset::kRingEnable, regs::ring_enable::kCommand.mask()));
    ASSERT_TRUE(device_->write32(regs::offset::kCommandProducer, 1));
  }

  std::shared_ptr<SimDevice> inner_;
  std::unique_ptr<BackgroundDevice> device_;
};

TEST_F(BackgroundDeviceTest, TimePassesWhileTheCallerSleepsAndAtNoOtherTime) {
  const std::uint64_t before = inner_->card().cycle();
  std::uint64_t after = before;
  for (unsigned looks = 0; after == before && looks < 10'000; ++looks) {
    device_->let_run(kForever);
    EXPECT_FALSE(event_comes(kMilliseconds)) << "nothing has happened";
    device_->barrier();
    after = inner_->card().cycle();
  }
  EXPECT_GT(after, before);
  EXPECT_FALSE(event_comes(kMilliseconds));
  EXPECT_EQ(inner_->card().cycle(), after) << "the caller is awake";
}

TEST_F(BackgroundDeviceTest, WakesAtATimeOfTheCardsClock) {
  const auto time = [this] { return device_->read32(regs::offset::kTime).value(); };
  for (const std::uint32_t ns_per_cycle : {0U, 1000U}) {  // 0: as after reset
    if (ns_per_cycle != 0) ASSERT_TRUE(device_->write32(regs::offset::kTimeIncrement + 4, ns_per_cycle));
    const std::uint32_t before = time();
    device_->let_run(std::chrono::milliseconds(1));
    ASSERT_TRUE(event_comes(kNever));
    ASSERT_TRUE(device_->clear_event());
    const std::uint32_t passed = time() - before;
    EXPECT_GE(passed, 999'900U) << ns_per_cycle;
  }
}

TEST_F(BackgroundDeviceTest, AFailureInTheBackgroundWakesAndIsToldOnce) {
  start_fault();
  device_->let_run(kForever);
  ASSERT_TRUE(event_comes(kNever));
  const auto failed = device_->clear_event();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Errc::dma_fault) << failed.error().message;
  EXPECT_FALSE(event_comes(0));
  EXPECT_TRUE(device_->clear_event());
}

TEST_F(BackgroundDeviceTest, MemoryCanBeTakenAwayAndTheDeviceEndedWhileItRuns) {
  auto memory = device_->allocate_dma(4096, 4096);
  ASSERT_TRUE(memory) << memory.error().message;
  device_->let_run(kForever);
  memory->reset();
  device_->let_run(kForever);
  device_.reset();
  EXPECT_TRUE(inner_->relax()) << "the card is the caller's again";
}

}  // namespace
}  // namespace sapulse
