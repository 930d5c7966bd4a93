// SPDX-License-Identifier: Apache-2.0
// Frames in UDP and IPv6 leave with their checksum, all others as they came: against a plain model, byte by byte.
#include <Vudp_checksum_bench.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "clocked.h"
#include "random_source.h"
#include "sapulse_wire.h"

namespace sapulse::test {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kBeatBytes = 64;
constexpr std::size_t kUdpOffset = wire::ethernet_bytes + wire::ipv6_bytes;

struct Frame {
  bool wanted = false;
  unsigned tags = 0;
  Bytes bytes;

  [[nodiscard]] std::size_t ip() const { return wire::ethernet_bytes + tags * std::size_t{wire::vlan_bytes}; }
  [[nodiscard]] std::size_t udp() const { return kUdpOffset + tags * std::size_t{wire::vlan_bytes}; }
  [[nodiscard]] std::size_t field() const { return udp() + wire::udp_checksum; }
};

/// Sum of a frame's pseudo header and datagram (RFC 8200 section 8.1).
std::uint32_t plain_sum(const Frame& frame) {
  std::uint32_t sum = wire::protocol_udp + static_cast<std::uint32_t>(frame.bytes.size() - frame.udp());
  for (std::size_t i = frame.ip() + wire::ipv6_source; i < frame.bytes.size(); i += 2) {
    sum += frame.bytes[i] << 8 | (i + 1 < frame.bytes.size() ? frame.bytes[i + 1] : 0);
  }
  return sum;
}

/// The same with its carries added.
std::uint32_t checksum_sum(const Frame& frame) {
  std::uint32_t sum = plain_sum(frame);
  while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
  return sum;
}

void put(Bytes& bytes, std::size_t at, std::uint32_t value) {
  bytes[at] = static_cast<std::uint8_t>(value >> 8);
  bytes[at + 1] = static_cast<std::uint8_t>(value);
}

/// As it has to leave.
Frame with_checksum(Frame frame) {
  if (!frame.wanted) return frame;
  const std::uint32_t checksum = ~checksum_sum(frame) & 0xFFFF;
  put(frame.bytes, frame.field(), checksum == 0 ? 0xFFFF : checksum);
  return frame;
}

/// Chances in percent.
struct Chances {
  unsigned wanted = 60, valid = 70, ready = 70, longest = 300;
};

class ChecksumRun {
 public:
  explicit ChecksumRun(const Chances& chances) : chances_(chances) {}

  void run(int frames) {
    for (int i = 0; i < frames; ++i) waiting_.push_back(random_frame());
    for (int cycle = 0; cycle < 1'000'000 && !(waiting_.empty() && expected_.empty()); ++cycle) {
      step();
      if (::testing::Test::HasFatalFailure()) return;
    }
    EXPECT_TRUE(expected_.empty());
  }

  [[nodiscard]] int zero_sums() const { return zero_sums_; }
  /// Longest time from the last beat into the FIFO to the first beat out of a frame that wants no checksum, cycles.
  [[nodiscard]] int longest_wait() const { return longest_wait_; }
  [[nodiscard]] bool has_gaps() const { return gaps_; }

 private:
  Frame random_frame() {
    Frame frame{
        .wanted = random_.chance(chances_.wanted), .tags = static_cast<unsigned>(random_.below(3)), .bytes = {}};
    const bool jumbo = random_.chance(2);
    frame.bytes.resize(frame.udp() + wire::udp_bytes + 9 + random_.below(jumbo ? 9100 : chances_.longest));
    for (auto& byte : frame.bytes) byte = static_cast<std::uint8_t>(random_.word());
    if (!frame.wanted) return frame;
    put(frame.bytes, frame.field(), 0);
    put(frame.bytes, frame.udp() + wire::udp_length, static_cast<std::uint32_t>(frame.bytes.size() - frame.udp()));
    if (random_.chance(20)) {
      make_zero(frame);
    } else if (random_.chance(20)) {
      make_carry(frame);
    }
    return frame;
  }

  /// Such that its checksum comes out as 0.
  void make_zero(Frame& frame) {
    const std::size_t at = frame.udp() + wire::udp_bytes;
    put(frame.bytes, at, 0);
    put(frame.bytes, at, 0xFFFF - checksum_sum(frame));
    ++zero_sums_;
  }

