// SPDX-License-Identifier: Apache-2.0
// Probing goes on while a disk is slow and while many SAs are changed.
#include <gmock/gmock.h>

#include <atomic>
#include <semaphore>

#include "endpoint_access.h"
#include "moved_peer.h"
#include "sa_store.h"
#include "sapulse_wire.h"
#include "store_fixture.h"

namespace sapulse::test {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

constexpr std::uint32_t kWatched = 300;
constexpr auto kInterval = 10us;  ///< of probes

/// A disk that holds whoever syncs, until it is let go.
class HeldDisk final : public FileCalls {
 public:
  int sync(int file) override {
    if (holds.exchange(false)) was_let_go = let_go_.try_acquire_for(kPatience);
    return FileCalls::sync(file);
  }
  void let_go() { let_go_.release(); }

  std::atomic<bool> holds = false;
  std::atomic<bool> was_let_go = false;

 private:
  static constexpr auto kPatience = 60s;  ///< only where nobody does

  std::binary_semaphore let_go_{0};
};

SaParameters watched_by_host() {
  SaParameters sa = make_peer(kWatched);
  sa.liveness = LivenessSettings{.mode = ProbeMode::host, .interval = kInterval, .multiplier = 3, .jitter_percent = 0};
  return sa;
}

class HeldUp : public testing::Test {
 protected:
  void TearDown() override {
    endpoint_.reset();
    EXPECT_THAT(device_.violations, IsEmpty());
  }
  void open(std::unique_ptr<SaStore> store) {
    Config config;
    config.card.local = {IpAddress::v4(0xc0000201)};
    config.sas = {make_peer(256), watched_by_host()};
    auto opened = EndpointAccess::open(device_, config, {}, std::move(store));
    ASSERT_TRUE(opened) << opened.error().message;
    endpoint_ = std::move(*opened);
    endpoint_->monitor().set_handler([this](const LivenessChange& change) { changes_.push_back(to_line(change)); });
    device_.requester.answer = [this](const FakePing& ping) {
      if (on_ping_) on_ping_();
      return FakeReply{.n = 100 + ping.n, .telemetry = {}};
    };
    for (unsigned i = 0; i < 100 && changes_.empty(); ++i) {
      ASSERT_TRUE(endpoint_->wait(1us));
      ASSERT_TRUE(endpoint_->poll());
    }
    ASSERT_EQ(endpoint_->monitor().find(kWatched)->state, Liveness::up);
    changes_.clear();
  }
  /// The longest time between two probes that have been sent since, ns of the card's clock.
  [[nodiscard]] std::uint64_t longest_pause(std::size_t since) const {
    std::uint64_t longest = 0;
    const auto& pings = device_.requester.pings;
    for (std::size_t i = since; i < pings.size(); ++i) {
      longest = std::max(longest, pings[i].t_origin - pings[i - 1].t_origin);
    }
    return longest;
  }

  const Folder folder_;
  HeldDisk disk_;
  FakeDevice device_{4096, 0, FakeDevice::kAll};
  std::function<void()> on_ping_;
  std::vector<std::string> changes_;
  std::unique_ptr<Endpoint> endpoint_;
};

class HeldUpByADisk : public HeldUp {
 protected:
  static constexpr unsigned kProbes = 20;  ///< more than the multiplier

