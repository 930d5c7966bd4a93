// SPDX-License-Identifier: Apache-2.0
// Command rings, DMA memory, and what happens when it is not there.
#include <gmock/gmock.h>

#include <algorithm>

#include "device_test.h"
#include "sapulse/sa.h"
#include "session.h"
#include "support/convert.h"
#include "support/seed.h"
#include "traffic/random.h"

namespace sapulse::test {
namespace {

using testing::HasSubstr;

TEST_F(DeviceTest, DmaMemoryIsZeroedAndAligned) {
  for (const std::size_t alignment : {64U, 256U, 4096U, 65536U}) {
    const auto first = must(device().allocate_dma(5000, alignment), "memory");
    const auto second = must(device().allocate_dma(64, alignment), "memory");
    for (const auto* buffer : {first.get(), second.get()}) EXPECT_EQ(buffer->iova() % alignment, 0U) << alignment;
    EXPECT_GE(first->bytes().size(), 5000U);
    EXPECT_TRUE(std::ranges::all_of(first->bytes(), [](std::byte byte) { return byte == std::byte{0}; }));
    const bool apart = first->iova() + 5000 <= second->iova() || second->iova() + 64 <= first->iova();
    EXPECT_TRUE(apart) << "two buffers at one address";
    std::ranges::fill(first->bytes(), std::byte{0xff});  // freed dirty: the next must be clean all the same
  }
}

TEST_F(DeviceTest, RefusesDmaMemoryThatCannotBe) {
  EXPECT_EQ(device().allocate_dma(0, 64).error().code, Errc::invalid_argument);
  EXPECT_EQ(device().allocate_dma(64, 48).error().code, Errc::invalid_argument);
  EXPECT_EQ(device().allocate_dma(std::size_t{1} << 40, 64).error().code, Errc::no_space);
}

TEST_F(DeviceTest, RingsWrapAroundAndTheCardOpensAgain) {
  for (unsigned round = 0; round < 2; ++round) {
    const auto card = open({.command_entries = 4, .frame_buffers = 1});
    const std::vector<Command> commands(37, Command::nop());
    EXPECT_EQ(must(card->execute(commands), "commands").size(), commands.size());
    must(card->close(), "close");
  }
}

TEST_F(DeviceTest, RefusesCommandsThatAreOutOfRange) {
  const auto card = open();
  const CardInfo& info = card->info();
  EXPECT_THAT(card->execute(Command::read(info.sa_capacity)).error().message, HasSubstr("sa_read: bad_sa"));
  EXPECT_THAT(card->execute(Command::erase(0xffffffff)).error().message, HasSubstr("sa_erase: bad_sa"));
  EXPECT_THAT(card->execute(Command::clear_index({.bucket = info.index_buckets})).error().message,
              HasSubstr("index_write: bad_sa"));
  EXPECT_THAT(card->execute(Command::frame(0, 13)).error().message, HasSubstr("frame: bad_argument"));
  EXPECT_TRUE(card->execute(Command::nop()));
}

TEST_F(DeviceTest, FramesOfTheHostLeaveAsTheyAre) {
  traffic::Random random(test_seed(3));
  Session session(rig(), traffic::sample_config(1, 0));
  std::vector<traffic::Bytes> sent;
  for (const std::size_t length : {14, 59, 60, 61, 64, 65, 127, 128, 1514, 60}) {
    traffic::Bytes frame = random.bytes(length);
    must(session.card().send_frame(frame), "frame");
    frame.resize(std::max<std::size_t>(length, 60));
    sent.push_back(std::move(frame));
  }
  must(session.card().drain(), "drain");
  session.settle();
  EXPECT_EQ(session.result().line_out, sent);
  EXPECT_EQ(session.card().failed_frames(), 0U);
}

/// A card that is sent to memory that is not its own stops its rings and says where; a reset makes it whole.
TEST_F(DeviceTest, DmaFaultNamesTheAddress) {
  constexpr std::uint64_t kNowhere = 0x3fff12340000;
  expect_faults();
  auto card = open();
  const auto failed = card->execute(Command::frame(kNowhere, 64));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Errc::dma_fault) << failed.error().message;
  EXPECT_THAT(failed.error().message, HasSubstr("3fff12340000"));
  EXPECT_EQ(card->execute(Command::nop()).error().code, Errc::dma_fault) << "the rings stand still";
  (void)card->close();
  card = open();
  EXPECT_TRUE(card->execute(Command::nop()));
  EXPECT_TRUE(card->close());
}

TEST_F(DeviceTest, MemoryThatWasGivenBackIsOutOfReach) {
  expect_faults();
  const auto card = open();
  auto buffer = must(device().allocate_dma(4096, 4096), "memory");
  const std::uint64_t iova = buffer->iova();
  EXPECT_TRUE(card->execute(Command::frame(iova, 64)));
  buffer.reset();
  const auto failed = card->execute(Command::frame(iova, 64));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Errc::dma_fault) << failed.error().message;
}

}  // namespace
}  // namespace sapulse::test
