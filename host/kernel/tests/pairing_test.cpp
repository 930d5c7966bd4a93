// SPDX-License-Identifier: Apache-2.0
#include "pairing.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "kernel_messages.h"
#include "nearest_pairs.h"

namespace sapulse::kernel::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;
using Time = KernelState::Time;

const std::string kHere = "198.51.100.1";
const std::string kThere = "203.0.113.7";

SaSpec in_sa(std::uint32_t spi, std::uint64_t added = 0) {
  return {.source = kThere, .destination = kHere, .spi = spi, .added = added};
}
SaSpec out_sa(std::uint32_t spi, std::uint64_t added = 0) {
  return {.source = kHere, .destination = kThere, .spi = spi, .added = added};
}

class PairingTest : public testing::Test {
 protected:
  void add(const SaSpec& spec) { state_.apply(SaAdded{gcm_sa(spec)}, now_); }
  void drop(const SaSpec& spec) { state_.apply(SaDeleted{gcm_sa(spec).id}, now_); }

  void pair() {
    pairing_ = pair_sas(state_, local_, known_, pairing_.partners);
    spis_.clear();
    for (const SaPair& pair : pairing_.pairs) spis_.emplace_back(pair.in->id.spi, pair.out->id.spi);
  }
  std::string reason(std::uint32_t spi) {
    const auto found =
        std::ranges::find_if(pairing_.unpaired, [&](const UnpairedSa& unpaired) { return unpaired.sa->id.spi == spi; });
    return found == pairing_.unpaired.end() ? "paired" : found->reason;
  }
  void add_policy(Direction direction, const SaSpec& spec) {
    const auto index = static_cast<std::uint32_t>(state_.policies().size() + 1);
    const PolicyTemplate wanted{
        .source = ip(spec.source), .destination = ip(spec.destination), .protocol = 50, .mode = 1, .reqid = spec.reqid};
    state_.apply(PolicyAdded{{.index = index, .type = 0, .direction = direction, .templates = {wanted}}}, Time());
  }

  KernelState state_;
  Time now_;
  std::set<IpAddress> local_{ip(kHere)};
  std::vector<KnownPair> known_;
  Pairing pairing_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> spis_;
};

TEST_F(PairingTest, TwoSasBetweenTheSameHostsArePaired) {
  add(in_sa(0x1001));
  add(out_sa(0x2001));
  pair();
  EXPECT_THAT(spis_, ElementsAre(Pair(0x1001, 0x2001)));
  EXPECT_EQ(pairing_.pairs[0].local(), ip(kHere));
  EXPECT_EQ(pairing_.pairs[0].peer(), ip(kThere));
  EXPECT_THAT(pairing_.unpaired, IsEmpty());
}

TEST_F(PairingTest, PoliciesTellTheDirectionOfAddressesThatAreNotOurs) {
  local_.clear();
  add(in_sa(0x1001));
  add(out_sa(0x2001));
  pair();
  EXPECT_THAT(reason(0x1001), HasSubstr("neither address"));
  add_policy(Direction::out, out_sa(0));
  add_policy(Direction::in, in_sa(0));
  pair();
  EXPECT_THAT(spis_, ElementsAre(Pair(0x1001, 0x2001)));
}

TEST_F(PairingTest, PoliciesTellTheDirectionBetweenTwoAddressesOfThisHost) {
  local_.insert(ip(kThere));
  add(in_sa(0x1001));
  add(out_sa(0x2001));
  pair();
  EXPECT_THAT(reason(0x2001), HasSubstr("both addresses"));
  add_policy(Direction::out, out_sa(0));
  add_policy(Direction::in, in_sa(0));
  pair();
  EXPECT_THAT(spis_, ElementsAre(Pair(0x1001, 0x2001)));
}

TEST_F(PairingTest, TheKernelsOwnWordComesFirst) {
  local_.clear();
  KernelSa in = gcm_sa(in_sa(0x1001));
  in.direction = Direction::in;
  KernelSa out = gcm_sa(out_sa(0x2001));
  out.direction = Direction::out;
  state_.apply(SaAdded{in}, Time());
  state_.apply(SaAdded{out}, Time());
  pair();
  EXPECT_THAT(spis_, ElementsAre(Pair(0x1001, 0x2001)));
}

