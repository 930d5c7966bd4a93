// SPDX-License-Identifier: Apache-2.0
// FRAME commands.
#include <gtest/gtest.h>

#include <algorithm>

#include "ring_host.h"

namespace sapulse::test {
namespace {

class Frames : public ::testing::Test {
 protected:
  Frames() : host_(bench_, 4, 4, 2) {
    std::ranges::generate(bench_.memory.bytes(RingHost::kFrameAddress, RingHost::kFrameBytes),
                          [this] { return static_cast<std::byte>(bench_.random.word()); });
  }

  CompletionRecord execute(std::uint64_t address, std::uint16_t length) {
    const Descriptor command = host_.frame_command(address, length);
    host_.push(command);
    host_.ring_doorbell();
    std::vector<CompletionRecord> answers;
    bench_.until([&] {
      answers = host_.take_completions();
      return !answers.empty();
    });
    host_.release_completions();
    if (answers.empty()) return {};
    expect_answer(command, answers.front());
    return answers.front();
  }

  void expect_sent(std::uint64_t address, std::uint16_t length) {
    const std::size_t count = bench_.frames.size();
    EXPECT_EQ(execute(address, length).status, regs::Status::ok) << length;
    if (!bench_.until([&] { return bench_.frames.size() == count + 1; })) return;
    std::vector<std::byte> expected(std::max<std::size_t>(length, 60));
    std::ranges::copy(bench_.memory.bytes(address, length), expected.begin());
    EXPECT_EQ(bench_.frames.back().bytes, expected) << length;
    EXPECT_FALSE(bench_.frames.back().gap) << length;
  }

  HostBench bench_;
  RingHost host_;
};

TEST_F(Frames, OfEveryShortLengthArePadded) {
  for (std::uint16_t length = 14; length <= 130; ++length)
    expect_sent(RingHost::kFrameAddress + 64 * (length % 32), length);
}

TEST_F(Frames, OfRandomLengthsAtRandomPlacesLeaveWithoutGaps) {
  for (int i = 0; i < 60; ++i) {
    bench_.memory.set_timing(static_cast<unsigned>(bench_.random.between(0, 70)), 40);
    bench_.set_frame_stall(i % 2 == 0 ? 0 : 50);
    const auto length = static_cast<std::uint16_t>(bench_.random.between(14, regs::kMaxFrameBytes));
    expect_sent(RingHost::kFrameAddress + 64 * bench_.random.between(0, 800), length);
  }
  expect_sent(RingHost::kFrameAddress + 64, regs::kMaxFrameBytes);
}

TEST_F(Frames, OutsideTheLimitsAreRefused) {
  for (const unsigned length : {0u, 1u, 13u, regs::kMaxFrameBytes + 1, 16384u, 65535u}) {
    EXPECT_EQ(execute(RingHost::kFrameAddress, static_cast<std::uint16_t>(length)).status, regs::Status::bad_argument)
        << length;
  }
  for (const unsigned offset : {1u, 8u, 32u, 63u}) {
    EXPECT_EQ(execute(RingHost::kFrameAddress + offset, 100).status, regs::Status::bad_argument) << offset;
  }
  bench_.steps(500);
  EXPECT_TRUE(bench_.frames.empty());
  EXPECT_EQ(bench_.get(regs::offset::kDmaError), 0u);
  expect_sent(RingHost::kFrameAddress, 14);
}

TEST_F(Frames, WaitWhileOtherCommandsGoOn) {
  bench_.hold_frames(true);
  EXPECT_EQ(execute(RingHost::kFrameAddress, 1000).status, regs::Status::ok);
  const Descriptor other = host_.random_command();
  host_.push(other);
  host_.ring_doorbell();
  bench_.until([&] { return host_.take_completions().size() == 1; });
  EXPECT_EQ(regs::status::kIdle.get(bench_.get(regs::offset::kStatus)), 0u) << "the frame is still in the card";
  bench_.hold_frames(false);
  bench_.until([&] { return bench_.frames.size() == 1; });
  bench_.steps(5);
  EXPECT_EQ(regs::status::kIdle.get(bench_.get(regs::offset::kStatus)), 1u);
}

}  // namespace
}  // namespace sapulse::test
