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
  const std::size_t frame_length = frame.size();
  entry.set_frame_length(static_cast<std::uint16_t>(frame_length));
  frame.resize(std::min<std::size_t>(frame.size(), regs::kSnapshotBytes));
  entry.set_captured(static_cast<std::uint8_t>(frame.size()));
  entry.set_esp_offset(layout.esp_offset);
  entry.set_encapsulation(layout.encapsulation);
  entry.set_payload_end(static_cast<std::uint16_t>(frame_length));
  entry.set_spi(kUnknown);
  entry.set_sequence(1);
  entry.set_time(1'000'000);
  std::ranges::copy(std::as_bytes(std::span(frame)), entry.snapshot().begin());
  return *decode_exception(bytes);
}

/// An echo request for an SPI that there is no SA for, with a token nonce.
constexpr const char* kUnknownSpiCase = "unknown SPI, token nonce";

std::vector<std::uint8_t> frame_of(const std::string& name) {
  return from_hex(vector_case(name).at("in").get<std::string>());
}

std::string answer_of(const std::string& name) { return vector_case(name).at("line_out").at(0).get<std::string>(); }

std::vector<std::uint8_t> unknown_frame() { return frame_of(kUnknownSpiCase); }

constexpr ErrorCodes all_codes() {
  ErrorCodes codes;
  for (std::uint8_t code = 1; code <= 6; ++code) codes.set(code, true);
  return codes;
}

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

constexpr std::size_t kControl = 42;                            ///< of the control header in the frame of the vector
constexpr std::size_t kError = kControl + wire::control_bytes;  ///< of what follows it

TEST_F(ErrorResponderTest, AnswersExactlyAsTheVector) {
  EXPECT_EQ(handle(make_exception(Cause::unknown_spi, unknown_frame())), ErrorVerdict::sent);
  EXPECT_EQ(last_frame(), answer_of(kUnknownSpiCase));
  EXPECT_EQ(responder_->count(ErrorVerdict::sent), 1U);
}

TEST_F(ErrorResponderTest, AnswersExactlyAsTheVectorsInAllEncapsulations) {
  const std::vector<std::pair<std::string, Layout>> cases{{"unknown SPI, no token nonce", kIpv4Esp},
                                                          {"unknown SPI, token nonce, v6 UDP", {62, 0x11}},
                                                          {"unknown SPI, token nonce, AH", {34, 0x02}}};
  for (const auto& [name, layout] : cases) {
    auto exception = make_exception(Cause::unknown_spi, frame_of(name), layout);
    exception.spi = parse_offending(exception)->control->subject;
    EXPECT_EQ(handle(exception), ErrorVerdict::sent) << name;
    EXPECT_EQ(last_frame(), answer_of(name)) << name;
  }
}

TEST_F(ErrorResponderTest, AClearEchoWithReturnSpiIsAnsweredAsTheVector) {
  const std::string name = "clear echo R, return SPI";
  EXPECT_EQ(handle(make_exception(Cause::echo_return, frame_of(name))), ErrorVerdict::sent);
  EXPECT_EQ(last_frame(), answer_of(name));
  auto cut = frame_of(name);
  auto exception = make_exception(Cause::echo_return, cut);
  exception.payload_end = 14 + 45;
  exception.snapshot.resize(exception.payload_end - 1U);
  EXPECT_EQ(handle(exception), ErrorVerdict::cut) << "data that were not handed over cannot be copied";
  exception.payload_end = static_cast<std::uint16_t>(exception.snapshot.size());
  EXPECT_EQ(handle(exception), ErrorVerdict::malformed);
  cut[42] = wire::subtype_reply;
  EXPECT_EQ(handle(make_exception(Cause::echo_return, cut)), ErrorVerdict::malformed);
  cut[42] = wire::subtype_request;
  cut[6] |= 1;
  EXPECT_EQ(handle(make_exception(Cause::echo_return, cut)), ErrorVerdict::address);
}

/// The checksum that a receiver computes over addresses, length, protocol and datagram: 0 if it is right.
std::uint16_t udp_checksum_over_ipv6(std::span<const std::uint8_t> frame, std::size_t ip) {
  std::vector<std::uint8_t> summed(frame.begin() + static_cast<std::ptrdiff_t>(ip) + 8, frame.end());
  const std::size_t length = frame.size() - ip - 40;
  if (summed.size() % 2 != 0) summed.push_back(0);
  for (const std::size_t part : {length >> 8, length & 0xff, std::size_t{0}, std::size_t{17}})
    summed.push_back(static_cast<std::uint8_t>(part));
  return internet_checksum(summed);
}