TEST_F(PairingTest, ReqidMarkIfIdModePortsAndAddressesTellTunnelsApart) {
  std::vector<std::pair<SaSpec, SaSpec>> tunnels;
  const auto add_tunnel = [&](auto change) {
    const auto number = static_cast<std::uint32_t>(tunnels.size());
    SaSpec in = in_sa(0x1000 + number);
    SaSpec out = out_sa(0x2000 + number);
    in.reqid = out.reqid = 0;
    change(in, out);
    tunnels.emplace_back(in, out);
  };
  add_tunnel([](SaSpec&, SaSpec&) {});
  add_tunnel([](SaSpec& in, SaSpec& out) { in.reqid = out.reqid = 5; });
  add_tunnel([](SaSpec& in, SaSpec& out) { in.mark = out.mark = Mark{.value = 3, .mask = 3}; });
  add_tunnel([](SaSpec& in, SaSpec& out) { in.if_id = out.if_id = 9; });
  add_tunnel([](SaSpec& in, SaSpec& out) { in.mode = out.mode = 0; });
  add_tunnel([](SaSpec& in, SaSpec& out) { in.esn = out.esn = true; });
  for (const std::uint16_t port : {31000, 31001}) {  // two peers behind one NAT
    add_tunnel([&](SaSpec& in, SaSpec& out) {
      in.encapsulation = {.type = 2, .source_port = port, .destination_port = 4500};
      out.encapsulation = {.type = 2, .source_port = 4500, .destination_port = port};
    });
  }
  add_tunnel([&](SaSpec& in, SaSpec& out) { in.source = out.destination = "203.0.113.8"; });
  for (const auto& tunnel : tunnels) add(tunnel.first);
  std::ranges::reverse(tunnels);  // so that order alone would pair others
  for (const auto& tunnel : tunnels) add(tunnel.second);
  pair();
  ASSERT_EQ(spis_.size(), tunnels.size());
  for (const auto& [in, out] : spis_) EXPECT_EQ(in + 0x1000, out);
}

TEST_F(PairingTest, MarksOfTheTwoDirectionsMayDiffer) {
  SaSpec in = in_sa(0x1001);
  in.mark = Mark{.value = 1, .mask = 0xff};
  SaSpec out = out_sa(0x2001);
  out.mark = Mark{.value = 2, .mask = 0xff};
  add(in);
  add(out);
  pair();
  EXPECT_THAT(spis_, ElementsAre(Pair(0x1001, 0x2001)));
}

TEST_F(PairingTest, WithoutReqidTheDetailsMustBeEqual) {
  SaSpec in = in_sa(0x1001);
  SaSpec out = out_sa(0x2001);
  in.reqid = out.reqid = 0;
  in.if_id = 1;
  add(in);
  add(out);
  pair();
  EXPECT_THAT(spis_, IsEmpty());
  EXPECT_THAT(reason(0x1001), HasSubstr("no outbound SA"));
  EXPECT_THAT(reason(0x2001), HasSubstr("no inbound SA"));
}

TEST_F(PairingTest, AYoungerPairSupersedesTheOlderOne) {
  add(in_sa(0x1001, 100));
  add(out_sa(0x2001, 100));
  add(in_sa(0x1002, 3700));
  pair();
  EXPECT_THAT(spis_, ElementsAre(Pair(0x1001, 0x2001)));
  EXPECT_FALSE(pairing_.pairs[0].superseded);
  add(out_sa(0x2002, 3701));
  pair();
  EXPECT_THAT(spis_, ElementsAre(Pair(0x1001, 0x2001), Pair(0x1002, 0x2002)));
  EXPECT_TRUE(pairing_.pairs[0].superseded);
  EXPECT_FALSE(pairing_.pairs[1].superseded);
}

/// Both sides have rekeyed at once: the peer keeps the younger pair or the older.
TEST_F(PairingTest, WhichOfSeveralGenerationsIsKeptIsOpenUntilOneIsLeft) {
  const auto open_since = [&](std::size_t pair) { return pairing_.pairs.at(pair).contested; };
  add(in_sa(0x1001, 100));
  add(out_sa(0x2001, 100));
  pair();
  EXPECT_EQ(open_since(0), std::nullopt);
  now_ += std::chrono::seconds(1);
  add(in_sa(0x1002, 101));
  pair();
  EXPECT_EQ(open_since(0), now_) << "half a pair";
  now_ += std::chrono::seconds(1);
  add(out_sa(0x2002, 102));
  pair();
  EXPECT_EQ(open_since(0), now_);
  EXPECT_EQ(open_since(1), now_);
  drop(out_sa(0x2001));
  pair();
  ASSERT_THAT(spis_, ElementsAre(Pair(0x1002, 0x2002)));
  EXPECT_EQ(open_since(0), std::nullopt) << "what is left of the older one stays for a while, and is none";
  now_ += std::chrono::seconds(1);
  add(out_sa(0x2003, 103));
  pair();
  EXPECT_EQ(open_since(0), now_) << "the other half";
}

TEST_F(PairingTest, HalfOfAnOlderPairMayBeTheOneThatIsKept) {
  add(in_sa(0x1001, 100));
  now_ += std::chrono::seconds(1);
  add(in_sa(0x1002, 101));
  add(out_sa(0x2002, 101));
  pair();
  ASSERT_THAT(spis_, ElementsAre(Pair(0x1002, 0x2002)));
  EXPECT_EQ(pairing_.pairs[0].contested, now_);
}

