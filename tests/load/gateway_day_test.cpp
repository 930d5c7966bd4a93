// SPDX-License-Identifier: Apache-2.0
// A short day with few SAs; `make load` lives whole ones with 65,000.
#include "gateway_day.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "folder.h"
#include "support/seed.h"

namespace sapulse::test {
namespace {

using namespace std::chrono_literals;

TEST(GatewayDay, NothingHappensWithoutAReasonAndMemoryStays) {
  const Folder folder;
  DayOptions options{.capacity = 1024, .sas = 700, .length = 8h, .rekey_at_once = 8, .flood = 1000};
  options.seed = test_seed(20261);
  options.state = folder.state();
  GatewayDay day(options);
  const DayReport& report = day.run();
  for (const auto& [name, count] : report.counts) fmt::print("{:>10} {}\n", count, name);
  EXPECT_THAT(report.complaints, testing::IsEmpty());
  EXPECT_TRUE(resident_is_flat(report, 4)) << testing::PrintToString(report.resident);
}

}  // namespace
}  // namespace sapulse::test
