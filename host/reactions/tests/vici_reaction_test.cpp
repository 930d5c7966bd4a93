// SPDX-License-Identifier: Apache-2.0
#include "vici_reaction.h"

#include <gmock/gmock.h>
#include <sys/socket.h>

#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "charon_socket.h"
#include "reaction_fixture.h"
#include "reactions.h"
#include "vici_bytes.h"

namespace sapulse::reactions::test {
namespace {

using namespace vici::test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using vici::decode;
using vici::Packet;
using vici::PacketType;
using Clock = ViciReaction::Clock;
using std::chrono::seconds;

/// A charon that does what it is told to, and notes it, but changes nothing: its list is set by the test.
class Charon {
 public:
  Charon() : thread_([this] { serve(); }) {}
  /// The client must have gone, or never have come.
  ~Charon() {
    socket_.close();
    thread_.join();
  }
  Charon(const Charon&) = delete;
  Charon& operator=(const Charon&) = delete;

  [[nodiscard]] std::string socket() const { return socket_.path(); }
  void set_children(const Bytes& children) {
    const std::scoped_lock lock(mutex_);
    children_ = children;
  }
  std::vector<std::string> take_orders() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(orders_, {});
  }

 private:
  void serve() {
    const FileDescriptor client = socket_.accept();
    for (Bytes length(4); ::recv(client.get(), length.data(), 4, MSG_WAITALL) == 4;) {
      Bytes packet(length[2] << 8 | length[3]);
      if (::recv(client.get(), packet.data(), packet.size(), MSG_WAITALL) != static_cast<ssize_t>(packet.size()))
        return;
      const Bytes answer = answer_to(decode(packet).value());
      EXPECT_EQ(::send(client.get(), answer.data(), answer.size(), MSG_NOSIGNAL), static_cast<ssize_t>(answer.size()));
    }
  }
  Bytes answer_to(const Packet& packet) {
    const std::scoped_lock lock(mutex_);
    if (packet.type == PacketType::event_register) return with_length({5});
    if (packet.name == "list-sas") return with_length(list_sa(children_)) + with_length({1});
    std::string order = packet.name;
    for (const auto& [name, value] : packet.content.values) order.append(" ").append(name).append("=").append(value);
    orders_.push_back(order);
    return with_length(Bytes{1} + entry("success", "yes"));
  }

  CharonSocket socket_;
  std::mutex mutex_;
  Bytes children_;
  std::vector<std::string> orders_;
  std::thread thread_;
};

LivenessChange change_of(std::uint32_t spi, Liveness from, Liveness to) {
  LivenessChange change;
  change.spi_in = spi;
  change.from = from;
  change.to = to;
  return change;
}

constexpr std::uint32_t kSpi = 0x1001;
constexpr std::uint32_t kNextSpi = 0x1002;

class ViciReactionTest : public testing::Test {
 protected:
  ViciReactionTest() : reaction_(std::in_place, charon_.socket(), [this] { return now_; }) {
    charon_.set_children(child("net-1", "net", "00001001", "00002001") + child("dmz-2", "dmz", "00005001", "00006001"));
  }
  ~ViciReactionTest() override { reaction_.reset(); }

  /// What charon is told at a moment, `at` after the beginning.
  std::vector<std::string> orders(Clock::duration at) {
    now_ = start_ + at;
    const auto due = reaction_->next_due();
    log_ = due && *due <= now_ ? reaction_->go_on(patience_.get()) : std::vector<std::string>();
    return charon_.take_orders();
  }
  void change(std::uint32_t spi, Liveness from, Liveness to) {
    EXPECT_EQ(reaction_->react(change_of(spi, from, to), patience_.get()), "") << "what came of it is said later";
  }
  void die(std::uint32_t spi, Clock::duration at) {
    now_ = start_ + at;
    change(spi, Liveness::up, Liveness::lost);
  }

