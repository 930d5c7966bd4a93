// SPDX-License-Identifier: Apache-2.0
// The processor's own instructions compute what the kernels' hardware does.
#include <gtest/gtest.h>

#include "classify/window.h"
#include "common/bytes.h"
#include "common/native_bytes.h"
#include "gcm/aes.h"
#include "gcm/gcm.h"
#include "gcm/gf128.h"
#include "gcm/native.h"
#include "open/body_check.h"
#include "sapulse/model/random.h"

namespace sapulse {
namespace {

ap_uint<128> random_block(model::Random& random) { return (ap_uint<64>(random.next()), ap_uint<64>(random.next())); }

ap_uint<512> random_beat(model::Random& random) {
  return (random_block(random), random_block(random), random_block(random), random_block(random));
}

// This file is compiled without SAPULSE_NATIVE_GCM, so that aes_encrypt4 and products are those of the hardware.
class NativeGcm : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(native_gcm::available) << "this processor has no AES and PCLMULQDQ instructions";
  }
  model::Random random_{20260};
};

TEST_F(NativeGcm, CiphertextsAreEqual) {
  for (int i = 0; i < 1000; ++i) {
    const ap_uint<512> blocks = random_beat(random_);
    const ap_uint<256> key = (random_block(random_), random_block(random_));
    for (const bool aes256 : {false, true}) {
      ASSERT_TRUE(aes_encrypt4(blocks, key, aes256) == native_gcm::aes_encrypt4(blocks, key, aes256, round_constants))
          << i;
    }
  }
}

TEST_F(NativeGcm, ProductsAreEqual) {
  for (int i = 0; i < 1000; ++i) {
    const ap_uint<128> a = random_block(random_) >> random_.next() % 128;
    const ap_uint<128> b = random_block(random_) << random_.next() % 128;
    ASSERT_TRUE(product_of(parts_of_product(a, b)) == native_gcm::multiply(a, b)) << i;
    ASSERT_TRUE(sum_of_products(a, b, b, a, a, a, b, b) == (native_gcm::multiply(a, a) ^ native_gcm::multiply(b, b)))
        << i;
    const ap_uint<255> product = product_of(parts_of_product(a, b));
    ASSERT_TRUE(reduce(product) == native_gcm::reduce(product)) << i;
    ASSERT_TRUE(reverse_bits_in_bytes(a) == native_gcm::reverse_bits_in_bytes(a)) << i;
    ASSERT_TRUE(multiply_by_ladder(a, b, a) == (reduce(native_gcm::multiply(a, b)) ^ a)) << i;
  }
}

/// One beat of a packet after the other, with and without padding in the last block.
class NativePacket : public NativeGcm {
 protected:
  /// Beats of a packet of this length, in bytes.
  static std::size_t beats(unsigned length) { return (length + beat_bytes - 1) / beat_bytes; }

  gcm_beat beat(const key_t& key, std::uint64_t iv, unsigned length, std::size_t index) {
    return {key, iv, length, index, index == 0, index + 1 == beats(length)};
  }
  key_t random_key() {
    return {(random_block(random_), random_block(random_)),
            random_.next() % 2,
            random_.next(),
            random_block(random_),
            random_block(random_),
            random_block(random_),
            random_block(random_)};
  }
  unsigned random_length() { return wire::nested_min_bytes + 4 * static_cast<unsigned>(random_.next() % 120); }
};

TEST_F(NativePacket, KeystreamsAreEqual) {
  for (int i = 0; i < 300; ++i) {
    const key_t key = random_key();
    const std::uint64_t iv = random_.next();
    const unsigned length = random_length();
    gcm_state state = {1, 0, 0, 0, 0};
    native_gcm::key_schedule schedule = {};
    for (std::size_t index = 0; index < beats(length); ++index) {
      const gcm_beat b = beat(key, iv, length, index);
      const ap_uint<512> native =
          native_gcm::keystream(schedule, key.key, key.aes256 != 0, round_constants, key.salt.to_uint(), iv,
                                static_cast<unsigned>(4 * index + 1), b.last != 0);
      ASSERT_TRUE(gcm_keystream(state, b) == native) << i << " beat " << index;
    }
    for (const __m128i& round_key : schedule.keys) {
      ASSERT_TRUE(native_gcm::store(round_key) == 0) << "a round key has stayed behind the packet";
    }
  }
}

