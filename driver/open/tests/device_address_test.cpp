// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sapulse/open_device.h"

namespace sapulse::test {
namespace {

using Backend = DeviceAddress::Backend;
using testing::HasSubstr;

TEST(DeviceAddress, TakesEveryForm) {
  EXPECT_EQ(DeviceAddress::parse("model").value(), DeviceAddress{});
  EXPECT_EQ(DeviceAddress::parse("sim").value(), (DeviceAddress{.backend = Backend::sim}));
  EXPECT_EQ(DeviceAddress::parse("xrt:a/b.xclbin").value(),
            (DeviceAddress{.backend = Backend::xrt, .place = "a/b.xclbin"}));
  EXPECT_EQ(DeviceAddress::parse("xrt:b.xclbin:12").value(),
            (DeviceAddress{.backend = Backend::xrt, .place = "b.xclbin", .index = 12}));
  EXPECT_EQ(DeviceAddress::parse("xrt:b:1.xclbin").value(),
            (DeviceAddress{.backend = Backend::xrt, .place = "b:1.xclbin"}));
  EXPECT_EQ(DeviceAddress::parse("vfio:0001:4A:1f.7").value(),
            (DeviceAddress{.backend = Backend::vfio, .place = "0001:4a:1f.7"}));
  EXPECT_EQ(DeviceAddress::parse("vfio:41:00.0").value(),
            (DeviceAddress{.backend = Backend::vfio, .place = "0000:41:00.0"}));
  EXPECT_EQ(DeviceAddress::parse("net:eth0").value(), (DeviceAddress{.backend = Backend::net, .place = "eth0"}));
  EXPECT_EQ(DeviceAddress::parse("net:eth0.5,enp1s0f1").value(),
            (DeviceAddress{.backend = Backend::net, .place = "eth0.5", .core = "enp1s0f1"}));
}

TEST(DeviceAddress, RefusesEverythingElse) {
  for (const char* text : {"",
                           "Sim",
                           "model:",
                           "sim:",
                           "xrt",
                           "xrt:",
                           "xrt::3",
                           "xrt:a:99999999999",
                           "vfio:",
                           "vfio:41:00",
                           "vfio:41:20.0",
                           "vfio:41:00.8",
                           "vfio:0041:00.0",
                           "vfio:x41:00.0",
                           "vfio:0000:41:00.0 ",
                           "pci:41:00.0",
                           "net",
                           "net:",
                           "net:,",
                           "net:a,",
                           "net:,a",
                           "net:a,a",
                           "net:a,b,c/",
                           "net:a b",
                           "net:sixteen-letters0"}) {
    const auto address = DeviceAddress::parse(text);
    ASSERT_FALSE(address) << text;
    EXPECT_EQ(address.error().code, Errc::invalid_argument) << text;
    EXPECT_THAT(address.error().message, HasSubstr("device '" + std::string(text) + "'"));
  }
}

}  // namespace
}  // namespace sapulse::test