/// Over UDP and IPv6 the host answers like the card: with a checksum, and only to requests that have one.
TEST_F(ErrorResponderTest, ClearEchoesOverIpv6HaveAUdpChecksum) {
  auto frame = frame_of("clear echo UDP v6");
  constexpr Layout kIpv6Udp{62, 0x11};
  constexpr std::size_t kEcho = 70;
  frame[kEcho + 1] = wire::echo_flag_return;
  frame.insert(frame.begin() + kEcho + 8, {1, 2, 3, 4});
  for (const std::size_t data : {std::size_t{5}, std::size_t{4}, std::size_t{0}}) {
    auto request = frame;
    request.resize(kEcho + 12 + data);
    request[kEcho + 3] = static_cast<std::uint8_t>(data);
    EXPECT_EQ(handle(make_exception(Cause::echo_return, request, kIpv6Udp)), ErrorVerdict::sent);
    const auto sent = from_hex(last_frame());
    ASSERT_EQ(sent.size(), kEcho + 8 + data);
    EXPECT_NE(sent[60] << 8 | sent[61], 0);
    EXPECT_EQ(udp_checksum_over_ipv6(sent, 14), 0) << data << " bytes of data";
  }
  // An identifier that is the checksum without it makes the checksum 0, which means that there is none.
  frame[kEcho + 4] = frame[kEcho + 5] = 0;
  EXPECT_EQ(handle(make_exception(Cause::echo_return, frame, kIpv6Udp)), ErrorVerdict::sent);
  auto sent = from_hex(last_frame());
  std::copy_n(sent.begin() + 60, 2, frame.begin() + kEcho + 4);
  EXPECT_EQ(handle(make_exception(Cause::echo_return, frame, kIpv6Udp)), ErrorVerdict::sent);
  sent = from_hex(last_frame());
  EXPECT_EQ(sent[60] << 8 | sent[61], 0xffff);
  frame[60] = frame[61] = 0;
  EXPECT_EQ(handle(make_exception(Cause::echo_return, frame, kIpv6Udp)), ErrorVerdict::malformed);
}

TEST_F(ErrorResponderTest, AttackByClearEchoesIsLimited) {
  start(true, {.per_cause = {std::chrono::milliseconds(1), 3}, .per_source = {std::chrono::nanoseconds(0), 0}});
  unsigned sent = 0;
  for (unsigned i = 0; i < 100; ++i) {
    const auto echo = make_exception(Cause::echo_return, frame_of("clear echo R, return SPI"));
    sent += handle(echo) == ErrorVerdict::sent ? 1 : 0;
  }
  EXPECT_EQ(sent, 3U);
  EXPECT_EQ(handle(make_exception(Cause::unknown_spi, unknown_frame())), ErrorVerdict::sent) << "has its own bucket";
}

/// A token that can be asked for without the nonce could be harvested before the SA exists.
TEST_F(ErrorResponderTest, AttackHarvestingTokensGetsNone) {
  const auto token = [&] { return last_frame().substr(2 * kError, 32); };
  EXPECT_EQ(handle(make_exception(Cause::unknown_spi, unknown_frame())), ErrorVerdict::sent);
  const std::string first = token();
  EXPECT_NE(first, std::string(32, '0'));
  // A nonce that nobody has drawn gives another token.
  EXPECT_EQ(handle(make_exception(Cause::unknown_spi, changed(kControl + 16, {0x5a}))), ErrorVerdict::sent);
  EXPECT_NE(token(), first);
  EXPECT_EQ(handle(make_exception(Cause::unknown_spi, changed(kControl + 16, std::vector<std::uint8_t>(8)))),
            ErrorVerdict::sent);
  EXPECT_EQ(token(), std::string(32, '0')) << "no nonce, no token";
  EXPECT_EQ(handle(make_exception(Cause::unknown_spi, changed(kControl + 1, {99}))), ErrorVerdict::sent);
  EXPECT_EQ(token(), std::string(32, '0')) << "only echo requests are told";
}

