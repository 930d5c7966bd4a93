// SPDX-License-Identifier: Apache-2.0
#include "text_file.h"

#include <gmock/gmock.h>

#include <fstream>

#include "folder.h"

namespace sapulse::test {
namespace {

using testing::HasSubstr;

class TextFileTest : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "a"; }

  Folder folder_;
};

TEST_F(TextFileTest, IsReadAsItIs) {
  const std::string text("one\r\n\0two", 9);
  std::ofstream(file(), std::ios::binary) << text;
  EXPECT_EQ(read_text_file(file()), text);
}

TEST_F(TextFileTest, WhatIsNotThereIsNamed) {
  const auto read = read_text_file(file());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::not_found);
  EXPECT_EQ(read.error().message, file().string() + ": no such file");
}

TEST_F(TextFileTest, AFolderIsNoFile) {
  const auto read = read_text_file(folder_.path());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::io_error);
  EXPECT_THAT(read.error().message, HasSubstr("is a directory"));
}

}  // namespace
}  // namespace sapulse::test
