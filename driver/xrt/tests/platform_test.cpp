// SPDX-License-Identifier: Apache-2.0
#include "platform.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sapulse::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const XrtPlatform kCard{.name = "xilinx_u55c_gen3x16_xdma_base_3", .uuid = "97088961-feae-da91-52a2-1d9dfd63ccef"};

TEST(XrtPlatform, AnotherOneIsNamedWithBothUuids) {
  const XrtPlatform file{.name = "xilinx_u50_gen3x16_xdma_base_5", .uuid = "F465B0A3AE8C64F619BC150384ACE69B"};
  const auto text = explain_platforms(kCard, "XRT device 0", file, "card.xclbin");
  ASSERT_TRUE(text);
  EXPECT_THAT(*text, AllOf(HasSubstr(kCard.uuid), HasSubstr(file.uuid), HasSubstr(kCard.name), HasSubstr(file.name),
                           HasSubstr("xbutil examine"), HasSubstr("xclbinutil --info --input card.xclbin")));
  EXPECT_EQ(text->find('\n'), std::string::npos);
}

TEST(XrtPlatform, TheSameOrAnUnknownOneIsNoMistake) {
  const XrtPlatform same{.name = "", .uuid = "97088961FEAEDA9152A21D9DFD63CCEF"};
  EXPECT_FALSE(explain_platforms(kCard, "", same, ""));
  EXPECT_FALSE(explain_platforms(kCard, "", {}, ""));
  EXPECT_FALSE(explain_platforms({}, "", kCard, ""));
}

TEST(XrtPlatform, TheUuidIsInThePartitionMetadata) {
  EXPECT_EQ(
      find_interface_uuid(R"({"interfaces": [{"interface_uuid": "f465b0a3ae8c64f6"}], "addressable_endpoints": {}})"),
      "f465b0a3ae8c64f6");
  for (const char* bad : {"", "{}", R"({"interface_uuid")", R"({"interface_uuid": "f465)"}) {
    EXPECT_EQ(find_interface_uuid(bad), "") << bad;
  }
}

}  // namespace
}  // namespace sapulse::test
