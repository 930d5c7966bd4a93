// SPDX-License-Identifier: Apache-2.0
// SAs of a real kernel: needs root, ESP and network namespaces of its own (run.sh).
#include "kernel_sas.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <set>
#include <string>

#include "event_loop.h"
#include "fake_target.h"
#include "next_hops.h"
#include "pairing.h"
#include "xfrm_source.h"

namespace sapulse::kernel::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Far longer than anything here takes, also where the machine is busy.
constexpr auto kPatience = seconds(60);

constexpr const char* kGcm = "aead 'rfc4106(gcm(aes))' 0x000102030405060708090a0b0c0d0e0f10111213 128";
constexpr const char* kCbc =
    "enc 'cbc(aes)' 0x101112131415161718191a1b1c1d1e1f auth-trunc 'hmac(sha256)' "
    "0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f 128";
constexpr const char* kChaCha =
    "aead 'rfc7539esp(chacha20,poly1305)' "
    "0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223 128";

void run(const std::string& command) {
  ASSERT_EQ(std::system(command.c_str()), 0) << command;  // NOLINT(concurrency-mt-unsafe): one thread
}

IpAddress ip(const std::string& text) { return *IpAddress::parse(text); }

/// Waits for input of a socket, as often as it takes until `done`.
void wait_until(int descriptor, const std::function<bool()>& done) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!done()) {
    ASSERT_LT(std::chrono::steady_clock::now(), end) << "it does not happen";
    pollfd waiting{.fd = descriptor, .events = POLLIN, .revents = 0};
    (void)::poll(&waiting, 1, 1000);
  }
}

/// A network namespace of its own: this gateway at 192.0.2.1, the other one at 192.0.2.2 in the namespace `far`.
class KernelSasTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(::unshare(CLONE_NEWNET), 0);
    run("ip link set lo up; ip netns add far");
    run("ip link add near type veth peer name far netns far");
    run("ip address add 192.0.2.1/24 dev near; ip -6 address add 2001:db8::1/64 dev near nodad; ip link set near up");
    run("ip -n far address add 192.0.2.2/24 dev far; ip -n far -6 address add 2001:db8::2/64 dev far nodad");
    run("ip -n far link set far address 02:00:00:00:00:02; ip -n far link set far up");
  }
  void TearDown() override { run("ip netns delete far"); }

  static void add(const std::string& source, const std::string& destination, std::uint32_t spi,
                  const std::string& what) {
    run(fmt::format("ip xfrm state add src {} dst {} proto esp spi {:#x} {}", source, destination, spi, what));
  }
  static void add_pair(std::uint32_t number, const std::string& what, const std::string& near = "192.0.2.1",
                       const std::string& far = "192.0.2.2") {
    const std::string options = fmt::format("reqid {} {}", number, what);
    add(far, near, 0x1000 + number, options);
    add(near, far, 0x2000 + number, options);
  }
  static Pairing pair(const XfrmSource& source) {
    return pair_sas(source.state(), {ip("192.0.2.1"), ip("2001:db8::1")}, {}, {});
  }
  static std::string reason(const Pairing& pairing, std::uint32_t spi) {
    for (const UnpairedSa& unpaired : pairing.unpaired) {
      if (unpaired.sa->id.spi == spi) return unpaired.reason;
    }
    return "";
  }
};

