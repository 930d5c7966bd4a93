// SPDX-License-Identifier: Apache-2.0
// The kernel reboots while the card answers pings.
#include <gtest/gtest.h>
#include <linux/reboot.h>
#include <sys/reboot.h>

#include "device/session.h"
#include "guest_rig.h"
#include "sapulse/registers.h"
#include "support/convert.h"
#include "traffic/generator.h"

namespace sapulse::test {
namespace {

using namespace sapulse::traffic;

constexpr std::uint64_t kSeed = 20263;
constexpr unsigned kPings = 30;

class RebootTest : public testing::Test {
 protected:
  GuestRig rig_;
  const traffic::Config config_ = sample_config(kSeed, 4);
  Generator generator_{config_, kSeed, kPlainPings};
};

TEST_F(RebootTest, CardIsWholeAfterTheReboot) {
  const std::uint64_t boot = rig_.control().number("boots");
  ASSERT_LE(boot, 2U);
  if (boot == 2) EXPECT_GT(rig_.control().number("resets"), 0U);
  EXPECT_EQ(must(rig_.device().read32(regs::offset::kControl), "CONTROL"), 0U);
  EXPECT_EQ(must(rig_.device().read32(regs::offset::kRingEnable), "RING_ENABLE"), 0U);
  Session session(rig_, config_);
  for (unsigned i = 0; i < kPings; ++i) session.line(generator_.line().frame);
  if (boot == 1) {
    session.until([&] { return !session.result().line_out.empty(); }, "first answer");
    reboot(LINUX_REBOOT_CMD_RESTART);
  }
  session.settle();
  expect_right(config_, session.result());
  must(session.endpoint().close(), "close");
  EXPECT_EQ(rig_.control().number("faults"), 0U) << "in both lives together";
}

}  // namespace
}  // namespace sapulse::test
