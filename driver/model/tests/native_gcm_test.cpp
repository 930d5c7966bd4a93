// SPDX-License-Identifier: Apache-2.0
// The processor's own instructions compute what the kernels' hardware does.
#include <gtest/gtest.h>

#include "common/bytes.h"
#include "common/native_bytes.h"
#include "gcm/aes.h"
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
    ASSERT_TRUE(multiply_by_ladder(a, b, a) == (reduce(native_gcm::multiply(a, b)) ^ a)) << i;
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
    ASSERT_EQ(padding_is_wrong(beat, before, where) != 0, (breaks & where.inside.to_uint64()) != 0) << i;
  }
}

}  // namespace
}  // namespace sapulse
