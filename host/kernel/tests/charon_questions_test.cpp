// SPDX-License-Identifier: Apache-2.0
// When charon is asked for the names of SAs; without a network namespace, whose kernel would have to be listened to.
#include <gmock/gmock.h>
#include <poll.h>

#include "charon_socket.h"
#include "fake_target.h"
#include "kernel_sas.h"

namespace sapulse::kernel::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using vici::test::CharonSocket;

class CharonQuestions : public testing::Test {
 protected:
  CharonQuestions() {
    auto opened = KernelSas::open(target_, {.namespaces = {}, .vici = {socket_.path()}});
    if (!opened) throw std::runtime_error(opened.error().message);
    sas_ = std::move(*opened);
    sas_->set_log([this](const std::string& line) { log_.push_back(line); });
  }
  /// Polls when charon has sent something.
  void poll_once_told() {
    const auto descriptors = sas_->event_descriptors();
    ASSERT_THAT(descriptors, SizeIs(1));
    pollfd told{descriptors[0], POLLIN, 0};
    ASSERT_EQ(::poll(&told, 1, 60'000), 1);
    ASSERT_TRUE(sas_->poll());
  }

  FakeTarget target_;
  CharonSocket socket_;
  std::vector<std::string> log_;
  std::unique_ptr<KernelSas> sas_;
};

TEST_F(CharonQuestions, ItIsAskedAtOnceAndThenWaitedFor) {
  EXPECT_THAT(sas_->event_descriptors(), IsEmpty());
  const auto due = sas_->next_due();
  ASSERT_TRUE(due);
  EXPECT_LE(*due, std::chrono::steady_clock::now());
  ASSERT_TRUE(sas_->poll());
  EXPECT_THAT(sas_->event_descriptors(), SizeIs(1));
  EXPECT_EQ(sas_->next_due(), std::nullopt);
  EXPECT_THAT(log_, IsEmpty());
}

TEST_F(CharonQuestions, AnAnswerThatDoesNotComeIsLogged) {
  ASSERT_TRUE(sas_->poll());
  ASSERT_THAT(sas_->event_descriptors(), SizeIs(1));
  (void)socket_.accept();  // and closed
  poll_once_told();
  EXPECT_THAT(log_, ElementsAre(HasSubstr("no names of SAs from charon: ")));
  EXPECT_EQ(sas_->next_due(), std::nullopt) << "no question is left";
}

}  // namespace
}  // namespace sapulse::kernel::test
