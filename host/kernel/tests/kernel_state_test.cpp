// SPDX-License-Identifier: Apache-2.0
#include "kernel_state.h"

#include <gtest/gtest.h>

#include "kernel_messages.h"

namespace sapulse::kernel::test {
namespace {

using Time = KernelState::Time;

const SaSpec kFirst{.source = "203.0.113.7", .destination = "198.51.100.1", .spi = 0x1001, .added = 100};
const SaSpec kSecond{.source = "198.51.100.1", .destination = "203.0.113.7", .spi = 0x2001, .added = 100};

TEST(KernelState, KeepsWhatIsAddedUntilItIsDeleted) {
  KernelState state;
  state.apply(SaAdded{gcm_sa(kFirst)}, Time());
  state.apply(SaAdded{gcm_sa(kSecond)}, Time());
  EXPECT_EQ(state.sas().size(), 2U);
  const auto version = state.version();
  state.apply(SaDeleted{gcm_sa(kFirst).id}, Time());
  EXPECT_GT(state.version(), version);
  ASSERT_EQ(state.sas().size(), 1U);
  EXPECT_EQ(state.sas().begin()->second->id.spi, 0x2001U);
  state.apply(SasFlushed{.protocol = 51}, Time());
  EXPECT_EQ(state.sas().size(), 1U);
  state.apply(SasFlushed{.protocol = 0}, Time());
  EXPECT_TRUE(state.sas().empty());
}

TEST(KernelState, LarvalSasAreNotThereYet) {
  KernelState state;
  KernelSa larval = gcm_sa(kFirst);
  larval.aead.reset();
  state.apply(SaAdded{larval}, Time());
  EXPECT_TRUE(state.sas().empty());
  std::vector<KernelSa> dump{larval};
  state.replace(dump, {}, Time());
  EXPECT_TRUE(state.sas().empty());
}

/// Two SAs with the same SPI and different marks are two.
TEST(KernelState, MarksTellSasApart) {
  KernelState state;
  SaSpec marked = kFirst;
  marked.mark = Mark{.value = 1, .mask = 1};
  state.apply(SaAdded{gcm_sa(kFirst)}, Time());
  state.apply(SaAdded{gcm_sa(marked)}, Time());
  EXPECT_EQ(state.sas().size(), 2U);
  state.apply(SaDeleted{gcm_sa(marked).id}, Time());
  EXPECT_EQ(state.sas().begin()->first.mark, Mark{});
}

TEST(KernelState, AMappingStaysUntilTheSaChanges) {
  KernelState state;
  SaSpec spec = kFirst;
  spec.encapsulation = {.type = 2, .source_port = 31000, .destination_port = 4500};
  state.apply(SaAdded{gcm_sa(spec)}, Time());
  SaId id = gcm_sa(spec).id;
  state.apply(SaMapped{.id = id, .source = {.address = ip("203.0.113.9"), .port = 31001}}, Time());
  EXPECT_EQ(state.sas().at(id)->mapped, (UdpEndpoint{.address = ip("203.0.113.9"), .port = 31001}));
  std::vector<KernelSa> dump{gcm_sa(spec)};
  state.replace(dump, {}, Time());
  EXPECT_TRUE(state.sas().at(id)->mapped.has_value()) << "a dump tells the same as before";
  spec.encapsulation->source_port = 31001;
  state.apply(SaAdded{gcm_sa(spec)}, Time());
  EXPECT_FALSE(state.sas().at(id)->mapped.has_value());
}

TEST(KernelState, TheDeletionOfAnSaWhosePeerHasMovedIsAMove) {
  KernelState state;
  const SaId id = gcm_sa(kFirst).id;
  state.apply(SaAdded{gcm_sa(kFirst)}, Time());
  state.apply(SaDeleted{id}, Time(std::chrono::seconds(1)));
  EXPECT_EQ(state.last_move(), std::nullopt) << "it has not moved";
  state.apply(SaAdded{gcm_sa(kFirst)}, Time());
  state.apply(SaMapped{.id = id, .source = {.address = ip("203.0.113.9"), .port = 31001}}, Time());
  state.apply(SaDeleted{id}, Time(std::chrono::seconds(2)));
  EXPECT_EQ(state.last_move(), Time(std::chrono::seconds(2)));
  state.apply(SaDeleted{id}, Time(std::chrono::seconds(3)));
  EXPECT_EQ(state.last_move(), Time(std::chrono::seconds(2))) << "there is none";
}

TEST(KernelState, ADumpReplacesAndKeepsWhatIsUnchanged) {
  KernelState state;
  state.apply(SaAdded{gcm_sa(kFirst)}, Time(std::chrono::seconds(1)));
  state.apply(SaAdded{gcm_sa(kSecond)}, Time(std::chrono::seconds(1)));
  const SaPointer first = state.sas().at(gcm_sa(kFirst).id);
  SaSpec third = kFirst;
  third.spi = 0x1002;
  std::vector<KernelSa> dump{gcm_sa(third), gcm_sa(kFirst)};
  state.replace(dump, {}, Time(std::chrono::seconds(2)));
  ASSERT_EQ(state.sas().size(), 2U);
  EXPECT_EQ(state.sas().at(gcm_sa(kFirst).id), first) << "the same object: nothing has changed";
  EXPECT_GT(state.sas().at(gcm_sa(third).id)->arrival, first->arrival);
}

TEST(KernelState, ADumpHasTheNewestFirst) {
  KernelState state;
  SaSpec older = kFirst;
  older.added = 99;
  older.spi = 0x9999;
  std::vector<KernelSa> dump{gcm_sa(kSecond), gcm_sa(kFirst), gcm_sa(older)};
  state.replace(dump, {}, Time());
  const auto arrival = [&](const SaSpec& spec) { return state.sas().at(gcm_sa(spec).id)->arrival; };
  EXPECT_LT(arrival(older), arrival(kFirst));
  EXPECT_LT(arrival(kFirst), arrival(kSecond));
}

TEST(KernelState, PoliciesComeAndGo) {
  KernelState state;
  state.apply(PolicyAdded{{.index = 1, .type = 0, .direction = Direction::in, .templates = {}}}, Time());
  state.apply(PolicyAdded{{.index = 2, .type = 1, .direction = Direction::out, .templates = {}}}, Time());
  state.apply(PoliciesFlushed{.type = 0}, Time());
  ASSERT_EQ(state.policies().size(), 1U);
  state.apply(PolicyDeleted{.index = 2}, Time());
  EXPECT_TRUE(state.policies().empty());
}

}  // namespace
}  // namespace sapulse::kernel::test
