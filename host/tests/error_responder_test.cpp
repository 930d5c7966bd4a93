// SPDX-License-Identifier: Apache-2.0
// Clear errors: the exact bytes, when there is none, and the limits.
#include "sapulse/error_responder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "fake_device.h"
#include "packet.h"
#include "sapulse_wire.h"
#include "test_sas.h"
#include "token_bucket.h"

namespace sapulse::test {
namespace {

const nlohmann::json& vectors() {
  static const nlohmann::json loaded = nlohmann::json::parse(std::ifstream(SAPULSE_VECTORS));
  return loaded;
}

const nlohmann::json& vector_case(const std::string& name) {
  for (const auto& candidate : vectors().at("cases")) {
    if (candidate.at("name") == name) return candidate;
  }
  throw std::runtime_error("no case " + name);
}

/// Where the SPI of a frame is.
struct Layout {
  std::uint8_t esp_offset = 34;
  std::uint8_t encapsulation = 0;  ///< as in the descriptor
};
constexpr Layout kIpv4Esp{34, 0x00};

constexpr std::uint32_t kUnknown = 0xdeadbeef;

Exception make_exception(Cause cause, std::vector<std::uint8_t> frame, const Layout& layout = kIpv4Esp) {
  std::array<std::byte, regs::kExceptionBytes> bytes{};
  const regs::Exception entry{std::span(bytes)};
  entry.set_cause(cause);
  entry.set_frame_length(static_cast<std::uint16_t>(frame.size()));
  frame.resize(std::min<std::size_t>(frame.size(), regs::kSnapshotBytes));
  entry.set_captured(static_cast<std::uint8_t>(frame.size()));
  entry.set_esp_offset(layout.esp_offset);
  entry.set_encapsulation(layout.encapsulation);
  entry.set_spi(kUnknown);
  entry.set_sequence(1);
  entry.set_time(1'000'000);
  std::ranges::copy(std::as_bytes(std::span(frame)), entry.snapshot().begin());
  return *decode_exception(bytes);
}

std::vector<std::uint8_t> unknown_frame() { return from_hex(vector_case("unknown SPI").at("in").get<std::string>()); }

class ErrorResponderTest : public testing::Test {
 protected:
  void SetUp() override {
    card_ = std::move(*Card::open(device_));
    CardConfig config;
    for (const auto& address : vectors().at("local"))
      config.local.push_back(*IpAddress::parse(address.get<std::string>()));
    ASSERT_TRUE(card_->configure(config));
    start(true);
  }
  void start(bool with_secret, const ErrorResponderOptions& options = {}) {
    const auto secret = DeviceSecret::from_hex(vectors().at("secret").get<std::string>());
    sas_ = std::make_unique<SaManager>(*card_, with_secret ? *secret : DeviceSecret());
    responder_ = std::make_unique<ErrorResponder>(*card_, *sas_, options);
  }
  ErrorVerdict handle(const Exception& exception) {
    const auto verdict = responder_->handle(exception);
    EXPECT_TRUE(verdict);
    EXPECT_TRUE(card_->drain());
    return *verdict;
  }
  std::string last_frame() { return device_.frames.empty() ? "" : to_hex(device_.frames.back()); }
  /// The frame of the vector with bytes changed.
  static std::vector<std::uint8_t> changed(std::size_t offset, std::vector<std::uint8_t> bytes) {
    auto frame = unknown_frame();
    std::ranges::copy(bytes, frame.begin() + static_cast<std::ptrdiff_t>(offset));
    return frame;
  }