TEST_F(ErrorResponderTest, WhoWantsNoAnswerGetsNone) {
  auto exception = make_exception(Cause::unknown_spi, unknown_frame());
  exception.answer_wanted = false;
  EXPECT_EQ(handle(exception), ErrorVerdict::unwanted);
  EXPECT_TRUE(device_.frames.empty());
  start_asking(all_codes());
  for (const Cause cause : {Cause::integrity, Cause::replayed, Cause::sa_down}) {
    Exception about = about_sa(cause);
    about.answer_wanted = false;
    EXPECT_EQ(handle(about), ErrorVerdict::unwanted);
  }
  EXPECT_TRUE(asking_->requester.messages.empty() && asking_->frames.empty());
}

TEST_F(ErrorResponderTest, AttackFromUnusableSourcesGetsNothing) {
  for (const std::vector<std::uint8_t>& source :
       {std::vector<std::uint8_t>{127, 0, 0, 1}, {127, 255, 255, 254}, {0, 1, 2, 3}, {224, 1, 1, 1}}) {
    EXPECT_EQ(handle(make_exception(Cause::unknown_spi, changed(26, source))), ErrorVerdict::address);
  }
  auto frame = frame_of("unknown SPI, token nonce, v6 UDP");
  const IpAddress mapped = IpAddress::v4(0xc6336401);
  std::ranges::copy(mapped.bytes(), frame.begin() + 22);
  EXPECT_EQ(handle(make_exception(Cause::unknown_spi, frame, {62, 0x11})), ErrorVerdict::address);
  EXPECT_TRUE(device_.frames.empty());
}

TEST_F(ErrorResponderTest, PollAnswersFromTheRing) {
  std::array<std::byte, regs::kExceptionBytes> bytes{};
  const regs::Exception entry{std::span(bytes)};
  const auto frame = unknown_frame();
  entry.set_cause(Cause::unknown_spi);
  entry.set_captured(static_cast<std::uint8_t>(frame.size()));
  entry.set_esp_offset(34);
  entry.set_spi(kUnknown);
  entry.set_sequence(1);
  std::ranges::copy(std::as_bytes(std::span(frame)), entry.snapshot().begin());
  ASSERT_TRUE(device_.deliver(bytes));
  unsigned seen = 0;
  const auto polled = responder_->poll([&](const Exception& exception, ErrorVerdict verdict) {
    EXPECT_EQ(exception.spi, kUnknown);
    EXPECT_EQ(verdict, ErrorVerdict::sent);
    ++seen;
  });
  EXPECT_EQ(*polled, 1U);
  EXPECT_EQ(seen, 1U);
  ASSERT_TRUE(card_->drain());
  EXPECT_EQ(last_frame(), answer_of(kUnknownSpiCase));
}

TEST_F(ErrorResponderTest, NoSecretNoToken) {
  start(false);
  EXPECT_EQ(handle(make_exception(Cause::unknown_spi, unknown_frame())), ErrorVerdict::sent);
  EXPECT_EQ(last_frame().substr(2 * kError, 32), std::string(32, '0'));
}

TEST_F(ErrorResponderTest, NeverAboutErrorsAndReplies) {
  for (const std::uint8_t type : {2, 3, 4}) {
    EXPECT_EQ(handle(make_exception(Cause::unknown_spi, changed(kControl + 1, {type}))), ErrorVerdict::about_message);
  }
  EXPECT_TRUE(device_.frames.empty());
}

TEST_F(ErrorResponderTest, NeverToOrFromGroups) {
  EXPECT_EQ(handle(make_exception(Cause::unknown_spi, changed(26, {224, 0, 0, 1}))), ErrorVerdict::address);
  EXPECT_EQ(handle(make_exception(Cause::unknown_spi, changed(26, {255, 255, 255, 255}))), ErrorVerdict::address);
  EXPECT_EQ(handle(make_exception(Cause::unknown_spi, changed(26, {0, 0, 0, 0}))), ErrorVerdict::address);
  EXPECT_EQ(handle(make_exception(Cause::unknown_spi, changed(26, {192, 0, 2, 1}))), ErrorVerdict::address);
  EXPECT_EQ(handle(make_exception(Cause::unknown_spi, changed(30, {239, 1, 2, 3}))), ErrorVerdict::address);
  EXPECT_EQ(handle(make_exception(Cause::unknown_spi, changed(0, {0x01}))), ErrorVerdict::address);
  EXPECT_EQ(handle(make_exception(Cause::unknown_spi, changed(6, {0xff}))), ErrorVerdict::address);
  EXPECT_TRUE(device_.frames.empty());
}

