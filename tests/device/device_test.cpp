// SPDX-License-Identifier: Apache-2.0
#include "device_test.h"

#include "support/convert.h"

namespace sapulse::test {

std::unique_ptr<Card> DeviceTest::open(const CardOptions& options) {
  return must(Card::open(device(), options), "opening the card");
}

}  // namespace sapulse::test
