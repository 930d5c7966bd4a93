// SPDX-License-Identifier: Apache-2.0
#include "sapulse/sim/network.h"

#include <gmock/gmock.h>

#include "sapulse/registers.h"

namespace sapulse::sim {
namespace {

using ::testing::HasSubstr;

constexpr std::uint64_t kDelay = 500;

Network::MacBytes mac(unsigned last) {
  return {std::byte{0x02}, std::byte{0}, std::byte{0},
          std::byte{0},    std::byte{0}, std::byte{static_cast<std::uint8_t>(last)}};
}

CardOptions seeded(std::uint64_t seed) {
  CardOptions options;
  options.seed = seed;
  return options;
}

Frame frame_to(unsigned destination, std::size_t size = 100) {
  Frame frame(size);
  std::ranges::copy(mac(destination), frame.begin());
  return frame;
}

/// Cards 0, 1, ... with MAC addresses of the same last byte. Cards that nobody has configured pass everything.
class NetworkTest : public testing::Test {
 protected:
  void build(std::size_t nodes) {
    for (std::size_t i = 0; i < nodes; ++i) {
      const auto id = network_.add("card" + std::to_string(i), mac(static_cast<unsigned>(i)), seeded(i + 1));
      ASSERT_TRUE(id) << id.error().message;
      ASSERT_EQ(*id, i);
    }
    for (NodeId from = 0; from < nodes; ++from) {
      for (NodeId to = 0; to < nodes; ++to) {
        ASSERT_TRUE(network_.wire(from, to).set_conditions({.delay = kDelay}));
      }
    }
    network_.set_tap([this](const Network::Passage& passage) {
      passages_.push_back(passage);
      if (passage.port == Port::core) arrived_.emplace_back(passage.node, passage.frame);
    });
  }

  void advance(std::uint64_t cycles) {
    const auto done = network_.advance(cycles);
    ASSERT_TRUE(done) << done.error().message;
  }

