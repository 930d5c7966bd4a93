// SPDX-License-Identifier: Apache-2.0
// SAs are added, replaced and deleted while pings run: one that stays is never missed, one that is gone never answers.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <stdexcept>

#include "bench.h"
#include "support/convert.h"
#include "traffic/generator.h"
#include "traffic/reference.h"

namespace sapulse::test {
namespace {

using namespace sapulse::traffic;

constexpr std::uint64_t kForEver = ~0ULL;

/// One life of a changing SA, in cycles of the card.
struct Life {
  Association sa;
  std::unique_ptr<traffic::Config> config;  ///< of the generator
  std::unique_ptr<Generator> generator;
  std::uint64_t installed = kForEver;  ///< the addition had returned
  std::uint64_t doomed = kForEver;     ///< the removal began
  std::uint64_t gone = kForEver;       ///< the removal had returned
};

struct Ping {
  std::size_t index;  ///< in line_in
  std::size_t life;
  bool answered = false;
};

class Churn : public testing::Test {
 protected:
  static constexpr std::size_t kStable = 24;
  static constexpr std::size_t kChanging = 24;

  Churn()
      : seed_(test_seed(4711)),
        random_(seed_),
        all_(sample_config(seed_, kStable + kChanging)),
        stable_(with_sas(all_, 0, kStable)),
        stable_traffic_(stable_, seed_ + 1, {.max_data = 80, .bad_percent = 0, .customer_percent = 0}),
        bench_(stable_, {.seed = seed_, .gap = 6}) {}

  static traffic::Config with_sas(const traffic::Config& all, std::size_t from, std::size_t count) {
    traffic::Config config = all;
    config.sas.assign(all.sas.begin() + static_cast<std::ptrdiff_t>(from),
                      all.sas.begin() + static_cast<std::ptrdiff_t>(from + count));
    return config;
  }

  SaManager& sas() { return bench_.endpoint().sas(); }

  template <class T>
  static void must(const Result<T>& result) {
    if (!result) throw std::runtime_error(result.error().message);
  }

