// SPDX-License-Identifier: Apache-2.0
// Bits flip in what the rings buffer and in what the host has written.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "public_memory.h"
#include "ring_host.h"

namespace sapulse::test {
namespace {

class HostFlips : public ::testing::Test {
 protected:
  HostFlips() : host_(bench_, 4, 4, 7) { bench_.flips = true; }

  /// Memories of the card whose name has this in it.
  std::vector<PublicMemory> memories(const std::string& part) {
    auto found = public_memories(*bench_.card().contextp());
    std::erase_if(found, [&](const PublicMemory& memory) { return memory.name.find(part) == std::string::npos; });
    EXPECT_FALSE(found.empty()) << part;
    return found;
  }

  /// The faults that are told in the next cycles.
  unsigned told() {
    const unsigned before = bench_.memory_faults;
    bench_.steps(8);
    return bench_.memory_faults - before;
  }

  HostBench bench_;
  RingHost host_;
};

TEST_F(HostFlips, AStoppedCardTellsItsHost) {
  bench_.set(regs::offset::kInterruptEnable, regs::interrupt_status::kError.mask());
  EXPECT_EQ(regs::status::kMemoryFault.get(bench_.get(regs::offset::kStatus)), 0U);
  bench_.card().stopped = 1;
  bench_.steps(4);
  EXPECT_EQ(bench_.card().irq, regs::interrupt_status::kError.mask());
  EXPECT_EQ(regs::status::kMemoryFault.get(bench_.get(regs::offset::kStatus)), 1U);
  bench_.set(regs::offset::kInterruptStatus, regs::interrupt_status::kError.mask());
  bench_.steps(4);
  EXPECT_EQ(bench_.card().irq, 0U) << "once is enough";
}

TEST_F(HostFlips, EachBitOfARegisterIsToldOnce) {
  bench_.steps(20);
  unsigned bits = 0;
  for (const PublicMemory& memory : memories("u_block")) {
    const bool is_address = memory.name.ends_with("base_q") || memory.name.ends_with("status_block_q");
    for (unsigned bit = is_address ? 8 : 0; bit < memory.width; ++bit) {  // the lowest bits of an address are none
      memory.flip(0, bit);
      ASSERT_EQ(told(), 1U) << memory.name << ", bit " << bit;
      memory.flip(0, bit);
      ASSERT_EQ(told(), 1U) << memory.name << ", bit " << bit << ", back again";
      ++bits;
    }
  }
  EXPECT_GT(bits, 200U);
}

TEST_F(HostFlips, WhatTheHostWritesIsNoFlip) {
  for (int i = 0; i < 200; ++i) {
    bench_.set(regs::offset::kUdpPort, static_cast<std::uint32_t>(bench_.random.word()) & 0xffff);
    bench_.set(regs::offset::kTxShare, static_cast<std::uint32_t>(bench_.random.word()) & 0xffffff);
  }
  bench_.steps(8);
  EXPECT_EQ(bench_.memory_faults, 0U);
}

/// Entries that have changed on their way are told, each, and each flip of a word that was written is.
TEST_F(HostFlips, ChangedExceptionsAreTold) {
  constexpr unsigned kTotal = 400;
  const PublicMemory buffer = memories("u_exceptions").front();
  std::vector<Exception> received;
  unsigned flips = 0;
  bench_.memory.set_timing(60, 60);
  for (unsigned sent = 0; sent < kTotal; ++sent) {
    bench_.send_exception(random_exception(bench_.random));
    if (sent % 50 != 49) continue;  // many at once, so that they wait
    for (unsigned i = 0; i < 300; ++i) {
      bench_.steps(5);
      buffer.flip(static_cast<unsigned>(bench_.random.below(buffer.entries)),
                  static_cast<unsigned>(bench_.random.below(buffer.width)));
      ++flips;
    }
    const auto taken = host_.take_exceptions();
    received.insert(received.end(), taken.begin(), taken.end());
    host_.release_exceptions();
  }
  bench_.until([&] {
    const auto taken = host_.take_exceptions();
    received.insert(received.end(), taken.begin(), taken.end());
    host_.release_exceptions();
    return received.size() == bench_.exceptions.handed_over.size();
  });
  unsigned changed = 0;
  for (std::uint32_t i = 0; i < received.size(); ++i) {
    changed += received[i] != numbered(bench_.exceptions.handed_over.at(i), i) ? 1 : 0;
  }
  std::printf("%u flips, %u told, %u of %zu exceptions changed\n", flips, bench_.memory_faults, changed,
              received.size());
  EXPECT_GE(bench_.memory_faults, changed);
  EXPECT_LE(bench_.memory_faults, flips);
  EXPECT_GT(changed, 20U);
}

TEST_F(HostFlips, ChangedCommandsAreTold) {
  constexpr unsigned kTotal = 200;
  const auto beats = memories("u_commands");
  std::vector<Descriptor> sent;
  unsigned flips = 0;
  bench_.until([&] {
    while (sent.size() < kTotal && host_.free_commands() > 0) {
      Descriptor command = host_.random_command();
      sent.push_back(command);
      host_.push(command);
    }
    host_.ring_doorbell();
    const PublicMemory& memory = beats.at(bench_.random.below(beats.size()));
    // The last bytes of a command, which change nothing of what it does: the answers can go on being taken.
    if (memory.name.find("BRA__3__KET__") != std::string::npos || memory.name.find("[3]") != std::string::npos) {
      memory.flip(static_cast<unsigned>(bench_.random.below(memory.entries)), 511);
      ++flips;
    }
    bench_.steps(static_cast<unsigned>(bench_.random.between(1, 30)));
    host_.take_completions();
    host_.release_completions();
    return bench_.executed.size() >= kTotal / 2;
  });
  unsigned changed = 0;
  std::size_t next = 0;
  for (const Descriptor& executed : bench_.executed) {
    const auto found = std::find(sent.begin() + static_cast<std::ptrdiff_t>(next), sent.end(), executed);
    if (found == sent.end()) {
      ++changed;
    } else {
      next = static_cast<std::size_t>(found - sent.begin()) + 1;
    }
  }
  std::printf("%u flips, %u told, %u of %zu commands changed\n", flips, bench_.memory_faults, changed,
              bench_.executed.size());
  EXPECT_GE(bench_.memory_faults + 1, changed) << "the one under way is told when it has been carried out";
  EXPECT_LE(bench_.memory_faults, flips);
  EXPECT_GT(changed, 0U);
}

}  // namespace
}  // namespace sapulse::test