TEST_F(ErrorResponderTest, NeverLongerThanTheOffendingPacket) {
  EXPECT_EQ(handle(make_exception(Cause::unknown_spi, changed(16, {0, 75}))), ErrorVerdict::too_long);
  EXPECT_EQ(handle(make_exception(Cause::unknown_spi, changed(16, {0, 76}))), ErrorVerdict::sent);
}

TEST_F(ErrorResponderTest, NeverATokenForAnInstalledSa) {
  ASSERT_TRUE(sas_->add(make_sa(kUnknown)));
  EXPECT_EQ(handle(make_exception(Cause::unknown_spi, unknown_frame())), ErrorVerdict::installed);
  ASSERT_TRUE(sas_->remove(kUnknown));
  EXPECT_EQ(handle(make_exception(Cause::unknown_spi, unknown_frame())), ErrorVerdict::sent);
}

TEST_F(ErrorResponderTest, OtherCausesAskForNoError) {
  for (const Cause cause : {Cause::host_action, Cause::echo_reply, Cause::error_clear, Cause::error_protected,
                            Cause::reply, Cause::private_use}) {
    EXPECT_EQ(handle(make_exception(cause, unknown_frame())), ErrorVerdict::not_applicable);
  }
}

TEST_F(ErrorResponderTest, UnsupportedTypeGetsCodeSixWithoutToken) {
  EXPECT_EQ(handle(make_exception(Cause::unsupported, changed(kControl + 1, {77}))), ErrorVerdict::sent);
  const std::string frame = last_frame();
  EXPECT_EQ(frame.substr(2 * kControl, 8), "16030600");
  EXPECT_EQ(frame.substr(2 * (kControl + 8), 32), to_hex(unknown_frame()).substr(2 * (kControl + 8), 32))
      << "subject, transaction and token nonce of the message";
  EXPECT_EQ(frame.substr(2 * kError), std::string(32, '0') + "deadbeef00000001");
}

TEST_F(ErrorResponderTest, CustomerPacketOfUnknownSpi) {
  // An ESP packet of the customer: same headers, but the outer SPI is the unknown one.
  const auto frame = changed(34, {0xde, 0xad, 0xbe, 0xef, 0, 0, 0, 1});
  EXPECT_EQ(handle(make_exception(Cause::unknown_spi_data, frame)), ErrorVerdict::sent);
  const std::string sent = last_frame();
  EXPECT_EQ(sent.substr(std::size_t{2} * 34, 16), "000000fd00000001") << "control SPI, sequence number of the packet";
  EXPECT_EQ(sent.substr(2 * (kControl + 8), 16), "deadbeef00000000") << "no transaction";
  EXPECT_EQ(sent.substr(2 * (kControl + 16), 16), std::string(16, '0')) << "nor nonce";
  EXPECT_EQ(sent.substr(2 * kError), std::string(32, '0') + "deadbeef00000001") << "a hint: customers carry no nonce";
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
    EXPECT_EQ(handle(make_exception(Cause::unknown_spi, frame, sample.layout)), ErrorVerdict::sent);
    auto sent = from_hex(last_frame());
    auto expected = from_hex(vector.at("line_out").at(0).get<std::string>());
    // Lengths and the IPv4 checksum differ: the error is shorter than the ping's answer.
    const std::size_t ip = 14 + 4 * (sample.layout.encapsulation >> 6);
    const bool ipv6 = (sample.layout.encapsulation & 0x10) != 0;
    const std::size_t security = sample.headers - ip;
    const std::size_t length_at = ip + (ipv6 ? 4 : 2);
    EXPECT_EQ(sent[length_at] << 8 | sent[length_at + 1], security + 48 - (ipv6 ? 40 : 0));
    std::vector<std::size_t> varying{length_at, length_at + 1};
    if (!ipv6) varying.insert(varying.end(), {ip + 10, ip + 11});
    if ((sample.layout.encapsulation & 3) == 1) {
      const std::size_t udp = sample.layout.esp_offset - 4U;
      EXPECT_EQ(sent[udp] << 8 | sent[udp + 1], 8 + 8 + 48);
      varying.insert(varying.end(), {udp, udp + 1});
      if (ipv6) {
        EXPECT_EQ(udp_checksum_over_ipv6(sent, ip), 0);
        varying.insert(varying.end(), {udp + 2, udp + 3});
      }
    }
    for (const std::size_t at : varying) sent[at] = expected[at] = 0;
    EXPECT_EQ(to_hex(std::span(sent).first(sample.headers)), to_hex(std::span(expected).first(sample.headers)));
    EXPECT_EQ(sent.size(), sample.headers + 48);
  }
}

