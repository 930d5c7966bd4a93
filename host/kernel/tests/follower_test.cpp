// SPDX-License-Identifier: Apache-2.0
#include "follower.h"

#include <gmock/gmock.h>

#include "fake_target.h"
#include "kernel_messages.h"
#include "update_pause.h"

namespace sapulse::kernel::test {
namespace {

using std::chrono::seconds;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Time = Follower::Time;

const MacAddress kOwnMac(MacAddress::Bytes{2, 0, 0, 0, 0, 1});
const MacAddress kHopMac(MacAddress::Bytes{2, 0, 0, 0, 0, 2});

SaSpec in_sa(std::uint32_t spi, std::uint64_t added = 0) {
  return {.source = "203.0.113.7", .destination = "198.51.100.1", .spi = spi, .added = added};
}
SaSpec out_sa(std::uint32_t spi, std::uint64_t added = 0) {
  return {.source = "198.51.100.1", .destination = "203.0.113.7", .spi = spi, .added = added};
}

SaSpec in_udp(SaSpec sa, std::uint16_t source_port, std::uint16_t destination_port) {
  sa.encapsulation = {.type = 2, .source_port = source_port, .destination_port = destination_port};
  return sa;
}

class FollowerTest : public testing::Test {
 protected:
  void add(const SaSpec& spec) { state_.apply(SaAdded{gcm_sa(spec)}, now_); }
  void drop(const SaSpec& spec) { state_.apply(SaDeleted{gcm_sa(spec).id}, now_); }

  /// A pair with this reqid.
  void add_tunnel(std::uint32_t number) {
    SaSpec in = in_sa(0x1000 + number);
    SaSpec out = out_sa(0x2000 + number);
    in.reqid = out.reqid = number;
    add(in);
    add(out);
  }

  void update() {
    if (!follower_) follower_.emplace(target_, settings_);
    pairing_ = pair_sas(state_, {ip("198.51.100.1"), ip("198.51.100.2")}, {}, pairing_.partners);
    const NamespacePairs pairs{
        .name = "", .pairing = &pairing_, .next_hop = [&](const IpAddress&, const IpAddress&) { return hop_; }};
    target_.log.clear();
    const auto done = follower_->update([&] { return KernelPairs{{pairs}, names_}; }, now_);
    EXPECT_TRUE(done.has_value()) << done.error().message;
  }
  void pass(std::chrono::nanoseconds time) {
    now_ += time;
    update();
  }
  std::string reason(std::uint32_t spi) {
    for (const UnwatchedSa& sa : follower_->unwatched()) {
      if (sa.spi == spi) return sa.reason;
    }
    return "watched";
  }
  /// A pair that has settled.
  void establish() {
    add(in_sa(0x1001, 100));
    add(out_sa(0x2001, 100));
    update();
    pass(seconds(2));
    ASSERT_EQ(reason(0x1001), "watched");
  }

