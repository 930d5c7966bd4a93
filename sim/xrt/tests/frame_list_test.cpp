// SPDX-License-Identifier: Apache-2.0
#include "frame_list.h"

#include <gmock/gmock.h>

namespace sapulse::sim::xrt {
namespace {

using Frame = std::vector<std::byte>;

TEST(FrameList, GivesBackWhatWasAppended) {
  const std::vector<Frame> frames{Frame(1, std::byte{1}), Frame(255, std::byte{2}), Frame(9216, std::byte{3})};
  Frame packet(2);
  for (const Frame& frame : frames) ASSERT_TRUE(append_frame(packet, frame));
  const auto read = read_frames(std::span(packet).subspan(2));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, frames);
}

TEST(FrameList, RefusesWhatDoesNotFitIntoAPacket) {
  Frame packet(2);
  while (append_frame(packet, Frame(1000))) {
  }
  EXPECT_EQ(packet.size(), 2U + 65U * 1002U);
  EXPECT_LE(packet.size(), kPacketLimit);
}

TEST(FrameList, RefusesEveryPartOfAFrame) {
  Frame packet;
  ASSERT_TRUE(append_frame(packet, Frame(20)));
  for (std::size_t size = 1; size < packet.size(); ++size) {
    const auto read = read_frames(std::span(packet).first(size));
    ASSERT_FALSE(read) << size;
    EXPECT_EQ(read.error().code, Errc::parse_error);
  }
}

}  // namespace
}  // namespace sapulse::sim::xrt
