// SPDX-License-Identifier: Apache-2.0
// The library on the simulated card: what a fake one cannot tell, because the other half is the real hardware
// description.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <random>

#include "bytes.h"
#include "sapulse/config.h"
#include "sapulse/endpoint.h"
#include "sapulse/sim_device.h"
#include "spi_index.h"
#include "test_sas.h"

namespace sapulse::test {
namespace {

constexpr std::uint32_t kLocal = 0xc0000201;
constexpr std::uint32_t kPeer = 0xc6336401;

class SimCardTest : public testing::Test {
 protected:
  void SetUp() override {
    auto device = SimDevice::create({});
    ASSERT_TRUE(device) << device.error().message;
    device_ = std::move(*device);
  }
  void open(const CardOptions& options = {}) {
    auto card = Card::open(*device_, options);
    ASSERT_TRUE(card) << card.error().message;
    card_ = std::move(*card);
    CardConfig config{.local = {IpAddress::v4(kLocal)}};
    ASSERT_TRUE(card_->configure(config));
  }
  void TearDown() override {
    if (card_) {
      const auto closed = card_->close();
      EXPECT_TRUE(closed) << closed.error().message;
    }
    device_->card().step(2000);  // nothing may touch the memory that has been given back
    for (const auto& violation : device_->card().violations()) ADD_FAILURE() << violation.message;
  }
  /// Lets the card forward everything that has been offered.
  void settle() {
    sim::Card& card = device_->card();
    while (card.pending(sim::Port::line) > 0 || card.transferring() || card.cycle() - card.last_activity() < 500) {
      card.step(50);
    }
  }

