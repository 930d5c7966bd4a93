// SPDX-License-Identifier: Apache-2.0
// The file that a capture writes, whatever becomes of it: read again, by a slow reader or by none, on a full disk.
#include "traffic_capture.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "capture_records.h"

namespace sapulse::capture {
namespace {

namespace fs = std::filesystem;
using command::parse_capture;
using command::read_unpacked;
using testing::HasSubstr;

constexpr std::size_t kSmallest = 60;
constexpr std::uint32_t kEnhancedPacket = 6;

std::vector<std::byte> frame_of(std::size_t size) { return std::vector(size, static_cast<std::byte>(size)); }

PassingFrame passing(const std::vector<std::byte>& bytes) { return {Port::line, Direction::in, 1, bytes}; }

class TrafficCaptureTest : public testing::Test {
 protected:
  TrafficCaptureTest() { fs::create_directories(folder_); }
  ~TrafficCaptureTest() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string file(const std::string& name) const { return folder_ / name; }
  CaptureOptions options(const std::string& name) {
    return {.file = name,
            .comment = "a test",
            .interfaces = {{"line"}, {"core"}},
            .when_full = WhenFull::leave_out,
            .report = [this](const std::string& line) {
              const std::scoped_lock lock(mutex_);
              reports_.push_back(line);
            }};
  }
  static std::unique_ptr<TrafficCapture> open(CaptureOptions options) {
    auto capture = TrafficCapture::open(std::move(options));
    EXPECT_TRUE(capture) << capture.error().message;
    return capture ? std::move(*capture) : nullptr;
  }
  /// All that comes out of a FIFO; `opened` once it can be written to.
  static std::vector<std::byte> drain(int fifo) {
    std::vector<std::byte> all;
    std::vector<std::byte> part(1 << 16);
    for (ssize_t size = 0; (size = ::read(fifo, part.data(), part.size())) > 0;) {
      all.insert(all.end(), part.begin(), part.begin() + size);
    }
    return all;
  }
  /// The reading end of a new FIFO, which does not wait for a writer.
  [[nodiscard]] FileDescriptor make_fifo() const {
    EXPECT_EQ(::mkfifo(file("fifo").c_str(), S_IRUSR | S_IWUSR), 0);
    FileDescriptor reader(::open(file("fifo").c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    EXPECT_TRUE(reader);
    EXPECT_EQ(::fcntl(reader.get(), F_SETFL, 0), 0);
    return reader;
  }

  const fs::path folder_ = fs::path(testing::TempDir()) / ("sapulse-capture-" + std::to_string(::getpid()));
  std::mutex mutex_;
  std::vector<std::string> reports_;
};

TEST_F(TrafficCaptureTest, FramesOfAnyLengthComeBackInOrder) {
  auto capture = open(options(file("out")));
  for (std::size_t size = kSmallest; size < kSmallest + 8; ++size) {
    const auto bytes = frame_of(size);
    capture->take(size % 2, passing(bytes));
  }
  ASSERT_TRUE(capture->close());
  const auto read = parse_capture(*read_unpacked(file("out")));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->cut, 0U);
  ASSERT_EQ(read->records.size(), 8U);
  for (std::size_t i = 0; i < read->records.size(); ++i) {
    EXPECT_EQ(read->records[i].bytes, frame_of(kSmallest + i));
    EXPECT_EQ(read->records[i].length, kSmallest + i);
  }
}

TEST_F(TrafficCaptureTest, OnlyTheOwnerReadsANewFileAndAnOldOneIsEmptied) {
  std::ofstream(file("old")) << std::string(1000, 'x');
  for (const char* name : {"new", "old"}) ASSERT_TRUE(open(options(file(name)))->close());
  EXPECT_EQ(fs::status(file("new")).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(*read_unpacked(file("old")), *read_unpacked(file("new")));
}

TEST_F(TrafficCaptureTest, WhatIsNoFileIsLeftAlone) {
  const auto refused = TrafficCapture::open(options(folder_));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr(folder_.string() + ": Is a directory"));
  fs::create_symlink("/dev/null", file("link"));
  ASSERT_TRUE(open(options(file("link")))->close());
  EXPECT_TRUE(fs::is_character_file(file("link")));
}

TEST_F(TrafficCaptureTest, AReaderSeesAFrameWhileTheCaptureGoesOn) {
  const FileDescriptor reader = make_fifo();
  auto capture = open(options(file("fifo")));
  const auto bytes = frame_of(kSmallest);
  capture->take(0, passing(bytes));
  std::vector<std::byte> seen;
  std::size_t frames = 0;
  while (frames == 0) {  // blocks until there is more; the test's time limit ends it
    std::vector<std::byte> part(1 << 12);
    const ssize_t size = ::read(reader.get(), part.data(), part.size());
    ASSERT_GT(size, 0);
    seen.insert(seen.end(), part.begin(), part.begin() + size);
    const auto read = parse_capture(seen);
    ASSERT_TRUE(read);
    frames = read->records.size();
  }
  EXPECT_TRUE(fs::is_fifo(file("fifo")));
}

/// Frames of a capture, and those that it says are missing.
std::pair<std::uint64_t, std::uint64_t> count(std::span<const std::byte> contents) {
  const auto number = [&](std::size_t at) {
    std::uint32_t value = 0;
    std::memcpy(&value, contents.data() + at, sizeof value);
    return value;
  };
  constexpr std::size_t kOptions = 28 + kSmallest;  // of a frame of that length
  constexpr std::size_t kDropCount = kOptions + 8;  // behind the flags
  std::pair<std::uint64_t, std::uint64_t> found{};
  for (std::size_t at = 0; at < contents.size(); at += number(at + 4)) {
    if (number(at) != kEnhancedPacket) continue;
    ++found.first;
    if ((number(at + kDropCount) & 0xffff) == 4) found.second += number(at + kDropCount + 4);
  }
  return found;
}

TEST_F(TrafficCaptureTest, ASlowReaderCostsFramesWhichAreCounted) {
  const FileDescriptor reader = make_fifo();
  CaptureOptions small = options(file("fifo"));
  small.most_waiting = 1 << 12;
  auto capture = open(std::move(small));
  const auto bytes = frame_of(kSmallest);
  std::uint64_t offered = 0;
  // Far more than the FIFO and what may wait: this would never come to an end if it waited for the reader.
  for (; offered < 10'000; ++offered) capture->take(0, passing(bytes));
  EXPECT_GT(capture->left_out(), 0U);
  auto drained = std::async(std::launch::async, [&] { return drain(reader.get()); });
  // Until two are taken again: the first tells of those before, the second of no more.
  for (unsigned taken = 0; taken < 2; ++offered) {
    const std::uint64_t before = capture->left_out();
    capture->take(0, passing(bytes));
    if (capture->left_out() == before) ++taken;
  }
  const std::uint64_t left_out = capture->left_out();
  ASSERT_TRUE(capture->close());
  capture.reset();
  const auto [frames, missing] = count(drained.get());
  EXPECT_EQ(missing, left_out);
  EXPECT_EQ(frames + missing, offered);
  ASSERT_EQ(reports_.size(), 1U);
  EXPECT_THAT(reports_[0], HasSubstr("frames are left out"));
}

TEST_F(TrafficCaptureTest, WhereNothingMayBeMissingItWaits) {
  const FileDescriptor reader = make_fifo();
  CaptureOptions patient = options(file("fifo"));
  patient.most_waiting = 1 << 12;
  patient.when_full = WhenFull::wait;
  auto capture = open(std::move(patient));
  auto drained = std::async(std::launch::async, [&] { return drain(reader.get()); });
  const auto bytes = frame_of(kSmallest);
  for (unsigned i = 0; i < 10'000; ++i) capture->take(0, passing(bytes));
  ASSERT_TRUE(capture->close());
  capture.reset();
  EXPECT_EQ(count(drained.get()), std::pair(std::uint64_t{10'000}, std::uint64_t{0}));
}

TEST_F(TrafficCaptureTest, AReaderThatHasStoppedDoesNotHoldUpTheEnd) {
  const FileDescriptor reader = make_fifo();
  auto capture = open(options(file("fifo")));
  const auto bytes = frame_of(1 << 15);
  for (unsigned i = 0; i < 10; ++i) capture->take(0, passing(bytes));
  const auto closed = capture->close();
  ASSERT_FALSE(closed);
  EXPECT_THAT(closed.error().message, HasSubstr("its reader does not read"));
}

TEST_F(TrafficCaptureTest, AReaderThatHasGoneEndsTheCaptureAlone) {
  FileDescriptor reader = make_fifo();
  auto capture = open(options(file("fifo")));
  reader = {};
  const auto bytes = frame_of(kSmallest);
  capture->take(0, passing(bytes));
  const auto closed = capture->close();
  ASSERT_FALSE(closed);
  EXPECT_THAT(closed.error().message, HasSubstr("fifo: Broken pipe"));
}

/// Whoever cannot write as much as he wants keeps whole frames.
TEST_F(TrafficCaptureTest, AFullDiskEndsTheCaptureWithALine) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{1000, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  auto capture = open(options(file("out")));
  const auto bytes = frame_of(kSmallest);
  for (unsigned i = 0; i < 100; ++i) capture->take(0, passing(bytes));
  const auto closed = capture->close();
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  ASSERT_FALSE(closed);
  ASSERT_EQ(reports_.size(), 1U);
  EXPECT_EQ(reports_[0], file("out") + ": File too large: the capture has ended");
  const auto read = parse_capture(*read_unpacked(file("out")));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->cut, 0U);
  EXPECT_GT(fs::file_size(file("out")), 1000 - 2 * bytes.size());
}

}  // namespace
}  // namespace sapulse::capture
