// SPDX-License-Identifier: Apache-2.0
// Many tunnels rekey in random order, as an IKE daemon does it on both sides of an exchange; what must always hold of
// what is watched.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <vector>

#include "fake_target.h"
#include "follower.h"
#include "kernel_messages.h"

namespace sapulse::kernel::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kTunnels = 5;
constexpr int kSteps = 400;

/// One tunnel as the IKE daemon of one side sees it.
struct Tunnel {
  struct Generation {
    std::uint32_t number = 0;
    bool ours = false;  // our daemon has asked for it, and installs both halves at once
    bool kept = true;   // by both sides, as long as they do not rekey again
    bool in = false;
    bool out = false;
    bool complete = false;  // once both were there
  };
  std::uint32_t reqid = 0;
  std::vector<Generation> generations{};  // oldest first
  Follower::Time last_installed{};
};

class Rekeying {
 public:
  explicit Rekeying(std::uint32_t seed) : random_(seed) {
    for (std::uint32_t i = 0; i < kTunnels; ++i) tunnels_.push_back({.reqid = i + 1});
  }

  void run() {
    for (int i = 0; i < kSteps && !testing::Test::HasFailure(); ++i) {
      now_ += milliseconds(random_() % 700);
      step(tunnels_[random_() % tunnels_.size()]);
      update();
      check_always();
    }
    settle();
    check_settled();
  }

 private:
  /// The spi tells tunnel and generation, so that the right partner is known.
  static std::uint32_t spi(const Tunnel& tunnel, std::uint32_t number, bool inbound) {
    return (inbound ? 0x10000U : 0x20000U) + tunnel.reqid * 0x1000 + number;
  }
  SaSpec spec(const Tunnel& tunnel, const Tunnel::Generation& generation, bool inbound) const {
    SaSpec sa{.source = "203.0.113.7",
              .destination = "198.51.100.1",
              .spi = spi(tunnel, generation.number, inbound),
              .reqid = tunnel.reqid};
    if (!inbound) std::swap(sa.source, sa.destination);
    return sa;
  }
  [[nodiscard]] std::uint64_t unix_time() const {
    return static_cast<std::uint64_t>(std::chrono::duration_cast<seconds>(now_.time_since_epoch()).count());
  }

  void install(Tunnel& tunnel, Tunnel::Generation& generation, bool inbound) {
    (inbound ? generation.in : generation.out) = true;
    SaSpec sa = spec(tunnel, generation, inbound);
    sa.added = unix_time();
    tunnel.last_installed = now_;
    generation.complete = generation.in && generation.out;
    state_.apply(SaAdded{gcm_sa(sa)}, now_);
  }
  void erase(Tunnel& tunnel, Tunnel::Generation& generation, bool inbound) {
    (inbound ? generation.in : generation.out) = false;
    state_.apply(SaDeleted{gcm_sa(spec(tunnel, generation, inbound)).id}, now_);
  }

  /// One side rekeys, or both at once: then one of the new pairs, whichever it is, is deleted again.
  void begin(Tunnel& tunnel) {
    auto& generations = tunnel.generations;
    const bool both_sides = !generations.empty() && random_() % 3 == 0;
    for (Tunnel::Generation& old : generations) old.kept = false;
    generations.push_back({.number = ++numbers_, .ours = random_() % 2 == 0});
    if (!both_sides) return;
    generations.push_back({.number = ++numbers_, .ours = !generations.back().ours});
    generations[generations.size() - 1 - random_() % 2].kept = false;
  }

  void install_half(Tunnel& tunnel, Tunnel::Generation& generation) {
    install(tunnel, generation, !generation.in);
    if (generation.ours) install(tunnel, generation, false);
  }

  /// strongSwan keeps the inbound one a little longer.
  void erase_half(Tunnel& tunnel, Tunnel::Generation& generation) {
    const bool inbound = !generation.out;
    erase(tunnel, generation, inbound);
    if (inbound)
      std::erase_if(tunnel.generations, [&](const auto& other) { return other.number == generation.number; });
  }