TEST_F(ErrorResponderTest, SnapshotThatMakesNoSenseIsNoDanger) {
  const auto frame = unknown_frame();
  for (std::size_t length = 0; length < kError; ++length) {
    const std::vector<std::uint8_t> cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_EQ(handle(make_exception(Cause::unknown_spi, cut)), ErrorVerdict::malformed) << length;
  }
  EXPECT_EQ(handle(make_exception(Cause::unknown_spi, frame, {34, 0x10})), ErrorVerdict::malformed);
  EXPECT_EQ(handle(make_exception(Cause::unknown_spi, frame, {33, 0x00})), ErrorVerdict::malformed);
  EXPECT_EQ(handle(make_exception(Cause::unknown_spi, frame, {34, 0x01})), ErrorVerdict::malformed);
  EXPECT_EQ(handle(make_exception(Cause::unknown_spi, frame, {255, 0x00})), ErrorVerdict::malformed);
  EXPECT_TRUE(device_.frames.empty());
}

TEST_F(ErrorResponderTest, SourcesAreLimitedOneByOne) {
  const RateLimit two_per_ms{std::chrono::milliseconds(1), 2};
  start(true, {.per_cause = {std::chrono::nanoseconds(1), 1000},
               .per_source = two_per_ms,
               .hash_key = std::array<std::uint8_t, 16>{}});
  const auto first = [&](std::uint64_t time) {
    auto exception = make_exception(Cause::unknown_spi, unknown_frame());
    exception.time = time;
    return handle(exception);
  };
  const auto second = [&](std::uint64_t time) {
    auto exception = make_exception(Cause::unknown_spi, changed(26, {198, 51, 100, 77}));
    exception.time = time;
    return handle(exception);
  };
  EXPECT_EQ(first(1'000'000), ErrorVerdict::sent);
  EXPECT_EQ(first(1'000'000), ErrorVerdict::sent);
  EXPECT_EQ(first(1'000'000), ErrorVerdict::limited);
  EXPECT_EQ(second(1'000'000), ErrorVerdict::sent) << "another source has a bucket of its own";
  EXPECT_EQ(first(1'999'999), ErrorVerdict::limited);
  EXPECT_EQ(first(2'000'000), ErrorVerdict::sent);
  EXPECT_EQ(responder_->count(ErrorVerdict::limited), 2U);
}

TEST_F(ErrorResponderTest, CodesAreLimitedOverAllSources) {
  start(true, {.per_cause = {std::chrono::milliseconds(1), 3}, .per_source = {std::chrono::nanoseconds(0), 0}});
  unsigned sent = 0;
  for (std::uint8_t i = 0; i < 100; ++i) {
    sent += handle(make_exception(Cause::unknown_spi, changed(28, {i}))) == ErrorVerdict::sent ? 1 : 0;
  }
  EXPECT_EQ(sent, 3U);
  EXPECT_EQ(handle(make_exception(Cause::unsupported, changed(kControl + 1, {77}))), ErrorVerdict::sent)
      << "another code has a bucket of its own";
}

TEST(ErrorCodes, DefaultsAreThoseOfTheProtocol) {
  constexpr ErrorCodes kCodes;
  for (const std::uint8_t code : {1, 5, 6}) EXPECT_TRUE(kCodes.has(code)) << unsigned{code};
  for (const std::uint8_t code : {0, 2, 3, 4, 7, 255}) EXPECT_FALSE(kCodes.has(code)) << unsigned{code};
  EXPECT_THAT(needed_copies(kCodes), testing::ElementsAre(Cause::version));
  EXPECT_THAT(needed_copies(all_codes()),
              testing::ElementsAre(Cause::integrity, Cause::replayed, Cause::malformed, Cause::version));
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
  EXPECT_EQ(handle(about_sa(Cause::integrity)), ErrorVerdict::disabled);
  EXPECT_EQ(handle(about_sa(Cause::replayed)), ErrorVerdict::disabled);
  EXPECT_EQ(handle(make_exception(Cause::malformed, unknown_frame())), ErrorVerdict::disabled);
  EXPECT_THAT(asking_->frames, testing::IsEmpty());
  EXPECT_THAT(asking_->requester.messages, testing::IsEmpty());
}

