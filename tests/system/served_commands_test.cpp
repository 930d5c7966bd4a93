// SPDX-License-Identifier: Apache-2.0
// Commands that change or ask what `sapulse serve` holds, as users type them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "folder.h"
#include "serve_process.h"
#include "support/program.h"

namespace sapulse::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string sa(const std::string& name, unsigned spi, const std::string& salt) {
  const std::string keys = ", key: 000102030405060708090a0b0c0d0e0f, salt: \"" + salt + "\"}";
  return "  - {name: " + name + ", local: \"192.0.2.1\", peer: \"198.51.100.1\", in: {spi: " + std::to_string(spi) +
         keys + ", out: {spi: " + std::to_string(spi + 1) + keys + "}\n";
}

/// A service on the card that nobody has to name, with one SA.
class ServedCommands : public testing::Test {
 protected:
  ServedCommands() : served_({.sas = file("sas.yaml", sa("first", 1000, "a0a1a2a3")), .socket = socket()}) {
    served_.wait_until_it_serves();
  }

  /// Only its owner can read it.
  [[nodiscard]] std::string file(const std::string& name, const std::string& sas) const {
    std::filesystem::path path = folder_.path() / name;
    std::ofstream(path) << "local: [\"192.0.2.1\"]\nsas:\n" << sas;
    std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return path;
  }
  [[nodiscard]] Ended sapulse(const std::string& arguments) const {
    return run_program(SAPULSE_COMMAND " " + arguments + " --socket " + socket());
  }

 private:
  [[nodiscard]] std::string socket() const { return folder_.path() / "socket"; }

  Folder folder_;
  ServeProcess served_;
};

TEST_F(ServedCommands, SasOfAFileAreAddedOnceReplacedAndRemoved) {
  const std::string second = file("second.yaml", sa("second", 2000, "b0b1b2b3"));
  EXPECT_EQ(sapulse("sa add " + second).code, 0);
  const Ended again = sapulse("sa add " + second);
  EXPECT_EQ(again.code, 2);
  EXPECT_THAT(again.output, HasSubstr("SA 'second': an SA with inbound SPI 0x000007d0 exists"));
  const Ended replaced = sapulse("sa import --json " + file("new.yaml", sa("second", 2000, "c0c1c2c3")));
  EXPECT_EQ(replaced.code, 0);
  EXPECT_THAT(replaced.output, HasSubstr("\"added\":1"));
  EXPECT_THAT(sapulse("sa list").output, AllOf(HasSubstr("first"), HasSubstr("second")));
  EXPECT_EQ(sapulse("sa del second").code, 0);
  EXPECT_THAT(sapulse("sa list").output, AllOf(HasSubstr("first"), Not(HasSubstr("second"))));
}

TEST_F(ServedCommands, AFileThatIsNoTextIsRefusedWithItsLine) {
  const Ended ended = sapulse("sa add " + file("bad.yaml", "  - {name: \"\xff\"}\n"));
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.output, HasSubstr("bad.yaml:3: not UTF-8"));
  EXPECT_EQ(sapulse("sa add /nowhere.yaml").code, 2);
}

TEST_F(ServedCommands, TheLargestPacketThatPassesIsSearched) {
  const Ended ended = sapulse("ping first --mtu-probe");
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.output, HasSubstr("first: IP packets of 9000 bytes pass, larger ones were not tried"));
  EXPECT_THAT(sapulse("ping first --mtu-probe --json").output, HasSubstr("\"passed_bytes\":9000"));
}

/// It follows none: nobody has told it to.
TEST_F(ServedCommands, NoSaOfTheKernelIsUnwatched) {
  const Ended ended = sapulse("sa list --unwatched");
  EXPECT_EQ(ended.code, 0) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("why it is not watched"));
}

}  // namespace
}  // namespace sapulse::test
