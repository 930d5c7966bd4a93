// SPDX-License-Identifier: Apache-2.0
#include "interrupt_pins.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/pci_regs.h>

namespace sapulse::sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr unsigned kInterrupts = 4;
constexpr std::uint32_t kMsiFlags = 0x50 + PCI_MSI_FLAGS;
constexpr std::uint32_t kMsixFlags = 0x70 + PCI_MSIX_FLAGS;

class InterruptPinsTest : public testing::Test {
 protected:
  InterruptPinsTest() {
    (void)config_.write(PCI_COMMAND, PCI_COMMAND_MASTER | PCI_COMMAND_MEMORY, 2);
    for (std::uint32_t i = 0; i < kInterrupts; ++i) {
      msix_.write(16 * i, 0xfee00000, 4);
      msix_.write(16 * i + 8, 0x40 + i, 4);
    }
  }
  void mask(unsigned vector, bool masked) { msix_.write(16 * vector + 12, masked ? 1 : 0, 4); }
  std::vector<std::uint32_t> data(std::uint32_t levels) {
    std::vector<std::uint32_t> values;
    for (const MsiMessage& message : pins_.update(levels).messages) values.push_back(message.data);
    return values;
  }

  ConfigSpace config_{kInterrupts};
  MsixTable msix_{kInterrupts};
  InterruptPins pins_{config_, msix_, kInterrupts};
};

TEST_F(InterruptPinsTest, MsixSendsOneMessagePerRise) {
  (void)config_.write(kMsixFlags, PCI_MSIX_FLAGS_ENABLE, 2);
  for (unsigned i = 0; i < kInterrupts; ++i) mask(i, false);
  EXPECT_THAT(data(0b0101), ElementsAre(0x40, 0x42));
  EXPECT_THAT(data(0b0101), IsEmpty());
  EXPECT_THAT(data(0b0111), ElementsAre(0x41));
  EXPECT_THAT(data(0), IsEmpty());
  EXPECT_THAT(data(0b0001), ElementsAre(0x40));
  pins_.acknowledge(0b0001);
  EXPECT_THAT(data(0b0001), ElementsAre(0x40)) << "raised again while it was acknowledged";
}

TEST_F(InterruptPinsTest, MsixKeepsWhatIsMasked) {
  (void)config_.write(kMsixFlags, PCI_MSIX_FLAGS_ENABLE, 2);
  EXPECT_THAT(data(0b0010), IsEmpty());
  EXPECT_EQ(msix_.read(kMsixPendingOffset, 8), 0b0010U);
  EXPECT_THAT(data(0), IsEmpty());
  mask(1, false);
  EXPECT_THAT(data(0), ElementsAre(0x41)) << "it had been pending";
  EXPECT_EQ(msix_.read(kMsixPendingOffset, 8), 0U);
  (void)config_.write(kMsixFlags, PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL, 2);
  EXPECT_THAT(data(0b0010), IsEmpty());
  (void)config_.write(kMsixFlags, PCI_MSIX_FLAGS_ENABLE, 2);
  EXPECT_THAT(data(0b0010), ElementsAre(0x41));
}

TEST_F(InterruptPinsTest, NoMessagesWithoutBusMastering) {
  (void)config_.write(PCI_COMMAND, PCI_COMMAND_MEMORY, 2);
  (void)config_.write(kMsixFlags, PCI_MSIX_FLAGS_ENABLE, 2);
  mask(0, false);
  EXPECT_THAT(data(1), IsEmpty());
  (void)config_.write(PCI_COMMAND, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 2);
  EXPECT_THAT(data(1), ElementsAre(0x40));
}

TEST_F(InterruptPinsTest, MsiSendsForEachRise) {
  (void)config_.write(kMsiFlags, PCI_MSI_FLAGS_ENABLE, 2);
  EXPECT_EQ(pins_.update(0b0001).messages.size(), 1U);
  EXPECT_EQ(pins_.update(0b0011).messages.size(), 1U) << "although another one is up already";
  EXPECT_FALSE(pins_.update(0b0011).line);
}

TEST_F(InterruptPinsTest, IntxFollowsTheLevels) {
  auto signals = pins_.update(0b0100);
  EXPECT_TRUE(signals.line_changed && signals.line);
  EXPECT_THAT(signals.messages, IsEmpty());
  EXPECT_NE(config_.read(PCI_STATUS, 2) & PCI_STATUS_INTERRUPT, 0U);
  EXPECT_FALSE(pins_.update(0b1000).line_changed) << "one line for all";
  (void)config_.write(PCI_COMMAND, PCI_COMMAND_INTX_DISABLE, 2);
  signals = pins_.update(0b1000);
  EXPECT_TRUE(signals.line_changed && !signals.line);
  EXPECT_NE(config_.read(PCI_STATUS, 2) & PCI_STATUS_INTERRUPT, 0U) << "status shows it all the same";
  (void)config_.write(PCI_COMMAND, 0, 2);
  EXPECT_TRUE(pins_.update(0b1000).line);
  signals = pins_.update(0);
  EXPECT_TRUE(signals.line_changed && !signals.line);
  EXPECT_EQ(config_.read(PCI_STATUS, 2) & PCI_STATUS_INTERRUPT, 0U);
}

}  // namespace
}  // namespace sapulse::sim
