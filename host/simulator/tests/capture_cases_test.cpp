// SPDX-License-Identifier: Apache-2.0
// Captures from the field (tests/cases/README.md), and others of their kinds.
#include <gmock/gmock.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>

#include "capture.h"

namespace sapulse::command {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Property;

const std::filesystem::path kCases = SAPULSE_CASES;

std::string contents_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class CaptureCasesTest : public testing::Test {
 protected:
  ~CaptureCasesTest() override { std::filesystem::remove(file_); }

  Result<Capture> read(const std::string& contents) {
    std::ofstream(file_, std::ios::binary) << contents;
    return read_capture(file_);
  }
  void pack(const std::string& contents) {
    gzFile file = gzopen(file_.c_str(), "wb");
    ASSERT_EQ(gzwrite(file, contents.data(), static_cast<unsigned>(contents.size())),
              static_cast<int>(contents.size()));
    ASSERT_EQ(gzclose(file), Z_OK);
  }

  const std::filesystem::path file_ =
      std::filesystem::path(testing::TempDir()) / ("sapulse-capture-cases-" + std::to_string(getpid()));
};

/// Bytes of a file as they are written by hand: numbers in this machine's byte order.
class Words {
 public:
  Words& word(std::uint32_t value) { return raw(&value, sizeof value); }
  Words& half(std::uint16_t value) { return raw(&value, sizeof value); }
  Words& bytes(const std::string& text) { return raw(text.data(), text.size()); }
  /// A block of pcapng: type and length around a body of whole words.
  Words& block(std::uint32_t type, const Words& body) {
    const auto length = static_cast<std::uint32_t>(12 + body.text_.size());
    return word(type).word(length).bytes(body.text_).word(length);
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  Words& raw(const void* data, std::size_t size) {
    text_.append(static_cast<const char*>(data), size);
    return *this;
  }
  std::string text_;
};

Words pcap(std::uint32_t link) {
  return Words().word(0xa1b2c3d4).half(2).half(4).word(0).word(0).word(65535).word(link);
}
Words& record(Words& file, const std::string& packet, std::size_t length) {
  return file.word(1)
      .word(2)
      .word(static_cast<std::uint32_t>(packet.size()))
      .word(static_cast<std::uint32_t>(length))
      .bytes(packet);
}
Words section() { return Words().block(0x0a0d0d0a, Words().word(0x1a2b3c4d).half(1).half(0).word(~0U).word(~0U)); }
Words packet_block(std::uint32_t interface, const std::string& packet) {
  const auto size = static_cast<std::uint32_t>(packet.size());
  return Words().word(interface).word(0).word(0).word(size).word(size).bytes(packet);
}

// ---- the cases

TEST_F(CaptureCasesTest, TheCheckSequenceIsNeverData) {
  const auto capture = read_capture(kCases / "fcs_flag.pcap");
  ASSERT_TRUE(capture) << capture.error().message;
  EXPECT_THAT(capture->frames, ElementsAre(Property(&Frame::size, 60)));
}

TEST_F(CaptureCasesTest, InterfacesMayHaveSnapshotLengthsOfTheirOwn) {
  const auto capture = read_capture(kCases / "two_interfaces.pcapng");
  ASSERT_TRUE(capture) << capture.error().message;
  EXPECT_THAT(capture->frames, ElementsAre(Property(&Frame::size, 60), Property(&Frame::size, 60)));
}

TEST_F(CaptureCasesTest, WhatWasWrittenBeforeTheEndIsRead) {
  const auto capture = read_capture(kCases / "last_record_cut.pcap");
  ASSERT_TRUE(capture) << capture.error().message;
  EXPECT_THAT(capture->frames, ElementsAre(Property(&Frame::size, 60)));
  EXPECT_EQ(capture->cut, 2U);
}

// ---- their kinds

TEST_F(CaptureCasesTest, EveryCutGivesTheWholeRecords) {
  for (const char* name : {"last_record_cut.pcap", "two_interfaces.pcapng", "frames.pcap"}) {
    const std::string whole = contents_of(kCases / name);
    std::size_t before = 0;
    for (std::size_t size = 24; size < whole.size(); ++size) {
      const auto capture = read(whole.substr(0, size));
      if (!capture && size < 28) continue;  // within the head of a pcapng file
      ASSERT_TRUE(capture) << name << " cut at " << size << ": " << capture.error().message;
      ASSERT_GE(capture->frames.size() + capture->left_out(), before) << name << " cut at " << size;
      before = capture->frames.size() + capture->left_out();
    }
    EXPECT_GT(before, 0U);
  }
}

TEST_F(CaptureCasesTest, TheCheckSequenceOfPcapngIsCutOff) {
  const std::string packet(64, 'x');
  // if_fcslen of the first interface; epb_flags say 2 bytes where the second one says nothing.
  Words first;
  first.half(1).half(0).word(0).half(13).half(1).word(4).word(0);
  Words flagged = packet_block(1, packet);
  flagged.half(2).half(4).word(2U << 5).word(0);
  const Words file = section()
                         .block(1, first)
                         .block(1, Words().half(1).half(0).word(0))
                         .block(6, packet_block(0, packet))
                         .block(6, flagged)
                         .block(6, packet_block(1, packet));
  const auto capture = read(file.text());
  ASSERT_TRUE(capture) << capture.error().message;
  EXPECT_THAT(capture->frames,
              ElementsAre(Property(&Frame::size, 60), Property(&Frame::size, 62), Property(&Frame::size, 64)));
}

TEST_F(CaptureCasesTest, OfAPartThatEndsBeforeTheCheckSequenceNothingIsCutOff) {
  Words file = pcap(1 | 0x2400'0000);
  record(file, std::string(62, 'x'), 64);
  record(file, std::string(50, 'x'), 64);
  const auto capture = read(file.text());
  ASSERT_TRUE(capture) << capture.error().message;
  EXPECT_THAT(capture->frames, ElementsAre(Property(&Frame::size, 60)))
      << "the frame is whole without its last 2 bytes";
  EXPECT_EQ(capture->incomplete, 1U);
}

TEST_F(CaptureCasesTest, SectionsOfBothByteOrdersAreRead) {
  std::string swapped;
  const std::string native =
      section().block(1, Words().half(1).half(0).word(0)).block(6, packet_block(0, "0123456789abcdef")).text();
  for (std::size_t i = 0; i < native.size(); i += 4) {
    const std::string word = native.substr(i, 4);
    const bool halves = i == 12 || i == 36;    // version, link type
    const bool text = i >= 76 && i < 76 + 16;  // the packet
    if (text) {
      swapped += word;
    } else if (halves) {
      swapped += {word[1], word[0], word[3], word[2]};
    } else {
      swapped.append(word.rbegin(), word.rend());
    }
  }
  const auto capture = read(native + swapped);
  ASSERT_TRUE(capture) << capture.error().message;
  ASSERT_EQ(capture->frames.size(), 2U);
  EXPECT_EQ(capture->frames[0], capture->frames[1]);
}

TEST_F(CaptureCasesTest, SimplePacketsEndAtTheSnapshotLength) {
  Words packet;
  packet.word(20).bytes("0123456789abcdefghij");
  Words part;
  part.word(100).bytes(std::string(32, 'x'));
  const auto capture =
      read(section().block(1, Words().half(1).half(0).word(32)).block(3, packet).block(3, part).text());
  ASSERT_TRUE(capture) << capture.error().message;
  EXPECT_THAT(capture->frames, ElementsAre(Property(&Frame::size, 20)));
  EXPECT_EQ(capture->incomplete, 1U);
}

TEST_F(CaptureCasesTest, DamageIsNoCut) {
  Words long_record = pcap(1);
  long_record.word(1).word(2).word(1U << 20).word(1U << 20).bytes("some");
  EXPECT_THAT(read(long_record.text()).error().message, HasSubstr("packet 1: 1048576 bytes"));
  const Words no_interface = section().block(6, packet_block(3, "0123456789abcdef"));
  EXPECT_THAT(read(no_interface.text()).error().message, HasSubstr("packet 1: interface 3"));
  std::string lengths = section().text();
  lengths.back() = 1;
  EXPECT_THAT(read(lengths).error().message, HasSubstr("lengths of a block"));
}

TEST_F(CaptureCasesTest, CompressedCapturesAreUnpacked) {
  pack(contents_of(kCases / "frames.pcap"));
  const auto capture = read_capture(file_);
  ASSERT_TRUE(capture) << capture.error().message;
  EXPECT_EQ(capture->frames, read_capture(kCases / "frames.pcap")->frames);
  EXPECT_EQ(capture->cut, 0U);
}

TEST_F(CaptureCasesTest, ACompressedCaptureThatIsCutGivesItsWholeRecords) {
  pack(contents_of(kCases / "frames.pcap"));
  std::filesystem::resize_file(file_, std::filesystem::file_size(file_) / 2);
  const auto capture = read_capture(file_);
  ASSERT_TRUE(capture) << capture.error().message;
  EXPECT_GT(capture->cut, 1U);
  EXPECT_EQ(capture->frames.size() + capture->left_out(), capture->cut - 1);
}

/// An IPv4 packet and an IPv6 one.
const std::string kV4 = "\x45" + std::string(27, 'a');
const std::string kV6 = "\x60" + std::string(47, 'b');

std::string start_of(const Frame& frame) { return {reinterpret_cast<const char*>(frame.data()), 14}; }
std::string rest_of(const Frame& frame) {
  return {reinterpret_cast<const char*>(frame.data()) + 14, frame.size() - 14};
}

TEST_F(CaptureCasesTest, RawIpGetsAnEthernetHeader) {
  for (const std::uint32_t link : {12U, 14U, 101U}) {
    Words file = pcap(link);
    record(file, kV4, kV4.size());
    record(file, kV6, kV6.size());
    record(file, "\x15 is no IP packet", 16);
    std::ofstream(file_, std::ios::binary) << file.text();
    const auto capture = read_capture(file_, MacAddress({2, 3, 4, 5, 6, 7}));
    ASSERT_TRUE(capture) << capture.error().message;
    ASSERT_EQ(capture->frames.size(), 2U);
    EXPECT_EQ(start_of(capture->frames[0]), std::string("\2\3\4\5\6\7\x02\x5a\0\0\0\2\x08\0", 14));
    EXPECT_EQ(rest_of(capture->frames[0]), kV4);
    EXPECT_EQ(start_of(capture->frames[1]).substr(12), "\x86\xdd");
    EXPECT_EQ(rest_of(capture->frames[1]), kV6);
    EXPECT_EQ(capture->given_header, 2U);
    EXPECT_EQ(capture->no_ethernet, 1U);
  }
}

TEST_F(CaptureCasesTest, CookedFramesGetAnEthernetHeader) {
  const std::string first("\0\0\0\1\0\6\2\x11\x12\x13\x14\x15\0\0\x08\0", 16);
  const std::string no_type("\0\0\0\1\0\6\2\x11\x12\x13\x14\x15\0\0\0\4", 16);
  const std::string second("\x86\xdd\0\0\0\0\0\7\0\1\0\6\2\x11\x12\x13\x14\x15\0\0", 20);
  Words file = pcap(113);
  record(file, first + kV4, first.size() + kV4.size());
  record(file, no_type + kV4, no_type.size() + kV4.size());
  record(file, "short", 5);
  const auto capture = read(file.text());
  ASSERT_TRUE(capture) << capture.error().message;
  ASSERT_EQ(capture->frames.size(), 1U);
  EXPECT_EQ(start_of(capture->frames[0]).substr(6), std::string("\2\x11\x12\x13\x14\x15\x08\0", 8));
  EXPECT_EQ(rest_of(capture->frames[0]), kV4);
  EXPECT_EQ(capture->no_ethernet, 2U);

  Words newer = pcap(276);
  record(newer, second + kV6, second.size() + kV6.size());
  const auto captured = read(newer.text());
  ASSERT_TRUE(captured) << captured.error().message;
  ASSERT_EQ(captured->frames.size(), 1U);
  EXPECT_EQ(start_of(captured->frames[0]).substr(6), "\2\x11\x12\x13\x14\x15\x86\xdd");
  EXPECT_EQ(rest_of(captured->frames[0]), kV6);
}

TEST_F(CaptureCasesTest, AnInterfaceThatIsNotUsedMayBeOfAnyKind) {
  const Words other = Words().half(189).half(0).word(0);  // USB
  const Words ethernet = Words().half(1).half(0).word(0);
  const Words unused = section().block(1, other).block(1, ethernet).block(6, packet_block(1, std::string(60, 'x')));
  EXPECT_THAT(read(unused.text())->frames, ElementsAre(Property(&Frame::size, 60)));
  const Words used = section().block(1, other).block(6, packet_block(0, std::string(60, 'x')));
  EXPECT_THAT(read(used.text()).error().message, HasSubstr("packet 1: link type 189 (USB_LINUX)"));
}

}  // namespace
}  // namespace sapulse::command