TEST_F(NativePacket, HashesAreEqual) {
  for (int i = 0; i < 300; ++i) {
    const key_t key = random_key();
    const unsigned length = random_length();
    gcm_state state = {1, 0, 0, 0, 0};
    ap_uint<128> native = 0;
    for (std::size_t index = 0; index < beats(length); ++index) {
      const gcm_beat b = beat(key, 0, length, index);
      const ap_uint<512> text = gcm_keep_words(random_beat(random_), gcm_text_words(b));
      ap_uint<512> data = text;
      if (b.first) data.range(8 * wire::nested_ciphertext - 1, 8 * wire::aad_bytes) = 0;
      const ap_uint<128> powers[4] = {key.h1, key.h2, key.h3, key.h4};
      const ap_uint<128> end = gcm_length_block(b);
      const int blocks = b.last ? static_cast<int>((length - 1) % 64 / 16) + 1 : 4;
      native = native_gcm::hash_beat(native, data, powers, blocks, b.last ? &end : nullptr);
      gcm_hash(state, b, text);
      ASSERT_TRUE(state.hash == native) << i << " beat " << index;
    }
  }
}

TEST_F(NativeGcm, RotationsAreEqual) {
  for (unsigned count = 0; count < 64; ++count) {
    const ap_uint<512> beat = random_beat(random_);
    ASSERT_TRUE(rotate_up(beat, count) == native_bytes::rotate_up(beat, count)) << count;
    ASSERT_TRUE(rotate_down(beat, count) == native_bytes::rotate_down(beat, count)) << count;
  }
}

TEST_F(NativeGcm, LengthsOfFramesAreEqual) {
  for (unsigned bytes = 1; bytes <= 64; ++bytes) {
    const ap_uint<64> keep = bits_below<64>(ap_uint<7>(bytes));
    ASSERT_EQ(count_keep(keep).to_uint(), native_bytes::count_keep(keep.to_uint64())) << bytes;
  }
}

/// The words in which a packet of any length ends, and what stands there.
TEST_F(NativePacket, TrailersAreEqual) {
  const ap_uint<512> plain = random_beat(random_);
  for (unsigned length = wire::nested_min_bytes; length < 600; length += 4) {
    for (std::size_t index = 0; index < beats(length); ++index) {
      const gcm_beat b = beat({}, 0, length, index);
      const ap_uint<16> trailer = trailer_word(b);
      const unsigned word = (length - wire::icv_bytes) / 4 - 1;
      ASSERT_EQ(trailer.to_uint(), native_bytes::word_here(word, static_cast<unsigned>(index))) << length;
      ap_uint<16> expected = 0;
      for (int w = 0; w < 16; ++w) expected |= trailer[w] ? bytes_at<2>(plain, 4 * w + 2) : ap_uint<16>(0);
      ASSERT_EQ(expected.to_uint(), native_bytes::half_word(plain, static_cast<std::uint16_t>(trailer.to_uint())));
    }
  }
}

TEST_F(NativeGcm, MasksAreEqual) {
  for (int count = 0; count <= 127; ++count) {
    const ap_uint<7> wide = count;
    const ap_uint<6> narrow = count % 64;
    ASSERT_EQ(bits_below<64>(wide).to_uint64(), native_bytes::bits_below(count, 64)) << count;
    ASSERT_EQ(bits_below<64>(narrow).to_uint64(), native_bytes::bits_below(count % 64, 64)) << count;
    ASSERT_EQ(bits_below<16>(wide).to_uint64(), native_bytes::bits_below(count, 16)) << count;
  }
  for (int i = 0; i < 1000; ++i) {
    const ap_uint<512> beat = random_beat(random_);
    const ap_uint<64> keep = random_.next();
    ASSERT_TRUE(keep_bytes<64>(beat, keep) == native_bytes::keep_bytes(beat, keep.to_uint64())) << i;
    const ap_uint<16> words = random_.next();
    const auto bits = static_cast<std::uint16_t>(words.to_uint());
    ASSERT_TRUE(gcm_keep_words(beat, words) == native_bytes::keep_bytes(beat, native_bytes::nibbles_of_bits(bits)))
        << i;
  }
}

/// Padding, in beats with and without mistakes in it.
TEST_F(NativeGcm, PaddingIsJudgedAlike) {
  for (int i = 0; i < 20'000; ++i) {
    ap_uint<512> beat = random_beat(random_);
    const auto first = static_cast<int>(random_.next() % 64);
    for (int j = first; j < 64; ++j) beat.range(8 * j + 7, 8 * j) = j - first + 1;
    if (random_.chance(50)) beat.range(8 * first + 7, 8 * first) = random_.next() % 4;
    if (random_.chance(30)) {
      const auto at = static_cast<int>(random_.next() % 64);
      beat.range(8 * at + 7, 8 * at) = random_.next() % 256;
    }
    const padding_bytes where{random_.next() | ~ap_uint<64>(0) << first,
                              random_.chance(80) ? ap_uint<64>(1) << first : ap_uint<64>(0)};
    const ap_uint<8> before = random_.next() % 256;
    const std::uint64_t breaks =
        native_bytes::breaks_in_sequence(beat, static_cast<std::uint8_t>(before.to_uint()), where.begin.to_uint64());
    ASSERT_EQ(padding_is_wrong(beat, before, where.inside, where.begin) != 0, (breaks & where.inside.to_uint64()) != 0)
        << i;
  }
}

}  // namespace
}  // namespace sapulse
