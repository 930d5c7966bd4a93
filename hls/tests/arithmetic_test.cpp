// SPDX-License-Identifier: Apache-2.0
// Types and values of operators, as the vendor's header has them: compare/compare_headers.py runs these tests on it,
// too.
#include <gtest/gtest.h>

#include <type_traits>

#include "ap_int.h"

namespace {

template <class T, class X>
testing::AssertionResult is(const X&) {
  if (std::is_same<T, X>::value) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "another type";
}

TEST(ApIntArithmetic, ResultsGrowToWhatHoldsThem) {
  const ap_uint<8> u = 200;
  const ap_int<8> s = -100;
  EXPECT_TRUE(is<ap_uint<9>>(u + u));
  EXPECT_TRUE(is<ap_int<9>>(s + s));
  EXPECT_TRUE(is<ap_int<10>>(u + s));
  EXPECT_TRUE(is<ap_int<9>>(u - u));
  EXPECT_TRUE(is<ap_uint<16>>(u * u));
  EXPECT_TRUE(is<ap_int<16>>(u * s));
  EXPECT_TRUE(is<ap_int<9>>(u & s));
  EXPECT_TRUE(is<ap_int<33>>(u + 1));
  EXPECT_TRUE(is<ap_uint<9>>(u + true));
  EXPECT_EQ((u - ap_uint<8>(201)).to_int(), -1);
  EXPECT_EQ((u * s).to_int(), -20000);
  EXPECT_EQ((u | s).to_int(), -36);
}

TEST(ApIntArithmetic, ANegatedUnsignedValueIsNegative) {
  EXPECT_TRUE(is<ap_int<9>>(-ap_uint<8>(5)));
  EXPECT_TRUE(is<ap_int<9>>(-ap_int<8>(5)));
  EXPECT_TRUE(is<ap_int<3>>(-ap_int<1>(-1)));
  EXPECT_TRUE(-ap_uint<8>(5) < 0);
  EXPECT_EQ((-ap_uint<8>(255)).to_int(), -255);
  EXPECT_EQ((-ap_int<8>(-128)).to_int(), 128);
  EXPECT_EQ((-ap_uint<70>(5)).to_string(10), "-5");
}

TEST(ApIntArithmetic, RemaindersHaveTheSignOfTheDividend) {
  EXPECT_TRUE(is<ap_int<8>>(ap_int<8>(-7) % ap_uint<8>(3)));
  EXPECT_TRUE(is<ap_uint<4>>(ap_uint<8>(200) % ap_int<4>(3)));
  EXPECT_EQ((ap_int<8>(-7) % ap_uint<8>(3)).to_int(), -1);
  EXPECT_EQ((ap_int<8>(-7) % ap_int<8>(-3)).to_int(), -1);
  EXPECT_EQ((ap_int<8>(7) % ap_int<8>(-3)).to_int(), 1);
  EXPECT_EQ((ap_int<100>(-7) % 3).to_int(), -1);
}

TEST(ApIntArithmetic, QuotientsGrowForTheSmallestSignedValue) {
  EXPECT_TRUE(is<ap_int<9>>(ap_int<8>(-128) / ap_int<8>(-1)));
  EXPECT_TRUE(is<ap_int<8>>(ap_int<8>(-128) / ap_uint<8>(3)));
  EXPECT_TRUE(is<ap_uint<8>>(ap_uint<8>(200) / ap_uint<3>(7)));
  EXPECT_EQ((ap_int<8>(-128) / ap_int<8>(-1)).to_int(), 128);
  EXPECT_EQ((ap_int<8>(-7) / ap_uint<8>(2)).to_int(), -3);
  EXPECT_EQ((ap_uint<100>(1000) / ap_uint<8>(7)).to_int(), 142);
}

TEST(ApIntArithmetic, ADivisionIsThatOfTheWiderOperandsType) {
  EXPECT_EQ((ap_uint<8>(200) / ap_int<4>(-3)).to_int(), 0);
  EXPECT_EQ((ap_uint<8>(200) % ap_int<4>(-3)).to_int(), 8);
  EXPECT_EQ((ap_uint<4>(9) / ap_int<8>(-3)).to_int(), -3);
  EXPECT_EQ((ap_uint<4>(9) % ap_int<8>(-3)).to_int(), 9);
}

TEST(ApIntArithmetic, ACIntegerDividedByANumberHasTheTypeOfTheNumberDividedByIt) {
  EXPECT_TRUE(is<ap_int<5>>(1000 / ap_uint<4>(3)));
  EXPECT_TRUE(is<ap_uint<4>>(1000 % ap_uint<4>(3)));
  EXPECT_EQ((1000 / ap_uint<4>(3)).to_int(), 13);
  EXPECT_EQ((1000 % ap_uint<4>(3)).to_int(), 1);
}

TEST(ApIntArithmetic, ComparesAsCDoes) {
  EXPECT_TRUE(ap_int<8>(-1) < ap_uint<8>(1));
  EXPECT_TRUE(ap_int<31>(-1) < ap_uint<31>(1));
  EXPECT_FALSE(ap_int<32>(-1) < ap_uint<32>(1));
  EXPECT_TRUE(ap_int<33>(-1) < ap_uint<32>(1));
  EXPECT_FALSE(ap_int<8>(-1) < ap_uint<100>(1));
  EXPECT_FALSE(ap_uint<64>(1) > -1);
  EXPECT_TRUE(ap_uint<16>(1) > -1);
}

TEST(ApIntArithmetic, MinusOneEqualsAllOnesFrom32BitsOn) {
  EXPECT_TRUE(ap_uint<33>(0x1ffffffffULL) == -1);
  EXPECT_FALSE(ap_uint<31>(0x7fffffffU) == -1);
  EXPECT_TRUE(ap_int<8>(-1) == ap_uint<64>(~0ULL));
  EXPECT_FALSE(ap_int<8>(-1) == ap_uint<8>(255));
  EXPECT_TRUE(ap_int<8>(-1) != ap_uint<16>(0xffff));
}

TEST(ApIntArithmetic, OfOneWidthMinusOneEqualsAllOnesFrom64BitsOn) {
  EXPECT_FALSE(ap_uint<32>(0xffffffffU) == -1);
  EXPECT_FALSE(ap_uint<63>(-1) == ap_int<63>(-1));
  EXPECT_TRUE(ap_uint<64>(-1) == ap_int<64>(-1));
  EXPECT_TRUE(ap_uint<100>(-1) == ap_int<100>(-1));
}

TEST(ApIntArithmetic, NegativeDistancesShiftToTheOtherSide) {
  EXPECT_EQ((ap_uint<8>(0x0f) << -2).to_int(), 3);
  EXPECT_EQ((ap_uint<8>(0x0f) >> ap_int<4>(-2)).to_int(), 0x3c);
  EXPECT_EQ((ap_int<8>(-16) << ap_int<2>(-2)).to_int(), -4);
  EXPECT_EQ((ap_int<8>(-16) >> 100).to_int(), -1);
  EXPECT_EQ((ap_int<8>(-16) << 8).to_int(), 0);
  ap_uint<8> x = 0x0f;
  x <<= -2;
  EXPECT_EQ(x.to_int(), 3);
}

TEST(ApIntArithmetic, OfADistanceIts32LowerBitsCount) {
  EXPECT_EQ((ap_uint<8>(3) << (ap_uint<40>(1) << 32)).to_int(), 3);
  EXPECT_EQ((ap_uint<8>(3) << (1ULL << 32)).to_int(), 0);
}

TEST(ApIntArithmetic, OneSignedBitIsMinusOne) {
  const ap_int<1> x = 1;
  EXPECT_EQ(x.to_int(), -1);
  EXPECT_TRUE(x < 0);
  EXPECT_TRUE(is<ap_int<2>>(x + x));
  EXPECT_EQ((x + x).to_int(), -2);
  EXPECT_EQ((x >> 1).to_int(), -1);
  EXPECT_EQ(ap_uint<8>(x).to_int(), 255);
  EXPECT_EQ((~x).to_int(), 0);
  EXPECT_TRUE(is<ap_int<1>>(~x));
  EXPECT_EQ((ap_int<8>(-7) % x).to_int(), 0);
  ap_int<8> sum = 5;
  sum += x;
  EXPECT_EQ(sum.to_int(), 4);
}

TEST(ApIntArithmetic, AssigningOperatorsTruncate) {
  ap_uint<4> u = 9;
  u += 9;
  EXPECT_EQ(u.to_int(), 2);
  u -= 3;
  EXPECT_EQ(u.to_int(), 15);
  u *= u;
  EXPECT_EQ(u.to_int(), 1);
  ap_int<8> s = -100;
  s /= 7;
  EXPECT_EQ(s.to_int(), -14);
  s %= ap_uint<8>(4);
  EXPECT_EQ(s.to_int(), -2);
  EXPECT_EQ((s++).to_int(), -2);
  EXPECT_EQ((--s).to_int(), -2);
}

TEST(ApIntArithmetic, AnAssigningOperatorTakes64BitsOfARange) {
  ap_uint<128> source = 0, x = 0;
  source.range(127, 64) = 5;
  source.range(63, 0) = 3;
  x ^= source.range(127, 0);
  EXPECT_TRUE(x == 3);
}

TEST(ApIntArithmetic, ComparesWithFloatingPoint) {
  EXPECT_TRUE(ap_uint<60>(3) > 2.5);
  EXPECT_TRUE(-0.5F > ap_int<4>(-1));
}

}  // namespace
