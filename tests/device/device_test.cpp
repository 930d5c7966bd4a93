// SPDX-License-Identifier: Apache-2.0
#include "device_test.h"

#include "support/convert.h"
#include "traffic/check.h"

namespace sapulse::test {

std::unique_ptr<Card> DeviceTest::open(const CardOptions& options) {
  return must(Card::open(device(), options), "opening the card");
}

void expect_right(const traffic::Config& config, const traffic::Run& run) {
  for (const std::string& discrepancy : traffic::check_run(config, run).discrepancies) ADD_FAILURE() << discrepancy;
}

}  // namespace sapulse::test