  const Clock::time_point start_ = Clock::now();
  Clock::time_point now_ = start_;
  TestPatience patience_;
  std::vector<std::string> log_;
  Charon charon_;
  std::optional<ViciReaction> reaction_;
};

TEST_F(ViciReactionTest, ADeadChildIsRekeyedAndNothingElse) {
  die(kSpi, seconds(0));
  EXPECT_THAT(orders(seconds(0)), ElementsAre("rekey child-id=1"));
  EXPECT_THAT(log_, ElementsAre("CHILD_SA 'gw-gw/net' (0x00001001) is dead: rekey: done"));
  charon_.set_children(child("net-1", "net", "00001001", "00002001", "REKEYED") +
                       child("net-3", "net", "00001002", "00002002"));
  EXPECT_THAT(orders(ViciReaction::kPatience), IsEmpty());
  EXPECT_EQ(reaction_->next_due(), std::nullopt);
}

TEST_F(ViciReactionTest, APeerThatDoesNotRekeyGetsANewIkeSaWithAllItsChildren) {
  die(kSpi, seconds(0));
  die(0x5001, seconds(0));
  EXPECT_THAT(orders(seconds(0)), ElementsAre("rekey child-id=1", "rekey child-id=2"));
  EXPECT_THAT(orders(seconds(2)), IsEmpty());
  EXPECT_EQ(reaction_->next_due(), start_ + ViciReaction::kPatience);
  EXPECT_THAT(orders(ViciReaction::kPatience),
              ElementsAre("terminate ike-id=1 force=yes", "initiate ike=gw-gw child=net timeout=-1",
                          "initiate ike=gw-gw child=dmz timeout=-1"));
}

TEST_F(ViciReactionTest, WhatDiesAgainAndAgainIsRekeyedLessAndLessOften) {
  die(kSpi, seconds(0));
  EXPECT_THAT(orders(seconds(0)), ElementsAre("rekey child-id=1"));
  charon_.set_children(child("net-3", "net", "00001002", "00002002"));
  EXPECT_THAT(orders(seconds(3)), IsEmpty());
  die(kNextSpi, seconds(5));
  EXPECT_THAT(orders(seconds(5)), IsEmpty());
  EXPECT_EQ(reaction_->next_due(), start_ + seconds(10));
  EXPECT_THAT(orders(seconds(10)), ElementsAre("rekey child-id=3"));
  charon_.set_children(child("net-4", "net", "00001001", "00002001"));
  EXPECT_THAT(orders(seconds(13)), IsEmpty());
  die(kSpi, seconds(15));
  EXPECT_THAT(orders(seconds(29)), IsEmpty());
  EXPECT_THAT(orders(seconds(30)), ElementsAre("rekey child-id=4"));
}

TEST_F(ViciReactionTest, APeerThatHasNeverAnsweredMayNotKnowHowTo) {
  change(kSpi, Liveness::init, Liveness::down);
  change(kSpi, Liveness::init, Liveness::up);
  change(kSpi, Liveness::up, Liveness::suspect);
  EXPECT_THAT(orders(seconds(0)), IsEmpty());
  change(kSpi, Liveness::suspect, Liveness::down);
  change(0x5001, Liveness::init, Liveness::lost);
  EXPECT_THAT(orders(seconds(0)), ElementsAre("rekey child-id=1", "rekey child-id=2"));
}

TEST_F(ViciReactionTest, WhatCharonDoesNotHaveIsNoneOfItsBusiness) {
  die(0xbad, seconds(0));
  EXPECT_THAT(orders(seconds(0)), IsEmpty());
  EXPECT_EQ(reaction_->next_due(), std::nullopt);
  EXPECT_THAT(log_, IsEmpty());
}

TEST(ViciReaction, SaysThatThereIsNoCharonAndGoesOn) {
  const TestPatience patience;
  ViciReaction reaction("/nonexistent/vici");
  ASSERT_TRUE(reaction.react(change_of(1, Liveness::up, Liveness::lost), patience.get()));
  EXPECT_THAT(reaction.go_on(patience.get()), ElementsAre(HasSubstr("/nonexistent/vici: No such file")));
  EXPECT_EQ(reaction.next_due(), std::nullopt);
}

TEST(ViciReaction, ACharonThatSaysNothingIsGivenUpInTime) {
  const CharonSocket deaf;
  const TestPatience patience;
  ViciReaction reaction(deaf.path());
  for (const std::uint32_t spi : {1U, 2U}) {  // the second one is not kept by what the first has left open
    ASSERT_TRUE(reaction.react(change_of(spi, Liveness::up, Liveness::lost), patience.get()));
    EXPECT_THAT(reaction.go_on(TestPatience(std::chrono::milliseconds(10)).get()),
                ElementsAre(HasSubstr("not done in time")));
    EXPECT_EQ(reaction.next_due(), std::nullopt);
  }
}

TEST(ViciReaction, IsAReactionLikeOthers) {
  Charon charon;
  charon.set_children(child("net-1", "net", "00001001", "00002001"));
  Lines lines;
  std::vector<ReactionSettings> settings(1);
  settings[0].trigger.states = {Liveness::down, Liveness::lost};
  settings[0].action = ViciAction{charon.socket()};
  {
    auto all = Reactions::create(settings, [&](const std::string& line) { lines.add(line); });
    ASSERT_TRUE(all);
    all->take(change_of(kSpi, Liveness::suspect, Liveness::down));
    EXPECT_THAT(lines.wait_for(1),
                ElementsAre("reaction vici: CHILD_SA 'gw-gw/net' (0x00001001) is dead: rekey: done"));
  }
  EXPECT_THAT(charon.take_orders(), ElementsAre("rekey child-id=1"));
}

}  // namespace
}  // namespace sapulse::reactions::test
