// SPDX-License-Identifier: Apache-2.0
// The buckets of source_limiter against the algorithm as contract/description/registers.yaml tells it, question by
// question.
#include <Vsource_limiter_bench.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <deque>
#include <optional>
#include <vector>

#include "ascon_reference.h"
#include "clocked.h"
#include "random_source.h"
#include "sapulse/registers.h"

namespace sapulse::test {
namespace {

constexpr unsigned kAskLatency = 6;  // sa_pkg::LOOKUP_LATENCY + 1
constexpr unsigned kConfigureCycles = 20;

/// Most significant word first.
using Address = std::array<std::uint32_t, 4>;

struct Settings {
  std::uint64_t key;
  std::uint32_t interval, burst;
};

std::uint64_t half(const Address& address, std::size_t first) {
  return std::uint64_t{address.at(first)} << 32 | address.at(first + 1);
}

unsigned bucket_of(std::uint64_t key, const Address& address) {
  return source_bucket(key, half(address, 0), half(address, 2));
}

struct Bucket {
  std::uint32_t stamp = 0, tokens = 255;

  bool take(const Settings& s, std::uint32_t now) {
    const std::uint32_t age = now - stamp;
    tokens = std::min(tokens, s.burst);
    if (age > std::uint64_t{s.burst} * s.interval) {
      tokens = s.burst;
    } else if (age >= s.interval) {
      tokens = std::min(tokens + 1, s.burst);
      stamp += s.interval;
    }
    if (tokens == s.burst) stamp = now;
    if (tokens == 0) return false;
    --tokens;
    return true;
  }
};

class SourceLimiter : public ::testing::Test {
 protected:
  SourceLimiter() { wait_until_ready(); }

  void wait_until_ready() {
    int cycles = 0;
    for (; !limiter_->ready; ++cycles) tick();
    EXPECT_EQ(cycles, regs::kSourceBuckets);
  }

  void configure(const Settings& settings) {
    drain();
    settings_ = settings;
    limiter_->key = settings.key;
    limiter_->interval = settings.interval;
    limiter_->burst = settings.burst;
    idle(kConfigureCycles);
  }

  /// Nothing is under way any more.
  void drain() { idle(kAskLatency + 1); }

  void idle(unsigned cycles) {
    for (; cycles > 0; --cycles) step(std::nullopt, 1);
  }

  Address random_address() {
    Address address;
    for (auto& word : address) word = static_cast<std::uint32_t>(random_.word());
    return address;
  }

  /// An address with the bucket of another one.
  Address neighbour_of(const Address& address) {
    Address other = random_address();
    while (bucket_of(settings_.key, other) != bucket_of(settings_.key, address)) ++other.at(3);
    return other;
  }

  /// Uses up the bucket of an address; the questions of another one that pass then.
  int left_for(const Address& victim, const Address& flood) {
    for (unsigned i = 0; i < 2 * settings_.burst; ++i) step(Record{flood, true}, 0);
    drain();
    passed_ = 0;
    step(Record{victim, true}, 0);
    drain();
    return passed_;
  }

  struct Record {
    Address source;
    bool asks;
  };

  /// One cycle, with the next record, if there is one; checks the answer to the one of ask_latency cycles before.
  void step(std::optional<Record> record, std::uint32_t elapsed) {
    limiter_->now += elapsed;
    limiter_->source_valid = record.has_value();
    if (record) {
      for (unsigned i = 0; i < 4; ++i) limiter_->source[i] = record->source.at(3 - i);
    }
    under_way_.push_back(record);
    std::optional<Record> asking;
    if (under_way_.size() > kAskLatency) {
      asking = under_way_.front();
      under_way_.pop_front();
    }
    limiter_->ask = asking && asking->asks;
    limiter_.settle();
    if (limiter_->ask) check(asking->source);
    tick();
  }

  void check(const Address& source) {
    ASSERT_EQ(limiter_->asking, bucket_of(settings_.key, source));
    const bool expected =
        settings_.interval == 0 || buckets_.at(bucket_of(settings_.key, source)).take(settings_, limiter_->now);
    ASSERT_EQ(limiter_->pass != 0, expected) << "question " << questions_ << " interval " << settings_.interval;
    ++questions_;
    passed_ += expected;
  }

  void tick() { limiter_.tick(); }