  FakeDevice device_;
  std::unique_ptr<Card> card_;
  std::unique_ptr<SaManager> sas_;
  std::unique_ptr<ErrorResponder> responder_;
};

constexpr std::size_t kControl = 42;  ///< of the control header in the frame of the vector

TEST_F(ErrorResponderTest, AnswersExactlyAsTheVector) {
  EXPECT_EQ(handle(make_exception(Cause::kUnknownSpi, unknown_frame())), ErrorVerdict::kSent);
  EXPECT_EQ(last_frame(), vector_case("unknown SPI").at("line_out").at(0).get<std::string>());
  EXPECT_EQ(responder_->count(ErrorVerdict::kSent), 1U);
}

TEST_F(ErrorResponderTest, PollAnswersFromTheRing) {
  std::array<std::byte, regs::kExceptionBytes> bytes{};
  const regs::Exception entry{std::span(bytes)};
  const auto frame = unknown_frame();
  entry.set_cause(Cause::kUnknownSpi);
  entry.set_captured(static_cast<std::uint8_t>(frame.size()));
  entry.set_esp_offset(34);
  entry.set_spi(kUnknown);
  entry.set_sequence(1);
  std::ranges::copy(std::as_bytes(std::span(frame)), entry.snapshot().begin());
  ASSERT_TRUE(device_.deliver(bytes));
  unsigned seen = 0;
  const auto polled = responder_->poll([&](const Exception& exception, ErrorVerdict verdict) {
    EXPECT_EQ(exception.spi, kUnknown);
    EXPECT_EQ(verdict, ErrorVerdict::kSent);
    ++seen;
  });
  EXPECT_EQ(*polled, 1U);
  EXPECT_EQ(seen, 1U);
  ASSERT_TRUE(card_->drain());
  EXPECT_EQ(last_frame(), vector_case("unknown SPI").at("line_out").at(0).get<std::string>());
}

TEST_F(ErrorResponderTest, NoSecretNoToken) {
  start(false);
  EXPECT_EQ(handle(make_exception(Cause::kUnknownSpi, unknown_frame())), ErrorVerdict::kSent);
  EXPECT_EQ(last_frame().substr(2 * (kControl + 16), 32), std::string(32, '0'));
}

TEST_F(ErrorResponderTest, NeverAboutErrorsAndReplies) {
  for (const std::uint8_t type : {2, 3, 4}) {
    EXPECT_EQ(handle(make_exception(Cause::kUnknownSpi, changed(kControl + 1, {type}))), ErrorVerdict::kAboutMessage);
  }
  EXPECT_TRUE(device_.frames.empty());
}

TEST_F(ErrorResponderTest, NeverToOrFromGroups) {
  EXPECT_EQ(handle(make_exception(Cause::kUnknownSpi, changed(26, {224, 0, 0, 1}))), ErrorVerdict::kAddress);
  EXPECT_EQ(handle(make_exception(Cause::kUnknownSpi, changed(26, {255, 255, 255, 255}))), ErrorVerdict::kAddress);
  EXPECT_EQ(handle(make_exception(Cause::kUnknownSpi, changed(26, {0, 0, 0, 0}))), ErrorVerdict::kAddress);
  EXPECT_EQ(handle(make_exception(Cause::kUnknownSpi, changed(26, {192, 0, 2, 1}))), ErrorVerdict::kAddress);
  EXPECT_EQ(handle(make_exception(Cause::kUnknownSpi, changed(30, {239, 1, 2, 3}))), ErrorVerdict::kAddress);
  EXPECT_EQ(handle(make_exception(Cause::kUnknownSpi, changed(0, {0x01}))), ErrorVerdict::kAddress);
  EXPECT_EQ(handle(make_exception(Cause::kUnknownSpi, changed(6, {0xff}))), ErrorVerdict::kAddress);
  EXPECT_TRUE(device_.frames.empty());
}

TEST_F(ErrorResponderTest, NeverLongerThanTheOffendingPacket) {
  EXPECT_EQ(handle(make_exception(Cause::kUnknownSpi, changed(16, {0, 67}))), ErrorVerdict::kTooLong);
  EXPECT_EQ(handle(make_exception(Cause::kUnknownSpi, changed(16, {0, 68}))), ErrorVerdict::kSent);
}

TEST_F(ErrorResponderTest, NeverATokenForAnInstalledSa) {
  ASSERT_TRUE(sas_->add(make_sa(kUnknown)));
  EXPECT_EQ(handle(make_exception(Cause::kUnknownSpi, unknown_frame())), ErrorVerdict::kInstalled);
  ASSERT_TRUE(sas_->remove(kUnknown));
  EXPECT_EQ(handle(make_exception(Cause::kUnknownSpi, unknown_frame())), ErrorVerdict::kSent);
}

TEST_F(ErrorResponderTest, OtherCausesAskForNoError) {
  for (const Cause cause : {Cause::kHostAction, Cause::kEchoReply, Cause::kErrorClear, Cause::kErrorProtected,
                            Cause::kReply, Cause::kPrivate}) {
    EXPECT_EQ(handle(make_exception(cause, unknown_frame())), ErrorVerdict::kNotApplicable);
  }
}

TEST_F(ErrorResponderTest, UnsupportedTypeGetsCodeSixWithoutToken) {
  EXPECT_EQ(handle(make_exception(Cause::kUnsupported, changed(kControl + 1, {77}))), ErrorVerdict::kSent);
  const std::string frame = last_frame();
  EXPECT_EQ(frame.substr(2 * kControl, 8), "14030600");
  EXPECT_EQ(frame.substr(2 * (kControl + 8), 16), "deadbeef00000005") << "subject and transaction of the message";
  EXPECT_EQ(frame.substr(2 * (kControl + 16)), std::string(32, '0') + "deadbeef00000001");
}

TEST_F(ErrorResponderTest, CustomerPacketOfUnknownSpi) {
  // An ESP packet of the customer: same headers, but the outer SPI is the unknown one.
  const auto frame = changed(34, {0xde, 0xad, 0xbe, 0xef, 0, 0, 0, 1});
  EXPECT_EQ(handle(make_exception(Cause::kUnknownSpiData, frame)), ErrorVerdict::kSent);
  const std::string sent = last_frame();
  const std::string expected = vector_case("unknown SPI").at("line_out").at(0).get<std::string>();
  EXPECT_EQ(sent.substr(std::size_t{2} * 34, 16), "000000fd00000001") << "control SPI, sequence number of the packet";
  EXPECT_EQ(sent.substr(2 * (kControl + 8), 16), "deadbeef00000000") << "no transaction";
  EXPECT_EQ(sent.substr(2 * (kControl + 16)), expected.substr(2 * (kControl + 16))) << "same token";
}

TEST_F(ErrorResponderTest, EncapsulationIsThatOfThePacket) {
  // Pings of the vectors stand for the offending packets; their answers show the headers that are expected.
  struct Sample {
    std::string name;
    Layout layout;
    std::size_t headers;  ///< bytes up to the control header
  };
  const std::vector<Sample> samples{{"ping UDP 4500", {42, 0x01}, 50},        {"ping AH v4", {34, 0x02}, 46},
                                    {"ping AH v6", {54, 0x12}, 70},           {"ping one tag", {38, 0x40}, 46},
                                    {"ping two tags v6 UDP", {70, 0x91}, 78}, {"ping ECN and DSCP", {34, 0x00}, 42},
                                    {"ping raw v6-256", {54, 0x10}, 62}};
  for (const Sample& sample : samples) {
    SCOPED_TRACE(sample.name);
    const auto& vector = vector_case(sample.name);
    const auto frame = from_hex(vector.at("in").get<std::string>());
    EXPECT_EQ(handle(make_exception(Cause::kUnknownSpi, frame, sample.layout)), ErrorVerdict::kSent);
    auto sent = from_hex(last_frame());
    auto expected = from_hex(vector.at("line_out").at(0).get<std::string>());
    // Lengths and the IPv4 checksum differ: the error is shorter than the ping's answer.
    const std::size_t ip = 14 + 4 * (sample.layout.encapsulation >> 6);
    const bool ipv6 = (sample.layout.encapsulation & 0x10) != 0;
    const std::size_t security = sample.headers - ip;
    const std::size_t length_at = ip + (ipv6 ? 4 : 2);
    EXPECT_EQ(sent[length_at] << 8 | sent[length_at + 1], security + 40 - (ipv6 ? 40 : 0));
    std::vector<std::size_t> varying{length_at, length_at + 1};
    if (!ipv6) varying.insert(varying.end(), {ip + 10, ip + 11});
    if ((sample.layout.encapsulation & 3) == 1) {
      const std::size_t udp = sample.layout.esp_offset - 4U;
      EXPECT_EQ(sent[udp] << 8 | sent[udp + 1], 8 + 8 + 40);
      varying.insert(varying.end(), {udp, udp + 1});
    }
    for (const std::size_t at : varying) sent[at] = expected[at] = 0;
    EXPECT_EQ(to_hex(std::span(sent).first(sample.headers)), to_hex(std::span(expected).first(sample.headers)));
    EXPECT_EQ(sent.size(), sample.headers + 40);
  }
}

TEST_F(ErrorResponderTest, SnapshotThatMakesNoSenseIsNoDanger) {
  const auto frame = unknown_frame();
  for (std::size_t length = 0; length < kControl + 16; ++length) {
    const std::vector<std::uint8_t> cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_EQ(handle(make_exception(Cause::kUnknownSpi, cut)), ErrorVerdict::kMalformed) << length;
  }
  EXPECT_EQ(handle(make_exception(Cause::kUnknownSpi, frame, {34, 0x10})), ErrorVerdict::kMalformed);
  EXPECT_EQ(handle(make_exception(Cause::kUnknownSpi, frame, {33, 0x00})), ErrorVerdict::kMalformed);
  EXPECT_EQ(handle(make_exception(Cause::kUnknownSpi, frame, {34, 0x01})), ErrorVerdict::kMalformed);
  EXPECT_EQ(handle(make_exception(Cause::kUnknownSpi, frame, {255, 0x00})), ErrorVerdict::kMalformed);
  EXPECT_TRUE(device_.frames.empty());
}

TEST_F(ErrorResponderTest, SourcesAreLimitedOneByOne) {
  const RateLimit two_per_ms{std::chrono::milliseconds(1), 2};
  start(true, {.per_cause = {std::chrono::nanoseconds(1), 1000},
               .per_source = two_per_ms,
               .hash_key = std::array<std::uint8_t, 16>{}});
  const auto first = [&](std::uint64_t time) {
    auto exception = make_exception(Cause::kUnknownSpi, unknown_frame());
    exception.time = time;
    return handle(exception);
  };
  const auto second = [&](std::uint64_t time) {
    auto exception = make_exception(Cause::kUnknownSpi, changed(26, {198, 51, 100, 77}));
    exception.time = time;
    return handle(exception);
  };
  EXPECT_EQ(first(1'000'000), ErrorVerdict::kSent);
  EXPECT_EQ(first(1'000'000), ErrorVerdict::kSent);
  EXPECT_EQ(first(1'000'000), ErrorVerdict::kLimited);
  EXPECT_EQ(second(1'000'000), ErrorVerdict::kSent) << "another source has a bucket of its own";
  EXPECT_EQ(first(1'999'999), ErrorVerdict::kLimited);
  EXPECT_EQ(first(2'000'000), ErrorVerdict::kSent);
  EXPECT_EQ(responder_->count(ErrorVerdict::kLimited), 2U);
}

TEST_F(ErrorResponderTest, CodesAreLimitedOverAllSources) {
  start(true, {.per_cause = {std::chrono::milliseconds(1), 3}, .per_source = {std::chrono::nanoseconds(0), 0}});
  unsigned sent = 0;
  for (std::uint8_t i = 0; i < 100; ++i) {
    sent += handle(make_exception(Cause::kUnknownSpi, changed(28, {i}))) == ErrorVerdict::kSent ? 1 : 0;
  }
  EXPECT_EQ(sent, 3U);
  EXPECT_EQ(handle(make_exception(Cause::kUnsupported, changed(kControl + 1, {77}))), ErrorVerdict::kSent)
      << "another code has a bucket of its own";
}

TEST(TokenBucket, SurvivesAClockThatIsSetBack) {
  TokenBucket bucket({std::chrono::nanoseconds(100), 2});
  constexpr std::uint64_t kLate = 1'000'000'000'000;
  ASSERT_TRUE(bucket.ready(kLate));
  bucket.take(kLate);
  bucket.take(kLate);
  EXPECT_FALSE(bucket.ready(kLate));
  EXPECT_FALSE(bucket.ready(50)) << "an empty bucket stays empty";
  EXPECT_TRUE(bucket.ready(150)) << "and fills at its usual rate";
}

}  // namespace
}  // namespace sapulse::test
