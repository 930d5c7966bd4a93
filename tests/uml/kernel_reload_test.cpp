// SPDX-License-Identifier: Apache-2.0
// A service whose SAs are those of a real kernel goes on with another configuration (run.sh).
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <sched.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>

#include "fake_device.h"
#include "sapulse/endpoint.h"
#include "sapulse/poll_timeout.h"
#include "service.h"

namespace sapulse::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// Far longer than anything here takes, also where the machine is busy.
constexpr auto kPatience = 60s;

void run(const std::string& command) {
  ASSERT_EQ(std::system(command.c_str()), 0)
      << command;  // NOLINT(concurrency-mt-unsafe): nobody changes the environment
}

/// Both directions between 192.0.2.1, which is here, and 192.0.2.2.
void add_pair(std::uint32_t number) {
  const auto add = [&](const char* source, const char* destination, std::uint32_t spi) {
    run(
        fmt::format("ip xfrm state add src {} dst {} proto esp spi {:#x} reqid {} mode tunnel "
                    "aead 'rfc4106(gcm(aes))' 0x000102030405060708090a0b0c0d0e0f10111213 128",
                    source, destination, spi, number));
  };
  add("192.0.2.2", "192.0.2.1", 0x1000 + number);
  add("192.0.2.1", "192.0.2.2", 0x2000 + number);
}

class KernelReload : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(::unshare(CLONE_NEWNET), 0);
    run("ip link set lo up; ip link add near type veth peer name far; ip link set far up; ip link set near up");
    run("ip address add 192.0.2.1/24 dev near; ip neighbour add 192.0.2.2 dev near lladdr 02:00:00:00:00:02");
    add_pair(1);
    add_pair(2);
    config_.card.local = {*IpAddress::parse("192.0.2.1")};
    config_.sas_from_kernel = true;
    config_.kernel.vici.clear();
    config_.kernel.settle = 0s;
    auto opened = Endpoint::open(device_, config_);
    ASSERT_TRUE(opened) << opened.error().message;
    endpoint_ = std::move(*opened);
    service_ = std::make_unique<service::Service>(*endpoint_);
    service_->set_config(config_, [this] { return Result<Config>(config_); });
    const auto followed = service_->follow_kernel();
    ASSERT_TRUE(followed) << followed.error().message;
    ASSERT_TRUE(turn_until([&] { return is_watched(0x1001) && is_watched(0x1002); }));
  }
  void TearDown() override {
    service_.reset();
    endpoint_.reset();
    EXPECT_THAT(device_.violations, testing::IsEmpty());
  }

  /// Lets the service go on until something has happened; false if it does not.
  bool turn_until(const std::function<bool()>& done) {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (!done()) {
      if (std::chrono::steady_clock::now() > end) return false;
      EXPECT_TRUE(service_->poll());
      std::vector<pollfd> wake;
      for (const int descriptor : service_->event_descriptors()) wake.push_back({descriptor, POLLIN, 0});
      (void)::poll(wake.data(), wake.size(),
                   poll_timeout(std::min<std::chrono::nanoseconds>(service_->longest_sleep(), 1s)));
    }
    return true;
  }
  [[nodiscard]] bool is_watched(std::uint32_t spi) const { return endpoint_->monitor().find(spi).has_value(); }
  /// What the card has of an SA: keys, windows, numbers.
  [[nodiscard]] auto on_card(std::uint32_t spi) const {
    const std::uint32_t number = endpoint_->sas().find(spi)->number;
    return std::tuple(number, device_.in_half(number), device_.out_half(number));
  }

  FakeDevice device_{2048, 0, FakeDevice::kAll};
  Config config_;
  std::unique_ptr<Endpoint> endpoint_;
  std::unique_ptr<service::Service> service_;
};

TEST_F(KernelReload, NewRulesAreTakenAndSasThatStayAreNotTouched) {
  const auto before = on_card(0x1001);
  config_.kernel.rules = {{.reqid = 2, .use = KernelSaUse::skip, .liveness = {}}};
  config_.kernel.liveness.interval = 250ms;
  const auto done = service_->reload();
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(on_card(0x1001), before);
  EXPECT_EQ(endpoint_->monitor().find(0x1001)->settings.interval, 250ms);
  EXPECT_EQ(endpoint_->sas().find(0x1002), nullptr) << "a rule says so";
  add_pair(3);
  EXPECT_TRUE(turn_until([&] { return is_watched(0x1003); })) << "the kernel is followed as before";
  run("ip xfrm state flush");
  EXPECT_TRUE(turn_until([&] { return endpoint_->sas().size() == 0; }));
}

TEST_F(KernelReload, SettingsThatAreNotGoodChangeNothing) {
  const auto before = std::pair(on_card(0x1001), on_card(0x1002));
  config_.kernel.namespaces = {"none"};
  const auto refused = service_->reload();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("network namespace none"));
  config_.kernel.namespaces = {""};
  config_.sas_from_kernel = false;
  EXPECT_THAT(service_->reload().error().message, HasSubstr("sas (a list, or kernel): changes with a restart only"));
  EXPECT_EQ(std::pair(on_card(0x1001), on_card(0x1002)), before);
  add_pair(3);
  EXPECT_TRUE(turn_until([&] { return is_watched(0x1003); })) << "the kernel is followed as before";
}

}  // namespace
}  // namespace sapulse::test
