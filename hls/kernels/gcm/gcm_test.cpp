// SPDX-License-Identifier: Apache-2.0
// AES and GF(2^128) against published vectors and slow implementations.
#include "gcm/gcm.h"

#include "tests/kernel_test.h"

namespace sapulse::test {
namespace {

TEST(Aes, Fips197Examples) {
  // FIPS 197 appendix C.1 and C.3
  const bytes plaintext = from_hex("00112233445566778899aabbccddeeff");
  const bytes key = from_hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  ap_uint<512> blocks = 0;
  for (int lane = 0; lane < aes_lanes; lane++) blocks.range(128 * lane + 127, 128 * lane) = to_ap<128>(plaintext);
  const ap_uint<512> aes128 = aes_encrypt4(blocks, to_ap<256>(key), 0),
                     aes256 = aes_encrypt4(blocks, to_ap<256>(key), 1);
  for (int lane = 0; lane < aes_lanes; lane++) {
    EXPECT_EQ(to_hex(from_ap(bytes_at<16>(aes128, 16 * lane), 16)), "69c4e0d86a7b0430d8cdb78070b4c55a") << lane;
    EXPECT_EQ(to_hex(from_ap(bytes_at<16>(aes256, 16 * lane), 16)), "8ea2b7ca516745bfeafc49904b496089") << lane;
  }
}

TEST(Aes, BothPlacesHaveTheSameSBox) {
  for (unsigned x = 0; x < 256; x++) {
    const ap_uint<8> once = sub_byte_in_luts(x);
    const ap_uint<16> both = sub_byte_in_block_ram(x);
    EXPECT_EQ(both.range(7, 0), once) << x;
    EXPECT_EQ(both.range(15, 8), xtime(once)) << x;
  }
}

TEST(Aes, LanesAreIndependent) {
  RandomSource random;
  for (int i = 0; i < 50; i++) {
    const bytes key = random.string(32);
    const ap_uint<512> blocks = to_ap<512>(random.string(64));
    const bool aes256 = random.one_in(2);
    const ap_uint<512> together = aes_encrypt4(blocks, to_ap<256>(key), aes256);
    for (int lane = 0; lane < aes_lanes; lane++) {
      const ap_uint<512> alone = aes_encrypt4(ap_uint<512>(bytes_at<16>(blocks, 16 * lane)), to_ap<256>(key), aes256);
      EXPECT_TRUE(bytes_at<16>(alone, 0) == bytes_at<16>(together, 16 * lane));
    }
  }
}

TEST(Gf128, McGrewViegaCase2) {
  // "The Galois/Counter Mode of Operation", appendix B, test case 2: X1 = C * H
  const ap_uint<128> h = from_block(to_ap<128>(from_hex("66e94bd4ef8a2c3b884cfa59ca342b2e")));
  const ap_uint<128> c = from_block(to_ap<128>(from_hex("0388dace60b6a392f328c2b971b2fe78")));
  EXPECT_EQ(to_hex(from_ap(to_block(multiply_in_loop(c, h, 0)), 16)), "5e2ec746917062882c85b0685353deb7");
}

TEST(Gf128, AgreesWithBitSerialMultiplication) {
  RandomSource random;
  for (int i = 0; i < 500; i++) {
    const bytes a = random.string(16), b = random.string(16);
    const ap_uint<128> x = from_block(to_ap<128>(a)), y = from_block(to_ap<128>(b));
    const std::string expected = to_hex(gcm_multiply(a, b));
    EXPECT_EQ(to_hex(from_ap(to_block(reduce(product_of(parts_of_product(x, y)))), 16)), expected);
    const ap_uint<128> z = from_block(to_ap<128>(random.string(16)));
    EXPECT_EQ(to_hex(from_ap(to_block(multiply_by_ladder(x, y, z) ^ z), 16)), expected);
  }
}

TEST(Gf128, SumOfFourProducts) {
  RandomSource random;
  for (int i = 0; i < 200; i++) {
    ap_uint<128> x[4] = {0, 0, 0, 0}, y[4] = {0, 0, 0, 0}, expected = 0;
    product_parts parts = {0, 0, 0};
    for (int t = 0; t < 4; t++) {
      const bytes a = random.string(16), b = random.string(16);
      x[t] = from_block(to_ap<128>(a));
      y[t] = from_block(to_ap<128>(b));
      expected ^= from_block(to_ap<128>(gcm_multiply(a, b)));
      parts = parts ^ parts_of_product(x[t], y[t]);
    }
    EXPECT_TRUE(multiply_and_add(x, y) == expected);
    EXPECT_TRUE(reduce(product_of(parts)) == expected);
  }
}

/// Without text, GHASH covers AAD and length block only: compare with the definition.
TEST(Gcm, HashOfOneBeat) {
  RandomSource random;
  const gcm_key k = {random.string(16), random.string(4)};
  const key_t key = to_key(k);
  const bytes h = from_ap(key.h1, 16);
  for (unsigned text = 4; text <= 32; text += 4) {
    bytes packet = random.string(16 + text);
    const bytes hash = ghash(h, bytes(packet.begin(), packet.begin() + 8), bytes(packet.begin() + 16, packet.end()));
    packet.resize(64);
    gcm_state state = {1, 0, 0, to_ap<128>(random.string(16)), 0};
    const gcm_beat beat = gcm_next(state, key, 32 + text, {to_ap<512>(packet), 1});
    gcm_hash(state, beat, to_ap<512>(packet));
    EXPECT_EQ(to_hex(from_ap(to_block(state.hash), 16)), to_hex(hash)) << text;
  }
}

}  // namespace
}  // namespace sapulse::test
