// SPDX-License-Identifier: Apache-2.0
#include "sapulse/address.h"

#include <gtest/gtest.h>

#include "test_sas.h"

namespace sapulse::test {
namespace {

TEST(Address, Ipv4IsMapped) {
  const auto address = IpAddress::parse("192.0.2.1");
  ASSERT_TRUE(address);
  EXPECT_EQ(to_hex(address->bytes()), "00000000000000000000ffffc0000201");
  EXPECT_EQ(*address, IpAddress::v4(0xc0000201));
  EXPECT_TRUE(address->is_v4());
  EXPECT_EQ(address->to_string(), "192.0.2.1");
}

TEST(Address, Ipv6RoundTrip) {
  const auto address = IpAddress::parse("2001:db8::1");
  ASSERT_TRUE(address);
  EXPECT_FALSE(address->is_v4());
  EXPECT_EQ(address->v4_value(), 0U);
  EXPECT_EQ(address->to_string(), "2001:db8::1");
  EXPECT_EQ(IpAddress::from_bytes(address->bytes()), *address);
}

TEST(Address, BadTextIsRefused) {
  using namespace std::string_view_literals;
  for (const auto text :
       {""sv, "192.0.2"sv, "192.0.2.256"sv, "2001:db8::g"sv, "192.0.2.1 "sv, "::1%lo"sv, "192.0.2.1\0x"sv}) {
    EXPECT_EQ(IpAddress::parse(text).error().code, Errc::parse_error) << text;
  }
}

TEST(Address, KindsThatAreNotOneHost) {
  for (const auto* text :
       {"0.0.0.0", "127.0.0.1", "224.0.0.1", "239.255.255.255", "255.255.255.255", "::", "::1", "ff02::1"}) {
    EXPECT_FALSE(IpAddress::parse(text)->is_unicast()) << text;
  }
  for (const auto* text : {"192.0.2.1", "223.255.255.255", "2001:db8::", "fe80::1", "::2"}) {
    EXPECT_TRUE(IpAddress::parse(text)->is_unicast()) << text;
  }
}

TEST(Address, Mac) {
  const auto mac = MacAddress::parse("02:aA:bb:cc:dd:01");
  ASSERT_TRUE(mac);
  EXPECT_EQ(mac->to_string(), "02:aa:bb:cc:dd:01");
  EXPECT_FALSE(mac->is_group());
  EXPECT_TRUE(MacAddress::parse("ff:ff:ff:ff:ff:ff")->is_group());
  for (const auto* text : {"", "02:aa:bb:cc:dd", "02:aa:bb:cc:dd:0g", "02-aa-bb-cc-dd-01", "02:aa:bb:cc:dd:01:"}) {
    EXPECT_FALSE(MacAddress::parse(text)) << text;
  }
}

}  // namespace
}  // namespace sapulse::test