  /// A fresh life of the changing SA at a place: new keys and outbound SPI, the inbound SPI kept.
  std::size_t new_life(std::size_t place) {
    Life life;
    life.sa = all_.sas[kStable + place];
    life.sa.in.key = random_.bytes(life.sa.in.key.size());
    life.sa.out.key = random_.bytes(life.sa.out.key.size());
    life.sa.out.spi = static_cast<std::uint32_t>(0x7000'0000U + lives_.size());
    life.config = std::make_unique<traffic::Config>(all_);
    life.config->sas = {life.sa};
    life.generator = std::make_unique<Generator>(*life.config, seed_ + 100 + lives_.size(),
                                                 Mixture{.wrappings = false, .replays = false});
    lives_.push_back(std::move(life));
    return lives_.size() - 1;
  }

  /// Keeps the line busy: pings on stable SAs and on lives, installed or not.
  void feed() {
    while (bench_.card().pending(sim::Port::line) < 120) {
      if (random_.one_in(2)) {
        stable_lines_.push_back(bench_.so_far().line_in.size());
        bench_.line(stable_traffic_.ping(random_.below(kStable), random_.one_in(2), kTelemetryBytes));
        continue;
      }
      const std::size_t at = recent_life();
      pings_.push_back({.index = bench_.so_far().line_in.size(), .life = at});
      bench_.line(lives_[at].generator->ping(0, false, 20));
    }
  }

  std::size_t recent_life() {
    const std::size_t among = std::min<std::size_t>(lives_.size(), kChanging + 8);
    return lives_.size() - 1 - random_.below(among);
  }

  void install(std::size_t at) {
    must(sas().add(parameters(lives_[at].sa)));
    lives_[at].installed = bench_.card().cycle();
  }

  void remove(std::size_t at) {
    lives_[at].doomed = bench_.card().cycle();
    must(sas().remove(lives_[at].sa.in.spi));
    lives_[at].gone = bench_.card().cycle();
  }

  void replace(std::size_t old, std::size_t fresh) {
    lives_[old].doomed = bench_.card().cycle();
    must(sas().replace(lives_[old].sa.in.spi, parameters(lives_[fresh].sa)));
    lives_[old].gone = lives_[fresh].installed = bench_.card().cycle();
  }

  /// One random change at a random place.
  void change() {
    const std::size_t place = random_.below(kChanging);
    std::optional<std::size_t>& now = places_[place];
    if (!now) {
      now = new_life(place);
      install(*now);
    } else if (random_.one_in(2)) {
      remove(*now);
      now.reset();
    } else {
      const std::size_t fresh = new_life(place);
      replace(*now, fresh);
      now = fresh;
    }
  }

  void run(int changes) {
    for (std::size_t place = 0; place < kChanging; ++place) install(*(places_[place] = new_life(place)));
    for (int i = 0; i < changes; ++i) {
      feed();
      change();
      bench_.step(random_.below(400));
    }
    bench_.settle();
  }

  std::uint64_t seed_;
  Random random_;
  traffic::Config all_;
  traffic::Config stable_;
  Generator stable_traffic_;
  Bench bench_;
  std::vector<Life> lives_;
  std::map<std::size_t, std::optional<std::size_t>> places_;
  std::vector<Ping> pings_;
  std::vector<std::size_t> stable_lines_;
};

/// Subject SPI of a control message of a type, or 0.
std::uint32_t subject_of(const Bytes& frame, unsigned type) {
  const Dissected at = dissect(frame);
  if (at.kind != Dissected::Kind::spi || at.wrap.spi != 253 || frame[at.payload + 1] != type) return 0;
  return get32(frame, at.payload + 8);
}

TEST_F(Churn, InstalledSasAreNeverMissedAndDeletedOnesNeverAnswer) {
  run(90);
  const traffic::Run all = bench_.result();

  // What concerns the stable SAs is as if nothing had changed.
  traffic::Run stable;
  for (std::size_t index : stable_lines_) stable.line_in.push_back(all.line_in[index]);
  std::map<std::uint32_t, std::size_t> life_of;
  for (std::size_t i = 0; i < lives_.size(); ++i) life_of[lives_[i].sa.out.spi] = i;
  std::map<std::uint64_t, std::size_t> answers;  // life and transaction to line_out
  for (std::size_t i = 0; i < all.line_out.size(); ++i) {
    const Bytes& frame = all.line_out[i];
    const std::uint32_t subject = subject_of(frame, type_echo_reply);
    if (const auto life = life_of.find(subject); life != life_of.end()) {
      const Dissected at = dissect(frame);
      const std::uint64_t key = static_cast<std::uint64_t>(life->second) << 32 | get32(frame, at.payload + 12);
      EXPECT_TRUE(answers.emplace(key, i).second) << "line-out frame " << i + 1 << " is a second answer";
      EXPECT_LT(bench_.line_output()[i].first_cycle, lives_[life->second].gone)
          << "line-out frame " << i + 1 << " answers under " << lives_[life->second].sa.name << " after its removal";
    } else if (subject_of(frame, type_error_clear) == 0) {
      stable.line_out.push_back(frame);
    }
  }
  expect_right(stable_, stable, {.errors_may_be_missing = true, .counters = false});

  // Pings of a life are answered, exactly and once, as long as it lasts.
  std::map<std::size_t, Reference> references;
  std::size_t certain = 0;
  for (const Ping& ping : pings_) {
    const Life& life = lives_[ping.life];
    Reference& reference = references.try_emplace(ping.life, *life.config).first->second;
    const Bytes& frame = all.line_in[ping.index];
    const Verdict verdict = reference.judge(frame);
    ASSERT_EQ(verdict.outcome, Outcome::answered);
    const std::uint32_t transaction = get32(frame, dissect(frame).payload + 12);
    const auto answer = answers.find(static_cast<std::uint64_t>(ping.life) << 32 | transaction);
    const std::uint64_t in = bench_.line_input()[ping.index].first_cycle;
    const bool must_answer = in > life.installed && bench_.line_input()[ping.index].last_cycle + 1000 < life.doomed;
    certain += must_answer ? 1 : 0;
    if (answer == answers.end()) {
      EXPECT_FALSE(must_answer) << "line frame " << ping.index + 1 << " under " << life.sa.name << " was not answered";
      continue;
    }
    EXPECT_EQ(to_hex(all.line_out[answer->second]), to_hex(verdict.answer->frame()));
    answers.erase(answer);
    reference.commit(verdict);
  }
  EXPECT_TRUE(answers.empty()) << answers.size() << " answers to nothing";
  fmt::print("{} lives of {} changing SAs; {} pings to stable SAs, {} to changing ones, {} of them must be answered\n",
             lives_.size(), kChanging, stable_lines_.size(), pings_.size(), certain);
  EXPECT_GT(certain, 200U);
  EXPECT_EQ(all.counters.at("DROP_OVERFLOW"), 0U);
}

}  // namespace
}  // namespace sapulse::test
