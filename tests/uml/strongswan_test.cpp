// SPDX-License-Identifier: Apache-2.0
// SAs that strongSwan rekeys all the time (gateways.sh, in namespace a).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <thread>

#include "event_loop.h"
#include "fake_target.h"
#include "kernel_sas.h"
#include "vici_client.h"

namespace sapulse::kernel::test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kChildren = 3;      // as gateways.sh is asked for
constexpr std::size_t kGenerations = 12;  // of all children together, beyond the first
constexpr auto kPatience = std::chrono::seconds(400);

/// The tunnel that an SA belongs to: without charon's word its name ends with the reqid.
std::string tunnel_of(const FakeTarget& target, std::uint32_t spi) { return target.sas.at(spi).parameters.name; }

std::vector<vici::ChildSa> ask_charon() {
  vici::Client client("/run/a/vici");
  EXPECT_TRUE(client.ask().has_value());
  for (;;) {
    const auto answer = client.poll();
    if (!answer) ADD_FAILURE() << answer.error().message;
    if (!answer || *answer) return answer ? **answer : std::vector<vici::ChildSa>();
    std::this_thread::yield();
  }
}

TEST(StrongSwan, RekeyingIsFollowedWithoutAGap) {
  FakeTarget target;
  KernelSaSettings settings;
  settings.vici.clear();
  auto opened = KernelSas::open(target, settings);
  ASSERT_TRUE(opened.has_value()) << opened.error().message;
  KernelSas& sas = **opened;
  sas.set_log([](const std::string& line) { ADD_FAILURE() << line; });
  target.before_remove = [&](std::uint32_t spi) {
    if (!target.sas.at(spi).watched) return;
    const std::string tunnel = tunnel_of(target, spi);
    const auto others = std::ranges::count_if(target.sas, [&](const auto& sa) {
      return sa.first != spi && sa.second.watched && tunnel_of(target, sa.first) == tunnel;
    });
    // Where both sides rekey at once, half of another pair may be there already.
    const bool is_rekeying = std::ranges::any_of(sas.unwatched(), [&](const UnwatchedSa& sa) {
      return sa.name == tunnel && sa.reason == "its rekeying is under way";
    });
    EXPECT_EQ(others, is_rekeying ? 0 : 1) << tunnel << ": the old pair goes before the new one is watched";
  };

  std::set<std::uint32_t> seen;
  const auto end = Clock::now() + kPatience;
  while (seen.size() < kChildren + kGenerations && Clock::now() < end) {
    ASSERT_TRUE(sas.poll().has_value());
    std::map<std::string, int> watched;
    for (const auto& [spi, sa] : target.sas) {
      seen.insert(spi);
      if (sa.watched) EXPECT_EQ(++watched[sa.parameters.name], 1) << "two generations of " << sa.parameters.name;
    }
    sleep_until_due(sas, end);
  }
  ASSERT_GE(seen.size(), kChildren + kGenerations) << "strongSwan does not rekey";
}

/// Every pair is one that charon knows, under its name, as soon as both have said so.
TEST(StrongSwan, PairsAndNamesAreThoseOfCharon) {
  FakeTarget target;
  KernelSaSettings settings;
  settings.vici = {"/run/a/vici"};
  auto opened = KernelSas::open(target, settings);
  ASSERT_TRUE(opened.has_value()) << opened.error().message;
  KernelSas& sas = **opened;
  const auto end = Clock::now() + kPatience;
  bool agreed = false;
  while (!agreed && Clock::now() < end) {
    sleep_until_due(sas, end);
    ASSERT_TRUE(sas.poll().has_value());
    std::set<std::string> here;
    for (const auto& [spi, sa] : target.sas) {
      here.insert(fmt::format("{} {:#x} {:#x}", sa.parameters.name, sa.parameters.in.spi, sa.parameters.out.spi));
    }
    std::set<std::string> there;
    for (const vici::ChildSa& child : ask_charon()) {
      there.insert(fmt::format("{} {:#x} {:#x}", child.name, child.spi_in, child.spi_out));
    }
    agreed = here.size() >= kChildren && std::ranges::includes(there, here);
  }
  EXPECT_TRUE(agreed) << "pairs or names are not those of charon";
}

}  // namespace
}  // namespace sapulse::kernel::test
