// SPDX-License-Identifier: Apache-2.0
// Several cards in one loop.
#include "serve_loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "asking_card.h"
#include "folder.h"
#include "held_work.h"

namespace sapulse::command {
namespace {

using namespace std::chrono_literals;
using service::Json;
using service::Service;
using test::FakeDevice;
using test::FakePing;
using test::FakeReply;

/// A card with an SA that the host probes.
struct Card {
  explicit Card(std::uint32_t spi) {
    device.requester.answer = [this](const FakePing& ping) {
      ++probes;
      return FakeReply{.n = 100 + ping.n, .telemetry = {}};
    };
    Config config;
    config.card.local = {IpAddress::v4(0xc0000201)};
    config.sas = {test::make_peer(spi)};
    config.sas[0].liveness = LivenessSettings{.mode = ProbeMode::host, .interval = 10us, .multiplier = 3};
    endpoint = std::move(*Endpoint::open(device, config));
    served = std::make_unique<Service>(*endpoint);
  }
  /// The card cannot be used any more.
  void fail() { (void)device.memory(0xdead00000000, 64, true); }

  FakeDevice device{2048, 0, FakeDevice::kAll};
  unsigned probes = 0;
  std::unique_ptr<Endpoint> endpoint;
  std::unique_ptr<Service> served;
};

class ServeLoopTest : public testing::Test {
 protected:
  void SetUp() override {
    router_.add("east", *east_.served);
    router_.add("west", *west_.served);
    auto made = service::Server::create(folder_.path() / "socket", router_);
    ASSERT_TRUE(made) << made.error().message;
    server_ = std::move(*made);
    make_companions({east_.endpoint.get(), west_.endpoint.get()});
    loop_.emplace(std::vector<LoopCard>{{"east", east_.served.get(), east_.endpoint.get()},
                                        {"west", west_.served.get(), west_.endpoint.get()}},
                  router_, *server_, nullptr, std::vector<int>());
  }
  /// Some time of both cards.
  Result<void> pass() {
    Result<void> done;
    for (unsigned i = 0; i < 100 && done; ++i) {
      done = loop_->turn(0ns);
      for (Card* card : {&east_, &west_}) (void)card->endpoint->wait(1us);
    }
    return done;
  }

  const test::Folder folder_;
  Card east_{300};
  Card west_{400};
  service::CardRouter router_;
  std::unique_ptr<service::Server> server_;
  std::optional<ServeLoop> loop_;
};

TEST_F(ServeLoopTest, OneThatFailsDoesNotEndTheOthers) {
  ASSERT_TRUE(pass());
  EXPECT_GT(std::min(east_.probes, west_.probes), 0U);
  west_.fail();
  ASSERT_TRUE(pass());
  const unsigned before = east_.probes;
  ASSERT_TRUE(pass());
  EXPECT_GT(east_.probes, before);
  std::vector<Json> lines;
  router_.handle(1, {{"command", "info"}}, [&](const Json& line, bool) { lines.push_back(line); });
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0]["card"], "west");
  EXPECT_TRUE(lines[0].contains("failed"));
  east_.fail();
  const auto ended = pass();
  ASSERT_FALSE(ended) << "there is nothing left to be served";
  EXPECT_EQ(ended.error().code, Errc::dma_fault);
}

/// The one that is slow holds up nobody.
TEST_F(ServeLoopTest, AllGoOnWhileSomethingOfOneTakesLong) {
  test::HeldWork work(west_.device);
  ASSERT_TRUE(pass());
  east_.served->run_beside([&] { work.hold(); });
  EXPECT_TRUE(work.was_probed());
  loop_.reset();
  server_.reset();
  west_.served.reset();
  west_.endpoint.reset();
}

}  // namespace
}  // namespace sapulse::command