  std::unique_ptr<SimDevice> device_;
  std::unique_ptr<Card> card_;
};

/// Ethernet, IPv4, ESP of the customer from the peer to the card's address.
sim::Frame customer_frame(std::uint32_t spi, std::uint32_t sequence) {
  constexpr std::size_t kPayload = 40;
  ByteWriter writer;
  writer.put(from_hex("02aa0000000102aa000000020800"));
  writer.put(from_hex("4500003c00004000403200000000000000000000"));
  writer.patch16(16, 20 + 8 + kPayload);
  for (unsigned i = 0; i < 4; i += 2) {
    writer.patch16(26 + i, static_cast<std::uint16_t>(kPeer >> (16 - 8 * i)));
    writer.patch16(30 + i, static_cast<std::uint16_t>(kLocal >> (16 - 8 * i)));
  }
  std::uint32_t sum = 0;
  for (unsigned i = 14; i < 34; i += 2)
    sum += static_cast<std::uint32_t>(writer.bytes()[i] << 8 | writer.bytes()[i + 1]);
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  writer.patch16(24, static_cast<std::uint16_t>(~sum));
  writer.put32(spi);
  writer.put32(sequence);
  writer.pad_to(writer.size() + kPayload);
  const auto bytes = std::as_bytes(writer.bytes());
  return {bytes.begin(), bytes.end()};
}

TEST_F(SimCardTest, SaysWhatItIs) {
  open();
  EXPECT_EQ(card_->info().sa_capacity, 1024U);
  EXPECT_EQ(card_->info().index_buckets, 512U);
  EXPECT_EQ(card_->info().lanes, regs::kAesLanes);
  EXPECT_EQ(card_->info().counters, Counters::size());
  EXPECT_GT(card_->info().clock_khz, 0U);
}

/// SPIs that crowd into few buckets of the index, so that adding one moves others.
std::vector<std::uint32_t> crowded_spis(std::size_t count) {
  const SpiIndex index(512);
  std::vector<std::uint32_t> spis;
  std::mt19937 random(3);
  while (spis.size() < count) {
    const std::uint32_t spi = random() | 256;
    if (index.bucket(0, spi) < 4 && index.bucket(1, spi) < 4) spis.push_back(spi);
  }
  return spis;
}

/// Moves that it takes to put SPIs into an empty index.
std::size_t moves_for(const std::vector<std::uint32_t>& spis) {
  SpiIndex index(512);
  std::size_t moves = 0;
  for (const std::uint32_t spi : spis) {
    const auto plan = index.plan_insert(spi, 0);
    for (const IndexStep& step : *plan) index.apply(step);
    moves += plan->size() - 1;
  }
  return moves;
}

/// The sequence number of a customer packet shows which SA the hardware has found for its SPI.
TEST_F(SimCardTest, HardwareFindsEverySaThatIsInstalled) {
  constexpr unsigned kRounds = 12;
  open();
  SaManager sas(*card_);
  const std::vector<std::uint32_t> spis = crowded_spis(14);
  ASSERT_GT(moves_for(spis), 0U) << "nothing would be moved";
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::map<std::uint32_t, bool> installed;
  for (const std::uint32_t spi : spis) {
    const auto added = sas.add(make_sa(spi));
    ASSERT_TRUE(added) << added.error().message;
    installed[spi] = true;
  }
  for (std::uint32_t round = 1; round <= kRounds; ++round) {
    for (const std::uint32_t each : spis)
      ASSERT_TRUE(device_->card().send(sim::Port::line, customer_frame(each, round)));
    settle();
    for (const std::uint32_t each : spis) {
      if (!installed[each]) continue;
      const auto statistics = sas.statistics(each);
      ASSERT_TRUE(statistics) << statistics.error().message;
      ASSERT_EQ(statistics->data_sequence, round) << "SPI " << each << " was missed";
    }
    for (unsigned change = 0; change < 4; ++change) {
      const std::uint32_t spi = spis[random() % spis.size()];
      if (!installed[spi]) {
        ASSERT_TRUE(sas.add(make_sa(spi, round)));
      } else if (random() % 3 == 0) {
        ASSERT_TRUE(sas.replace(spi, make_sa(spi, round)));
        continue;
      } else {
        ASSERT_TRUE(sas.remove(spi));
      }
      installed[spi] = !installed[spi];
    }
  }
  EXPECT_EQ(device_->card().take_output(sim::Port::core).size(), kRounds * spis.size()) << "customer frames pass";
  EXPECT_EQ(card_->counters()->unaccounted(), 0);
}

TEST_F(SimCardTest, StatisticsOfAFreshSa) {
  open();
  SaManager sas(*card_);
  SaParameters sa = make_sa(0x12345678);
  sa.next = 0x100000007;
  ASSERT_TRUE(sas.add(sa));
  const auto statistics = sas.statistics(sa.in.spi);
  ASSERT_TRUE(statistics) << statistics.error().message;
  EXPECT_EQ(statistics->next, 0x100000007U);
  EXPECT_EQ(statistics->window_top, 0U);
  EXPECT_EQ(statistics->accepted + statistics->replayed + statistics->rejected, 0U);
  EXPECT_EQ(statistics->data_sequence, std::nullopt);
}

TEST_F(SimCardTest, UnknownSpiIsAnsweredAsTheVectorSays) {
  const auto vectors = nlohmann::json::parse(std::ifstream(SAPULSE_VECTORS));
  Config config;
  for (const auto& address : vectors.at("local"))
    config.card.local.push_back(*IpAddress::parse(address.get<std::string>()));
  config.secret = *DeviceSecret::from_hex(vectors.at("secret").get<std::string>());
  auto endpoint = Endpoint::open(*device_, config);
  ASSERT_TRUE(endpoint) << endpoint.error().message;
  for (const auto& vector : vectors.at("cases")) {
    if (vector.at("name") != "unknown SPI, token nonce") continue;
    const auto frame = from_hex(vector.at("in").get<std::string>());
    const auto bytes = std::as_bytes(std::span(frame));
    ASSERT_TRUE(device_->card().send(sim::Port::line, {bytes.begin(), bytes.end()}));
    ASSERT_TRUE(*(*endpoint)->card().wait_exception(std::chrono::microseconds(50)));
    EXPECT_EQ(*(*endpoint)->poll(), 1U);
    ASSERT_TRUE((*endpoint)->card().drain());
    settle();
    const auto out = device_->card().take_output(sim::Port::line);
    ASSERT_EQ(out.size(), 1U);
    EXPECT_EQ(to_hex(out[0].bytes), vector.at("line_out").at(0).get<std::string>());
  }
  EXPECT_EQ((*endpoint)->errors().count(ErrorVerdict::sent), 1U);
  EXPECT_TRUE((*endpoint)->close());
}

}  // namespace
}  // namespace sapulse::test
