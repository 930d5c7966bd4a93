// SPDX-License-Identifier: Apache-2.0
#include <Vvlan_bench.h>
#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <vector>

#include "clocked.h"
#include "frames.h"

namespace sapulse::test {
namespace {

constexpr unsigned kLineVid = 0x123, kCoreVid = 0xabc;  // as given in vlan_bench.sv

// Bytes 12..15 of a frame are word 3 of its first beat.
std::uint32_t tag_word(unsigned tpid, unsigned tci) {
  return (tpid >> 8) | (tpid & 0xff) << 8 | (tci >> 8) << 16 | (tci & 0xff) << 24;
}

/// A frame as 19 words a beat; the first beat has `tag` in the place of a VLAN tag.
using WideFrame = std::vector<std::array<std::uint32_t, kBeatWords>>;

WideFrame make_frame(RandomSource& random, std::uint32_t tag) {
  WideFrame frame(1 + random.below(4));
  for (auto& beat : frame) {
    for (int i = 0; i < 16; ++i) beat[i] = static_cast<std::uint32_t>(random.word());
    beat[16] = beat[17] = 0xffffffff;
    beat[18] = 0;
  }
  frame.front()[3] = tag;
  frame.back()[18] = 1;
  return frame;
}

void put(BeatPort& port, const std::array<std::uint32_t, kBeatWords>& beat) {
  for (int i = 0; i < kBeatWords; ++i) port[i] = beat[i];
}
std::array<std::uint32_t, kBeatWords> get_all(const BeatPort& port) {
  std::array<std::uint32_t, kBeatWords> beat{};
  for (int i = 0; i < kBeatWords; ++i) beat[i] = port[i];
  return beat;
}

unsigned random_tci(RandomSource& random, unsigned vid) { return static_cast<unsigned>(random.below(16)) << 12 | vid; }

/// What leaves towards one side.
struct Sink {
  WideFrame frame;
  std::deque<WideFrame> expected;
  std::size_t frames = 0;

  void take(const BeatPort& port) {
    frame.push_back(get_all(port));
    if (!(frame.back()[18] & 1)) return;
    ASSERT_FALSE(expected.empty());
    ASSERT_EQ(frame, expected.front());
    expected.pop_front();
    frame.clear();
    ++frames;
  }
};

TEST(Vlan, ReceivedFramesGoWhereTheirTagSays) {
  RandomSource random;
  Clocked<Vvlan_bench> bench;
  Sink line, core;
  WideFrame frame;
  std::size_t next = 0, foreign = 0;
  for (int cycle = 0; cycle < 20000 && !::testing::Test::HasFatalFailure(); ++cycle) {
    if (next == frame.size()) {
      const std::array<unsigned, 4> vids{kLineVid, kCoreVid, 0x124, static_cast<unsigned>(random.below(4096))};
      const unsigned vid = vids[random.below(vids.size())];
      const unsigned tpid = random.chance(80) ? 0x8100 : 0x88a8;
      frame = make_frame(random, tag_word(tpid, random_tci(random, vid)));
      next = 0;
      if (tpid == 0x8100 && vid == kLineVid) {
        line.expected.push_back(frame);
      } else if (tpid == 0x8100 && vid == kCoreVid) {
        core.expected.push_back(frame);
      } else {
        ++foreign;
      }
    }
    bench->rx_valid = random.chance(70);
    put(bench->rx_beat, frame[next]);
    bench->line_rx_ready = random.chance(70);
    bench->core_rx_ready = random.chance(70);
    bench.settle();
    if (bench->line_rx_valid && bench->line_rx_ready) line.take(bench->line_rx_beat);
    if (bench->core_rx_valid && bench->core_rx_ready) core.take(bench->core_rx_beat);
    if (bench->rx_valid && bench->rx_ready) ++next;
    bench.tick();
  }
  EXPECT_GT(line.frames, 500U);
  EXPECT_GT(core.frames, 500U);
  EXPECT_GT(bench->foreign, 500U);
  EXPECT_GE(foreign, bench->foreign);
  EXPECT_LE(foreign, bench->foreign + 1);
}

/// One of the two sides that send.
struct Source {
  WideFrame frame;
  std::size_t next = 0;
  bool offered = false;

  void renew(RandomSource& random, unsigned vid, std::deque<WideFrame>& expected) {
    const unsigned tci = random_tci(random, static_cast<unsigned>(random.below(4096)));
    const bool has_tag = random.chance(80);
    frame = make_frame(random, tag_word(has_tag ? 0x8100 : 0x0800, tci));
    next = 0;
    expected.push_back(frame);
    if (has_tag) expected.back().front()[3] = tag_word(0x8100, (tci & 0xf000) | vid);
  }
};

TEST(Vlan, SentFramesCarryTheTagOfTheirSideAndStayWhole) {
  RandomSource random;
  Clocked<Vvlan_bench> bench;
  std::array<Source, 2> sources;
  std::array<std::deque<WideFrame>, 2> expected;
  constexpr std::array<unsigned, 2> kVids{kLineVid, kCoreVid};
  WideFrame out;
  std::array<std::size_t, 2> frames{};
  std::array<std::uint32_t, kBeatWords> waiting{};
  bool waits = false;
  for (int cycle = 0; cycle < 20000 && !::testing::Test::HasFatalFailure(); ++cycle) {
    for (int i = 0; i < 2; ++i) {
      if (sources[i].next == sources[i].frame.size()) sources[i].renew(random, kVids[i], expected[i]);
      if (!sources[i].offered) sources[i].offered = random.chance(60);
    }
    bench->line_tx_valid = sources[0].offered;
    bench->core_tx_valid = sources[1].offered;
    put(bench->line_tx_beat, sources[0].frame[sources[0].next]);
    put(bench->core_tx_beat, sources[1].frame[sources[1].next]);
    bench->tx_ready = random.chance(70);
    bench.settle();
    if (waits) {
      ASSERT_TRUE(bench->tx_valid);
      ASSERT_EQ(get_all(bench->tx_beat), waiting) << "an offered beat has changed";
    }
    waits = bench->tx_valid && !bench->tx_ready;
    waiting = get_all(bench->tx_beat);
    if (bench->tx_valid && bench->tx_ready) out.push_back(waiting);
    if (bench->line_tx_valid && bench->line_tx_ready) ++sources[0].next, sources[0].offered = false;
    if (bench->core_tx_valid && bench->core_tx_ready) ++sources[1].next, sources[1].offered = false;
    if (!out.empty() && (out.back()[18] & 1)) {
      const int side = !expected[0].empty() && out == expected[0].front() ? 0 : 1;
      ASSERT_FALSE(expected[side].empty());
      ASSERT_EQ(out, expected[side].front());
      expected[side].pop_front();
      ++frames[side];
      out.clear();
    }
    bench.tick();
  }
  EXPECT_GT(frames[0], 1000U);
  EXPECT_GT(frames[1], 1000U);
}

}  // namespace
}  // namespace sapulse::test
