// SPDX-License-Identifier: Apache-2.0
// Snapshots of a fake card, and what HTTP shows of them.
#include "sampler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <future>
#include <nlohmann/json.hpp>

#include "asking_card.h"
#include "http_client.h"
#include "http_face.h"

namespace sapulse::metrics::test {
namespace {

using namespace std::chrono_literals;
using sapulse::test::FakeDevice;
using sapulse::test::FakePing;
using sapulse::test::FakeReply;
using sapulse::test::make_peer;
using testing::HasSubstr;
using testing::StartsWith;

class SamplerTest : public testing::Test {
 protected:
  void open(std::size_t capacity, std::vector<SaParameters> sas) {
    device_ = std::make_unique<FakeDevice>(capacity, 0, FakeDevice::kAll);
    device_->requester.answer = [](const FakePing& ping) { return FakeReply{.n = 100 + ping.n, .telemetry = {}}; };
    Config config;
    config.card.local = {IpAddress::v4(0xc0000201)};
    config.sas = std::move(sas);
    auto opened = Endpoint::open(*device_, config);
    ASSERT_TRUE(opened) << opened.error().message;
    endpoint_ = std::move(*opened);
  }
  void TearDown() override {
    endpoint_.reset();
    EXPECT_THAT(device_->violations, testing::IsEmpty());
  }
  static SaParameters watched(std::uint32_t spi, ProbeMode mode) {
    SaParameters sa = make_peer(spi);
    sa.liveness = LivenessSettings{.mode = mode, .interval = 10us, .multiplier = 3, .jitter_percent = 0};
    return sa;
  }
  /// The thread of the card, until somebody else is done.
  template <class Type, class Poll>
  Type serve_until_done(std::future<Type> done, Poll poll) {
    while (done.wait_for(0s) != std::future_status::ready) {
      EXPECT_TRUE(poll());
      EXPECT_TRUE(endpoint_->poll());
      EXPECT_TRUE(endpoint_->wait(1us));
    }
    return done.get();
  }

