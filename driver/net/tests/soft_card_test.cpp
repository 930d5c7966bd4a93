// SPDX-License-Identifier: Apache-2.0
#include "soft_card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

#include "memory_cable.h"

namespace sapulse::net {
namespace {

using testing::ElementsAre;

model::Frame frame_of(std::size_t bytes) { return model::Frame(bytes, std::byte{0x5a}); }

model::OutputFrame output_of(std::size_t bytes) {
  model::OutputFrame frame;
  frame.bytes = frame_of(bytes);
  return frame;
}

/// A card that nobody has configured passes everything.
TEST(SoftCard, TheTapSeesFramesAtBothPortsInBothDirections) {
  auto line = make_memory_cable();
  auto core = make_memory_cable();
  ASSERT_TRUE(line && core);
  SoftCard::Ports ports;
  ports.push_back(std::move(line->first));
  ports.push_back(std::move(core->first));
  std::vector<std::tuple<Port, Direction, std::size_t>> seen;
  std::vector<std::uint64_t> times;
  auto card = SoftCard::create(std::move(ports), 1024, make_system_time(), [&](const PassingFrame& frame) {
    seen.emplace_back(frame.port, frame.direction, frame.bytes.size());
    times.push_back(frame.time_ns);
    EXPECT_TRUE(std::ranges::equal(frame.bytes, frame_of(frame.bytes.size())));
  });
  ASSERT_TRUE(card);
  line->second->send(std::vector{output_of(60)});
  (*card)->run();
  core->second->send(std::vector{output_of(70)});
  (*card)->run();
  EXPECT_THAT(seen,
              ElementsAre(std::tuple(Port::line, Direction::in, 60U), std::tuple(Port::core, Direction::out, 60U),
                          std::tuple(Port::core, Direction::in, 70U), std::tuple(Port::line, Direction::out, 70U)));
  constexpr std::uint64_t kThisCentury = 946'684'800'000'000'000;
  EXPECT_THAT(times, testing::Each(testing::Gt(kThisCentury)));
}

}  // namespace
}  // namespace sapulse::net
