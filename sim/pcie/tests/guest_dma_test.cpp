// SPDX-License-Identifier: Apache-2.0
#include "guest_dma.h"

#include <gtest/gtest.h>

#include <array>

#include "fake_chipset.h"

namespace sapulse::sim {
namespace {

constexpr std::uint64_t kIova = 0x12'3456'7000;

class GuestDmaTest : public testing::Test {
 protected:
  GuestDmaTest() {
    guest_.connect();
    // Two pages that follow each other for the card, and are apart in memory.
    guest_.map(kIova, FakeGuest::kBase + 0x90000, 3);
    guest_.map(kIova + 4096, FakeGuest::kBase + 0x80000, 3);
    dma_.set_bus_master(true);
  }

  FakeGuest guest_;
  Vtd iommu_{guest_.chipset, guest_.memory, 0, FakeGuest::kFunction};
  GuestDma dma_{iommu_, guest_.memory};
  std::array<std::byte, 128> data_{};
};

TEST_F(GuestDmaTest, CrossesPages) {
  for (std::size_t i = 0; i < data_.size(); ++i) data_.at(i) = static_cast<std::byte>(i);
  EXPECT_TRUE(dma_.write(kIova + 4096 - 64, data_));
  std::array<std::byte, 64> part{};
  EXPECT_TRUE(guest_.memory.read(FakeGuest::kBase + 0x90000 + 4096 - 64, part));
  EXPECT_TRUE(std::equal(part.begin(), part.end(), data_.begin()));
  EXPECT_TRUE(guest_.memory.read(FakeGuest::kBase + 0x80000, part));
  EXPECT_TRUE(std::equal(part.begin(), part.end(), data_.begin() + 64));
  std::array<std::byte, 128> back{};
  EXPECT_TRUE(dma_.read(kIova + 4096 - 64, back));
  EXPECT_EQ(back, data_);
  EXPECT_EQ(dma_.faults() + dma_.blocked(), 0U);
}

TEST_F(GuestDmaTest, CountsWhatIsRefused) {
  EXPECT_FALSE(dma_.read(kIova + 2 * 4096 - 64, data_)) << "half of it is mapped";
  EXPECT_FALSE(dma_.write(0, data_));
  guest_.map(kIova, FakeGuest::kBase + FakeGuest::kBytes, 3);
  EXPECT_FALSE(dma_.read(kIova, data_)) << "mapped to where no memory is";
  EXPECT_EQ(dma_.faults(), 3U);
  dma_.set_bus_master(false);
  EXPECT_FALSE(dma_.write(kIova + 4096, data_));
  EXPECT_EQ(dma_.faults(), 3U);
  EXPECT_EQ(dma_.blocked(), 1U);
}

}  // namespace
}  // namespace sapulse::sim
