// SPDX-License-Identifier: Apache-2.0
// Clear errors: the exact bytes, when there is none, and the limits.
#include "sapulse/error_responder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "asking_card.h"
#include "fake_device.h"
#include "icmp.h"
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
  /// The frame of the vector with bytes changed, and its IPv4 header checksum right.
  static std::vector<std::uint8_t> changed(std::size_t offset, std::vector<std::uint8_t> bytes) {
    auto frame = unknown_frame();
    std::ranges::copy(bytes, frame.begin() + static_cast<std::ptrdiff_t>(offset));
    frame[24] = frame[25] = 0;
    const std::uint16_t checksum = internet_checksum(std::span(frame).subspan(14, 20));
    frame[24] = static_cast<std::uint8_t>(checksum >> 8);
    frame[25] = static_cast<std::uint8_t>(checksum);
    return frame;
  }
  /// An installed SA with a path, on a card that asks.
  void start_asking(const ErrorCodes& codes) {
    responder_.reset();
    sas_.reset();
    card_.reset();
    asking_ = std::make_unique<FakeDevice>(64, 0, FakeDevice::kAll);
    card_ = std::move(*Card::open(*asking_));
    CardConfig config{.local = {IpAddress::v4(0xc0000201)}};
    config.copies = needed_copies(codes);
    ASSERT_TRUE(card_->configure(config));
    sas_ = std::make_unique<SaManager>(*card_);
    sa_.path = make_path();
    number_ = *sas_->add(sa_);
    responder_ = std::make_unique<ErrorResponder>(*card_, *sas_, ErrorResponderOptions{.codes = codes});
  }
  /// About a nested packet of that SA; no snapshot of the frame.
  Exception about_sa(Cause cause) const {
    Exception exception;
    exception.cause = cause;
    exception.sa = number_;
    exception.time = 1'000'000;
    exception.spi = sa_.in.spi;
    exception.sequence = 0x1234;
    exception.n = 0x500001234;
    exception.transaction = 0x77;
    exception.message = wire::type_echo_request;
    exception.payload_end = 154;
    return exception;
  }

  FakeDevice device_;
  std::unique_ptr<FakeDevice> asking_;
  SaParameters sa_ = make_sa(0x1000);
  std::uint32_t number_ = 0;
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

constexpr ErrorCodes all_codes() {
  ErrorCodes codes;
  for (std::uint8_t code = 1; code <= 6; ++code) codes.set(code, true);
  return codes;
}

TEST(ErrorCodes, DefaultsAreThoseOfTheProtocol) {
  constexpr ErrorCodes codes;
  for (const std::uint8_t code : {1, 5, 6}) EXPECT_TRUE(codes.has(code)) << unsigned{code};
  for (const std::uint8_t code : {0, 2, 3, 4, 7, 255}) EXPECT_FALSE(codes.has(code)) << unsigned{code};
  EXPECT_THAT(needed_copies(codes), testing::ElementsAre(Cause::kVersion));
  EXPECT_THAT(needed_copies(all_codes()),
              testing::ElementsAre(Cause::kIntegrity, Cause::kReplayed, Cause::kMalformed, Cause::kVersion));
  ErrorCodes none;
  for (std::uint8_t code = 0; code < 9; ++code) none.set(code, false);
  EXPECT_THAT(needed_copies(none), testing::IsEmpty());
}

TEST_F(ErrorResponderTest, CopiesAreSwitchedOnInTheCard) {
  start_asking(all_codes());
  EXPECT_EQ(asking_->reg(regs::offset::kExceptionCopies), 0x3c00U);
  start_asking({});
  EXPECT_EQ(asking_->reg(regs::offset::kExceptionCopies), 0x2000U);
}

TEST_F(ErrorResponderTest, WhatIsSwitchedOffIsNotSent) {
  start_asking({});
  EXPECT_EQ(handle(about_sa(Cause::kIntegrity)), ErrorVerdict::kDisabled);
  EXPECT_EQ(handle(about_sa(Cause::kReplayed)), ErrorVerdict::kDisabled);
  EXPECT_EQ(handle(make_exception(Cause::kMalformed, unknown_frame())), ErrorVerdict::kDisabled);
  EXPECT_THAT(asking_->frames, testing::IsEmpty());
  EXPECT_THAT(asking_->requester.messages, testing::IsEmpty());
}

