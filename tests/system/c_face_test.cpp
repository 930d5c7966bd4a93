// SPDX-License-Identifier: Apache-2.0
// The C face on a simulated card: a program with an event loop of its own.
#include <gtest/gtest.h>
#include <poll.h>

#include <algorithm>
#include <cstdint>

#include "sapulse/poll_timeout.h"
#include "sapulse/sapulse.h"

namespace sapulse::test {
namespace {

struct Ended {
  unsigned count = 0;
  sapulse_ping_result result{};
};

void note(void* user, sapulse_status status, const sapulse_ping_result* result) {
  auto& ended = *static_cast<Ended*>(user);
  ++ended.count;
  if (status == SAPULSE_OK) ended.result = *result;
}

TEST(CFace, AProgramSleepsUntilTheCardWantsSomething) {
  constexpr std::uint64_t kTimeout = 100'000;  // ns; this card has no peer
  constexpr unsigned kMostTurns = 20;
  sapulse_endpoint* endpoint = nullptr;
  ASSERT_EQ(sapulse_open("sim", SAPULSE_DEMO_SAS, nullptr, &endpoint), SAPULSE_OK) << sapulse_last_error();
  sapulse_sa_info sa{};
  sa.size = sizeof sa;
  std::size_t count = 1;
  ASSERT_EQ(sapulse_sa_list(endpoint, &sa, &count), SAPULSE_NO_SPACE) << "the first of several";
  int descriptor = -1;
  ASSERT_EQ(sapulse_event_descriptor(endpoint, &descriptor), SAPULSE_OK);
  ASSERT_GE(descriptor, 0);

  // A path, so that the card can ask.
  sapulse_direction in{};
  in.size = sizeof in;
  const std::uint8_t key[16] = {1};
  in.spi = 0x10000;
  in.key = key;
  in.key_size = sizeof key;
  in.salt = key;
  in.salt_size = 4;
  sapulse_direction out = in;
  out.spi = 0x10001;
  sapulse_path path{};
  path.size = sizeof path;
  path.own_mac[0] = path.peer_mac[0] = 2;
  sapulse_sa asked{};
  asked.size = sizeof asked;
  asked.name = "asked";
  asked.local = "192.0.2.1";
  asked.peer = "198.51.100.77";
  asked.in = &in;
  asked.out = &out;
  asked.path = &path;
  ASSERT_EQ(sapulse_sa_add(endpoint, &asked, 1), SAPULSE_OK) << sapulse_last_error();

  Ended ended;
  ASSERT_EQ(sapulse_ping_start(endpoint, in.spi, 56, kTimeout, note, &ended), SAPULSE_OK) << sapulse_last_error();
  unsigned turns = 0;
  for (; turns < kMostTurns; ++turns) {
    ASSERT_EQ(sapulse_poll(endpoint, 0), SAPULSE_OK) << sapulse_last_error();
    if (ended.count != 0) break;
    std::uint64_t longest = 0;
    ASSERT_EQ(sapulse_prepare_sleep(endpoint, &longest), SAPULSE_OK) << sapulse_last_error();
    pollfd event{descriptor, POLLIN, 0};
    const auto most = static_cast<std::uint64_t>(std::chrono::nanoseconds::max().count());
    ::poll(&event, 1, poll_timeout(std::chrono::nanoseconds(std::min(longest, most))));
  }
  EXPECT_EQ(ended.count, 1U) << "in " << turns << " turns";
  EXPECT_EQ(ended.result.answered, 0);
  EXPECT_EQ(sapulse_close(endpoint), SAPULSE_OK);
}

}  // namespace
}  // namespace sapulse::test
