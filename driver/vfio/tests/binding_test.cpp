// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_sysfs.h"
#include "sapulse/vfio_binding.h"

namespace sapulse::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const std::string kAddress = "0000:41:00.0";
const std::string kOverride = "bus/pci/devices/0000:41:00.0/driver_override";

class BindingTest : public testing::Test {
 protected:
  BindingTest() {
    sysfs_.drivers.insert("native");
    card() = {.driver = "native", .native_driver = "native"};
  }
  FakePciDevice& card() { return sysfs_.devices[kAddress]; }
  /// Binding fails with a message that says `what`, and the card is as it was.
  void expect_refusal(const std::string& what) {
    const FakePciDevice before = card();
    const auto bound = bind_to_vfio(sysfs_, kAddress);
    ASSERT_FALSE(bound);
    EXPECT_THAT(bound.error().message, HasSubstr(what));
    EXPECT_EQ(card().driver, before.driver);
    EXPECT_EQ(card().driver_override, before.driver_override);
  }

  FakeSysfs sysfs_;
};

TEST_F(BindingTest, GoesThereAndBack) {
  ASSERT_TRUE(bind_to_vfio(sysfs_, kAddress));
  EXPECT_EQ(card().driver, "vfio-pci");
  EXPECT_EQ(card().driver_override, "vfio-pci");
  sysfs_.written.clear();
  ASSERT_TRUE(bind_to_vfio(sysfs_, kAddress));
  EXPECT_THAT(sysfs_.written, IsEmpty()) << "nothing is left to do";
  ASSERT_TRUE(unbind_from_vfio(sysfs_, kAddress));
  EXPECT_EQ(card().driver, "native");
  EXPECT_EQ(card().driver_override, "(null)");
}

TEST_F(BindingTest, TakesACardWithoutDriver) {
  card() = {};
  ASSERT_TRUE(bind_to_vfio(sysfs_, kAddress));
  EXPECT_EQ(card().driver, "vfio-pci");
  ASSERT_TRUE(unbind_from_vfio(sysfs_, kAddress));
  EXPECT_EQ(card().driver, std::nullopt);
}

TEST_F(BindingTest, RefusesWhatCannotBe) {
  EXPECT_THAT(bind_to_vfio(sysfs_, "0000:42:00.0").error().message, HasSubstr("no such PCI device"));
  EXPECT_THAT(bind_to_vfio(sysfs_, "../41").error().message, HasSubstr("no such PCI device"));
  sysfs_.devices["0000:43:00.0"].vendor = "0x8086";
  sysfs_.devices["0000:43:00.0"].device = "0x1234";
  EXPECT_THAT(bind_to_vfio(sysfs_, "0000:43:00.0").error().message, HasSubstr("is 8086:1234, not a sapulse card"));
  EXPECT_THAT(unbind_from_vfio(sysfs_, kAddress).error().message, HasSubstr("not bound to vfio-pci but to native"));
}

TEST_F(BindingTest, RefusesWithoutIommuOrModule) {
  card().group.reset();
  expect_refusal("no IOMMU");
  card().group = "7";
  sysfs_.drivers.erase("vfio-pci");
  expect_refusal("modprobe vfio-pci");
  EXPECT_THAT(sysfs_.written, IsEmpty());
}

TEST_F(BindingTest, EveryFailureIsUndone) {
  for (const std::string& path :
       {kOverride, std::string("bus/pci/drivers/native/unbind"), std::string("bus/pci/drivers_probe")}) {
    sysfs_.refused = {path};
    expect_refusal(path);
  }
  sysfs_.refused.clear();
  sysfs_.deaf = {"vfio-pci"};
  expect_refusal("did not take the device");
  card().driver_override = "other";
  expect_refusal("did not take the device");
}

}  // namespace
}  // namespace sapulse::test
