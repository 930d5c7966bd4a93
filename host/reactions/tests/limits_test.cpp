// SPDX-License-Identifier: Apache-2.0
// Which changes a reaction gets, and when it is left out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "reaction_fixture.h"
#include "reaction_worker.h"
#include "reactions.h"

namespace sapulse::reactions::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

/// Says the name of the SA, once it may.
class NamingReaction final : public Reaction {
 public:
  explicit NamingReaction(std::shared_future<void> may) : may_(std::move(may)) {}
  Result<std::string> react(const LivenessChange& change, const Patience& patience) override {
    may_.wait();
    if (auto good = patience.check(); !good) return tl::unexpected(good.error());
    return change.name;
  }

 private:
  std::shared_future<void> may_;
};

class ReactionWorkerTest : public testing::Test {
 protected:
  void make(const ReactionSettings& settings) {
    worker_ = std::make_unique<ReactionWorker>("test", settings, std::make_unique<NamingReaction>(start_.get_future()),
                                               [this](const std::string& line) { lines_.add(line); });
  }
  static ReactionSettings settings_for(std::vector<Liveness> states) {
    ReactionSettings settings;
    settings.trigger.states = std::move(states);
    return settings;
  }

  Lines lines_;
  std::promise<void> start_;
  std::unique_ptr<ReactionWorker> worker_;
};

TEST_F(ReactionWorkerTest, TakesTheChangesThatItIsFor) {
  ReactionSettings settings = settings_for({Liveness::down, Liveness::lost});
  settings.trigger.sas = "gw-?";
  make(settings);
  worker_->take(change_of("gw-1"));
  worker_->take(change_of("gw-10"));
  worker_->take(change_of("gw-2", Liveness::up));
  worker_->take(change_of("gw-3", Liveness::lost));
  start_.set_value();
  const auto lines = lines_.wait_for(2);
  worker_.reset();
  EXPECT_THAT(lines_.wait_for(0), ElementsAre(HasSubstr("done: gw-1 sa="), HasSubstr("done: gw-3 sa=")));
  EXPECT_THAT(lines.front(), StartsWith("reaction test: "));
}

TEST_F(ReactionWorkerTest, AnSaThatFlapsIsLimitedByItself) {
  ReactionSettings settings = settings_for({Liveness::down});
  settings.sa_limit = {.interval = std::chrono::hours(1), .burst = 2};
  make(settings);
  for (unsigned i = 0; i < 10; ++i) worker_->take(change_of("flaps"));
  worker_->take(change_of("other"));
  start_.set_value();
  EXPECT_THAT(lines_.wait_for(5), testing::UnorderedElementsAre(
                                      HasSubstr("over its limits"), HasSubstr("8 changes were left out"),
                                      HasSubstr("done: flaps"), HasSubstr("done: flaps"), HasSubstr("done: other")));
}

TEST_F(ReactionWorkerTest, AllSasTogetherAreLimited) {
  ReactionSettings settings = settings_for({Liveness::down});
  settings.limit = {.interval = std::chrono::hours(1), .burst = 3};
  make(settings);
  for (unsigned i = 0; i < 100; ++i) worker_->take(change_of("sa" + std::to_string(i)));
  start_.set_value();
  lines_.wait_for(4);
  worker_.reset();
  EXPECT_EQ(lines_.wait_for(0).size(), 4U) << "one says that changes are left out";
}

TEST_F(ReactionWorkerTest, AReactionThatHangsHoldsNobodyUp) {
  ReactionSettings settings = settings_for({Liveness::down});
  settings.limit = {.interval = std::chrono::nanoseconds(0), .burst = 1};
  make(settings);
  for (std::size_t i = 0; i < ReactionWorker::kMostWaiting + 100; ++i)
    worker_->take(change_of("sa" + std::to_string(i)));
  EXPECT_THAT(lines_.wait_for(1), ElementsAre(HasSubstr("over its limits")));
  start_.set_value();
  worker_.reset();
}

TEST(SaLimiterTest, ForgetsSasThatHaveTheirTokensBack) {
  SaLimiter limiter({.interval = std::chrono::nanoseconds(10), .burst = 2});
  constexpr std::uint64_t kRounds = 100'000;
  for (std::uint64_t now = 0; now < kRounds; ++now) limiter.take("sa" + std::to_string(now), now);
  EXPECT_LE(limiter.size(), 1024U);
  limiter.take("twice", kRounds);
  EXPECT_TRUE(limiter.ready("twice", kRounds));
  limiter.take("twice", kRounds);
  EXPECT_FALSE(limiter.ready("twice", kRounds));
  EXPECT_TRUE(limiter.ready("twice", kRounds + 10));
}

TEST(ReactionsTest, EachChangeGoesToAllThatAreForIt) {
  Lines lines;
  std::vector<ReactionSettings> settings(2);
  settings[0].trigger.states = {Liveness::down};
  settings[0].action = ProgramAction{{"/bin/true"}};
  settings[1].trigger.states = {Liveness::down, Liveness::up};
  settings[1].action = ProgramAction{{"/bin/false"}};
  auto all = Reactions::create(settings, [&](const std::string& line) { lines.add(line); });
  ASSERT_TRUE(all);
  all->take(change_of("peer0"));
  lines.wait_for(2);
  all->take(change_of("peer0", Liveness::up));
  EXPECT_THAT(lines.wait_for(3), testing::UnorderedElementsAre(
                                     StartsWith("reaction /bin/true"),
                                     AllOf(StartsWith("reaction /bin/false"), HasSubstr("failed: exit status 1")),
                                     AllOf(StartsWith("reaction /bin/false"), HasSubstr("to=up"))));
}

TEST(ReactionsTest, AUrlThatIsNoneIsRefused) {
  std::vector<ReactionSettings> settings(1);
  settings[0].action = UrlAction{"http://[::1"};
  const auto all = Reactions::create(settings, [](const std::string&) {});
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().code, Errc::invalid_argument);
}

}  // namespace
}  // namespace sapulse::reactions::test