  RandomSource random_;
  Clocked<Vsource_limiter_bench> limiter_;
  Settings settings_{};
  std::array<Bucket, regs::kSourceBuckets> buckets_{};
  std::deque<std::optional<Record>> under_way_;
  int questions_ = 0, passed_ = 0;
};

TEST_F(SourceLimiter, FollowsTheAlgorithmUnderRandomLoad) {
  for (int round = 0; round < 60; ++round) {
    const std::uint32_t interval = static_cast<std::uint32_t>(1 + random_.below(round % 3 == 0 ? 6 : 400));
    configure({random_.word(), interval, static_cast<std::uint32_t>(random_.below(round % 2 == 0 ? 4 : 256))});
    std::vector<Address> sources{random_address()};
    sources.push_back(neighbour_of(sources[0]));
    while (sources.size() < 6) sources.push_back(random_address());
    const unsigned busy = random_.chance(50) ? 100 : 40;
    for (int cycle = 0; cycle < 1500; ++cycle) {
      std::optional<Record> record;
      if (random_.chance(busy)) record = Record{sources[random_.below(sources.size())], random_.chance(80)};
      const bool pause = random_.chance(1);
      step(record, static_cast<std::uint32_t>(pause ? random_.word() : random_.below(6)));
      if (HasFatalFailure()) return;
    }
  }
  EXPECT_GT(passed_, 1000);
  EXPECT_GT(questions_ - passed_, 1000);
}

TEST_F(SourceLimiter, OneFloodingSourceLeavesTheOthersTheirTokens) {
  configure({random_.word(), 10'000'000, 10});
  const Address flood = random_address();
  for (int cycle = 0; cycle < 2000; ++cycle) step(Record{flood, true}, 3);
  EXPECT_EQ(passed_, 10);
  Address honest = random_address();
  while (bucket_of(settings_.key, honest) == bucket_of(settings_.key, flood)) honest = random_address();
  for (int cycle = 0; cycle < 5; ++cycle) step(Record{honest, true}, 3);
  drain();
  EXPECT_EQ(passed_, 15);
}

/// Who knows which addresses share a bucket under one key knows nothing about another key, and nothing about others
/// that differ in the same bits: neither of a linear hash, whatever its key is.
TEST_F(SourceLimiter, AttackWithAddressesThatSharedABucketOnceLeavesTheVictim) {
  constexpr int kTries = 200;
  constexpr int kChance = 5;  // tries that may meet by chance: one in 1,024 does
  int under_another_key = 0;
  int in_the_same_bits = 0;
  for (int i = 0; i < kTries; ++i) {
    configure({random_.word(), 1'000'000'000, 2});
    const Address victim = random_address();
    const Address flood = neighbour_of(victim);
    ASSERT_EQ(left_for(victim, flood), 0) << "they do share one";
    const Address other = random_address();
    Address moved = other;
    for (unsigned word = 0; word < moved.size(); ++word) moved.at(word) ^= victim.at(word) ^ flood.at(word);
    in_the_same_bits += bucket_of(settings_.key, other) == bucket_of(settings_.key, moved);
    settings_.key = random_.word();
    under_another_key += bucket_of(settings_.key, victim) == bucket_of(settings_.key, flood);
  }
  EXPECT_LE(under_another_key, kChance);
  EXPECT_LE(in_the_same_bits, kChance);
}

TEST_F(SourceLimiter, WithoutIntervalEverythingPassesAndBucketsStayAsTheyAre) {
  const std::uint64_t key = random_.word();
  const Address source = random_address();
  configure({key, 1'000'000, 3});
  for (int i = 0; i < 2; ++i) step(Record{source, true}, 1);
  configure({key, 0, 0});
  for (int i = 0; i < 100; ++i) step(Record{source, true}, 1);
  drain();
  EXPECT_EQ(passed_, 102);
  configure({key, 1'000'000, 3});
  for (int i = 0; i < 10; ++i) step(Record{source, true}, 1);
  drain();
  EXPECT_EQ(passed_, 103);
}

TEST_F(SourceLimiter, ResetFillsTheBuckets) {
  configure({random_.word(), 1'000'000, 5});
  std::vector<Address> sources;
  for (int i = 0; i < 50; ++i) sources.push_back(random_address());
  for (int round = 0; round < 300; ++round) {
    for (const Address& source : sources) step(Record{source, true}, 0);
  }
  EXPECT_LE(passed_, 250);
  drain();
  limiter_->rst = 1;
  tick();
  limiter_->rst = 0;
  tick();
  under_way_.clear();
  buckets_ = {};
  while (!limiter_->ready) tick();
  passed_ = 0;
  for (const Address& source : sources) step(Record{source, true}, 0);
  drain();
  EXPECT_EQ(passed_, 50);
}

}  // namespace
}  // namespace sapulse::test