  KernelState state_;
  Pairing pairing_;
  FakeTarget target_;
  KernelSaSettings settings_;
  std::optional<Follower> follower_;
  Result<NextHop> hop_ = NextHop{.own_mac = kOwnMac, .peer_mac = kHopMac};
  PairNames names_;
  Time now_{seconds(1000)};
};

TEST_F(FollowerTest, InstallsAPairAndProbesItWhenItHasSettled) {
  add(in_sa(0x1001));
  add(out_sa(0x2001));
  update();
  EXPECT_THAT(target_.log, ElementsAre("add 0x1001"));
  const SaParameters& sa = target_.sas.at(0x1001).parameters;
  EXPECT_EQ(sa.name, "203.0.113.7/1");
  EXPECT_EQ(sa.local, ip("198.51.100.1"));
  EXPECT_EQ(sa.peer, ip("203.0.113.7"));
  EXPECT_EQ(sa.out.spi, 0x2001U);
  EXPECT_EQ(sa.path->own_mac, kOwnMac);
  EXPECT_EQ(sa.path->peer_mac, kHopMac);
  EXPECT_EQ(sa.path->encapsulation, Encapsulation::esp);
  EXPECT_THAT(reason(0x1001), HasSubstr("a moment ago"));
  EXPECT_EQ(follower_->next_update(), now_ + seconds(2));
  pass(seconds(2));
  EXPECT_THAT(target_.log, ElementsAre("watch 0x1001"));
  EXPECT_EQ(target_.sas.at(0x1001).watched, gateway_liveness());
  EXPECT_THAT(follower_->unwatched(), IsEmpty());
  pass(seconds(2));
  EXPECT_THAT(target_.log, IsEmpty());
}

TEST_F(FollowerTest, SasOfAnotherCardAreNoneOfItsBusiness) {
  add_tunnel(1);
  SaSpec half = in_sa(0x1002);
  half.reqid = 2;
  add(half);
  target_.elsewhere = ip("198.51.100.1");
  update();
  EXPECT_THAT(target_.log, IsEmpty());
  EXPECT_THAT(follower_->unwatched(), IsEmpty()) << "the other card lists it";
  target_.elsewhere = ip("198.51.100.2");
  update();
  EXPECT_THAT(target_.log, ElementsAre("add 0x1001"));
  EXPECT_THAT(reason(0x1002), HasSubstr("no outbound SA"));
}

TEST_F(FollowerTest, AnSaThatTheCardRefusesIsUnwatchedAlone) {
  for (const std::uint32_t number : {1U, 2U, 3U}) add_tunnel(number);
  target_.refused_spi = 0x1002;
  update();
  EXPECT_THAT(target_.log, ElementsAre("add 0x1001", "add 0x1003"));
  EXPECT_EQ(reason(0x1002), "the card refuses it");
  target_.refused_spi.reset();
  update();
  EXPECT_THAT(target_.log, ElementsAre("add 0x1002")) << "it is tried again";
}

TEST_F(FollowerTest, ACardThatHasFailedEndsTheWork) {
  add_tunnel(1);
  target_.refused_spi = 0x1001;
  target_.is_lost = true;
  pairing_ = pair_sas(state_, {ip("198.51.100.1")}, {}, {});
  Follower follower(target_, settings_);
  const NamespacePairs pairs{
      .name = "", .pairing = &pairing_, .next_hop = [&](const IpAddress&, const IpAddress&) { return hop_; }};
  const auto done = follower.update([&] { return KernelPairs{{pairs}, names_}; }, now_);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::device_error);
}

TEST_F(FollowerTest, WhatTheKernelDeletesIsRemoved) {
  establish();
  drop(in_sa(0x1001));
  update();
  EXPECT_THAT(target_.log, ElementsAre("remove 0x1001"));
  EXPECT_THAT(reason(0x2001), HasSubstr("partner has been deleted"));
}

TEST_F(FollowerTest, RekeyingHandsOverWithoutAGapOrAFalseAlarm) {
  establish();
  add(in_sa(0x1002, 200));
  update();
  // The peer may have deleted the old pair before we hear of it.
  EXPECT_THAT(target_.log, ElementsAre("unwatch 0x1001"));
  EXPECT_THAT(reason(0x1001), HasSubstr("rekeying"));
  add(out_sa(0x2002, 200));
  update();
  EXPECT_THAT(target_.log, ElementsAre("add 0x1002"));
  EXPECT_THAT(reason(0x1001), HasSubstr("younger SA"));
  drop(out_sa(0x2001));
  update();
  EXPECT_THAT(target_.log, ElementsAre("watch 0x1002", "remove 0x1001")) << "the new pair first";
}

/// Both sides have rekeyed at once. The peer deletes one of the new pairs, and what it tells of that may be lost on the
/// way for seconds.
TEST_F(FollowerTest, WhereBothSidesHaveRekeyedNeitherPairIsProbedUntilOneGoes) {
  for (const bool keeps_younger : {true, false}) {
    SCOPED_TRACE(keeps_younger);
    for (const std::uint32_t number : {1U, 2U, 3U}) {
      add(in_sa(0x1000 + number, number));
      add(out_sa(0x2000 + number, number));
      update();
    }
    drop(out_sa(0x2001));
    update();
    EXPECT_THAT(target_.log, ElementsAre("remove 0x1001"));
    pass(seconds(3));
    EXPECT_THAT(target_.log, IsEmpty()) << "also when they have settled";
    EXPECT_THAT(reason(0x1003), HasSubstr("rekeying"));
    drop(out_sa(keeps_younger ? 0x2002 : 0x2003));
    update();
    EXPECT_THAT(target_.log, keeps_younger ? ElementsAre("watch 0x1003", "remove 0x1002")
                                           : ElementsAre("watch 0x1002", "remove 0x1003"));
    state_ = {};
    pairing_ = {};
    update();
  }
}

TEST_F(FollowerTest, AnOlderPairThatStaysDoesNotSilenceTheYoungerForEver) {
  establish();
  add(in_sa(0x1002, 200));
  add(out_sa(0x2002, 200));
  update();
  EXPECT_THAT(target_.log, ElementsAre("add 0x1002", "unwatch 0x1001"));
  pass(Follower::kRekeyingPatience - seconds(1));
  EXPECT_THAT(target_.log, IsEmpty());
  pass(seconds(1));
  EXPECT_THAT(target_.log, ElementsAre("watch 0x1002"));
}

TEST_F(FollowerTest, HalfARekeyingDoesNotSilenceTheOldPairForEver) {
  establish();
  add(in_sa(0x1002, 200));
  update();
  EXPECT_THAT(target_.log, ElementsAre("unwatch 0x1001"));
  ASSERT_TRUE(follower_->next_update().has_value());
  now_ = *follower_->next_update();
  update();
  EXPECT_THAT(target_.log, ElementsAre("watch 0x1001"));
}

TEST_F(FollowerTest, AnSaOfTheSameSpiWithOtherKeysReplaces) {
  establish();
  drop(in_sa(0x1001));
  drop(out_sa(0x2001));
  add(in_sa(0x1001, 300));
  add(out_sa(0x2009, 300));
  pairing_ = {};
  update();
  EXPECT_THAT(target_.log, ElementsAre("remove 0x1001", "add 0x1001"));
  EXPECT_EQ(target_.sas.at(0x1001).parameters.out.spi, 0x2009U);
}

TEST_F(FollowerTest, AMappingMovesThePath) {
  const SaSpec in = in_udp(in_sa(0x1001), 31000, 4500);
  const SaSpec out = in_udp(out_sa(0x2001), 4500, 31000);
  add(in);
  add(out);
  update();
  EXPECT_EQ(target_.sas.at(0x1001).parameters.path->encapsulation, Encapsulation::udp);
  EXPECT_EQ(target_.sas.at(0x1001).parameters.path->own_port, 4500);
  EXPECT_EQ(target_.sas.at(0x1001).parameters.path->peer_port, 31000);
  state_.apply(SaMapped{.id = gcm_sa(in).id, .source = {.address = ip("203.0.113.9"), .port = 31999}}, now_);
  update();
  EXPECT_THAT(target_.log, ElementsAre("move 0x1001"));
  EXPECT_EQ(target_.sas.at(0x1001).parameters.peer, ip("203.0.113.9"));
  EXPECT_EQ(target_.sas.at(0x1001).parameters.path->peer_port, 31999);
}

/// An IKE daemon deletes an SA to move it, and adds it again: to the peer it has always been there.
TEST_F(FollowerTest, AnSaThatComesAgainForAnotherPlaceIsMoved) {
  const SaSpec in = in_udp(in_sa(0x1001), 31000, 4500);
  const SaSpec out = in_udp(out_sa(0x2001), 4500, 31000);
  add(in);
  add(out);
  update();
  pass(seconds(2));
  target_.log.clear();
  drop(in);
  drop(out);
  SaSpec moved_in = in_udp(in, 31999, 4500);
  SaSpec moved_out = in_udp(out, 4500, 31999);
  moved_in.source = moved_out.destination = "203.0.113.9";
  add(moved_in);
  add(moved_out);
  update();
  EXPECT_THAT(target_.log, ElementsAre("rename 0x1001", "move 0x1001"));
  EXPECT_EQ(target_.sas.at(0x1001).parameters.peer, ip("203.0.113.9"));
  EXPECT_EQ(target_.sas.at(0x1001).parameters.path->peer_port, 31999);
  EXPECT_EQ(reason(0x1001), "watched");
}

TEST_F(FollowerTest, WithoutNextHopAPeerIsAnsweredButNotProbed) {
  hop_ = failure(Errc::not_found, "the next hop is not known yet");
  add(in_sa(0x1001));
  add(out_sa(0x2001));
  update();
  pass(seconds(2));
  EXPECT_TRUE(target_.sas.contains(0x1001));
  EXPECT_THAT(reason(0x1001), HasSubstr("not known yet"));
  hop_ = NextHop{.own_mac = kOwnMac, .peer_mac = kHopMac};
  update();
  EXPECT_THAT(target_.log, ElementsAre("move 0x1001", "watch 0x1001"));
  hop_ = failure(Errc::not_found, "gone");
  update();
  EXPECT_THAT(target_.log, IsEmpty()) << "the last way is the best that is known";
}

TEST_F(FollowerTest, NamesComeWhenTheyAreKnown) {
  establish();
  names_[{0x1001, 0x2001}] = "gw-gw/net";
  update();
  EXPECT_THAT(target_.log, ElementsAre("rename 0x1001"));
  EXPECT_EQ(target_.sas.at(0x1001).parameters.name, "gw-gw/net");
}

TEST_F(FollowerTest, RulesDecide) {
  KernelSaRule fast;
  fast.name = "gw-*";
  fast.liveness.interval = std::chrono::milliseconds(50);
  KernelSaRule quiet;
  quiet.reqid = 2;
  quiet.use = KernelSaUse::answer;
  KernelSaRule none;
  none.peer = *IpPrefix::parse("203.0.113.0/28");
  none.use = KernelSaUse::skip;
  settings_.rules = {fast, quiet, none};
  names_[{0x1001, 0x2001}] = "gw-gw/net";
  add(in_sa(0x1001));
  add(out_sa(0x2001));
  for (const std::uint32_t number : {2U, 3U}) add_tunnel(number);
  update();
  pass(seconds(2));
  EXPECT_EQ(target_.sas.at(0x1001).watched->interval, std::chrono::milliseconds(50));
  EXPECT_FALSE(target_.sas.at(0x1002).watched.has_value());
  EXPECT_THAT(reason(0x1002), HasSubstr("answered, but not probed"));
  EXPECT_FALSE(target_.sas.contains(0x1003));
  EXPECT_THAT(reason(0x1003), HasSubstr("a rule"));
}

TEST_F(FollowerTest, AFullCardTakesWhatFits) {
  target_.capacity = 1;
  for (const std::uint32_t number : {1U, 2U}) add_tunnel(number);
  update();
  EXPECT_TRUE(target_.sas.contains(0x1001));
  EXPECT_THAT(reason(0x1002), HasSubstr("full"));
  drop(in_sa(0x1001));
  update();
  update();
  EXPECT_TRUE(target_.sas.contains(0x1002)) << "there is room again";
}

TEST_F(FollowerTest, AnAddressTheCardDoesNotAnswerForIsTold) {
  target_.forbidden = ip("198.51.100.1");
  add(in_sa(0x1001));
  add(out_sa(0x2001));
  update();
  EXPECT_THAT(target_.sas, IsEmpty());
  EXPECT_THAT(reason(0x1001), HasSubstr("not ours"));
}

TEST_F(FollowerTest, RestoredSasAreAdoptedOrRemoved) {
  const auto restored = [&](std::uint32_t in, std::uint32_t out) {
    SaInfo sa{
        .name = "203.0.113.7/1", .local = ip("198.51.100.1"), .peer = ip("203.0.113.7"), .spi_in = in, .spi_out = out};
    target_.restored.push_back(sa);
    target_.sas[in] = {};
  };
  restored(0x1001, 0x2001);
  restored(0x1005, 0x2005);
  add(in_sa(0x1001));
  add(out_sa(0x2001));
  update();
  EXPECT_THAT(target_.log, Contains("remove 0x1005"));
  EXPECT_THAT(target_.log, Not(Contains("remove 0x1001"))) << "its replay window stays";
}

TEST(UpdatePause, IsLongAgainstTheWorkButNotForEver) {
  EXPECT_EQ(pause_after_update(std::chrono::milliseconds(100)), std::chrono::milliseconds(400));
  EXPECT_EQ(pause_after_update(std::chrono::hours(1)), seconds(2));
}

}  // namespace
}  // namespace sapulse::kernel::test
