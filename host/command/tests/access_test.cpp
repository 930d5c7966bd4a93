// SPDX-License-Identifier: Apache-2.0
// What is refused before a card is opened.
#include "access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace sapulse::command {
namespace {

using testing::HasSubstr;

constexpr auto kOwner = std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;

class AccessTest : public testing::Test {
 protected:
  AccessTest() : folder_(std::filesystem::path(testing::TempDir()) / ("sapulse-access-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
    options_.sas = folder_ / "sas.yaml";
    options_.device = *DeviceAddress::parse("vfio:0000:ff:1f.7");  // there is none
    std::ofstream(options_.sas) << R"(local: ["192.0.2.1"]
sas:
  - name: peer0
    local: "192.0.2.1"
    peer: "198.51.100.1"
    in:  { spi: 1000, key: "000102030405060708090a0b0c0d0e0f", salt: "a0a1a2a3" }
    out: { spi: 1001, key: "000102030405060708090a0b0c0d0e0f", salt: "b0b1b2b3", next: 1 }
)";
    std::filesystem::permissions(options_.sas, kOwner);
  }
  ~AccessTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
  AccessOptions options_;
};

TEST_F(AccessTest, AttackByReadingTheKeysOfAFileForAllIsRefusedFirst) {
  std::filesystem::permissions(options_.sas, kOwner | std::filesystem::perms::others_read);
  const auto refused = options_.read_config();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::invalid_argument);
  EXPECT_THAT(refused.error().message, HasSubstr("sas.yaml: mode 0604 lets others at its keys: chmod o-rwx"));
}

/// Two runs would use the same nonces.
TEST_F(AccessTest, AttackByAFileReadTwiceNeedsStateOrASimulatedCard) {
  const auto refused = options_.read_config();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::parse_error);
  EXPECT_THAT(refused.error().message, HasSubstr("sas.yaml:7: out: next: "));
  options_.state = folder_ / "state";
  const auto config = options_.read_config();
  ASSERT_TRUE(config) << config.error().message;
}

TEST_F(AccessTest, TheCommandLineNamesTheCardElseTheConfigurationElseItIsAModel) {
  Config config;
  EXPECT_EQ(options_.device_of(config)->backend, DeviceAddress::Backend::vfio);
  options_.device.reset();
  EXPECT_EQ(options_.device_of(config)->backend, DeviceAddress::Backend::model);
  config.device = "net:eth0";
  EXPECT_EQ(options_.device_of(config)->place, "eth0");
  config.device = "nte:eth0";
  const auto refused = options_.device_of(config);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("sas.yaml: device 'nte:eth0'"));
}

/// What the card of the file may read is what counts.
TEST_F(AccessTest, AttackByTheKeysOfAFileThatNamesItsCardIsRefusedToo) {
  options_.device.reset();
  std::ofstream(options_.sas, std::ios::app) << "device: net:eth0\n";
  std::filesystem::permissions(options_.sas, kOwner | std::filesystem::perms::others_read);
  const auto refused = options_.read_config();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::invalid_argument);
}

}  // namespace
}  // namespace sapulse::command
