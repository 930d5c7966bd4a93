// SPDX-License-Identifier: Apache-2.0
// Ranges, bits and concatenations, as the vendor's header has them: compare/compare_headers.py runs these tests on it,
// too.
#include <gtest/gtest.h>

#include <type_traits>

#include "ap_int.h"

namespace {

TEST(ApIntReference, ARangeBackwardsIsReversed) {
  ap_uint<8> x = 0x1a;
  EXPECT_EQ(x.range(0, 7).to_int(), 0x58);
  EXPECT_EQ(x.range(1, 4).to_int(), 0xb);
  EXPECT_EQ(x.range(1, 4).length(), 4);
  x.range(0, 3) = 0x1;
  EXPECT_EQ(x.to_int(), 0x18);
  int low = 4, high = 7;
  x(low, high) = 0x3;
  EXPECT_EQ(x.to_int(), 0xc8);
}

TEST(ApIntReference, ARangeIsUnsignedButTypedAsItsVariable) {
  ap_int<8> s = -1;
  EXPECT_EQ(ap_int<16>(s.range(7, 4)).to_int(), 15);
  EXPECT_TRUE((std::is_same<decltype(s.range(3, 0) + ap_uint<8>(1)), ap_int<10>>::value));
  EXPECT_TRUE((std::is_same<decltype(s.range(3, 0) + 1), ap_int<33>>::value));
  EXPECT_TRUE((std::is_same<decltype(s.range(3, 0) * s.range(3, 0)), ap_uint<16>>::value));
  EXPECT_EQ((s.range(3, 0) + ap_uint<8>(1)).to_int(), 16);
}

TEST(ApIntReference, ANegativeIntegerFillsARange) {
  ap_uint<100> x = 0;
  x.range(99, 10) = -1;
  EXPECT_TRUE(x == (~ap_uint<100>(0) << 10));
}

TEST(ApIntReference, AnyValueButZeroSetsABit) {
  ap_uint<4> x = 0;
  x[1] = 2;
  EXPECT_EQ(x.to_int(), 2);
  x[2] = ap_uint<8>(0x10);
  EXPECT_EQ(x.to_int(), 6);
  x[1] = x[0];
  EXPECT_EQ(x.to_int(), 4);
}

TEST(ApIntReference, BitsOfOddWideVariables) {
  ap_int<129> x = 0;
  x[128] = true;
  EXPECT_TRUE(x < 0);
  x[3] = x[128];
  EXPECT_TRUE(x.test(3));
}

TEST(ApIntReference, ABitAmongCIntegersIsOne) {
  ap_uint<4> x = 2;
  EXPECT_TRUE((std::is_same<decltype(x[1] + 1), int>::value));
  EXPECT_TRUE((std::is_same<decltype(x[1] + x), ap_uint<5>>::value));
  EXPECT_EQ(x[1] << 5, 32);
}

TEST(ApIntReference, ConcatenationOfEverything) {
  ap_uint<4> a = 0x9;
  ap_int<4> b = -2;
  const ap_uint<16> joined = (a, b.range(3, 2), b[0], a[3], b);
  EXPECT_EQ(joined.to_int(), 0x9de);
  EXPECT_EQ((a, b, a).length(), 12);
  EXPECT_EQ(ap_uint<8>(a.concat(b)).to_int(), 0x9e);
}

TEST(ApIntReference, ConcatenationWithCIntegers) {
  const ap_uint<4> a = 0x9;
  EXPECT_TRUE((ap_uint<40>((a, 5)) == 0x900000005ULL));
  EXPECT_TRUE((ap_uint<40>((true, a)) == 0x19));
  EXPECT_TRUE((ap_uint<12>(((unsigned char)0x80, a)) == 0x809));
}

TEST(ApIntReference, TheSignOfACIntegerFillsTheConcatenationInFrontOfIt) {
  ap_uint<4> a = 0x9, b = 0x3;
  EXPECT_EQ(ap_uint<16>((a, b, (signed char)-2)).to_int(), 0xfffe);
  EXPECT_EQ(ap_uint<12>((a, (signed char)-2)).to_int(), 0x9fe);
}

TEST(ApIntReference, AConcatenationIsAssignedInParts) {
  ap_uint<4> a;
  ap_int<3> b;
  ap_uint<8> c = 0;
  (a, b, c[7], c.range(3, 0)) = 0xabc;  // 101.0 101 1 1100
  EXPECT_EQ(a.to_int(), 0xa);
  EXPECT_EQ(b.to_int(), -3);
  EXPECT_EQ(c.to_int(), 0x8c);
  (a, c) = (c, a);
  EXPECT_EQ(a.to_int(), 0x8);
}

TEST(ApIntReference, AConcatenationBesideNumbers) {
  ap_uint<4> a = 0x9, b = 0x3;
  EXPECT_TRUE((std::is_same<decltype((a, b) + 1), unsigned long long>::value));
  EXPECT_TRUE((std::is_same<decltype((a, b) + a), ap_uint<65>>::value));
  EXPECT_TRUE((std::is_same<decltype((a, b) << 1), ap_uint<8>>::value));
  EXPECT_TRUE((std::is_same<decltype((a, b) + (b, a)), ap_uint<9>>::value));
  EXPECT_EQ(ap_uint<16>((a, b) & ap_uint<4>(0x7)).to_int(), 0x3);
  EXPECT_TRUE((a, b) == ap_uint<8>(0x93));
  EXPECT_TRUE((a, b) > (b, a));
}

}  // namespace