  void SetUp() override {
    auto store = SaStoreAccess::open(folder_.state(), disk_, SequenceSource::system_clocks());
    ASSERT_TRUE(store) << store.error().message;
    open(std::move(*store));
  }
  /// Does something whose sync is held until so many probes have been sent.
  void hold(const char* what, const std::function<Result<void>()>& work) {
    SCOPED_TRACE(what);
    unsigned probes = 0;
    on_ping_ = [&] {
      if (++probes == kProbes) disk_.let_go();
    };
    disk_.holds = true;
    const auto done = work();
    on_ping_ = {};
    EXPECT_TRUE(done) << done.error().message;
    EXPECT_FALSE(disk_.holds) << "nothing has been synced";
    EXPECT_TRUE(disk_.was_let_go) << probes << " probes";
    EXPECT_THAT(changes_, IsEmpty());
  }
};

TEST_F(HeldUpByADisk, ProbesGoOn) {
  SaManager& sas = endpoint_->sas();
  hold("add", [&] { return sas.add(make_peer(1000)).map([](std::uint32_t) {}); });
  hold("put", [&] { return sas.put(std::vector{make_peer(1000, 1), make_peer(1001)}); });
  hold("replace", [&] { return sas.replace(1000, make_peer(1002)).map([](std::uint32_t) {}); });
  hold("rename", [&] { return sas.rename(256, "other"); });
  hold("path", [&] { return sas.set_path(256, make_path()); });
  hold("admin", [&] { return endpoint_->monitor().set_admin_down(256, true); });
  hold("watch", [&] { return endpoint_->monitor().watch(1001, {}); });
  hold("unwatch", [&] { return endpoint_->monitor().unwatch(1001); });
  hold("remove", [&] { return sas.remove(256); });
  hold("checkpoint", [&] { return endpoint_->checkpoint(); });
}

TEST_F(HeldUpByADisk, APeerThatMovesMeanwhileIsFollowedAfterwards) {
  const SaInfo sa = *endpoint_->sas().find(kWatched);
  Place elsewhere{.peer = sa.peer, .path = *sa.path};
  elsewhere.path.encapsulation = Encapsulation::udp;
  elsewhere.path.peer_port = 1025;
  elsewhere.path.tags = {{.tpid = 0x8100, .tci = 7}};
  hold("add", [&] {
    const auto entry = moved_peer_entry(sa, elsewhere, wire::type_echo_reply, device_.now());
    EXPECT_TRUE(device_.deliver(entry));
    return endpoint_->sas().add(make_peer(1000)).map([](std::uint32_t) {});
  });
  EXPECT_EQ(endpoint_->follower().counts().moves, 0U);
  EXPECT_EQ(endpoint_->prepare_sleep().value(), 0ns) << "there is something to do";
  ASSERT_TRUE(endpoint_->poll());
  EXPECT_EQ(endpoint_->sas().find(kWatched)->path, elsewhere.path);
}

TEST_F(HeldUpByADisk, NobodyChangesSasMeanwhile) {
  std::optional<Errc> refused;
  endpoint_->set_exception_observer([&](const Exception&, ErrorVerdict) {
    const auto renamed = endpoint_->sas().rename(256, "other");
    if (!renamed) refused = renamed.error().code;
  });
  hold("add", [&] {
    const std::array<std::byte, regs::kExceptionBytes> some{};
    EXPECT_TRUE(device_.deliver(some));
    return endpoint_->sas().add(make_peer(1000)).map([](std::uint32_t) {});
  });
  EXPECT_EQ(refused, Errc::invalid_argument);
  EXPECT_EQ(endpoint_->sas().find(256)->name, "sa256");
  EXPECT_TRUE(endpoint_->sas().rename(256, "other")) << "afterwards they may";
}

TEST_F(HeldUpByADisk, OtherWorkGoesOnBesideProbing) {
  std::binary_semaphore enough{0};
  unsigned probes = 0;
  on_ping_ = [&] {
    if (++probes == kProbes) enough.release();
  };
  bool was_enough = false;
  endpoint_->run_beside([&] { was_enough = enough.try_acquire_for(60s); });
  on_ping_ = {};
  EXPECT_TRUE(was_enough);
}

/// Each part of the work on many SAs is short against the intervals of liveness.
TEST_F(HeldUp, ManySasAreChangedInSlices) {
  constexpr unsigned kMany = 1000;
  constexpr std::uint64_t kLongestPause = 60'000;  // ns: executing a batch of commands on this card, and the interval
  open(nullptr);
  SaManager& sas = endpoint_->sas();
  std::vector<SaParameters> many;
  std::vector<std::uint32_t> spis;
  for (unsigned i = 0; i < kMany; ++i) {
    many.push_back(make_peer(1000 + i));
    spis.push_back(1000 + i);
  }
  const auto change = [&](const char* what, const std::function<Result<void>()>& work) {
    const std::size_t before = device_.requester.pings.size();
    const std::uint64_t begun = device_.now();
    const auto done = work();
    ASSERT_TRUE(done) << what << ": " << done.error().message;
    EXPECT_LE(longest_pause(before), kLongestPause) << what;
    EXPECT_GT((device_.requester.pings.size() - before) * kLongestPause, device_.now() - begun) << what;
    EXPECT_THAT(changes_, IsEmpty()) << what;
  };
  change("add", [&] { return sas.add(many); });
  many.push_back(watched_by_host());  // also the one that is being probed
  change("put", [&] { return sas.put(many); });
  EXPECT_EQ(sas.size(), kMany + 2U);
  change("remove", [&] { return sas.remove(spis); });
  EXPECT_EQ(sas.size(), 2U);
}

}  // namespace
}  // namespace sapulse::test
