// SPDX-License-Identifier: Apache-2.0
#include "xfrm_message.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <linux/netlink.h>
#include <linux/udp.h>
#include <linux/xfrm.h>

#include <limits>
#include <random>

#include "kernel_messages.h"

namespace sapulse::kernel::test {
namespace {

using testing::ElementsAreArray;
using testing::HasSubstr;

const SaSpec kSpec{.source = "203.0.113.7", .destination = "198.51.100.1", .spi = 0xc0ffee01};

template <class Kind>
Kind parsed(Bytes datagram) {
  auto event = parse_xfrm(only_message(datagram));
  EXPECT_TRUE(event.has_value()) << event.error().message;
  EXPECT_TRUE(event->has_value());
  return std::get<Kind>(**event);
}

std::string error_of(Bytes datagram) {
  const auto event = parse_xfrm(only_message(datagram));
  return event ? "understood" : event.error().message;
}

TEST(XfrmMessage, TellsWhatAnSaIs) {
  SaSpec spec = kSpec;
  spec.reqid = 7;
  spec.added = 1'800'000'000;
  spec.mark = Mark{.value = 5, .mask = 0xff};
  spec.if_id = 42;
  spec.esn = true;
  spec.encapsulation = {.type = UDP_ENCAP_ESPINUDP, .source_port = 31000, .destination_port = 4500};
  const KernelSa sa = parsed<SaAdded>(new_gcm_sa(spec)).sa;
  EXPECT_EQ(sa.source, ip("203.0.113.7"));
  EXPECT_EQ(sa.id, (SaId{.destination = ip("198.51.100.1"), .spi = 0xc0ffee01, .protocol = 50, .mark = {5, 0xff}}));
  EXPECT_EQ(sa.reqid, 7U);
  EXPECT_EQ(sa.mode, XFRM_MODE_TUNNEL);
  EXPECT_EQ(sa.added, 1'800'000'000U);
  EXPECT_EQ(sa.if_id, 42U);
  EXPECT_TRUE(sa.esn);
  EXPECT_EQ(sa.encapsulation, spec.encapsulation);
  ASSERT_TRUE(sa.aead.has_value());
  EXPECT_EQ(sa.aead->name, "rfc4106(gcm(aes))");
  EXPECT_EQ(sa.aead->icv_bits, 128U);
  EXPECT_THAT(sa.aead->key.bytes(), ElementsAreArray(counting(20, 0x01)));
  EXPECT_FALSE(sa.direction.has_value());
}

TEST(XfrmMessage, ReadsIpv6CipherWithMacAndDirection) {
  const SaSpec spec{.source = "2001:db8::1", .destination = "2001:db8::2", .spi = 0x1000};
  const auto bytes = new_sa(spec, XFRM_MSG_UPDSA)
                         .put(XFRMA_ALG_AUTH, algorithm("hmac(sha256)", counting(32)))
                         .put(XFRMA_ALG_AUTH_TRUNC, algorithm("hmac(sha256)", counting(32), 128))
                         .put(XFRMA_ALG_CRYPT, algorithm("cbc(aes)", counting(16, 100)))
                         .put_value(33, std::uint8_t{2})
                         .finish(0);
  const KernelSa sa = parsed<SaAdded>(bytes).sa;
  EXPECT_EQ(sa.source, ip("2001:db8::1"));
  EXPECT_EQ(sa.mac->icv_bits, 128U);
  EXPECT_THAT(sa.cipher->key.bytes(), ElementsAreArray(counting(16, 100)));
  EXPECT_EQ(sa.direction, Direction::out);
}

TEST(XfrmMessage, AnSaWithoutAlgorithmsIsLarval) {
  const auto compressing = new_sa(kSpec, XFRM_MSG_NEWSA).put(XFRMA_ALG_COMP, algorithm("deflate", {})).finish(0);
  EXPECT_FALSE(parsed<SaAdded>(compressing).sa.is_larval());
  EXPECT_TRUE(parsed<SaAdded>(new_sa(kSpec, XFRM_MSG_NEWSA).finish(0)).sa.is_larval());
}

TEST(XfrmMessage, TellsWhatIsDeleted) {
  SaSpec spec = kSpec;
  spec.mark = Mark{.value = 1, .mask = 3};
  EXPECT_EQ(parsed<SaDeleted>(deleted_sa(spec)).id, gcm_sa(spec).id);
}

TEST(XfrmMessage, OnlyAHardExpiryDeletes) {
  for (const std::uint8_t hard : {0, 1}) {
    xfrm_user_expire expire{};
    expire.state.family = AF_INET;
    expire.state.id = {.daddr = {}, .spi = htonl(0x1234), .proto = 50};
    expire.hard = hard;
    const auto bytes = RequestBuilder(XFRM_MSG_EXPIRE, 0).put(expire).finish(0);
    const auto event = parse_xfrm(only_message(bytes));
    ASSERT_TRUE(event.has_value());
    EXPECT_EQ(event->has_value(), hard == 1);
    if (*event) EXPECT_EQ(std::get<SaDeleted>(**event).id.spi, 0x1234U);
  }
}

TEST(XfrmMessage, TellsWhereAPeerHasMoved) {
  xfrm_user_mapping mapping{};
  mapping.id = {.daddr = {.a4 = htonl(0xc6336401)}, .spi = htonl(0x777), .family = AF_INET, .proto = 50};
  mapping.new_saddr.a4 = htonl(0xcb007109);
  mapping.new_sport = htons(31001);
  const auto moved = parsed<SaMapped>(RequestBuilder(XFRM_MSG_MAPPING, 0).put(mapping).finish(0));
  EXPECT_EQ(moved.id.spi, 0x777U);
  EXPECT_EQ(moved.id.destination, ip("198.51.100.1"));
  EXPECT_EQ(moved.source, (UdpEndpoint{.address = ip("203.0.113.9"), .port = 31001}));
}

TEST(XfrmMessage, AFlushConcernsItsProtocol) {
  const auto flush = [](std::uint8_t protocol) {
    return parsed<SasFlushed>(RequestBuilder(XFRM_MSG_FLUSHSA, 0).put(xfrm_usersa_flush{.proto = protocol}).finish(0));
  };
  const SaId esp{.destination = {}, .spi = 1, .protocol = 50};
  const SaId ah{.destination = {}, .spi = 1, .protocol = 51};
  EXPECT_TRUE(flush(0).concerns(esp));
  EXPECT_TRUE(flush(255).concerns(ah));
  EXPECT_TRUE(flush(50).concerns(esp));
  EXPECT_FALSE(flush(50).concerns(ah));
}

TEST(XfrmMessage, TellsTheTemplatesOfAPolicy) {
  xfrm_userpolicy_info info{};
  info.index = 17;
  info.dir = XFRM_POLICY_OUT;
  std::array<xfrm_user_tmpl, 2> templates{};
  templates[0].family = AF_INET;
  templates[0].saddr.a4 = htonl(0xc6336401);
  templates[0].id = {.daddr = {.a4 = htonl(0xcb007107)}, .spi = 0, .proto = 50};
  templates[0].reqid = 9;
  templates[1].family = AF_INET;
  const auto policy =
      parsed<PolicyAdded>(RequestBuilder(XFRM_MSG_NEWPOLICY, 0).put(info).put_value(XFRMA_TMPL, templates).finish(0))
          .policy;
  EXPECT_EQ(policy.index, 17U);
  EXPECT_EQ(policy.direction, Direction::out);
  ASSERT_EQ(policy.templates.size(), 2U);
  EXPECT_EQ(policy.templates[0].source, ip("198.51.100.1"));
  EXPECT_EQ(policy.templates[0].destination, ip("203.0.113.7"));
  EXPECT_EQ(policy.templates[0].reqid, 9U);
  EXPECT_TRUE(policy.templates[1].source.is_unspecified());
  info.dir = XFRM_POLICY_MAX;  // of a socket
  EXPECT_FALSE(parse_xfrm(only_message(RequestBuilder(XFRM_MSG_NEWPOLICY, 0).put(info).finish(0)))->has_value());
}

TEST(XfrmMessage, FindsTheIndexOfADeletedPolicy) {
  xfrm_userpolicy_info info{};
  info.index = 33;
  const auto bytes =
      RequestBuilder(XFRM_MSG_DELPOLICY, 0).put(xfrm_userpolicy_id{}).put_value(XFRMA_POLICY, info).finish(0);
  EXPECT_EQ(parsed<PolicyDeleted>(bytes).index, 33U);
}

TEST(XfrmMessage, OtherMessagesConcernNobody) {
  for (const std::uint16_t type : {XFRM_MSG_ACQUIRE, XFRM_MSG_NEWAE, XFRM_MSG_GETSADINFO}) {
    EXPECT_FALSE(parse_xfrm({.type = type, .flags = 0, .sequence = 0, .payload = {}})->has_value());
  }
}

TEST(XfrmMessage, SaysWhatIsMalformed) {
  EXPECT_THAT(error_of(RequestBuilder(XFRM_MSG_NEWSA, 0).put(std::uint32_t{0}).finish(0)),
              HasSubstr("XFRM_MSG_NEWSA: 4 bytes"));
  auto cut_key = algorithm("rfc4106(gcm(aes))", counting(20), 128);
  cut_key.resize(cut_key.size() - 1);
  EXPECT_THAT(error_of(new_sa(kSpec, XFRM_MSG_NEWSA).put(XFRMA_ALG_AEAD, cut_key).finish(0)),
              HasSubstr("XFRMA_ALG_AEAD: key of 20 bytes, 19 are there"));
  EXPECT_THAT(error_of(new_sa(kSpec, XFRM_MSG_NEWSA).put_value(XFRMA_MARK, std::uint32_t{1}).finish(0)),
              HasSubstr("XFRMA_MARK: 4 bytes, needs 8"));
  xfrm_usersa_info unknown{};
  unknown.family = 99;
  EXPECT_THAT(error_of(RequestBuilder(XFRM_MSG_NEWSA, 0).put(unknown).finish(0)), HasSubstr("address family 99"));
  auto overlong = new_gcm_sa(kSpec);
  overlong[sizeof(nlmsghdr) + sizeof(xfrm_usersa_info)] = 0xff;  // length of the first attribute
  EXPECT_THAT(error_of(overlong), HasSubstr("attribute 18: length 255"));
}

TEST(XfrmMessage, ADatagramWhoseLengthsDoNotFitIsRefused) {
  auto bytes = new_gcm_sa(kSpec);
  bytes.pop_back();
  EXPECT_THAT(split_messages(bytes).error().message, HasSubstr("netlink message of type 16: length"));
  EXPECT_THAT(split_messages(counting(7)).error().message, HasSubstr("netlink header: 7 bytes"));
}

TEST(XfrmMessage, ErrorsOfTheKernelAreItsNumbersNegated) {
  const auto told = [](std::int32_t error) {
    const auto bytes = RequestBuilder(NLMSG_ERROR, 0).put(nlmsgerr{.error = error, .msg = {}}).finish(0);
    return kernel::error_of(only_message(bytes));
  };
  EXPECT_EQ(told(0), 0);
  EXPECT_EQ(told(-EPERM), EPERM);
  EXPECT_EQ(told(1).error().message, "netlink error 1");
  EXPECT_EQ(told(std::numeric_limits<std::int32_t>::min()).error().message, "netlink error -2147483648");
}

/// Sanitizers and the next test's fuzzer look into more; this one runs everywhere.
TEST(XfrmMessage, DamagedMessagesAreRefusedOrUnderstood) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto good = new_gcm_sa(kSpec);
  for (int i = 0; i < 20'000; ++i) {
    auto bytes = good;
    for (int j = 0; j < 3; ++j) bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    const auto messages = split_messages(bytes);
    if (!messages) continue;
    for (const NetlinkMessage& message : *messages) {
      const auto event = parse_xfrm(message);
      if (!event) EXPECT_EQ(event.error().code, Errc::parse_error);
    }
  }
}

}  // namespace
}  // namespace sapulse::kernel::test