  /// The next thing that the daemon does with a tunnel.
  void step(Tunnel& tunnel) {
    auto& generations = tunnel.generations;
    if (is_settled(tunnel)) begin(tunnel);
    std::vector<std::function<void()>> possible;
    const bool has_new =
        std::ranges::any_of(generations, [](const auto& generation) { return generation.kept && generation.complete; });
    for (Tunnel::Generation& generation : generations) {
      if (!generation.complete) possible.emplace_back([&] { install_half(tunnel, generation); });
      if (has_new && generation.complete && !generation.kept) {
        possible.emplace_back([&] { erase_half(tunnel, generation); });
      }
    }
    possible[random_() % possible.size()]();
  }
  static bool is_settled(const Tunnel& tunnel) {
    return std::ranges::all_of(tunnel.generations,
                               [](const auto& generation) { return generation.kept && generation.complete; });
  }

  void update() {
    pairing_ = pair_sas(state_, {ip("198.51.100.1")}, {}, pairing_.partners);
    const NamespacePairs pairs{
        .name = "", .pairing = &pairing_, .next_hop = [](const IpAddress&, const IpAddress&) -> Result<NextHop> {
          return NextHop{.own_mac = MacAddress({2, 0, 0, 0, 0, 1}), .peer_mac = MacAddress({2, 0, 0, 0, 0, 2})};
        }};
    ASSERT_TRUE(follower_.update([&] { return KernelPairs{{pairs}, {}}; }, now_).has_value());
  }

  void check_always() {
    for (const SaPair& pair : pairing_.pairs) {
      EXPECT_EQ(pair.in->id.spi + 0x10000, pair.out->id.spi) << "SAs of different generations";
    }
    for (const Tunnel& tunnel : tunnels_) {
      std::size_t watched = 0;
      for (const Tunnel::Generation& generation : tunnel.generations) {
        const auto sa = target_.sas.find(spi(tunnel, generation.number, true));
        const bool installed = sa != target_.sas.end();
        EXPECT_EQ(installed, generation.in && generation.out) << "what is complete is answered";
        if (!installed || !sa->second.watched) continue;
        ++watched;
        const bool stuck = now_ >= tunnel.last_installed + Follower::kRekeyingPatience;
        EXPECT_TRUE(generation.kept || stuck) << "the peer may have deleted it";
      }
      EXPECT_LE(watched, 1U);
    }
    std::size_t halves = 0;
    for (const Tunnel& tunnel : tunnels_) {
      halves += static_cast<std::size_t>(std::ranges::count_if(
          tunnel.generations, [](const auto& generation) { return generation.in && generation.out; }));
    }
    EXPECT_EQ(target_.sas.size(), halves) << "what has been deleted is gone";
  }

  void settle() {
    for (Tunnel& tunnel : tunnels_) {
      while (tunnel.generations.empty() || !is_settled(tunnel)) step(tunnel);
    }
    update();
    now_ += seconds(2);
    update();
  }

  void check_settled() {
    EXPECT_EQ(target_.sas.size(), tunnels_.size());
    for (const auto& [number, sa] : target_.sas) EXPECT_TRUE(sa.watched.has_value()) << fmt::format("{:#x}", number);
    EXPECT_TRUE(follower_.unwatched().empty());
  }

  std::mt19937 random_;
  std::vector<Tunnel> tunnels_;
  std::uint32_t numbers_ = 0;
  KernelState state_;
  Pairing pairing_;
  FakeTarget target_;
  Follower follower_{target_, KernelSaSettings()};
  Follower::Time now_{seconds(1'000'000)};
};

TEST(Rekeying, InAnyOrderOnlyThePairThatThePeerKeepsIsProbed) {
  const std::uint32_t seed = std::random_device{}();
  fmt::print("seed {}\n", seed);
  for (std::uint32_t i = 0; i < 20 && !testing::Test::HasFailure(); ++i) {
    SCOPED_TRACE(fmt::format("seed {}, run {}", seed, i));
    Rekeying(seed + i).run();
  }
}

}  // namespace
}  // namespace sapulse::kernel::test
