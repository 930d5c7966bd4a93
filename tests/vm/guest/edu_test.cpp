// SPDX-License-Identifier: Apache-2.0
// The parts of the VFIO driver on QEMU's own device "edu": a control that shares no device-side code with the card.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "dma_memory.h"
#include "interrupts.h"
#include "iommu_space.h"
#include "pci_config.h"
#include "registers_bar.h"
#include "support/convert.h"
#include "viability.h"

namespace sapulse::test {
namespace {

const std::string kAddress = "0000:00:04.0";

// Registers of edu (QEMU, docs/specs/edu.rst).
constexpr std::uint32_t kIdentity = 0x00;
constexpr std::uint32_t kLiveness = 0x04;
constexpr std::uint32_t kInterruptStatus = 0x24;
constexpr std::uint32_t kInterruptRaise = 0x60;
constexpr std::uint32_t kInterruptAcknowledge = 0x64;
constexpr std::uint32_t kDmaSource = 0x80;
constexpr std::uint32_t kDmaDestination = 0x88;
constexpr std::uint32_t kDmaCount = 0x90;
constexpr std::uint32_t kDmaCommand = 0x98;
constexpr std::uint32_t kDmaRun = 1;
constexpr std::uint32_t kDmaToMemory = 2;
constexpr std::uint32_t kDmaInterrupt = 4;
constexpr std::uint64_t kInside = 0x40000;  // its own memory, 4 KiB
constexpr std::uint64_t kReach = std::uint64_t{1} << 28;

constexpr std::chrono::milliseconds kPatience(30'000);

class EduTest : public testing::Test {
 protected:
  EduTest()
      : info_(must(read_pci_info(Sysfs(), kAddress), "edu")),
        space_(must(open_group_space({}, info_), "group")),
        config_(must(PciConfig::open(space_->device(), kAddress), "configuration")) {
    must(config_.enable_memory(), "memory");
    must(config_.set_bus_master(true), "bus master");
  }

  RegistersBar map() { return must(RegistersBar::map(space_->device(), kAddress), "BAR"); }
  Interrupts interrupts(InterruptMode mode) {
    return must(Interrupts::enable(space_->device(), kAddress, mode, 1), "interrupts");
  }
  /// Sleeps until the status shows a bit, then acknowledges it.
  static bool raised(RegistersBar& registers, Interrupts& interrupts, std::uint32_t bit) {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (std::chrono::steady_clock::now() < end) {
      interrupts.arm(0);
      if ((registers.read(kInterruptStatus) & bit) != 0) {
        registers.write(kInterruptAcknowledge, bit);
        return true;
      }
      interrupts.sleep(0, kPatience);
    }
    return false;
  }

  PciInfo info_;
  std::unique_ptr<IommuSpace> space_;
  PciConfig config_;
};

TEST_F(EduTest, Registers) {
  RegistersBar registers = map();
  EXPECT_EQ(registers.read(kIdentity) & 0xffff, 0xedU);
  registers.write(kLiveness, 0x12345678);
  EXPECT_EQ(registers.read(kLiveness), ~0x12345678U);
}

TEST_F(EduTest, IsNoCard) {
  EXPECT_THAT(read_card_info(Sysfs(), kAddress).error().message,
              testing::HasSubstr("is 1234:11e8, not a sapulse card"));
}

TEST_F(EduTest, InterruptsInEveryModeItHas) {
  RegistersBar registers = map();
  for (const InterruptMode mode : {InterruptMode::msi, InterruptMode::intx, InterruptMode::automatic}) {
    Interrupts events = interrupts(mode);
    if (mode == InterruptMode::automatic) EXPECT_EQ(events.mode(), InterruptMode::msi) << "it has no MSI-X";
    for (unsigned i = 1; i <= 3; ++i) {
      registers.write(kInterruptRaise, i);
      EXPECT_TRUE(raised(registers, events, i));
    }
  }
}

TEST_F(EduTest, DmaBothWaysAndNotAfterUnmapping) {
  constexpr std::size_t kBytes = 4096 - 8;  // QEMU aborts at a transfer of all of its memory
  RegistersBar registers = map();
  Interrupts events = interrupts(InterruptMode::msi);
  DmaAllocator memory(*space_);
  auto buffer = must(memory.allocate(2 * 4096, 4096), "memory");
  ASSERT_LT(buffer->iova() + buffer->bytes().size(), kReach) << "beyond what edu can address";
  const auto bytes = buffer->bytes();
  for (std::size_t i = 0; i < kBytes; ++i) bytes[i] = static_cast<std::byte>(7 * i + 3);
  const auto transfer = [&](std::uint64_t from, std::uint64_t to, std::uint32_t direction) {
    full_barrier();
    registers.write(kDmaSource, static_cast<std::uint32_t>(from));
    registers.write(kDmaDestination, static_cast<std::uint32_t>(to));
    registers.write(kDmaCount, kBytes);
    registers.write(kDmaCommand, kDmaRun | direction | kDmaInterrupt);
    return raised(registers, events, 0x100);
  };
  const std::uint64_t iova = buffer->iova();
  EXPECT_TRUE(transfer(iova, kInside, 0));
  EXPECT_TRUE(transfer(kInside, iova + kBytes, kDmaToMemory));
  EXPECT_TRUE(std::equal(bytes.begin(), bytes.begin() + kBytes, bytes.begin() + kBytes));

  // The same memory, mapped no more: it must stay as it is.
  std::vector<std::byte> pattern(kBytes, std::byte{0x55});
  must(space_->unmap(iova, bytes.size()), "unmap");
  std::ranges::copy(pattern, bytes.begin());
  EXPECT_TRUE(transfer(kInside, iova, kDmaToMemory));
  EXPECT_TRUE(std::equal(pattern.begin(), pattern.end(), bytes.begin()));
  must(space_->map(iova, bytes.data(), bytes.size()), "map");
}

}  // namespace
}  // namespace sapulse::test