TEST_F(ErrorResponderTest, FailedIntegrityIsToldInClearToThePeer) {
  start_asking(all_codes());
  EXPECT_EQ(handle(about_sa(Cause::kIntegrity)), ErrorVerdict::kSent);
  ASSERT_EQ(asking_->frames.size(), 1U);
  EXPECT_EQ(to_hex(asking_->frames[0]).substr(0, 28), "02aabbccdd0202aabbccdd010800") << "to the peer of the path";
  const std::string frame = to_hex(asking_->frames[0]);
  EXPECT_EQ(frame.substr(2 * 26, 16), "c0000201c6336401");
  EXPECT_EQ(frame.substr(2 * 34, 16), "000000fd00001234");
  EXPECT_EQ(frame.substr(2 * kControl, 8), "14030200");
  EXPECT_EQ(frame.substr(2 * (kControl + 8), 16), "0000100000000077");
  EXPECT_EQ(frame.substr(2 * (kControl + 16)), std::string(32, '0') + "0000100000001234")
      << "no token: the SA is there";
}

TEST_F(ErrorResponderTest, ReplaysAndAdminDownAreToldProtected) {
  start_asking(all_codes());
  EXPECT_EQ(handle(about_sa(Cause::kReplayed)), ErrorVerdict::kSent);
  EXPECT_EQ(handle(about_sa(Cause::kSaDown)), ErrorVerdict::kSent);
  ASSERT_EQ(asking_->requester.messages.size(), 2U);
  const std::array<std::uint8_t, 2> codes{wire::error_replay, wire::error_sa_down};
  for (std::size_t i = 0; i < 2; ++i) {
    const FakeMessage& message = asking_->requester.messages[i];
    EXPECT_EQ(message.sa, number_);
    EXPECT_EQ(message.type, wire::type_error_protected);
    EXPECT_EQ(message.code, codes[i]);
    EXPECT_EQ(message.transaction, 0x77U);
    EXPECT_EQ(to_hex(message.plaintext),
              "c80000180000000000000000" + std::string(32, '0') + "0000100000001234" + "01020290");
  }
  EXPECT_THAT(asking_->frames, testing::IsEmpty()) << "nothing in clear";
}

TEST_F(ErrorResponderTest, NothingAboutRepliesAndErrorsOfAnSa) {
  start_asking(all_codes());
  for (const Cause cause : {Cause::kIntegrity, Cause::kReplayed}) {
    for (const std::uint8_t type : {wire::type_echo_reply, wire::type_error_protected}) {
      Exception exception = about_sa(cause);
      exception.message = type;
      EXPECT_EQ(handle(exception), ErrorVerdict::kAboutMessage);
    }
  }
}

TEST_F(ErrorResponderTest, ProtectedErrorsAreNoLongerThanWhatTheyAreAbout) {
  start_asking(all_codes());
  Exception exception = about_sa(Cause::kSaDown);
  exception.payload_end = 14 + 115;
  EXPECT_EQ(handle(exception), ErrorVerdict::kTooLong) << "the error takes 116 bytes of IP";
  exception.payload_end = 14 + 116;
  EXPECT_EQ(handle(exception), ErrorVerdict::kSent);
  exception.payload_end = 0;
  EXPECT_EQ(handle(exception), ErrorVerdict::kTooLong) << "unknown is taken for too short";
}

TEST_F(ErrorResponderTest, NoPathNoError) {
  start_asking(all_codes());
  Exception exception = about_sa(Cause::kIntegrity);
  exception.sa = number_ + 1;
  EXPECT_EQ(handle(exception), ErrorVerdict::kNoPath);
  exception.sa.reset();
  EXPECT_EQ(handle(exception), ErrorVerdict::kNoPath);
  exception = about_sa(Cause::kReplayed);
  exception.spi ^= 1;  // the number has another SA by now
  EXPECT_EQ(handle(exception), ErrorVerdict::kNoPath);
  ASSERT_TRUE(sas_->remove(sa_.in.spi));
  EXPECT_EQ(handle(about_sa(Cause::kSaDown)), ErrorVerdict::kNoPath);
}

TEST_F(ErrorResponderTest, PeersOfAnSaAreLimitedLikeAnySource) {
  start_asking(all_codes());
  unsigned sent = 0;
  for (unsigned i = 0; i < 3000; ++i) sent += handle(about_sa(Cause::kSaDown)) == ErrorVerdict::kSent ? 1 : 0;
  EXPECT_EQ(sent, 1024U) << "the burst of a source";
}

TEST_F(ErrorResponderTest, AFullCommandRingIsWaitedFor) {
  start_asking(all_codes());
  while (card_->submit(Command::nop(), {})) {
  }
  EXPECT_EQ(handle(about_sa(Cause::kSaDown)), ErrorVerdict::kSent);
  EXPECT_EQ(asking_->requester.messages.size(), 1U);
}

TEST_F(ErrorResponderTest, UnknownVersionGetsCodeSix) {
  // Version 2 in the control header; the length of its header may be anything.
  EXPECT_EQ(handle(make_exception(Cause::kVersion, changed(kControl, {0x25}))), ErrorVerdict::kSent);
  const std::string frame = last_frame();
  EXPECT_EQ(frame.substr(2 * kControl, 8), "14030600");
  EXPECT_EQ(frame.substr(2 * (kControl + 16), 32), std::string(32, '0'));
}

