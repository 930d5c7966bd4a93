// SPDX-License-Identifier: Apache-2.0
#include "capture.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

namespace sapulse::command {
namespace {

using testing::HasSubstr;

/// A pcap file_ (draft-gharris-opsawg-pcap) made byte by byte.
class CaptureTest : public testing::Test {
 protected:
  CaptureTest() {
    char name[] = "/tmp/sapulse-capture-XXXXXX";
    close(mkstemp(name));
    file_ = name;
  }
  ~CaptureTest() override { std::filesystem::remove(file_); }

  void word(std::uint32_t value) { bytes_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void header(std::uint32_t link_type = 1) {
    for (const std::uint32_t value : {0xa1b2c3d4U, 0x00040002U, 0U, 0U, 65535U, link_type}) word(value);
  }
  void packet(std::uint32_t captured, std::uint32_t length) {
    for (const std::uint32_t value : {1U, 2U, captured, length}) word(value);
    bytes_.append(captured, static_cast<char>(length));
  }
  Result<Capture> read() {
    std::ofstream(file_, std::ios::binary) << bytes_;
    return read_capture(file_);
  }
  std::filesystem::path file_;
  std::string bytes_;
};

TEST_F(CaptureTest, ReadsFramesInOrder) {
  header();
  for (const unsigned length : {14U, 60U, 9216U}) packet(length, length);
  const auto capture = read();
  ASSERT_TRUE(capture) << capture.error().message;
  ASSERT_EQ(capture->frames.size(), 3U);
  EXPECT_EQ(capture->frames[0], Frame(14, std::byte{14}));
  EXPECT_EQ(capture->frames[1], Frame(60, std::byte{60}));
  EXPECT_EQ(capture->frames[2].size(), 9216U);
  EXPECT_EQ(capture->left_out(), 0U);
}

TEST_F(CaptureTest, LeavesOutWhatTheCardCannotBeGiven) {
  header();
  packet(60, 60);
  packet(13, 13);
  packet(9217, 9217);
  packet(60, 61);
  packet(0, 0);
  const auto capture = read();
  ASSERT_TRUE(capture) << capture.error().message;
  EXPECT_EQ(capture->frames.size(), 1U);
  EXPECT_EQ(capture->too_short, 2U);
  EXPECT_EQ(capture->too_long, 1U);
  EXPECT_EQ(capture->incomplete, 1U);
  EXPECT_EQ(capture->first_left_out, 2U);
}

TEST_F(CaptureTest, RefusesOtherLinkTypes) {
  header(105);
  packet(60, 60);
  const auto capture = read();
  ASSERT_FALSE(capture);
  EXPECT_EQ(capture.error().code, Errc::parse_error);
  EXPECT_THAT(capture.error().message, testing::StartsWith(file_.string() + ": packet 1: link type 105 (IEEE802_11)"));
}

TEST_F(CaptureTest, AFileMayBeCalledDash) {
  const auto folder = std::filesystem::path(testing::TempDir()) / ("sapulse-dash-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder);
  auto writer = CaptureWriter::create("-");
  EXPECT_TRUE(writer && writer->close()) << "and nothing on the standard output";
  std::filesystem::current_path(before);
  EXPECT_TRUE(std::filesystem::exists(folder / "-"));
  std::filesystem::remove_all(folder);
}

TEST_F(CaptureTest, RefusesFoldersAndMissingFiles) {
  EXPECT_THAT(read_capture("/").error().message, HasSubstr("directory"));
  EXPECT_EQ(read_capture("/nowhere/x.pcap").error().code, Errc::io_error);
  EXPECT_EQ(CaptureWriter::create("/nowhere/x.pcap").error().code, Errc::io_error);
}

TEST_F(CaptureTest, WritesNanoseconds) {
  auto writer = CaptureWriter::create(file_);
  ASSERT_TRUE(writer);
  writer->write(5'000'000'123, Frame(60, std::byte{7}));
  ASSERT_TRUE(writer->close());
  std::ifstream stream(file_, std::ios::binary);
  std::array<std::uint32_t, 10> words{};
  stream.read(reinterpret_cast<char*>(words.data()), sizeof words);
  EXPECT_EQ(words[0], 0xa1b23c4dU) << "magic number of nanosecond files";
  EXPECT_EQ(words[6], 5U);
  EXPECT_EQ(words[7], 123U);
  EXPECT_EQ(words[8], 60U);
  EXPECT_EQ(read_capture(file_)->frames.at(0), Frame(60, std::byte{7}));
}

TEST_F(CaptureTest, ReportsAFullDisk) {
  auto writer = CaptureWriter::create("/dev/full");
  ASSERT_TRUE(writer);
  writer->write(0, Frame(60));
  EXPECT_THAT(writer->close().error().message, HasSubstr("/dev/full: No space"));
}

}  // namespace
}  // namespace sapulse::command
