// SPDX-License-Identifier: Apache-2.0
#include "classify/window.h"
#include "common/bytes.h"
#include "common/checksum.h"
#include "tests/kernel_test.h"

namespace sapulse::test {
namespace {

TEST(Bytes, BigEndianAccess) {
  ap_uint<64> x = to_ap<64>(from_hex("0102030405060708"));
  EXPECT_EQ(byte_at(x, 0), 1);
  EXPECT_EQ(get_be<2>(x, 1), 0x0203);
  EXPECT_EQ(get_be<4>(x, 4), 0x05060708u);
  put_be<2>(x, 6, ap_uint<16>(0xaabb));
  EXPECT_EQ(to_hex(from_ap(x, 8)), "010203040506aabb");
}

TEST(Bytes, Rotations) {
  RandomSource random;
  const bytes b = random.string(64);
  for (unsigned n = 0; n < 64; n++) {
    bytes up(64), down(64);
    for (unsigned i = 0; i < 64; i++) {
      up[(i + n) % 64] = b[i];
      down[i] = b[(i + n) % 64];
    }
    EXPECT_EQ(to_hex(from_ap(rotate_up(to_ap<512>(b), n), 64)), to_hex(up)) << n;
    EXPECT_EQ(to_hex(from_ap(rotate_down(to_ap<512>(b), n), 64)), to_hex(down)) << n;
  }
}

TEST(Bytes, MasksAndCounts) {
  for (unsigned n = 0; n <= 64; n++) {
    const ap_uint<64> mask = bits_below<64>(ap_uint<7>(n));
    for (unsigned j = 0; j < 64; j++) EXPECT_EQ(mask[j], j < n);
    if (n > 0) {
      EXPECT_EQ(count_keep(mask), n);
    }
    bytes kept(64, 0xff);
    std::fill(kept.begin() + n, kept.end(), 0);
    EXPECT_EQ(to_hex(from_ap(keep_bytes<64>(~ap_uint<512>(0), mask), 64)), to_hex(kept));
  }
}

TEST(Checksum, Rfc1071Example) {
  // RFC 1071 section 3
  const ap_uint<16> words[4] = {0x0001, 0xf203, 0xf4f5, 0xf6f7};
  EXPECT_EQ(ones_sum<4>::add(words), 0x2ddf0);
  EXPECT_EQ(fold(ones_sum<4>::add(words)), 0xddf2);
  EXPECT_EQ(fold(0x1ffff), 1);
  EXPECT_EQ(fold(0xfffff), 0x000f);
}

}  // namespace
}  // namespace sapulse::test
