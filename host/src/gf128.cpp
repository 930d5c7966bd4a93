// SPDX-License-Identifier: Apache-2.0
#include "gf128.h"

#include <cstddef>

namespace sapulse {
namespace {

using Word = std::uint64_t;

/// 128 coefficients; the first of GCM, of x^0, is the highest bit of `high`.
struct Polynomial {
  Word high = 0;
  Word low = 0;
};

constexpr unsigned kClasses = 4;
constexpr Word kEveryFourth = 0x1111'1111'1111'1111;

/// The low 64 coefficients of the product of two polynomials over GF(2). Integer multiplication adds with carry, so
/// each operand is split into four that have only every fourth coefficient: at most 15 ones are added up at a place,
/// and their sum ends before the next place; what lies between the places is masked out. (16 ones meet only at the last
/// place of the word, and carry out of it.)
Word multiply_low(Word x, Word y) {
  Word product = 0;
  for (unsigned sum = 0; sum < kClasses; ++sum) {
    Word part = 0;
    for (unsigned i = 0; i < kClasses; ++i) {
      const unsigned j = (sum - i) % kClasses;
      part ^= (x & (kEveryFourth << i)) * (y & (kEveryFourth << j));
    }
    product |= part & (kEveryFourth << sum);
  }
  return product;
}

Word reverse_bits(Word word) {
  const auto swap = [&](unsigned distance, Word mask) { word = (word >> distance & mask) | (word & mask) << distance; };
  swap(1, 0x5555'5555'5555'5555);
  swap(2, 0x3333'3333'3333'3333);
  swap(4, 0x0f0f'0f0f'0f0f'0f0f);
  return __builtin_bswap64(word);
}

/// All 127 coefficients of the product of two words.
Polynomial multiply_words(Word x, Word y) {
  return {.high = reverse_bits(multiply_low(reverse_bits(x), reverse_bits(y))) >> 1, .low = multiply_low(x, y)};
}

Word load(const Block& block, std::size_t at) {
  Word word = 0;
  for (std::size_t i = at; i < at + sizeof(Word); ++i) word = word << 8 | block[i];
  return word;
}

void store(Word word, Block& block, std::size_t at) {
  for (std::size_t i = at + sizeof(Word); i-- > at; word >>= 8) block[i] = static_cast<std::uint8_t>(word);
}

/// Words of a product of 255 coefficients, highest bit first as in GCM: word 0 has x^0.
struct Product {
  std::array<Word, 4> words{};
};

/// Karatsuba: three products of words.
Product multiply(const Polynomial& x, const Polynomial& y) {
  const Polynomial high = multiply_words(x.high, y.high);
  const Polynomial low = multiply_words(x.low, y.low);
  const Polynomial both = multiply_words(x.high ^ x.low, y.high ^ y.low);
  const Word middle_high = both.high ^ high.high ^ low.high;
  const Word middle_low = both.low ^ high.low ^ low.low;
  std::array<Word, 4> words{high.high, high.low ^ middle_high, low.high ^ middle_low, low.low};
  // Two words have 127 coefficients in 128 bits: the highest of the product is at bit 1 of what should have it at 0.
  for (std::size_t i = 0; i < 3; ++i) words[i] = words[i] << 1 | words[i + 1] >> 63;
  words[3] <<= 1;
  return {words};
}

/// Modulo x^128 + x^7 + x^2 + x + 1, whose terms lie to the right of x^0 here.
Polynomial reduce(const Product& product) {
  auto words = product.words;
  for (const std::size_t i : {3, 2}) {
    const Word word = words[i];
    words[i - 2] ^= word ^ word >> 1 ^ word >> 2 ^ word >> 7;
    words[i - 1] ^= word << 63 ^ word << 62 ^ word << 57;
  }
  return {.high = words[0], .low = words[1]};
}

/// Bit i of half a word at bit 2 * i.
Word spread(Word half) {
  half = (half | half << 16) & 0x0000'ffff'0000'ffff;
  half = (half | half << 8) & 0x00ff'00ff'00ff'00ff;
  half = (half | half << 4) & 0x0f0f'0f0f'0f0f'0f0f;
  half = (half | half << 2) & 0x3333'3333'3333'3333;
  return (half | half << 1) & 0x5555'5555'5555'5555;
}

/// The coefficient of x^i goes to x^(2 * i), for the mixed products are there twice.
Product square(const Polynomial& x) {
  constexpr Word kHalf = 0xffff'ffff;
  return {
      {spread(x.high >> 32) << 1, spread(x.high & kHalf) << 1, spread(x.low >> 32) << 1, spread(x.low & kHalf) << 1}};
}

Polynomial from_block(const Block& block) { return {.high = load(block, 0), .low = load(block, sizeof(Word))}; }

Block to_block(const Polynomial& x) {
  Block block{};
  store(x.high, block, 0);
  store(x.low, block, sizeof(Word));
  return block;
}

}  // namespace

Block gf_multiply(const Block& x, const Block& y) { return to_block(reduce(multiply(from_block(x), from_block(y)))); }

Block gf_square(const Block& x) { return to_block(reduce(square(from_block(x)))); }

}  // namespace sapulse