/// The responder of a rekeying, read by a service that starts in that moment.
TEST_F(PairingTest, ALateHalfFindsItsPartnerWhenThatComes) {
  add(out_sa(0x2001, 100));
  add(in_sa(0x1002, 3700));
  pair();
  add(out_sa(0x2002, 3701));
  pair();
  EXPECT_THAT(spis_, ElementsAre(Pair(0x1002, 0x2002)));
}

TEST_F(PairingTest, OverlappingRekeyingsFindTheirOwn) {
  add(in_sa(0x1001, 100));
  add(in_sa(0x1002, 100));
  add(out_sa(0x2002, 100));
  add(out_sa(0x2001, 100));
  pair();
  EXPECT_THAT(spis_, UnorderedElementsAre(Pair(0x1001, 0x2001), Pair(0x1002, 0x2002)));
}

TEST_F(PairingTest, WhoHasLostAPartnerGetsNoOther) {
  add(in_sa(0x1001, 100));
  add(out_sa(0x2001, 100));
  pair();
  drop(in_sa(0x1001));
  pair();
  EXPECT_THAT(spis_, IsEmpty());
  EXPECT_THAT(reason(0x2001), HasSubstr("partner has been deleted"));
  add(in_sa(0x1002, 100));
  pair();
  EXPECT_THAT(spis_, IsEmpty());
  add(out_sa(0x2002, 110));
  pair();
  EXPECT_THAT(spis_, ElementsAre(Pair(0x1002, 0x2002)));
}

TEST_F(PairingTest, WhatTheIkeDaemonSaysComesFirst) {
  add(in_sa(0x1001));
  add(out_sa(0x2001));
  add(in_sa(0x1002));
  add(out_sa(0x2002));
  known_ = {{.spi_in = 0x1001, .spi_out = 0x2002}, {.spi_in = 0x1002, .spi_out = 0x2001}, {.spi_in = 7, .spi_out = 8}};
  pair();
  EXPECT_THAT(spis_, UnorderedElementsAre(Pair(0x1001, 0x2002), Pair(0x1002, 0x2001)));
}

TEST_F(PairingTest, DifferentCiphersDoNotBelongTogether) {
  add(in_sa(0x1001));
  KernelSa other = gcm_sa(out_sa(0x2001));
  other.aead->key_bytes = 36;
  state_.apply(SaAdded{other}, Time());
  pair();
  EXPECT_THAT(spis_, IsEmpty());
}

TEST_F(PairingTest, SaysWhatCannotBeWatched) {
  SaSpec ah = in_sa(0x1001);
  ah.protocol = 51;
  SaSpec ipcomp = in_sa(0x1002);
  ipcomp.protocol = 108;
  SaSpec tcp = in_sa(0x1003);
  tcp.encapsulation = {.type = 7, .source_port = 4500, .destination_port = 4500};
  SaSpec wildcard = in_sa(0x1004);
  wildcard.source = "0.0.0.0";
  SaSpec reserved = in_sa(0xff);
  for (const SaSpec& spec : {ah, ipcomp, tcp, wildcard, reserved}) add(spec);
  pair();
  EXPECT_THAT(reason(0x1001), HasSubstr("AH"));
  EXPECT_THAT(reason(0x1002), HasSubstr("IPComp"));
  EXPECT_THAT(reason(0x1003), HasSubstr("encapsulation 7"));
  EXPECT_THAT(reason(0x1004), HasSubstr("address"));
  EXPECT_THAT(reason(0xff), HasSubstr("reserved"));
}

TEST(NearestPairs, JoinsTheNearestAndLeavesTheRest) {
  // in 0 | out 1 | in 100 | in 101 | out 102
  const auto pairs = nearest_pairs({{true, 0}, {false, 1}, {true, 100}, {true, 101}, {false, 102}});
  EXPECT_THAT(pairs, UnorderedElementsAre(Pair(0, 1), Pair(3, 4)));
  // out first, as a script may do it
  EXPECT_THAT(nearest_pairs({{false, 0}, {true, 1}, {false, 100}, {true, 101}}),
              UnorderedElementsAre(Pair(1, 0), Pair(3, 2)));
  // all in one second, one half missing: IKE installs the inbound one first
  EXPECT_THAT(nearest_pairs({{false, 0}, {true, 0}, {false, 0}}), UnorderedElementsAre(Pair(1, 2)));
  EXPECT_THAT(nearest_pairs({{true, 0}, {false, 0}, {true, 0}}), UnorderedElementsAre(Pair(0, 1)));
  EXPECT_THAT(nearest_pairs({{true, 0}, {true, 1}}), IsEmpty());
  EXPECT_THAT(nearest_pairs({}), IsEmpty());
}

}  // namespace
}  // namespace sapulse::kernel::test
