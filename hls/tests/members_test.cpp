// SPDX-License-Identifier: Apache-2.0
// Members and conversions, as the vendor's header has them: compare/compare_headers.py runs these tests on it, too.
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "ap_int.h"

namespace {

TEST(ApIntMembers, BitsAreMovedInPlace) {
  ap_uint<8> x = 0x1a;
  EXPECT_EQ(x.reverse().to_int(), 0x58);
  EXPECT_EQ(x.lrotate(3).to_int(), 0xc2);
  EXPECT_EQ(x.rrotate(3).to_int(), 0x58);
  EXPECT_EQ(x.rrotate(0).to_int(), 0x58);
  x.set(0);
  x.clear(6);
  x.invert(7);
  x.set(1, false);
  x.set_bit(2, true);
  EXPECT_EQ(x.to_int(), 0x9d);
  x.b_not();
  EXPECT_EQ(x.to_int(), 0x62);
  ap_int<4> s = 1;
  EXPECT_EQ(s.reverse().to_int(), -8);
}

TEST(ApIntMembers, Questions) {
  const ap_int<8> x = -128;
  EXPECT_TRUE(x.sign());
  EXPECT_TRUE(x.get_bit(7));
  EXPECT_FALSE(x.is_zero());
  EXPECT_EQ(ap_uint<100>(1).countLeadingZeros(), 99);
  EXPECT_EQ(ap_uint<7>(0).countLeadingZeros(), 7);
  EXPECT_TRUE(ap_uint<7>(0x7f).and_reduce());
  EXPECT_TRUE(ap_uint<7>(0x7e).nand_reduce());
  EXPECT_TRUE(ap_uint<7>(0x7).xor_reduce());
}

TEST(ApIntMembers, NamedConversionsTruncate) {
  const ap_int<100> x = ap_int<100>(-3) << 64;
  EXPECT_EQ(x.to_int64(), 0);
  EXPECT_EQ((x >> 60).to_char(), -48);
  EXPECT_EQ((x >> 60).to_uchar(), 208);
  EXPECT_EQ((x >> 60).to_short(), -48);
  EXPECT_EQ((x >> 60).to_ulong(), ~0UL - 47);
  EXPECT_EQ(ap_int<60>(-3).to_double(), -3.0);
}

TEST(ApIntMembers, FloatingPointLosesItsFraction) {
  EXPECT_EQ(ap_int<8>(-1.75).to_int(), -1);
  EXPECT_EQ(ap_uint<8>(300.5F).to_int(), 44);
  EXPECT_EQ(ap_int<8>(-0.5).to_int(), 0);
  EXPECT_EQ(ap_int<8>(-0.25).to_int(), 1);  // nothing to be proud of, but both headers do it
  EXPECT_TRUE(ap_uint<100>(1e30) == ap_uint<100>("1000000000000000019884624838656"));
}

TEST(ApIntMembers, TextOfNumbersUpTo64Bits) {
  EXPECT_EQ(ap_uint<8>(5).to_string(), "0b0101");
  EXPECT_EQ(ap_uint<8>(0x5a).to_string(2), "0b01011010");
  EXPECT_EQ(ap_int<8>(-5).to_string(2), "0b11111011");
  EXPECT_EQ(ap_int<8>(-5).to_string(10), "-5");
  EXPECT_EQ(ap_int<8>(-5).to_string(16), "-0x5");
  EXPECT_EQ(ap_int<8>(-5).to_string(16, false), "0xfb");
  EXPECT_EQ(ap_uint<12>(0xfb).to_string(16), "0x0fb");
  EXPECT_EQ(ap_uint<8>(0).to_string(8), "0o0");
}

TEST(ApIntMembers, TextOfWiderNumbers) {
  EXPECT_EQ(ap_uint<100>(0xfb).to_string(16), "0x0FB");
  EXPECT_EQ(ap_uint<100>(5).to_string(16), "0x05");
  EXPECT_EQ(ap_uint<100>(0).to_string(16), "0");
  EXPECT_EQ(ap_int<100>(-5).to_string(16), "-0x5");
  EXPECT_EQ((ap_uint<100>(1) << 70).to_string(10), "1180591620717411303424");
}

TEST(ApIntMembers, TextOfParts) {
  ap_int<8> x = -2;
  EXPECT_EQ(x.range(3, 0).to_string(10), "14");
  EXPECT_EQ(x[0].to_string(), "0");
}

TEST(ApIntMembers, NumbersFromText) {
  EXPECT_EQ(ap_uint<8>("0x1F").to_int(), 31);
  EXPECT_EQ(ap_uint<8>("-0b101").to_int(), 251);
  EXPECT_EQ(ap_int<8>("-0o17").to_int(), -15);
  EXPECT_EQ(ap_int<8>("ff", 16).to_int(), -1);
  EXPECT_EQ(ap_uint<8>("010").to_int(), 10);
  EXPECT_TRUE(ap_uint<100>("1180591620717411303424") == ap_uint<100>(1) << 70);
}

TEST(ApIntMembers, PrintsInTheRadixOfTheStream) {
  std::ostringstream out;
  out << ap_int<8>(-5) << ' ' << ap_uint<100>(12);
  EXPECT_EQ(out.str(), "-5 12");
}

}  // namespace
