// SPDX-License-Identifier: Apache-2.0
#include <Vevent_writer_bench.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <deque>
#include <span>

#include "clocked.h"
#include "random_source.h"
#include "sapulse/registers.h"

namespace sapulse::test {
namespace {

using Entry = std::array<std::byte, regs::kEventBytes>;

/// What the bench makes of a cookie, by docs/registers.md; the field count stays 0.
Entry expected_entry(std::uint32_t cookie, std::uint64_t time) {
  Entry entry{};
  const regs::Event e{std::span(entry)};
  const std::uint64_t high = std::uint64_t{cookie} << 32;
  e.set_kind(static_cast<regs::EventKind>(cookie & 0xff));
  e.set_flags(static_cast<std::uint8_t>(cookie >> 8));
  e.set_state(static_cast<regs::ProbeState>(cookie & 7));
  e.set_previous(static_cast<regs::ProbeState>(cookie >> 3 & 7));
  e.set_sa(cookie >> 16);
  e.set_cookie(cookie);
  e.set_transaction(~cookie);
  e.set_time(time);
  e.set_t_origin(high | 1);
  e.set_t_arrival(high | 2);
  e.set_t_receive(high | 3);
  e.set_t_transmit(high | 4);
  e.set_n(high | 5);
  e.set_data_sequence(cookie ^ 6);
  e.set_frame_length(static_cast<std::uint16_t>(cookie ^ 7));
  e.set_sa_table(static_cast<regs::SaTable>(cookie & 0xff));
  e.set_rtt(cookie ^ 8);
  e.set_heard(cookie ^ 9);
  e.set_probes(cookie ^ 10);
  e.set_replies(cookie ^ 11);
  e.set_entry(cookie ^ 14);
  for (std::size_t i = 0; i < e.token().size(); ++i) {
    e.token()[i] = static_cast<std::byte>((cookie ^ 12) >> 8 * (i % 4));
  }
  for (std::size_t i = 0; i < e.token_nonce().size(); ++i) {
    e.token_nonce()[i] = static_cast<std::byte>((cookie ^ 13) >> 8 * (i % 4));
  }
  return entry;
}

TEST(EventWriter, WritesEveryByteOfEveryEventOnceAndOnlyWithRoom) {
  RandomSource random;
  Clocked<Vevent_writer_bench> dut;
  std::deque<Entry> expected;
  unsigned beat = 0;
  int written = 0;
  int from_probes = 0;
  int from_faults = 0;
  dut->evt_room = 1;
  for (int cycle = 0; cycle < 20'000; ++cycle) {
    // As the ring: room does not change while an event is under way.
    if (expected.empty()) dut->evt_room = random.chance(60);
    dut->now = random.word();
    dut->probe_made = random.word();
    dut->ping_valid = random.chance(30);
    dut->probe_valid = random.chance(50);
    dut->fault_valid = random.chance(20);
    dut->fault_cookie = static_cast<std::uint32_t>(random.word());
    dut->ping_cookie = static_cast<std::uint32_t>(random.word());
    dut->probe_cookie = static_cast<std::uint32_t>(random.word());
    dut->evt_ready = random.chance(70);
    dut.settle();
    ASSERT_EQ(dut->full, expected.empty() && !dut->evt_room);
    ASSERT_EQ(dut->evt_valid, !expected.empty());
    if (dut->evt_valid && dut->evt_ready) {
      for (unsigned i = 0; i < 64; ++i) {
        ASSERT_EQ(dut->evt_data[i / 4] >> 8 * (i % 4) & 0xff,
                  std::to_integer<unsigned>(expected.front()[64 * beat + i]))
            << "byte " << 64 * beat + i;
      }
      ASSERT_EQ(dut->evt_last, beat == 1);
      if (++beat == 2) {
        beat = 0;
        ++written;
        expected.pop_front();
      }
    } else if (expected.empty()) {
      ASSERT_EQ(dut->ping_ready, dut->evt_room);
      ASSERT_EQ(dut->fault_ready, dut->evt_room && !dut->ping_valid);
      ASSERT_EQ(dut->probe_ready, dut->evt_room && !dut->ping_valid && !dut->fault_valid);
      if (dut->ping_valid && dut->ping_ready) {
        expected.push_back(expected_entry(dut->ping_cookie, dut->now));
      } else if (dut->fault_valid && dut->fault_ready) {
        expected.push_back(expected_entry(dut->fault_cookie, dut->now));
        ++from_faults;
      } else if (dut->probe_valid && dut->probe_ready) {
        expected.push_back(expected_entry(dut->probe_cookie, dut->probe_made));
        ++from_probes;
      }
    } else {
      ASSERT_FALSE(dut->ping_ready || dut->fault_ready || dut->probe_ready);
    }
    dut.tick();
  }
  EXPECT_GT(written, 2000);
  EXPECT_GT(from_probes, 500);
  EXPECT_GT(from_faults, 300);
}

}  // namespace
}  // namespace sapulse::test