  /// Such that adding the carries makes another one.
  static void make_carry(Frame& frame) {
    const std::size_t at = frame.udp() + wire::udp_bytes;
    put(frame.bytes, at, 0);
    put(frame.bytes, at, 0xFFFF - (plain_sum(frame) & 0xFFFF));
  }

  void step() {
    dut_->job_valid = 0;
    offer();
    dut_->out_ready = random_.chance(chances_.ready);
    dut_.settle();
    check();
    if (dut_->in_valid && dut_->in_ready) taken();
    dut_.tick();
    ++cycle_;
  }

  void offer() {
    if (!job_given_ && !waiting_.empty() && expected_.size() < 40) {
      dut_->job_valid = 1;
      dut_->wanted = waiting_.front().wanted;
      dut_->tags = waiting_.front().tags;
      job_given_ = true;
      dut_->in_valid = 0;
      return;
    }
    dut_->in_valid = job_given_ && random_.chance(chances_.valid);
    if (!dut_->in_valid) return;
    const Bytes& bytes = waiting_.front().bytes;
    const std::size_t begin = in_beat_ * kBeatBytes;
    dut_->in_keep = 0;
    for (std::size_t i = 0; i < kBeatBytes; ++i) {
      const bool valid = begin + i < bytes.size();
      // What follows the end is not zero: it must not count.
      const std::uint32_t byte = valid ? bytes[begin + i] : static_cast<std::uint8_t>(random_.word());
      if (i % 4 == 0) dut_->in_data[i / 4] = 0;
      dut_->in_data[i / 4] |= byte << 8 * (i % 4);
      dut_->in_keep |= std::uint64_t{valid} << i;
    }
    dut_->in_last = begin + kBeatBytes >= bytes.size();
  }

  void taken() {
    ++in_beat_;
    if (!dut_->in_last) return;
    expected_.push_back({with_checksum(waiting_.front()), cycle_});
    waiting_.pop_front();
    in_beat_ = 0;
    job_given_ = false;
  }

  void check() {
    if (!dut_->out_valid) {
      gaps_ = gaps_ || out_beat_ > 0;
      return;
    }
    ASSERT_FALSE(expected_.empty());
    const auto& [frame, written] = expected_.front();
    if (out_beat_ == 0 && !frame.wanted) longest_wait_ = std::max(longest_wait_, cycle_ - std::max(written, free_));
    if (!dut_->out_ready) return;
    const std::size_t begin = out_beat_ * kBeatBytes;
    for (std::size_t i = 0; i < kBeatBytes; ++i) {
      const bool valid = begin + i < frame.bytes.size();
      ASSERT_EQ(dut_->out_keep >> i & 1, valid);
      if (valid)
        ASSERT_EQ(dut_->out_data[i / 4] >> 8 * (i % 4) & 0xFF, frame.bytes[begin + i])
            << "byte " << begin + i << " of " << frame.bytes.size() << ", tags " << frame.tags << ", wanted "
            << frame.wanted;
    }
    const bool last = begin + kBeatBytes >= frame.bytes.size();
    ASSERT_EQ(dut_->out_last, last);
    ++out_beat_;
    if (!last) return;
    expected_.pop_front();
    out_beat_ = 0;
    free_ = cycle_;
  }

  struct Leaving {
    Frame frame;
    int written;  // cycle of its last beat
  };
  Chances chances_;
  RandomSource random_;
  Clocked<Vudp_checksum_bench> dut_;
  std::deque<Frame> waiting_;
  std::deque<Leaving> expected_;
  std::size_t in_beat_ = 0, out_beat_ = 0;
  bool job_given_ = false, gaps_ = false;
  int cycle_ = 0, free_ = 0, zero_sums_ = 0, longest_wait_ = 0;
};

TEST(UdpChecksum, IsThatOfAPlainModel) {
  for (const Chances& chances : {Chances{}, Chances{.valid = 100, .ready = 100}, Chances{.ready = 20}}) {
    ChecksumRun run(chances);
    run.run(2000);
    EXPECT_GT(run.zero_sums(), 50);
    EXPECT_FALSE(run.has_gaps()) << "inside a frame";
  }
}

TEST(UdpChecksum, OtherFramesLeaveWithoutDelay) {
  constexpr int kFifoLatency = 3;
  ChecksumRun run({.wanted = 0, .valid = 100, .ready = 100});
  run.run(500);
  EXPECT_EQ(run.longest_wait(), kFifoLatency);
}

}  // namespace
}  // namespace sapulse::test
