// SPDX-License-Identifier: Apache-2.0
#include "vtd.h"

#include <gtest/gtest.h>

#include "fake_chipset.h"

namespace sapulse::sim {
namespace {

constexpr std::uint64_t kIova = 0x12'3456'7000;
constexpr std::uint64_t kPage = FakeGuest::kBase + 0x80000;

class VtdTest : public testing::Test {
 protected:
  VtdTest() { guest_.connect(); }

  FakeGuest guest_;
  Vtd iommu_{guest_.chipset, guest_.memory, 0, FakeGuest::kFunction};
};

TEST_F(VtdTest, TranslatesWithRights) {
  EXPECT_EQ(iommu_.translate(kIova, false), std::nullopt);
  guest_.map(kIova, kPage, 3);
  EXPECT_EQ(iommu_.translate(kIova + 0x123, false), kPage + 0x123);
  EXPECT_EQ(iommu_.translate(kIova + 0xfff, true), kPage + 0xfff);
  EXPECT_EQ(iommu_.translate(kIova + 0x1000, false), std::nullopt);
  EXPECT_EQ(iommu_.translate(kIova | std::uint64_t{1} << 39, false), std::nullopt) << "beyond the address width";
  EXPECT_EQ(iommu_.translate(kIova | std::uint64_t{1} << 63, false), std::nullopt);
  guest_.map(kIova, kPage, 1);
  EXPECT_TRUE(iommu_.translate(kIova, false));
  EXPECT_FALSE(iommu_.translate(kIova, true));
  guest_.map(kIova, kPage, 2);
  EXPECT_FALSE(iommu_.translate(kIova, false));
  EXPECT_TRUE(iommu_.translate(kIova, true));
  guest_.map(kIova, kPage, 0);
  EXPECT_FALSE(iommu_.translate(kIova, true)) << "a mapping that has been taken away";
}

TEST_F(VtdTest, KnowsLargePages) {
  guest_.map(kIova, kPage, 3);
  guest_.put(FakeGuest::table(3) + 8 * (kIova >> 21 & 511), 0x8000'0000 | 0x83);
  EXPECT_EQ(iommu_.translate(kIova + 0x42, false), 0x8000'0000 | ((kIova + 0x42) & 0x1fffff));
}

TEST_F(VtdTest, OtherFunctionsHaveNothing) {
  guest_.map(kIova, kPage, 3);
  Vtd other(guest_.chipset, guest_.memory, 0, FakeGuest::kFunction + 1);
  EXPECT_FALSE(other.translate(kIova, false));
  Vtd elsewhere(guest_.chipset, guest_.memory, 1, FakeGuest::kFunction);
  EXPECT_FALSE(elsewhere.translate(kIova, false));
}

TEST_F(VtdTest, PassThroughAndOff) {
  guest_.put(FakeGuest::table(1) + 16 * FakeGuest::kFunction, FakeGuest::table(2) | 1 | 2 << 2);
  EXPECT_EQ(iommu_.translate(kIova, true), kIova);
  guest_.put(FakeGuest::table(0), 0);
  EXPECT_FALSE(iommu_.translate(kIova, true));
  guest_.chipset.registers[kIommuUnit + 0x1c] = 0;
  EXPECT_EQ(iommu_.translate(kIova, true), kIova);
}

TEST_F(VtdTest, ReadsTheRegistersOnlyWhenItMust) {
  guest_.map(kIova, kPage, 3);
  for (unsigned i = 0; i < 10; ++i) EXPECT_TRUE(iommu_.translate(kIova, true));
  EXPECT_EQ(guest_.chipset.reads, 2U);
  iommu_.forget();
  EXPECT_TRUE(iommu_.translate(kIova, true));
  EXPECT_EQ(guest_.chipset.reads, 4U);
  EXPECT_FALSE(iommu_.translate(kIova + 0x1000, true));
  EXPECT_EQ(guest_.chipset.reads, 6U) << "before a fault it makes sure";
}

TEST_F(VtdTest, RemapsMessages) {
  const MsiMessage plain{0xfee01000, 0x41};
  EXPECT_EQ(iommu_.remap(plain), plain) << "compatibility format";
  const std::uint64_t interrupts = FakeGuest::table(5);
  guest_.chipset.registers[kIommuUnit + 0xb8] = interrupts;
  const auto handle = [](std::uint64_t index) { return 0xfee00010 | (index & 0x7fff) << 5 | (index >> 15 & 1) << 2; };
  EXPECT_EQ(iommu_.remap({handle(3), 0}), std::nullopt) << "not present";
  // Vector 0x51, APIC 2 (bits 15:8 of the destination), edge, fixed.
  guest_.put(interrupts + 3 * 16, std::uint64_t{2} << 40 | 0x51 << 16 | 1);
  EXPECT_EQ(iommu_.remap({handle(3), 0}), (MsiMessage{0xfee02000, 0x51}));
  EXPECT_EQ(iommu_.remap({handle(1) | 8, 2}), (MsiMessage{0xfee02000, 0x51})) << "with a subhandle";
}

}  // namespace
}  // namespace sapulse::sim
