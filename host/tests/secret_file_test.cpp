// SPDX-License-Identifier: Apache-2.0
// The secret in a file: private, whole, never repeated in a message.
#include "sapulse/secret_file.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "store_fixture.h"

namespace sapulse::test {
namespace {

using testing::HasSubstr;

TEST(SecretFile, IsMadeOnceAndPrivate) {
  const Folder folder;
  std::filesystem::create_directory(folder.state());
  const auto file = folder.file("secret");
  const auto made = load_or_create_secret(file);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->size(), 32U);
  EXPECT_EQ(to_hex(load_or_create_secret(file)->bytes()), to_hex(made->bytes()));
  struct stat status{};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  std::filesystem::remove(file);
  EXPECT_NE(to_hex(load_or_create_secret(file)->bytes()), to_hex(made->bytes()));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.state()), {}), 1) << "nothing is left behind";
}

TEST(SecretFile, RefusesWhatOthersCanReadOrChange) {
  const Folder folder;
  std::filesystem::create_directory(folder.state());
  const auto file = folder.file("secret");
  ASSERT_TRUE(load_or_create_secret(file));
  for (const mode_t mode : {0640U, 0604U, 0620U, 0602U, 0666U}) {
    ASSERT_EQ(::chmod(file.c_str(), mode), 0);
    EXPECT_EQ(load_or_create_secret(file).error().code, Errc::invalid_argument) << mode;
  }
  const auto link = folder.file("link");
  ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
  std::filesystem::create_symlink(file, link);
  EXPECT_EQ(load_or_create_secret(link).error().code, Errc::io_error) << "a link could lead anywhere";
  EXPECT_THAT(load_or_create_secret(folder.state()).error().message, HasSubstr("not a regular file"));
}

TEST(SecretFile, RefusesOtherContentsWithoutRepeatingThem) {
  const Folder folder;
  std::filesystem::create_directory(folder.state());
  const auto file = folder.file("secret");
  ASSERT_TRUE(load_or_create_secret(file));
  const std::string good = read_file(file);
  for (const std::string& bad : {std::string(), good.substr(0, 64), good + "\n", good.substr(0, 63) + "g\n"}) {
    write_file(file, bad);
    const auto refused = load_or_create_secret(file);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::parse_error);
    EXPECT_THAT(refused.error().message, testing::Not(HasSubstr(good.substr(0, 8))));
  }
}

}  // namespace
}  // namespace sapulse::test
