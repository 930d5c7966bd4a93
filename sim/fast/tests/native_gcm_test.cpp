// SPDX-License-Identifier: Apache-2.0
// The processor's own instructions compute what the kernels' hardware does.
#include <gtest/gtest.h>

#include "gcm/aes.h"
#include "gcm/gf128.h"
#include "gcm/native.h"
#include "random.h"

namespace sapulse {
namespace {

ap_uint<128> random_block(sim::Random& random) { return (ap_uint<64>(random.next()), ap_uint<64>(random.next())); }

// This file is compiled without SAPULSE_NATIVE_GCM, so that aes_round and multiply are those of the hardware.
class NativeGcm : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(native_gcm::available) << "this processor has no AES and PCLMULQDQ instructions";
  }
  sim::Random random_{20260};
};

TEST_F(NativeGcm, RoundsAreEqual) {
  for (int i = 0; i < 1000; ++i) {
    const ap_uint<128> state = random_block(random_);
    const ap_uint<128> key = random_block(random_);
    ASSERT_TRUE(aes_round<false>(state, key) == native_gcm::aes_round<false>(state, key)) << i;
    ASSERT_TRUE(aes_round<true>(state, key) == native_gcm::aes_round<true>(state, key)) << i;
  }
}

TEST_F(NativeGcm, ProductsAreEqual) {
  for (int i = 0; i < 1000; ++i) {
    const ap_uint<128> a = random_block(random_) >> random_.next() % 128;
    const ap_uint<128> b = random_block(random_) << random_.next() % 128;
    ASSERT_TRUE(multiply(a, b) == native_gcm::multiply(a, b)) << i;
    ASSERT_TRUE(multiply_by_ladder(a, b) == reduce(native_gcm::multiply(a, b))) << i;
  }
}

}  // namespace
}  // namespace sapulse