TEST_F(KernelSasTest, ReadsSasOfEveryKind) {
  add_pair(1, fmt::format("mode tunnel {}", kGcm));
  add_pair(2, fmt::format("mode transport {}", kCbc));
  add_pair(3, fmt::format("mode tunnel {}", kChaCha));
  add_pair(4, fmt::format("mode tunnel {}", kGcm), "2001:db8::1", "2001:db8::2");
  add_pair(5, fmt::format("mode tunnel flag esn replay-window 64 {}", kGcm));
  add_pair(6, fmt::format("mode tunnel mark 7 mask 0xff if_id 9 {}", kGcm));
  add("192.0.2.2", "192.0.2.1", 0x1007, fmt::format("reqid 7 mode tunnel {} encap espinudp 31000 4500 0.0.0.0", kGcm));
  add("192.0.2.1", "192.0.2.2", 0x2007, fmt::format("reqid 7 mode tunnel {} encap espinudp 4500 31000 0.0.0.0", kGcm));
  run("ip xfrm state add src 192.0.2.2 dst 192.0.2.1 proto ah spi 0x1008 mode tunnel auth 'hmac(sha256)' "
      "0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  run("ip xfrm state add src 192.0.2.2 dst 192.0.2.1 proto comp spi 0x1009 mode tunnel comp deflate");
  run("ip xfrm state allocspi src 192.0.2.2 dst 192.0.2.1 proto esp mode tunnel min 0x5000 max 0x5000");

  auto source = XfrmSource::open();
  ASSERT_TRUE(source.has_value()) << source.error().message;
  EXPECT_THAT(source->take_complaints(), IsEmpty());
  const Pairing pairing = pair(*source);
  ASSERT_EQ(pairing.pairs.size(), 7U);
  std::map<std::uint32_t, SaPair> pairs;
  for (const SaPair& found : pairing.pairs) {
    EXPECT_EQ(found.in->id.spi + 0x1000, found.out->id.spi);
    pairs.emplace(found.in->reqid, found);
  }
  EXPECT_EQ(pairs.at(1).in->aead->name, "rfc4106(gcm(aes))");
  EXPECT_EQ(pairs.at(1).in->aead->key.size(), 20U);
  EXPECT_EQ(pairs.at(1).in->aead->key.bytes()[19], 0x13);
  EXPECT_EQ(pairs.at(2).in->cipher->name, "cbc(aes)");
  EXPECT_EQ(pairs.at(2).in->mac->icv_bits, 128U);
  EXPECT_EQ(pairs.at(2).in->mode, 0);
  EXPECT_EQ(pairs.at(3).in->aead->name, "rfc7539esp(chacha20,poly1305)");
  EXPECT_EQ(pairs.at(4).peer(), ip("2001:db8::2"));
  EXPECT_TRUE(pairs.at(5).in->esn);
  EXPECT_FALSE(pairs.at(1).in->esn);
  EXPECT_EQ(pairs.at(6).in->id.mark, (Mark{.value = 7, .mask = 0xff}));
  EXPECT_EQ(pairs.at(6).in->if_id, 9U);
  EXPECT_EQ(pairs.at(7).in->encapsulation->source_port, 31000);
  EXPECT_EQ(pairs.at(7).out->encapsulation->destination_port, 31000);
  EXPECT_THAT(reason(pairing, 0x1008), HasSubstr("AH"));
  EXPECT_THAT(reason(pairing, 0x1009), HasSubstr("IPComp"));
  EXPECT_EQ(reason(pairing, 0x5000), "") << "a larval SA is none";
}

TEST_F(KernelSasTest, FollowsWhatChanges) {
  add_pair(1, fmt::format("mode tunnel {}", kGcm));
  auto source = XfrmSource::open();
  ASSERT_TRUE(source.has_value());
  const auto polled_to = [&](std::size_t sas, std::size_t policies) {
    EXPECT_TRUE(source->poll().has_value());
    return source->state().sas().size() == sas && source->state().policies().size() == policies;
  };
  add_pair(2, fmt::format("mode tunnel mark 7 mask 0xff {}", kCbc));
  run("ip xfrm policy add src 10.0.0.0/8 dst 10.1.0.0/16 dir out tmpl src 192.0.2.1 dst 192.0.2.2 proto esp reqid 1 "
      "mode tunnel");
  EXPECT_TRUE(polled_to(4, 1));
  EXPECT_EQ(source->state().policies().begin()->second.templates.at(0).reqid, 1U);
  run("ip xfrm state delete src 192.0.2.2 dst 192.0.2.1 proto esp spi 0x1002 mark 7 mask 0xff");
  EXPECT_TRUE(polled_to(3, 1));
  run("ip xfrm policy delete src 10.0.0.0/8 dst 10.1.0.0/16 dir out");
  EXPECT_TRUE(polled_to(3, 0));
  run("ip xfrm policy add src 10.0.0.0/8 dst 10.1.0.0/16 dir in");
  run("ip xfrm policy flush");
  EXPECT_TRUE(polled_to(3, 0));
  const auto version = source->state().version();
  add("192.0.2.2", "192.0.2.1", 0x1003, fmt::format("mode tunnel {} limit time-soft 1 limit time-hard 2", kGcm));
  // It comes and goes, and on a machine that stalls it has gone before we look.
  wait_until(source->descriptor(), [&] { return polled_to(3, 0) && source->state().version() >= version + 2; });
  EXPECT_EQ(source->state().sas().size(), 3U);
  run("ip xfrm state flush");
  EXPECT_TRUE(polled_to(0, 0));
  EXPECT_THAT(source->take_complaints(), IsEmpty());
}

TEST_F(KernelSasTest, ADumpTellsTheOrderOfOneSecond) {
  constexpr std::uint32_t kCount = 20;
  std::ofstream batch("/run/batch");
  for (std::uint32_t i = 0; i < kCount; ++i) {
    batch << fmt::format("xfrm state add src 192.0.2.2 dst 192.0.2.1 proto esp spi {:#x} mode tunnel {}\n", 0x9000 - i,
                         kGcm);
  }
  batch.close();
  run("ip -batch /run/batch");
  auto source = XfrmSource::open();
  ASSERT_TRUE(source.has_value());
  ASSERT_EQ(source->state().sas().size(), kCount);
  std::map<std::uint64_t, std::uint32_t> by_arrival;
  for (const auto& [id, sa] : source->state().sas()) by_arrival[sa->arrival] = id.spi;
  std::uint32_t spi = 0x9000;
  for (const auto& [arrival, found] : by_arrival) EXPECT_EQ(found, spi--);
}

TEST_F(KernelSasTest, AfterLostMessagesItReadsAnew) {
  auto source = XfrmSource::open();
  ASSERT_TRUE(source.has_value());
  constexpr std::uint32_t kCount = 200;
  const int least = 1;  // the kernel makes a few KiB of it
  ASSERT_EQ(::setsockopt(source->descriptor(), SOL_SOCKET, SO_RCVBUF, &least, sizeof least), 0);
  std::ofstream batch("/run/batch");
  for (std::uint32_t i = 0; i < kCount; ++i) {
    batch << fmt::format("xfrm state add src 192.0.2.2 dst 192.0.2.1 proto esp spi {:#x} mode tunnel {}\n", 0x10000 + i,
                         kGcm);
  }
  batch.close();
  run("ip -batch /run/batch");
  ASSERT_TRUE(source->poll().has_value());
  EXPECT_THAT(source->take_complaints(), ElementsAre(HasSubstr("lost")));
  EXPECT_EQ(source->state().sas().size(), kCount);
}

TEST_F(KernelSasTest, FindsAndFollowsNextHops) {
  run("ip link add link near name near.100 type vlan id 100; ip address add 198.51.100.1/24 dev near.100; ip link set "
      "near.100 up");
  run("ip route add 203.0.113.0/24 via 192.0.2.2; ip neighbour add 198.51.100.2 dev near.100 lladdr 02:00:00:00:00:09");
  auto hops = NextHops::open("");
  ASSERT_TRUE(hops.has_value()) << hops.error().message;
  EXPECT_TRUE(hops->local().contains(ip("192.0.2.1")));
  EXPECT_TRUE(hops->local().contains(ip("2001:db8::1")));

  EXPECT_THAT(hops->find(ip("192.0.2.1"), ip("203.0.113.7")).error().message, HasSubstr("192.0.2.2 is not known yet"));
  const auto resolved = [&](const char* local, const char* peer) {
    EXPECT_TRUE(hops->poll().has_value());
    return hops->find(ip(local), ip(peer)).has_value();
  };
  wait_until(hops->descriptor(), [&] { return resolved("192.0.2.1", "203.0.113.7"); });
  const NextHop via = *hops->find(ip("192.0.2.1"), ip("203.0.113.7"));
  EXPECT_EQ(via.peer_mac.to_string(), "02:00:00:00:00:02");
  EXPECT_THAT(via.tags, IsEmpty());
  wait_until(hops->descriptor(), [&] { return resolved("2001:db8::1", "2001:db8::2"); });

  const auto tagged = hops->find(ip("198.51.100.1"), ip("198.51.100.2"));
  ASSERT_TRUE(tagged.has_value()) << tagged.error().message;
  EXPECT_EQ(tagged->peer_mac.to_string(), "02:00:00:00:00:09");
  EXPECT_EQ(tagged->tags, (std::vector<VlanTag>{{.tpid = 0x8100, .tci = 100}}));
  auto at_vlan = NextHops::open("near.100");
  EXPECT_THAT(at_vlan->find(ip("198.51.100.1"), ip("198.51.100.2"))->tags, IsEmpty());

  run("ip neighbour replace 192.0.2.2 dev near lladdr 02:00:00:00:00:33");
  EXPECT_TRUE(*hops->poll());
  EXPECT_EQ(hops->find(ip("192.0.2.1"), ip("203.0.113.7"))->peer_mac.to_string(), "02:00:00:00:00:33");
  run("ip route replace unreachable 203.0.113.0/24");
  EXPECT_TRUE(*hops->poll());
  EXPECT_FALSE(hops->find(ip("192.0.2.1"), ip("203.0.113.7")).has_value());
  run("ip address add 192.0.2.77/24 dev near");
  EXPECT_TRUE(*hops->poll());
  EXPECT_TRUE(hops->local().contains(ip("192.0.2.77")));
  EXPECT_THAT(hops->find(ip("127.0.0.1"), ip("127.0.0.1")).error().message, HasSubstr("no other host"));
}

TEST_F(KernelSasTest, FollowsSasOfANamedNamespace) {
  run("ip netns add red; ip -n red link set lo up; ip link set near netns red");
  run("ip -n red address add 192.0.2.1/24 dev near; ip -n red link set near up");
  run(fmt::format(
      "ip netns exec red ip xfrm state add src 192.0.2.2 dst 192.0.2.1 proto esp spi 0x1001 reqid 1 mode tunnel {}",
      kGcm));
  KernelSaSettings settings;
  settings.namespaces = {"red"};
  settings.vici.clear();
  settings.settle = milliseconds(0);
  FakeTarget target;
  auto opened = KernelSas::open(target, settings);
  ASSERT_TRUE(opened.has_value()) << opened.error().message;
  KernelSas& sas = **opened;
  ASSERT_EQ(sas.unwatched().size(), 1U);
  EXPECT_EQ(sas.unwatched()[0].network_namespace, "red");
  run(fmt::format(
      "ip netns exec red ip xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x2001 reqid 1 mode tunnel {}",
      kGcm));
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (sas.size() != 1 || !target.sas.at(0x1001).watched) {
    sleep_until_due(sas, end);
    ASSERT_TRUE(sas.poll().has_value());
    ASSERT_LT(std::chrono::steady_clock::now(), end);
  }
  EXPECT_EQ(target.sas.at(0x1001).parameters.path->peer_mac.to_string(), "02:00:00:00:00:02");
  run("ip netns exec red ip xfrm state flush");
  while (sas.size() != 0) {
    sleep_until_due(sas, end);
    ASSERT_TRUE(sas.poll().has_value());
    ASSERT_LT(std::chrono::steady_clock::now(), end);
  }
  EXPECT_THAT(target.sas, IsEmpty());
  run("ip netns delete red");
  settings.namespaces = {"none"};
  EXPECT_EQ(KernelSas::open(target, settings).error().code, Errc::not_found);
}

}  // namespace
}  // namespace sapulse::kernel::test
