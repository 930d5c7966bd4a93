// SPDX-License-Identifier: Apache-2.0
#include "sapulse/secret_memory.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <thread>
#include <vector>

#include "memory_map.h"
#include "sapulse/secret.h"

namespace sapulse::test {
namespace {

const std::vector<std::uint8_t> kBytes{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

Mapping mapping_of(const void* address) {
  const auto all = mappings();
  const auto found = std::ranges::find_if(all, [&](const Mapping& mapping) { return mapping.holds(address); });
  return found == all.end() ? Mapping{} : *found;
}

TEST(SecretMemory, KeysAreLockedAndLeftOutOfCoreDumps) {
  const Key key(kBytes);
  const Mapping mapping = mapping_of(key.bytes().data());
  EXPECT_FALSE(mapping.dumped);
  EXPECT_EQ(mapping.locked, secret_memory().locked);
  EXPECT_FALSE(secret_memory().dumped);
  EXPECT_GT(secret_memory().bytes, 0U);
}

TEST(SecretMemory, WhatWasThereIsGoneWithTheKey) {
  std::byte* const slot = take_secret_slot();
  std::ranges::fill(std::span(slot, kSecretSlotBytes), std::byte{0x5a});
  give_back_secret_slot(slot);
  std::byte* const again = take_secret_slot();
  EXPECT_EQ(again, slot) << "the one that was given back last";
  EXPECT_TRUE(std::ranges::all_of(std::span(again, kSecretSlotBytes), [](std::byte b) { return b == std::byte{0}; }));
  give_back_secret_slot(again);
}

TEST(SecretMemory, ThereIsRoomForManyKeysOfManyThreads) {
  std::array<std::thread, 4> threads;
  for (auto& thread : threads) {
    thread = std::thread([] {
      std::vector<Key> keys(5000);
      for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = Key(std::array{static_cast<std::uint8_t>(i)});
      for (std::size_t i = 0; i < keys.size(); ++i) EXPECT_EQ(keys[i].bytes()[0], static_cast<std::uint8_t>(i));
    });
  }
  for (auto& thread : threads) thread.join();
}

TEST(SecretMemory, WithoutLeaveToLockItSaysSoAndWorks) {
  constexpr uid_t kNobody = 65534;
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit none{0, 0};
    if (::setrlimit(RLIMIT_MEMLOCK, &none) != 0 || (::geteuid() == 0 && ::setuid(kNobody) != 0)) _exit(2);
    const std::vector<Key> keys(10'000, Key(kBytes));
    const bool good = std::ranges::equal(keys.back().bytes(), kBytes) && !secret_memory().locked;
    _exit(good ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace sapulse::test
