// SPDX-License-Identifier: Apache-2.0
#include "supervisor.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <thread>
#include <utility>

namespace sapulse::sim::xrt {
namespace {

constexpr auto kPatience = std::chrono::seconds(20);

std::pair<Channel, Channel> channel_pair() {
  std::array<int, 2> sockets{};
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()), 0);
  return {Channel(sockets[0]), Channel(sockets[1])};
}

/// The test plays XRT; a child process plays a card that answers some calls and ends.
class SupervisorTest : public testing::Test {
 protected:
  void start(unsigned answers) {
    auto [near, far] = channel_pair();
    const pid_t pid = fork();
    ASSERT_GE(pid, 0);
    if (pid == 0) {
      for (unsigned i = 0; i < answers; ++i) {
        if (!far.receive_call() || !far.send(make_answer("card"))) break;
      }
      _exit(0);
    }
    {
      const Channel closed(std::move(far));
    }
    supervisor_ = std::thread([this, card = std::move(near), pid]() mutable {
      alive_to_the_end_ = Supervisor(calls_.second, memory_.second, std::move(card), pid).run();
    });
  }
  std::string call(Api api) {
    EXPECT_TRUE(calls_.first.send(make_call(api, "")));
    auto answer = calls_.first.receive_answer(kAnswerHeaderBytes, kPatience);
    EXPECT_TRUE(answer);
    return answer ? *answer : "";
  }

  std::pair<Channel, Channel> calls_ = channel_pair();
  std::pair<Channel, Channel> memory_ = channel_pair();
  std::thread supervisor_;
  bool alive_to_the_end_ = false;
};

TEST_F(SupervisorTest, HandsCallsOnWhileTheCardLives) {
  start(3);
  EXPECT_EQ(call(Api::read_register), "card");
  EXPECT_EQ(call(Api::write_register), "card");
  EXPECT_EQ(call(Api::close), "card");
  supervisor_.join();
  EXPECT_TRUE(alive_to_the_end_);
  EXPECT_FALSE(memory_.first.readable(std::chrono::milliseconds(0))) << "the card itself closes the memory channel";
}

TEST_F(SupervisorTest, AnswersForACardThatHasDied) {
  start(1);
  EXPECT_EQ(call(Api::read_register), "card");
  EXPECT_EQ(call(Api::read_register), failed_body(Api::read_register));
  EXPECT_EQ(call(Api::write_register), failed_body(Api::write_register));
  EXPECT_EQ(call(Api::close), failed_body(Api::close));
  supervisor_.join();
  EXPECT_FALSE(alive_to_the_end_);
  const auto farewell = memory_.first.receive_call();
  ASSERT_TRUE(farewell);
  EXPECT_EQ(farewell->api, Api::close) << "XRT's memory thread waits for it";
}

TEST_F(SupervisorTest, EndsWithXrt) {
  start(1000);
  EXPECT_EQ(call(Api::read_register), "card");
  shutdown(calls_.first.socket(), SHUT_RDWR);
  supervisor_.join();
  EXPECT_TRUE(alive_to_the_end_);
}

TEST(Channel, SaysWhatIsWrong) {
  auto [near, far] = channel_pair();
  EXPECT_EQ(near.receive_answer(kAnswerHeaderBytes, std::chrono::milliseconds(1)).error().code, Errc::timeout);
  ASSERT_TRUE(far.send("fourteen bytes"));
  EXPECT_EQ(near.receive_call().error().code, Errc::parse_error);
  {
    const Channel closed(std::move(far));
  }
  EXPECT_EQ(near.receive_call().error().code, Errc::io_error);
  EXPECT_EQ(Channel::connect("/nowhere/socket", std::chrono::milliseconds(1)).error().code, Errc::timeout);
  EXPECT_EQ(Channel::connect(std::string(200, 'x'), kPatience).error().code, Errc::io_error);
}

}  // namespace
}  // namespace sapulse::sim::xrt
