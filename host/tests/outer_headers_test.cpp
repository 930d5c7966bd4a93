// SPDX-License-Identifier: Apache-2.0
// Headers of frames as tools outside of the card read them.
#include "outer_headers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test_sas.h"

namespace sapulse::test {
namespace {

using testing::ElementsAre;
using testing::Optional;

const std::string kMacs = "020000000001020000000002";
const std::string kAddresses6 =
    "20010db8000000000000000000000001"
    "20010db8000000000000000000000002";

std::vector<std::byte> frame_of(const std::string& hex) {
  const auto bytes = from_hex(hex);
  const auto whole = std::as_bytes(std::span(bytes));
  return {whole.begin(), whole.end()};
}

std::optional<OuterHeaders> headers(const std::vector<std::byte>& frame) {
  FrameReader reader(frame);
  return read_outer_headers(reader);
}

/// A header of `words` words and the protocol, then `rest`, `total` bytes by its own word.
std::string ipv4(const std::string& words, const std::string& total, const std::string& protocol,
                 const std::string& rest) {
  return kMacs + "0800" + words + "00" + total + "0000000040" + protocol + "0000" + "c6336401" + "c0000201" + rest;
}

std::string ipv6(const std::string& payload, const std::string& next, const std::string& rest) {
  return kMacs + "86dd60000000" + payload + next + "40" + kAddresses6 + rest;
}

TEST(OuterHeaders, OfEspInUdpBehindOptionsAndTags) {
  const std::string udp =
      "11941194001cbeef"
      "0000100000000007"
      "aaaaaaaaaaaaaaaaaaaaaaaa";
  auto hex = ipv4("46", "0034", "11", "01010101" + udp);
  hex.insert(24,
             "88a80006"
             "81000005");
  const auto frame = frame_of(hex);
  FrameReader reader(frame);
  const auto outer = read_outer_headers(reader);
  ASSERT_TRUE(outer);
  EXPECT_EQ(to_hex(outer->macs[0]) + to_hex(outer->macs[1]), kMacs);
  EXPECT_THAT(outer->tags, ElementsAre(0x88a80006, 0x81000005));
  EXPECT_EQ(to_hex(outer->source) + to_hex(outer->destination), "c6336401c0000201");
  EXPECT_EQ(outer->protocol, 17);
  EXPECT_EQ(outer->source_port, 0x1194U);
  EXPECT_EQ(outer->destination_port, 0x1194U);
  EXPECT_EQ(outer->spi, 0x1000U);
  EXPECT_EQ(outer->sequence, 7U);
  EXPECT_EQ(to_hex(reader.rest()), "aaaaaaaaaaaaaaaaaaaaaaaa");
}

TEST(OuterHeaders, OfAhBehindExtensionHeaders) {
  const std::string hop_by_hop =
                        "3c00"
                        "010400000000",
                    destination =
                        "3301"
                        "010c000000000000000000000000";
  const std::string ah = "3204"
                         "0000"
                         "00001001"
                         "00000008"
                         "111111111111111111111111",
                    esp = "bbbbbbbb";
  const auto frame = frame_of(ipv6("0034", "00", hop_by_hop + destination + ah + esp + "ffff"));
  FrameReader reader(frame);
  const auto outer = read_outer_headers(reader);
  ASSERT_TRUE(outer);
  EXPECT_EQ(to_hex(outer->source) + to_hex(outer->destination), kAddresses6);
  EXPECT_EQ(outer->protocol, 51);
  EXPECT_EQ(outer->spi, 0x1001U);
  EXPECT_EQ(outer->sequence, 8U);
  EXPECT_EQ(to_hex(reader.rest()), esp) << "without what follows the packet";
}

TEST(OuterHeaders, NoneOfFramesThatEndInsideThem) {
  for (const auto& hex : {ipv4("45", "0024", "11",
                               "119411940010beef"
                               "0000100000000007"),
                          ipv6("0020", "00",
                               "3300010400000000"
                               "3204000000001001"
                               "00000008"
                               "111111111111111111111111")}) {
    const auto frame = frame_of(hex);
    for (std::size_t length = 0; length < frame.size(); ++length) {
      EXPECT_FALSE(headers({frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(length)}))
          << hex << ' ' << length;
    }
    EXPECT_TRUE(headers(frame)) << hex;
  }
}

TEST(OuterHeaders, NoneWhereALengthIsTooShort) {
  const std::string esp = "0000100000000007";
  EXPECT_TRUE(headers(frame_of(ipv4("45", "001c", "32", esp))));
  EXPECT_FALSE(headers(frame_of(ipv4("44", "001c", "32", esp)))) << "header of IPv4";
  EXPECT_FALSE(headers(frame_of(ipv4("46", "0017", "32", "01010101" + esp)))) << "total length of IPv4";
  EXPECT_FALSE(headers(frame_of(ipv4("45", "001b", "32", esp)))) << "IPv4 ends in the header";
  EXPECT_FALSE(headers(frame_of(ipv6("0007", "32", esp)))) << "IPv6 ends in the header";
  EXPECT_TRUE(headers(frame_of(ipv4("45", "0024", "11", "119411940010beef" + esp))));
  EXPECT_FALSE(headers(frame_of(ipv4("45", "0024", "11", "119411940007beef" + esp)))) << "UDP";
  EXPECT_FALSE(headers(frame_of(ipv4("45", "0024", "11", "11941194000fbeef" + esp)))) << "UDP ends in the header";
  EXPECT_TRUE(headers(frame_of(ipv4("45", "0020", "33", "32010000" + esp)))) << "AH without ICV";
  EXPECT_FALSE(headers(frame_of(ipv4("45", "0020", "33", "32000000" + esp)))) << "AH";
  EXPECT_FALSE(headers(frame_of(ipv4("45", "001c", "06", esp)))) << "TCP";
}

TEST(OuterHeaders, SpiOfTheSaThatAFrameBelongsTo) {
  const auto spi_of = [](const std::string& after) { return sa_spi(frame_of(ipv4("45", "0038", "32", after))); };
  EXPECT_THAT(spi_of("0000100000000007" + std::string(56, '0')), Optional(0x1000U)) << "of a customer";
  const auto control = [&](const std::string& flags, const std::string& spi) {
    return "00000080"
           "00000007"
           "160301" +
           flags + std::string(40, '0') + spi;
  };
  EXPECT_THAT(spi_of(control("01", "00002000")), Optional(0x2000U)) << "of the nested packet";
  EXPECT_FALSE(spi_of(control("00", "00002000"))) << "nothing nested";
  EXPECT_FALSE(spi_of(control("01", "0000"))) << "cut";
}

}  // namespace
}  // namespace sapulse::test