/// Two devices of different versions must not answer each other's errors for ever.
TEST_F(ErrorResponderTest, ErrorsOfAnotherVersionAreErrors) {
  for (const std::uint8_t type : {2, 3, 4}) {
    EXPECT_EQ(handle(make_exception(Cause::kVersion, changed(kControl, {0x24, type}))), ErrorVerdict::kAboutMessage);
  }
}

TEST_F(ErrorResponderTest, MalformedGetsCodeFourWhereSwitchedOn) {
  start(true, {.codes = all_codes()});
  EXPECT_EQ(handle(make_exception(Cause::kMalformed, changed(kControl + 6, {0xff, 0xff}))), ErrorVerdict::kSent);
  EXPECT_EQ(last_frame().substr(2 * kControl, 8), "14030400");
  auto damaged = unknown_frame();
  damaged[24] ^= 1;
  EXPECT_EQ(handle(make_exception(Cause::kMalformed, damaged)), ErrorVerdict::kMalformed) << "IPv4 checksum";
}

TEST_F(ErrorResponderTest, PeersWithoutTheProtocolGetIcmp) {
  start(true, {.icmp_peers = {IpAddress::v4(0xc6336401)}});
  const auto frame = changed(34, {0xde, 0xad, 0xbe, 0xef, 0, 0, 0, 1});
  EXPECT_EQ(handle(make_exception(Cause::kUnknownSpiData, frame)), ErrorVerdict::kSent);
  const auto sent = from_hex(last_frame());
  const auto packet = ipv4_packet(sent);
  EXPECT_EQ(to_hex(packet.first(2)), "4500");
  EXPECT_EQ(to_hex(packet.subspan(8, 2)), "4001") << "TTL 64, ICMP";
  EXPECT_EQ(to_hex(packet.subspan(12, 8)), "c0000201c6336401");
  EXPECT_EQ(to_hex(packet.subspan(20, 2)), "2800") << "security failure, bad SPI";
  EXPECT_EQ(to_hex(packet.subspan(24, 4)), "00000014") << "the SPI is behind 20 bytes of header";
  EXPECT_EQ(to_hex(packet.subspan(28, 32)), to_hex(std::span(frame).subspan(14, 32))) << "headers, SPI, 64 bits";
  EXPECT_EQ(sent.size(), 14U + 20 + 8 + 32);
  const auto parsed = parse_icmp_failure(packet);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->spi, kUnknown);
  EXPECT_EQ(parsed->original_src, IpAddress::v4(0xc6336401));
  for (std::size_t i = 0; i < packet.size(); ++i) {
    std::vector<std::uint8_t> damaged(packet.begin(), packet.end());
    damaged[i] ^= 0x10;
    EXPECT_FALSE(parse_icmp_failure(damaged)) << "byte " << i;
  }
  // A control message is answered with the protocol, whoever sends it.
  EXPECT_EQ(handle(make_exception(Cause::kUnknownSpi, unknown_frame())), ErrorVerdict::kSent);
  EXPECT_EQ(last_frame(), vector_case("unknown SPI").at("line_out").at(0).get<std::string>());
}

TEST_F(ErrorResponderTest, IcmpIsNoLongerThanWhatItIsAbout) {
  start(true, {.icmp_peers = {IpAddress::v4(0xc6336401)}});
  auto frame = changed(34, {0xde, 0xad, 0xbe, 0xef, 0, 0, 0, 1});
  const auto with_length = [&](std::uint8_t length) {
    frame[17] = length;
    frame[24] = frame[25] = 0;
    const std::uint16_t checksum = internet_checksum(std::span(frame).subspan(14, 20));
    frame[24] = static_cast<std::uint8_t>(checksum >> 8);
    frame[25] = static_cast<std::uint8_t>(checksum);
    return handle(make_exception(Cause::kUnknownSpiData, frame));
  };
  EXPECT_EQ(with_length(59), ErrorVerdict::kTooLong);
  EXPECT_EQ(with_length(60), ErrorVerdict::kSent);
}

TEST(Icmp, RandomBytesAreNoDanger) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  unsigned found = 0;
  const auto exception = make_exception(Cause::kUnknownSpiData, unknown_frame());
  const auto frame = build_icmp_failure(exception, *parse_offending(exception), IcmpFailureCode::kBadSpi);
  for (unsigned i = 0; i < 50000; ++i) {
    auto bytes = frame;
    for (unsigned change = 0; change < i % 3; ++change)
      bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    if (i % 5 == 0) bytes.resize(random() % bytes.size());
    found += parse_icmp_failure(ipv4_packet(bytes)) ? 1 : 0;
  }
  EXPECT_GT(found, 10000U) << "those that are unchanged";
  EXPECT_LT(found, 30000U);
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
