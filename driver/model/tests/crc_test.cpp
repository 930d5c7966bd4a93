// SPDX-License-Identifier: Apache-2.0
#include "crc.h"

#include <gtest/gtest.h>

#include "sapulse/model/random.h"
#include "sapulse/registers.h"

namespace sapulse::model {
namespace {

TEST(CrcTable, GivesTheCrcOfBits) {
  Random random(3);
  for (const std::uint32_t polynomial : {regs::kHashPoly0, regs::kHashPoly1}) {
    const CrcTable table(polynomial);
    for (int i = 0; i < 1000; ++i) {
      const auto bytes = big_endian<4>(random.next());
      ASSERT_EQ(table.of(bytes), crc32(polynomial, bytes)) << i;
    }
  }
}

}  // namespace
}  // namespace sapulse::model