TEST_F(ErrorResponderTest, FailedIntegrityIsToldInClearToThePeer) {
  start_asking(all_codes());
  EXPECT_EQ(handle(about_sa(Cause::integrity)), ErrorVerdict::sent);
  ASSERT_EQ(asking_->frames.size(), 1U);
  EXPECT_EQ(to_hex(asking_->frames[0]).substr(0, 28), "02aabbccdd0202aabbccdd010800") << "to the peer of the path";
  const std::string frame = to_hex(asking_->frames[0]);
  EXPECT_EQ(frame.substr(2 * 26, 16), "c0000201c6336401");
  EXPECT_EQ(frame.substr(2 * 34, 16), "000000fd00001234");
  EXPECT_EQ(frame.substr(2 * kControl, 8), "16030200");
  EXPECT_EQ(frame.substr(2 * (kControl + 8), 16), "0000100000000077");
  EXPECT_EQ(frame.substr(2 * kError), std::string(32, '0') + "0000100000001234") << "no token: the SA is there";
}

TEST_F(ErrorResponderTest, ReplaysAndAdminDownAreToldProtected) {
  start_asking(all_codes());
  EXPECT_EQ(handle(about_sa(Cause::replayed)), ErrorVerdict::sent);
  EXPECT_EQ(handle(about_sa(Cause::sa_down)), ErrorVerdict::sent);
  ASSERT_EQ(asking_->requester.messages.size(), 2U);
  const std::array<std::uint8_t, 2> codes{wire::error_replay, wire::error_sa_down};
  for (std::size_t i = 0; i < 2; ++i) {
    const FakeMessage& message = asking_->requester.messages[i];
    EXPECT_EQ(message.sa, number_);
    EXPECT_EQ(message.type, wire::type_error_protected);
    EXPECT_EQ(message.code, codes[i]);
    EXPECT_EQ(message.transaction, 0x77U);
    EXPECT_EQ(to_hex(message.plaintext), std::string("c80") + std::to_string(codes[i]) + "000c00000000" + "00000077" +
                                             "0000100000001234" + "01020290");
  }
  EXPECT_THAT(asking_->frames, testing::IsEmpty()) << "nothing in clear";
}

TEST_F(ErrorResponderTest, NothingAboutRepliesAndErrorsOfAnSa) {
  start_asking(all_codes());
  for (const Cause cause : {Cause::integrity, Cause::replayed}) {
    for (const std::uint8_t type : {wire::type_echo_reply, wire::type_error_protected}) {
      Exception exception = about_sa(cause);
      exception.message = type;
      EXPECT_EQ(handle(exception), ErrorVerdict::about_message);
    }
  }
}

TEST_F(ErrorResponderTest, ProtectedErrorsAreNoLongerThanWhatTheyAreAbout) {
  start_asking(all_codes());
  Exception exception = about_sa(Cause::sa_down);
  exception.payload_end = 14 + 107;
  EXPECT_EQ(handle(exception), ErrorVerdict::too_long) << "the error takes 108 bytes of IP";
  exception.payload_end = 14 + 108;
  EXPECT_EQ(handle(exception), ErrorVerdict::sent);
  exception.payload_end = 0;
  EXPECT_EQ(handle(exception), ErrorVerdict::too_long) << "unknown is taken for too short";
}

TEST_F(ErrorResponderTest, NoPathNoError) {
  start_asking(all_codes());
  Exception exception = about_sa(Cause::integrity);
  exception.sa = number_ + 1;
  EXPECT_EQ(handle(exception), ErrorVerdict::no_path);
  exception.sa.reset();
  EXPECT_EQ(handle(exception), ErrorVerdict::no_path);
  exception = about_sa(Cause::replayed);
  exception.spi ^= 1;  // the number has another SA by now
  EXPECT_EQ(handle(exception), ErrorVerdict::no_path);
  ASSERT_TRUE(sas_->remove(sa_.in.spi));
  EXPECT_EQ(handle(about_sa(Cause::sa_down)), ErrorVerdict::no_path);
}

TEST_F(ErrorResponderTest, PeersOfAnSaAreLimitedLikeAnySource) {
  start_asking(all_codes());
  unsigned sent = 0;
  for (unsigned i = 0; i < 3000; ++i) sent += handle(about_sa(Cause::sa_down)) == ErrorVerdict::sent ? 1 : 0;
  EXPECT_EQ(sent, 1024U) << "the burst of a source";
}

