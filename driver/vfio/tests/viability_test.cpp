// SPDX-License-Identifier: Apache-2.0
#include "viability.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "fake_sysfs.h"
#include "iommu_space.h"

namespace sapulse::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string kAddress = "0000:41:00.0";

class ViabilityTest : public testing::Test {
 protected:
  ViabilityTest() { card() = {.driver = "vfio-pci"}; }
  FakePciDevice& card() { return sysfs_.devices[kAddress]; }
  Result<void> check() { return check_viable(sysfs_, *read_card_info(sysfs_, kAddress)); }

  FakeSysfs sysfs_;
};

TEST_F(ViabilityTest, ChoosesTheOnlyCard) {
  EXPECT_EQ(choose_card(sysfs_, "")->address, kAddress);
  EXPECT_EQ(choose_card(sysfs_, kAddress)->group, "7");
  sysfs_.devices["0000:42:00.0"] = {};
  EXPECT_THAT(choose_card(sysfs_, "").error().message,
              AllOf(HasSubstr("2 sapulse cards"), HasSubstr("0000:41:00.0, 0000:42:00.0")));
  sysfs_.devices.clear();
  EXPECT_EQ(choose_card(sysfs_, "").error().code, Errc::not_found);
  EXPECT_THAT(choose_card(sysfs_, kAddress).error().message, HasSubstr("there is no sapulse card"));
}

TEST_F(ViabilityTest, EachRefusalNamesTheRemedy) {
  EXPECT_TRUE(check());
  card().driver = "native";
  EXPECT_THAT(check().error().message,
              AllOf(HasSubstr("bound to driver native"), HasSubstr("sapulse bind 0000:41:00.0")));
  card().driver.reset();
  EXPECT_THAT(check().error().message, HasSubstr("bound to no driver"));
  card().group.reset();
  EXPECT_THAT(check().error().message, HasSubstr("intel_iommu=on"));
}

TEST_F(ViabilityTest, LooksAtTheWholeGroup) {
  sysfs_.devices["0000:41:00.1"] = {.vendor = "0x8086", .driver = "ixgbe"};
  EXPECT_THAT(check().error().message, AllOf(HasSubstr("group 7 also holds 0000:41:00.1"), HasSubstr("ixgbe/unbind")));
  for (const char* driver : {"vfio-pci", "pcieport", "pci-stub"}) {
    sysfs_.devices["0000:41:00.1"].driver = driver;
    EXPECT_TRUE(check()) << driver;
  }
  sysfs_.devices["0000:41:00.1"].driver.reset();
  EXPECT_TRUE(check());
  sysfs_.devices["0000:41:00.1"] = {.driver = "ixgbe", .group = "8"};
  EXPECT_TRUE(check());
}

/// The kernel makes groups without an IOMMU if it is told to: the card would reach all memory.
TEST_F(ViabilityTest, RefusesVfioWithoutIommu) {
  sysfs_.group_names["7"] = "vfio-noiommu";
  EXPECT_THAT(check().error().message,
              AllOf(HasSubstr("without IOMMU"), HasSubstr("noiommu-7"), HasSubstr("VT-d"), Not(HasSubstr("modprobe"))));
}

TEST(VfioErrors, AGroupWithoutIommuIsNotAMissingModule) {
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / ("sapulse-noiommu-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "noiommu-7") << "";
  const PciInfo card{.address = kAddress, .group = "7"};
  EXPECT_THAT(explain_open(folder / "7", card, ENOENT).message,
              AllOf(HasSubstr("without IOMMU"), HasSubstr("VT-d"), Not(HasSubstr("modprobe"))));
  EXPECT_THAT(explain_open(folder / "8", card, ENOENT).message, HasSubstr("modprobe vfio-pci"));
  std::filesystem::remove_all(folder);
}

TEST(VfioErrors, NameTheLimitOfMappings) {
  EXPECT_EQ(explain_map(4096, ENOSPC).code, Errc::no_space);
  EXPECT_THAT(explain_map(4096, ENOSPC).message,
              AllOf(HasSubstr("dma_entry_limit"), HasSubstr("vfio_iommu_type1"), HasSubstr("4096 bytes")));
}

TEST(VfioErrors, SayWhatToDo) {
  const PciInfo card{.address = kAddress};
  EXPECT_THAT(explain_open("/dev/vfio/vfio", card, ENOENT).message, HasSubstr("modprobe vfio-pci"));
  EXPECT_THAT(explain_open("/dev/vfio/7", card, EACCES).message, HasSubstr("chgrp GROUP /dev/vfio/7"));
  EXPECT_THAT(explain_open("/dev/vfio/7", card, EBUSY).message, HasSubstr("another process uses the card"));
  EXPECT_EQ(explain_map(4096, ENOMEM).code, Errc::no_space);
  EXPECT_THAT(explain_map(4096, ENOMEM).message, AllOf(HasSubstr("ulimit -l"), HasSubstr("LimitMEMLOCK=")));
}

TEST(VfioErrors, OpeningWithoutAKernelThatHasTheCard) {
  const auto opened = VfioDevice::open({.address = kAddress, .paths = {.sys = "/nonexistent", .dev = "/nonexistent"}});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::not_found);
  EXPECT_EQ(find_cards({.sys = "/nonexistent"}).error().code, Errc::io_error);
}

}  // namespace
}  // namespace sapulse::test