  std::unique_ptr<FakeDevice> device_;
  std::unique_ptr<Endpoint> endpoint_;
};

TEST_F(SamplerTest, ASnapshotHasWhatTheCardSays) {
  open(64, {make_peer(300), watched(400, ProbeMode::card), watched(500, ProbeMode::host)});
  SnapshotExchange exchange(0ns);
  Sampler sampler(*endpoint_, exchange);
  SnapshotExchange::Pointer snapshot;
  for (unsigned i = 0; i < 3; ++i) {
    snapshot = serve_until_done(std::async(std::launch::async, [&] { return exchange.get(1min); }),
                                [&] { return sampler.poll(); });
  }
  ASSERT_TRUE(snapshot);
  ASSERT_EQ(snapshot->sas.size(), 3U);
  for (const SaSample& sample : snapshot->sas) {
    ASSERT_TRUE(sample.statistics);
    EXPECT_EQ(sample.statistics->accepted, 11U);
    EXPECT_EQ(sample.liveness.has_value(), sample.sa.spi_in != 300);
    EXPECT_EQ(sample.probe.has_value(), sample.sa.spi_in != 300);
    if (sample.sa.spi_in == 400) {
      EXPECT_EQ(sample.probe->rtt, 4321ns);
      EXPECT_EQ(sample.rtts.up_to(0), 1U) << "no reply has come since the first look";
    }
    if (sample.sa.spi_in == 500) EXPECT_GE(sample.rtts.up_to(RttHistogram::kBounds.size()), 1U);
  }
  EXPECT_GE(snapshot->rtts.up_to(RttHistogram::kBounds.size()), 2U);
}

TEST_F(SamplerTest, TheLargestCardIsAskedALittleAtATime) {
  std::vector<SaParameters> sas;
  for (std::uint32_t spi = 256; spi < 256 + 2000; ++spi) sas.push_back(make_peer(spi));
  open(65536, std::move(sas));
  std::size_t commands = 0;
  device_->executed = [&](const regs::ConstCommand&) { ++commands; };
  SnapshotExchange exchange(0ns);
  Sampler sampler(*endpoint_, exchange);
  std::size_t most = 0;
  const auto snapshot = serve_until_done(std::async(std::launch::async, [&] { return exchange.get(1min); }), [&] {
    most = std::max(most, std::exchange(commands, 0));
    return sampler.poll();
  });
  ASSERT_TRUE(snapshot);
  EXPECT_EQ(snapshot->sas.size(), 2000U);
  for (const SaSample& sample : snapshot->sas) EXPECT_TRUE(sample.statistics);
  EXPECT_LE(most, 2 * Sampler::kMostUnanswered);
}

TEST_F(SamplerTest, HoweverManyAskTheCardIsAskedOnce) {
  open(64, {make_peer(300)});
  SnapshotExchange exchange(1h);
  Sampler sampler(*endpoint_, exchange);
  const auto first = serve_until_done(std::async(std::launch::async, [&] { return exchange.get(1min); }),
                                      [&] { return sampler.poll(); });
  for (unsigned i = 0; i < 10; ++i) EXPECT_EQ(exchange.get(1min), first);
  EXPECT_FALSE(exchange.is_wanted());
}

TEST_F(SamplerTest, WithoutTheThreadOfTheCardNobodyWaitsForEver) {
  open(64, {make_peer(300)});
  SnapshotExchange exchange(0ns);
  EXPECT_FALSE(exchange.is_wanted());
  EXPECT_EQ(exchange.get(1ms), nullptr);
  EXPECT_TRUE(exchange.is_wanted());
  auto waiting = std::async(std::launch::async, [&] { return exchange.get(1h); });
  exchange.close();
  EXPECT_EQ(waiting.get(), nullptr);
}

TEST_F(SamplerTest, HttpShowsTheCard) {
  SaParameters sa = watched(400, ProbeMode::card);
  sa.name = "<script>alert(1)</script>\n\"";
  open(64, {sa});
  HttpSettings settings;
  settings.port = 0;
  auto face = HttpFace::start(settings, std::array{NamedEndpoint{.endpoint = endpoint_.get()}});
  ASSERT_TRUE(face) << face.error().message;
  const std::uint16_t port = (*face)->server().port();
  const auto ask = [&](const std::string& path) {
    return serve_until_done(std::async(std::launch::async, [=] { return get(port, path); }),
                            [&] { return (*face)->poll(*endpoint_); });
  };
  EXPECT_THAT(ask("/metrics"), HasSubstr(R"(sapulse_sa_up{sa="<script>alert(1)</script>\n\"",spi="0x00000190"} 0)"));
  EXPECT_THAT(ask("/metrics"), HasSubstr("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
  const auto json = nlohmann::json::parse(body_of(ask("/sas.json")));
  ASSERT_EQ(json.at("sas").size(), 1U);
  EXPECT_EQ(json["sas"][0].at("name"), sa.name);
  EXPECT_EQ(json["sas"][0].at("probe").at("rtt_ns"), 4321);
  EXPECT_EQ(json["sas"][0].at("statistics").at("accepted"), 11);
  EXPECT_EQ(json["sas"][0].at("liveness").at("state"), "init");
  EXPECT_THAT(ask("/"), HasSubstr("Content-Type: text/html; charset=utf-8\r\n"));
  EXPECT_THAT(ask("/sapulse.js"), HasSubstr("textContent"));
  EXPECT_THAT(ask("/sapulse.css"), StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(SamplerTest, HttpShowsAllCardsAndWhichIsWhich) {
  open(64, {watched(400, ProbeMode::card)});
  FakeDevice other_device(64, 0, FakeDevice::kAll);
  Config config;
  config.card.local = {IpAddress::v4(0xc0000202)};
  const auto other = Endpoint::open(other_device, config);
  ASSERT_TRUE(other) << other.error().message;
  HttpSettings settings;
  settings.port = 0;
  const std::array cards{NamedEndpoint{"east", endpoint_.get()}, NamedEndpoint{"west", other->get()}};
  auto face = HttpFace::start(settings, cards);
  ASSERT_TRUE(face) << face.error().message;
  const auto ask = [&](const std::string& path) {
    return serve_until_done(
        std::async(std::launch::async, [path, port = (*face)->server().port()] { return get(port, path); }),
        [&] { return (*face)->poll(*endpoint_).and_then([&] { return (*face)->poll(**other); }); });
  };
  EXPECT_THAT(ask("/metrics"), HasSubstr("sapulse_sa_up{card=\"east\",sa=\"sa400\",spi=\"0x00000190\"} 0\n"));
  EXPECT_THAT(ask("/metrics"), HasSubstr("sapulse_sas{card=\"west\",state=\"up\"} 0\n"));
  (*face)->drop(**other);
  const auto json = nlohmann::json::parse(body_of(ask("/sas.json")));
  ASSERT_EQ(json.at("cards").size(), 2U) << "what has failed is shown as it was last";
  EXPECT_EQ(json["cards"][1]["card"], "west");
  EXPECT_EQ(json.at("sas").at(0).at("card"), "east");
}

}  // namespace
}  // namespace sapulse::metrics::test
