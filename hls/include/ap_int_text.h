// SPDX-License-Identifier: Apache-2.0
// ap_uint and ap_int from and to text and floating point numbers.
#pragma once

#ifndef HLSC
#include <ostream>
#include <stdexcept>
#include <string>
#endif

#include "ap_int_base.h"

namespace ap_detail {

#ifdef HLSC
void no_number(const char* text);  // not constexpr: text that is no number is an error of the compiler
#else
[[noreturn]] inline void no_number(const char* text) {
  throw std::invalid_argument("ap_int: no number: '" + std::string(text) + "'");
}
#endif

/// 16 for 'x' and 'X'; 0 if no radix has the letter.
constexpr int radix_of(char letter) {
  switch (letter | 0x20) {
    case 'b':
      return 2;
    case 'o':
      return 8;
    case 'd':
      return 10;
    case 'x':
      return 16;
    default:
      return 0;
  }
}

constexpr int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

/// The lower W bits of a number: sign, then 0b, 0o, 0d or 0x, then digits.
/// @param radix 2, 8, 10 or 16; 0: that of the prefix, or 10
template <int W>
constexpr bits<W> from_text(const char* text, int radix) {
  const char* s = text;
  const bool negative = *s == '-';
  if (*s == '-' || *s == '+') s++;
  const int prefix = s[0] == '0' ? radix_of(s[1]) : 0;
  if (prefix != 0) s += 2;
  if (radix == 0) radix = prefix != 0 ? prefix : 10;
  if (*s == '\0') no_number(text);
  bits<W> r = 0;
  for (; *s != '\0'; s++) {
    const int digit = digit_of(*s);
    if (digit >= radix) no_number(text);
    r = (bits<W>)(r * (bits<W>)radix + (bits<W>)digit);
  }
  return negative ? (bits<W>)0 - r : r;
}

/// The lower W bits of x without its fraction; 1 of negative numbers above -0.5, which the vendor's header makes of
/// them.
template <int W>
constexpr bits<W> from_floating(double x) {
  const auto raw = __builtin_bit_cast(std::uint64_t, x);
  const int exponent = (int)(raw >> 52 & 0x7ff) - 1023 - 52;
  const std::uint64_t mantissa = (raw & ((std::uint64_t)1 << 52) - 1) | (std::uint64_t)1 << 52;
  const bool negative = raw >> 63 != 0;
  if (exponent < -53) return negative && raw << 1 != 0 ? (bits<W>)1 : (bits<W>)0;
  bits<W> r = 0;
  if (exponent < 0) {
    r = (bits<W>)(mantissa >> -exponent);
  } else if (exponent < W) {
    r = (bits<W>)mantissa << exponent;
  }
  return negative ? (bits<W>)0 - r : r;
}

#ifndef HLSC

/// Digits of radix 2, 8 or 16 without leading zeros; none for 0.
template <int W>
std::string digits_of(bits<W> x, int bits_of_digit, const char* digits) {
  std::string text;
  for (; x != 0; x = bits_of_digit < W ? x >> bits_of_digit : (bits<W>)0) {
    text.insert(text.begin(), digits[(unsigned)x & ((1U << bits_of_digit) - 1)]);
  }
  return text;
}

template <int W>
std::string decimal(bits<W> x) {
  std::string text = "0";
  for (int i = W - 1; i >= 0; i--) {
    int carry = (int)((x >> i) & (bits<W>)1);
    for (std::size_t n = text.size(); n-- > 0;) {
      const int digit = 2 * (text[n] - '0') + carry;
      text[n] = (char)('0' + digit % 10);
      carry = digit / 10;
    }
    if (carry) text.insert(text.begin(), '1');
  }
  return text;
}

/// As the vendor's header writes: above 64 bits with capital letters, without a prefix for 0, and with a leading 0
/// wherever there is room, not only where the first bit would be taken for a sign.
template <int W>
std::string with_prefix(bits<W> x, int radix, bool negative) {
  const int bits_of_digit = radix == 16 ? 4 : radix == 8 ? 3 : 1;
  const std::string prefix = radix == 16 ? "0x" : radix == 8 ? "0o" : "0b";
  if (x == 0) return W > 64 ? "0" : prefix + "0";
  const std::string text = digits_of<W>(x, bits_of_digit, W > 64 ? "0123456789ABCDEF" : "0123456789abcdef");
  const bool looks_negative = digit_of(text[0]) >> (bits_of_digit - 1) != 0;
  const bool room = (int)text.size() * bits_of_digit < W;
  return (negative ? "-" : "") + prefix + (room && !negative && (W > 64 || looks_negative) ? "0" : "") + text;
}

#endif

}  // namespace ap_detail

#ifndef HLSC

template <int W, bool S>
std::string ap_int_base<W, S>::to_string(int radix, bool sign) const {
  if (radix != 2 && radix != 8 && radix != 10 && radix != 16)
    throw std::invalid_argument("ap_int: radix " + std::to_string(radix));
  const bool negative = this->sign() && (radix == 10 || (radix != 2 && sign));
  bits magnitude = negative ? (bits)0 - (bits)v : (bits)v;  // not const: see ap_int_reference.h
  if (radix == 10) return (negative ? "-" : "") + ap_detail::decimal<W>(magnitude);
  return ap_detail::with_prefix<W>(magnitude, radix, negative);
}

/// In the radix of std::hex, std::oct or std::dec, with its prefix.
template <int W, bool S>
std::ostream& operator<<(std::ostream& out, const ap_int_base<W, S>& x) {
  const auto base = out.flags() & std::ios_base::basefield;
  return out << x.to_string(base == std::ios_base::hex ? 16 : base == std::ios_base::oct ? 8 : 10);
}
template <int W, bool S>
std::ostream& operator<<(std::ostream& out, const ap_range_ref<W, S>& x) {
  return out << ap_int_base<W, false>(x);
}

#endif
