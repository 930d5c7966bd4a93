// SPDX-License-Identifier: Apache-2.0
#include "config_space.h"

#include <gtest/gtest.h>
#include <linux/pci_regs.h>

#include <map>

#include "sapulse/pci_identity.h"
#include "sapulse/registers.h"

namespace sapulse::sim {
namespace {

constexpr unsigned kInterrupts = 4;
constexpr std::uint32_t kD3hot = 3;

class ConfigSpaceTest : public testing::Test {
 protected:
  /// Offset of a capability, found as software finds it; 0: there is none.
  std::uint32_t capability(std::uint32_t id) const {
    std::uint32_t at = config_.read(PCI_CAPABILITY_LIST, 1);
    for (unsigned i = 0; i < 48 && at != 0; ++i) {
      if (config_.read(at, 1) == id) return at;
      at = config_.read(at + 1, 1);
    }
    return 0;
  }

  ConfigSpace config_{kInterrupts};
};

TEST_F(ConfigSpaceTest, SaysWhatItIs) {
  EXPECT_EQ(config_.read(PCI_VENDOR_ID, 4), std::uint32_t{pci::kDevice} << 16 | pci::kVendor);
  EXPECT_EQ(config_.read(PCI_CLASS_REVISION, 4) >> 8, pci::kClass);
  EXPECT_NE(config_.read(PCI_STATUS, 2) & PCI_STATUS_CAP_LIST, 0U);
  for (const std::uint32_t id : {PCI_CAP_ID_PM, PCI_CAP_ID_MSI, PCI_CAP_ID_MSIX, PCI_CAP_ID_EXP})
    EXPECT_NE(capability(id), 0U) << id;
  EXPECT_EQ(config_.read(capability(PCI_CAP_ID_MSIX) + PCI_MSIX_FLAGS, 2), kInterrupts - 1);
  EXPECT_EQ(config_.read(0x200, 4), 0U);
}

TEST_F(ConfigSpaceTest, BarsTellTheirSizes) {
  const std::map<unsigned, std::uint32_t> sizes = {{0, regs::kWindowBytes}, {2, kMsixBarBytes}};
  for (unsigned bar = 0; bar < 6; ++bar) {
    const std::uint32_t at = PCI_BASE_ADDRESS_0 + 4 * bar;
    EXPECT_FALSE(config_.write(at, 0xffffffff, 4));
    const std::uint32_t expected = sizes.contains(bar) ? ~(sizes.at(bar) - 1) : 0;
    EXPECT_EQ(config_.read(at, 4), expected) << "BAR " << bar;
  }
  EXPECT_FALSE(config_.write(PCI_BASE_ADDRESS_0, 0xfe123456, 4));
  EXPECT_EQ(config_.bar(kRegisterBar), 0xfe120000);
}

TEST_F(ConfigSpaceTest, CommandBits) {
  EXPECT_FALSE(config_.memory_enabled() || config_.bus_master() || config_.intx_disabled());
  EXPECT_FALSE(config_.write(PCI_COMMAND, 0xffff, 2));
  EXPECT_TRUE(config_.memory_enabled() && config_.bus_master() && config_.intx_disabled());
  EXPECT_EQ(config_.read(PCI_COMMAND, 2), PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_INTX_DISABLE);
  EXPECT_FALSE(config_.write(PCI_COMMAND, 0, 1));
  EXPECT_FALSE(config_.memory_enabled() || config_.bus_master());
  EXPECT_TRUE(config_.intx_disabled()) << "the byte beside it stays";
}

TEST_F(ConfigSpaceTest, IdentityCannotBeWritten) {
  for (std::uint32_t at = 0; at < ConfigSpace::kBytes; at += 4) (void)config_.write(at, 0xffffffff, 4);
  EXPECT_EQ(config_.read(PCI_VENDOR_ID, 4), std::uint32_t{pci::kDevice} << 16 | pci::kVendor);
  EXPECT_EQ(config_.read(PCI_CLASS_REVISION, 4) >> 8, pci::kClass);
  EXPECT_NE(capability(PCI_CAP_ID_EXP), 0U);
}

TEST_F(ConfigSpaceTest, FunctionLevelReset) {
  const std::uint32_t control = capability(PCI_CAP_ID_EXP) + PCI_EXP_DEVCTL;
  EXPECT_NE(config_.read(capability(PCI_CAP_ID_EXP) + PCI_EXP_DEVCAP, 4) & PCI_EXP_DEVCAP_FLR, 0U);
  EXPECT_FALSE(config_.write(control, 0x7fff, 2));
  EXPECT_TRUE(config_.write(control, PCI_EXP_DEVCTL_BCR_FLR, 2));
  EXPECT_TRUE(config_.write(control + 1, 0x80, 1));
  EXPECT_EQ(config_.read(control, 2) & PCI_EXP_DEVCTL_BCR_FLR, 0U) << "reads 0";
  EXPECT_FALSE(config_.write(PCI_COMMAND, 0xffff, 2));
  config_.reset();
  EXPECT_EQ(config_.read(PCI_COMMAND, 2), 0U);
}

TEST_F(ConfigSpaceTest, ComingBackFromD3hotIsAReset) {
  const std::uint32_t power = capability(PCI_CAP_ID_PM) + PCI_PM_CTRL;
  EXPECT_EQ(config_.read(power, 2), 0U) << "D0, and no promise to keep anything (No_Soft_Reset)";
  EXPECT_FALSE(config_.write(power, 0, 2)) << "it is in D0 already";
  EXPECT_FALSE(config_.write(power, kD3hot, 2));
  EXPECT_EQ(config_.read(power, 2), kD3hot);
  EXPECT_FALSE(config_.write(power, kD3hot, 2));
  EXPECT_FALSE(config_.write(power + 1, 0, 1)) << "the byte beside it";
  EXPECT_TRUE(config_.write(power, 0, 2));
  EXPECT_FALSE(config_.write(power, 0, 2)) << "once";
  EXPECT_FALSE(config_.write(power, kD3hot, 2));
  EXPECT_TRUE(config_.write(power, 0, 1)) << "a byte will do";
}

TEST_F(ConfigSpaceTest, D1AndD2AreNotThere) {
  const std::uint32_t power = capability(PCI_CAP_ID_PM) + PCI_PM_CTRL;
  for (const std::uint32_t state : {1U, 2U}) {
    EXPECT_FALSE(config_.write(power, state, 2));
    EXPECT_EQ(config_.read(power, 2), 0U) << "D" << state;
  }
  EXPECT_FALSE(config_.write(power, kD3hot, 2));
  EXPECT_FALSE(config_.write(power, 1, 2)) << "it stays where it is";
  EXPECT_EQ(config_.read(power, 2), kD3hot);
}

TEST_F(ConfigSpaceTest, InD3hotItOnlyAnswersForItsConfiguration) {
  const std::uint32_t power = capability(PCI_CAP_ID_PM) + PCI_PM_CTRL;
  (void)config_.write(PCI_COMMAND, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 2);
  (void)config_.write(capability(PCI_CAP_ID_MSI) + PCI_MSI_FLAGS, PCI_MSI_FLAGS_ENABLE, 2);
  (void)config_.write(capability(PCI_CAP_ID_MSIX) + PCI_MSIX_FLAGS, PCI_MSIX_FLAGS_ENABLE, 2);
  ASSERT_TRUE(config_.memory_enabled() && config_.bus_master() && config_.msi_enabled() && config_.msix_enabled());
  EXPECT_FALSE(config_.write(power, kD3hot, 2));
  EXPECT_FALSE(config_.memory_enabled() || config_.bus_master() || config_.msi_enabled() || config_.msix_enabled());
  EXPECT_TRUE(config_.intx_disabled());
  EXPECT_EQ(config_.read(PCI_COMMAND, 2), PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
  config_.reset();
  EXPECT_EQ(config_.read(power, 2), 0U) << "a reset wakes it up";
}

TEST_F(ConfigSpaceTest, MsiMessagesShareWhatWasGranted) {
  const std::uint32_t msi = capability(PCI_CAP_ID_MSI);
  EXPECT_EQ(config_.read(msi + PCI_MSI_FLAGS, 2), PCI_MSI_FLAGS_64BIT | 2U << 1) << "4 messages";
  EXPECT_FALSE(config_.msi_enabled());
  (void)config_.write(msi + PCI_MSI_ADDRESS_LO, 0xfee00000, 4);
  (void)config_.write(msi + PCI_MSI_ADDRESS_HI, 1, 4);
  (void)config_.write(msi + PCI_MSI_DATA_64, 0x4040, 2);
  (void)config_.write(msi + PCI_MSI_FLAGS, PCI_MSI_FLAGS_ENABLE | 2 << 4, 2);
  EXPECT_TRUE(config_.msi_enabled());
  EXPECT_EQ(config_.msi_message(3), (MsiMessage{0x1fee00000, 0x4043}));
  (void)config_.write(msi + PCI_MSI_FLAGS, PCI_MSI_FLAGS_ENABLE | 1 << 4, 2);
  EXPECT_EQ(config_.msi_message(3).data, 0x4041U);
  (void)config_.write(msi + PCI_MSI_FLAGS, PCI_MSI_FLAGS_ENABLE, 2);
  EXPECT_EQ(config_.msi_message(3).data, 0x4040U);
}

}  // namespace
}  // namespace sapulse::sim