TEST_F(ErrorResponderTest, AFullCommandRingIsWaitedFor) {
  start_asking(all_codes());
  while (card_->submit(Command::nop(), {})) {
  }
  EXPECT_EQ(handle(about_sa(Cause::sa_down)), ErrorVerdict::sent);
  EXPECT_EQ(asking_->requester.messages.size(), 1U);
}

TEST_F(ErrorResponderTest, UnknownVersionGetsCodeSix) {
  // Version 2 in the control header; the length of its header may be anything.
  EXPECT_EQ(handle(make_exception(Cause::version, changed(kControl, {0x25}))), ErrorVerdict::sent);
  const std::string frame = last_frame();
  EXPECT_EQ(frame.substr(2 * kControl, 8), "16030600");
  EXPECT_EQ(frame.substr(2 * kError, 32), std::string(32, '0'));
}

/// Two devices of different versions must not answer each other's errors for ever.
TEST_F(ErrorResponderTest, ErrorsOfAnotherVersionAreErrors) {
  for (const std::uint8_t type : {2, 3, 4}) {
    EXPECT_EQ(handle(make_exception(Cause::version, changed(kControl, {0x26, type}))), ErrorVerdict::about_message);
  }
}

TEST_F(ErrorResponderTest, MalformedGetsCodeFourWhereSwitchedOn) {
  start(true, {.codes = all_codes()});
  EXPECT_EQ(handle(make_exception(Cause::malformed, changed(kControl + 6, {0xff, 0xff}))), ErrorVerdict::sent);
  EXPECT_EQ(last_frame().substr(2 * kControl, 8), "16030400");
  auto damaged = unknown_frame();
  damaged[24] ^= 1;
  EXPECT_EQ(handle(make_exception(Cause::malformed, damaged)), ErrorVerdict::malformed) << "IPv4 checksum";
}

TEST_F(ErrorResponderTest, PeersWithoutTheProtocolGetIcmp) {
  start(true, {.icmp_peers = {IpAddress::v4(0xc6336401)}});
  const auto frame = changed(34, {0xde, 0xad, 0xbe, 0xef, 0, 0, 0, 1});
  EXPECT_EQ(handle(make_exception(Cause::unknown_spi_data, frame)), ErrorVerdict::sent);
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
  EXPECT_EQ(handle(make_exception(Cause::unknown_spi, unknown_frame())), ErrorVerdict::sent);
  EXPECT_EQ(last_frame(), answer_of(kUnknownSpiCase));
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
    return handle(make_exception(Cause::unknown_spi_data, frame));
  };
  EXPECT_EQ(with_length(59), ErrorVerdict::too_long);
  EXPECT_EQ(with_length(60), ErrorVerdict::sent);
}

TEST(Icmp, PacketsAreFoundBehindVlanTags) {
  const auto frame = unknown_frame();
  const std::string packet = to_hex(std::span(frame).subspan(14));
  EXPECT_EQ(to_hex(ipv4_packet(frame)), packet);
  const auto tagged = [&](std::vector<std::uint8_t> tags) {
    tags.insert(tags.begin(), frame.begin(), frame.begin() + 12);
    tags.insert(tags.end(), frame.begin() + 12, frame.end());
    return tags;
  };
  EXPECT_EQ(to_hex(ipv4_packet(tagged({0x81, 0, 0, 5}))), packet);
  EXPECT_EQ(to_hex(ipv4_packet(tagged({0x88, 0xa8, 0, 6, 0x81, 0, 0, 5}))), packet);
  EXPECT_TRUE(ipv4_packet(tagged({0x81, 0, 0, 7, 0x81, 0, 0, 6, 0x81, 0, 0, 5})).empty()) << "more than the card reads";
  EXPECT_TRUE(ipv4_packet(tagged({0x86, 0xdd})).empty()) << "IPv6";
  EXPECT_TRUE(ipv4_packet(std::span(frame).first(13)).empty());
}

TEST(Icmp, RandomBytesAreNoDanger) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  unsigned found = 0;
  const auto exception = make_exception(Cause::unknown_spi_data, unknown_frame());
  const auto frame = build_icmp_failure(exception, *parse_offending(exception), IcmpFailureCode::bad_spi);
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
