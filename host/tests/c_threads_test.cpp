// SPDX-License-Identifier: Apache-2.0
// Several threads of a program use one endpoint through the C face.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <array>
#include <atomic>
#include <future>
#include <memory>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include "../c/endpoint_handle.h"
#include "asking_card.h"

namespace sapulse::test {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

constexpr std::uint32_t kSpi = 256;
constexpr std::uint64_t kForever = std::uint64_t{1} << 60;  ///< ns
constexpr auto kPatience = 60s;  ///< before a call counts as held up: far more than any takes

class CThreads : public testing::Test {
 protected:
  void SetUp() override {
    Config config;
    config.card.local = {IpAddress::v4(0xc0000201)};
    config.sas = {make_peer(kSpi)};
    auto device = std::make_unique<FakeDevice>(64, 0, FakeDevice::kAll);
    device_ = device.get();
    device_->requester.answer = [](const FakePing& ping) { return FakeReply{.n = 100 + ping.n, .telemetry = {}}; };
    auto opened = Endpoint::open(*device_, config);
    ASSERT_TRUE(opened) << opened.error().message;
    handle_.reset(new sapulse_endpoint{.shared = {std::move(device), std::move(*opened)}});
  }
  void TearDown() override { EXPECT_EQ(sapulse_close(handle_.release()), SAPULSE_OK); }
  sapulse_endpoint* endpoint() { return handle_.get(); }
  /// With the endpoint taken: the card is not thread-safe.
  void on_device(const std::function<void(FakeDevice&)>& use) {
    ASSERT_TRUE(handle_->shared.use([&](Endpoint&) -> Result<void> {
      use(*device_);
      return {};
    }));
  }
  /// Lets the card stand still and tells when somebody goes to sleep.
  void stand_still() {
    on_device([&](FakeDevice& device) {
      device.sleeping = [&] { asleep_.release(); };
      device.stand_still(true);
    });
  }
  void go_on() {
    on_device([&](FakeDevice& device) {
      device.sleeping = {};
      device.stand_still(false);
    });
  }
  [[nodiscard]] bool somebody_falls_asleep() { return asleep_.try_acquire_for(kPatience); }
  /// Whether a call returns although others wait.
  template <class Call>
  [[nodiscard]] bool goes_on(Call call) {
    auto done = std::async(std::launch::async, call);
    if (done.wait_for(kPatience) == std::future_status::ready) return done.get() == SAPULSE_OK;
    std::abort();  // it never will
  }

