// SPDX-License-Identifier: Apache-2.0
// The example of the programmer's guide does what it says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "endpoint.h"
#include "fake_device.h"

namespace sapulse::test {
namespace {

using testing::HasSubstr;

TEST(Example, ProgramsTheCardAndReports) {
  FakeDevice device;
  std::ostringstream out;
  const auto done = examples::run_endpoint(device, SAPULSE_EXAMPLE_SAS, std::chrono::microseconds(20), out);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_THAT(out.str(), HasSubstr("peer0: 11 pings accepted, 22 replayed, 33 rejected"));
  EXPECT_THAT(device.violations, testing::IsEmpty());
  EXPECT_EQ(device.buffers, 0U);
}

TEST(Example, ReportsWhatIsWrong) {
  FakeDevice device(1, 2);
  std::ostringstream out;
  const auto refused = examples::run_endpoint(device, SAPULSE_EXAMPLE_SAS, std::chrono::microseconds(20), out);
  EXPECT_EQ(refused.error().code, Errc::no_space);
  EXPECT_EQ(device.buffers, 0U);
}

}  // namespace
}  // namespace sapulse::test