  Network network_{1};
  std::vector<Network::Passage> passages_;
  std::vector<std::pair<NodeId, Frame>> arrived_;  // at a core port
};

TEST_F(NetworkTest, AFrameCrossesToTheCardItIsSentTo) {
  build(3);
  ASSERT_TRUE(network_.card(0).send(Port::core, frame_to(2)));
  advance(kDelay);
  EXPECT_TRUE(arrived_.empty());
  advance(kDelay);
  ASSERT_EQ(arrived_.size(), 1U);
  EXPECT_EQ(arrived_[0].first, 2U);
  EXPECT_EQ(arrived_[0].second, frame_to(2));
  EXPECT_EQ(network_.wire(0, 2).count().delivered, 1U);
  EXPECT_EQ(network_.wire(0, 1).count().offered, 0U);
}

TEST_F(NetworkTest, TheTapSeesAFrameAtEveryPortInTheOrderOfTime) {
  build(2);
  ASSERT_TRUE(network_.card(0).send(Port::core, frame_to(1)));
  ASSERT_TRUE(network_.card(1).send(Port::core, frame_to(0)));
  advance(2 * kDelay);
  EXPECT_TRUE(std::ranges::is_sorted(passages_, {}, &Network::Passage::cycle));
  for (const NodeId from : {NodeId{0}, NodeId{1}}) {
    std::vector<std::tuple<NodeId, Port, Direction>> seen;
    for (const Network::Passage& passage : passages_) {
      if (passage.frame == frame_to(static_cast<unsigned>(1 - from)))
        seen.emplace_back(passage.node, passage.port, passage.direction);
    }
    EXPECT_THAT(seen, testing::ElementsAre(std::tuple(from, Port::line, Direction::out),
                                           std::tuple(1 - from, Port::line, Direction::in),
                                           std::tuple(1 - from, Port::core, Direction::out)));
  }
}

TEST_F(NetworkTest, FramesToNobodyAreCounted) {
  build(2);
  ASSERT_TRUE(network_.card(0).send(Port::core, frame_to(77)));
  ASSERT_TRUE(network_.card(0).send(Port::core, frame_to(0)));
  advance(2 * kDelay);
  EXPECT_EQ(network_.unrouted(), 2U);
  EXPECT_TRUE(arrived_.empty());
}

TEST_F(NetworkTest, WhileOneHostWaitsTheOthersGoOn) {
  build(2);
  unsigned polls = 0;
  network_.set_host(0, [] { return Result<void>{}; });
  network_.set_host(1, [&]() -> Result<void> {
    ++polls;
    return {};
  });
  ASSERT_TRUE(network_.card(1).send(Port::core, frame_to(0)));
  while (arrived_.empty() && network_.cycle() < 10 * kDelay) ASSERT_TRUE(network_.device(0).relax());
  EXPECT_EQ(arrived_.size(), 1U);
  EXPECT_GT(polls, 5U);
}

TEST_F(NetworkTest, AWaitingHostIsNotCalledAgain) {
  build(2);
  unsigned depth = 0;
  unsigned deepest = 0;
  for (const NodeId node : {NodeId{0}, NodeId{1}}) {
    network_.set_host(node, [&, node]() -> Result<void> {
      deepest = std::max(deepest, ++depth);
      auto relaxed = network_.device(node).relax();
      --depth;
      return relaxed;
    });
  }
  advance(1000);
  EXPECT_EQ(deepest, 2U) << "one host waits, the other one is called, and nobody else";
}

TEST_F(NetworkTest, RegisterAccessesDoNotPullTheClocksApart) {
  build(2);
  for (unsigned i = 0; i < 50; ++i) ASSERT_TRUE(network_.device(0).read32(regs::offset::kId));
  EXPECT_GT(network_.card(0).cycle(), network_.card(1).cycle());
  advance(network_.card(0).cycle());
  EXPECT_EQ(network_.card(0).cycle(), network_.card(1).cycle());
}

TEST_F(NetworkTest, AnErrorOfAHostNamesItsNode) {
  build(2);
  network_.set_host(1, [] { return Result<void>(failure(Errc::timeout, "too late")); });
  const auto done = network_.advance(100);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::timeout);
  EXPECT_EQ(done.error().message, "card1: too late");
}

TEST_F(NetworkTest, ViolationsOfACardNameItsNode) {
  build(2);
  ASSERT_TRUE(network_.card(1).write32(regs::offset::kCommandLog2, 2));
  ASSERT_TRUE(network_.card(1).write32(regs::offset::kRingEnable, 1));
  ASSERT_TRUE(
      network_.card(1).write32(regs::offset::kCommandProducer, 1));  // the ring is at IOVA 0, which nobody has mapped
  const auto done = network_.advance(5000);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::dma_fault);
  EXPECT_THAT(done.error().message, HasSubstr("card1: "));
}

TEST_F(NetworkTest, TheSameSeedGivesTheSameDeliveries) {
  const auto run = [] {
    Network network(5);
    for (unsigned i = 0; i < 2; ++i) EXPECT_TRUE(network.add("n", mac(i), seeded(i + 1)));
    EXPECT_TRUE(network.wire(0, 1).set_conditions({.delay = 50, .spread = 400, .loss = 0.3, .duplication = 0.3}));
    std::vector<std::pair<std::uint64_t, Frame>> log;
    network.set_tap([&](const Network::Passage& passage) { log.emplace_back(passage.cycle, passage.frame); });
    for (std::size_t i = 0; i < 100; ++i) EXPECT_TRUE(network.card(0).send(Port::core, frame_to(1, 60 + i)));
    EXPECT_TRUE(network.advance(3000));
    return log;
  };
  const auto first = run();
  EXPECT_GT(first.size(), 50U);
  EXPECT_EQ(first, run());
}

}  // namespace
}  // namespace sapulse::sim