  std::counting_semaphore<> asleep_{0};
  FakeDevice* device_ = nullptr;
  std::unique_ptr<sapulse_endpoint> handle_;
};

void count(void* user, sapulse_status status, const sapulse_ping_result* /*result*/) {
  EXPECT_TRUE(status == SAPULSE_OK || status == SAPULSE_NO_SPACE) << sapulse_last_error();  // many at a time
  ++*static_cast<std::atomic<unsigned>*>(user);
}

TEST_F(CThreads, OthersGoOnWhileOneWaits) {
  stand_still();
  std::atomic<unsigned> ended = 0;
  std::thread waiting([&] { EXPECT_EQ(sapulse_poll(endpoint(), kForever), SAPULSE_OK); });
  ASSERT_TRUE(somebody_falls_asleep());
  std::uint64_t time = 0;
  EXPECT_TRUE(goes_on([&] { return sapulse_get_time(endpoint(), &time); }));
  EXPECT_TRUE(somebody_falls_asleep()) << "having looked what has become of that";
  EXPECT_TRUE(goes_on([&] { return sapulse_ping_start(endpoint(), kSpi, 56, 1'000'000, count, &ended); }));
  EXPECT_TRUE(somebody_falls_asleep());
  go_on();
  waiting.join();
  while (ended == 0) ASSERT_EQ(sapulse_poll(endpoint(), 1000), SAPULSE_OK);
  EXPECT_EQ(ended, 1U);
}

TEST_F(CThreads, OthersGoOnWhileOneWaitsForAPing) {
  stand_still();
  std::thread waiting([&] {
    sapulse_ping_result result{};
    result.size = sizeof result;
    EXPECT_EQ(sapulse_ping(endpoint(), kSpi, 56, 1'000'000, &result), SAPULSE_OK) << sapulse_last_error();
    EXPECT_EQ(result.answered, 1);
  });
  ASSERT_TRUE(somebody_falls_asleep());
  std::size_t found = 0;
  EXPECT_TRUE(goes_on([&] { return sapulse_sa_list(endpoint(), nullptr, &found); }));
  EXPECT_EQ(found, 1U);
  go_on();
  waiting.join();
}

/// Whoever waits sees what others have made due.
TEST_F(CThreads, AProbeThatAnotherThreadStartsIsSent) {
  stand_still();
  std::thread waiting([&] { EXPECT_EQ(sapulse_poll(endpoint(), kForever), SAPULSE_OK); });
  ASSERT_TRUE(somebody_falls_asleep());
  sapulse_watch_settings settings{};
  settings.size = sizeof settings;
  settings.interval_ns = 10'000;
  settings.multiplier = 3;
  settings.by_host = 1;
  EXPECT_TRUE(goes_on([&] { return sapulse_watch(endpoint(), kSpi, &settings); }));
  EXPECT_TRUE(somebody_falls_asleep());
  go_on();
  waiting.join();
  sapulse_liveness state = SAPULSE_INIT;
  while (state != SAPULSE_UP) {
    ASSERT_EQ(sapulse_poll(endpoint(), 100'000), SAPULSE_OK);
    ASSERT_EQ(sapulse_get_liveness(endpoint(), kSpi, &state), SAPULSE_OK);
  }
}

TEST_F(CThreads, AnEventLoopIsWokenByOtherThreads) {
  int descriptor = -1;
  ASSERT_EQ(sapulse_event_descriptor(endpoint(), &descriptor), SAPULSE_OK);
  int again = -1;
  ASSERT_EQ(sapulse_event_descriptor(endpoint(), &again), SAPULSE_OK);
  EXPECT_EQ(descriptor, again);
  stand_still();
  const auto readable = [&](std::chrono::milliseconds patience) {
    pollfd event{descriptor, POLLIN, 0};
    return ::poll(&event, 1, static_cast<int>(patience.count())) == 1;
  };
  for (unsigned i = 0; i < 2; ++i) {
    std::uint64_t longest = 0;
    ASSERT_EQ(sapulse_prepare_sleep(endpoint(), &longest), SAPULSE_OK);
    EXPECT_FALSE(readable(0ms));
    std::uint64_t time = 0;
    EXPECT_TRUE(goes_on([&] { return sapulse_get_time(endpoint(), &time); }));
    EXPECT_TRUE(readable(kPatience));
  }
}

TEST_F(CThreads, ManyCallsOfManyThreads) {
  constexpr unsigned kRounds = 100;
  std::atomic<unsigned> ended = 0;
  const auto repeat = [&](const std::function<void(unsigned)>& call) {
    return std::thread([call] {
      for (unsigned i = 0; i < kRounds; ++i) call(i);
    });
  };
  std::array threads{
      repeat([&](unsigned) { EXPECT_EQ(sapulse_poll(endpoint(), 10'000), SAPULSE_OK) << sapulse_last_error(); }),
      repeat([&](unsigned) { EXPECT_EQ(sapulse_poll(endpoint(), 0), SAPULSE_OK) << sapulse_last_error(); }),
      repeat([&](unsigned) {
        sapulse_ping_result result{};
        result.size = sizeof result;
        const sapulse_status status = sapulse_ping(endpoint(), kSpi, 56, 1'000'000, &result);
        EXPECT_TRUE(status == SAPULSE_OK || status == SAPULSE_NO_SPACE) << sapulse_last_error();
      }),
      repeat([&](unsigned) {
        const auto start = [&] { return sapulse_ping_start(endpoint(), kSpi, 56, 1'000'000, count, &ended); };
        sapulse_status started = start();
        for (; started == SAPULSE_NO_SPACE; started = start()) EXPECT_EQ(sapulse_poll(endpoint(), 1000), SAPULSE_OK);
        EXPECT_EQ(started, SAPULSE_OK) << sapulse_last_error();
      }),
      repeat([&](unsigned i) {
        EXPECT_EQ(sapulse_set_admin_down(endpoint(), kSpi, 0), SAPULSE_OK) << sapulse_last_error();
        EXPECT_EQ(sapulse_sa_remove(endpoint(), &i, 1), SAPULSE_NOT_FOUND);
        EXPECT_THAT(sapulse_last_error(), testing::HasSubstr("no SA"));
      }),
  };
  for (std::thread& thread : threads) thread.join();
  while (ended < kRounds) ASSERT_EQ(sapulse_poll(endpoint(), 10'000), SAPULSE_OK);
  EXPECT_EQ(ended, kRounds);
  on_device([](FakeDevice& device) { EXPECT_THAT(device.violations, IsEmpty()); });
}

}  // namespace
}  // namespace sapulse::test
