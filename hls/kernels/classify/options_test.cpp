// SPDX-License-Identifier: Apache-2.0
// Which IPv6 options headers classify looks behind (RFC 8200 section 4.2).
#include "classify/classify.h"
#include "classify/slow_parser.h"
#include "tests/kernel_test.h"

namespace sapulse::test {
namespace {

constexpr std::uint8_t hop_by_hop = 0, destination = 60, esp = 50;

/// An options header: its type, and all that follows its length.
struct options_header {
  std::uint8_t type;
  bytes options;
};

const options_header sound = {destination, from_hex("010400000000")};

/// ESP under a reserved SPI behind these headers.
bytes frame_behind(const std::vector<options_header>& headers) {
  bytes chain;
  for (std::size_t i = 0; i < headers.size(); i++) {
    EXPECT_EQ(headers[i].options.size() % 8, 6U);
    chain.push_back(i + 1 < headers.size() ? headers[i + 1].type : esp);
    chain.push_back(static_cast<std::uint8_t>(headers[i].options.size() / 8));
    append(chain, headers[i].options);
  }
  append(chain, from_hex("000000fd00000001"));
  bytes f = from_hex("02000000000102000000000286dd600000000000ff40");
  append(f, from_hex("20010db801000000000000000000000320010db8000000000000000000000001"));
  put(f, 18, 2, chain.size());
  f[20] = headers.front().type;
  append(f, chain);
  return f;
}

class ClassifyOptions : public testing::Test {
 protected:
  ClassifyOptions() {
    simulation.add("classify", [this] { classify(frame, record); });
  }

  /// Whether classify finds the SPI behind these headers.
  bool follows(const std::vector<options_header>& headers) {
    const bytes f = frame_behind(headers);
    feed(frame, frame_beats(f, 0x5a));
    run_until_idle(simulation);
    const record_t r = record.read();
    EXPECT_EQ(r.kind, parse_slowly(f).kind) << to_hex(f);
    return r.kind == FRAME_SPI;
  }

  /// The same for options in either header, alone and among others.
  void expect_follows(bool whether, const std::string& hex) {
    const bytes options = from_hex(hex);
    EXPECT_EQ(follows({{hop_by_hop, options}}), whether) << hex;
    EXPECT_EQ(follows({{destination, options}}), whether) << hex;
    EXPECT_EQ(follows({{hop_by_hop, options}, sound, sound}), whether) << hex;
    EXPECT_EQ(follows({sound, {destination, options}, sound}), whether) << hex;
  }

  hls::stream<axis_beat> frame{"frame"};
  hls::stream<record_t> record{"record"};
  hls::simulation simulation;
};

TEST_F(ClassifyOptions, ThatMayBeSkipped) {
  expect_follows(true, "050200000100");                  // router alert, PadN of two bytes
  expect_follows(true, "010400000000");                  // PadN
  expect_follows(true, "0104deadbeef");                  // PadN, not zero
  expect_follows(true, "000000000000");                  // Pad1
  expect_follows(true, "010300000000");                  // Pad1 at the end
  expect_follows(true, "000100010000");                  // Pad1 and PadN in turns
  expect_follows(true, "3f04ffffffff");                  // unknown
  expect_follows(true, "2104ffffffff");                  // unknown, may change on the way
  expect_follows(true, "0504c2c2c2c2");                  // jumbo payloads within another option
  expect_follows(true, "050cc2c2c2c2c2c2c2c2c2c2c2c2");  // and in the next 8 bytes
  expect_follows(true, "0000050800000000000000000100");  // across 8 bytes, PadN of two bytes at the end
}

TEST_F(ClassifyOptions, ThatHaveToBeKnown) {
  expect_follows(false, "410400000000");                                  // discard
  expect_follows(false, "810400000000");                                  // discard and tell the source
  expect_follows(false, "c10400000000");                                  // the same, unless it went to a group
  expect_follows(false, "c20400010000");                                  // jumbo payload
  expect_follows(false, "c91020010db800000000000000000000000101020000");  // home address
  expect_follows(false, "010200004100");                                  // behind a PadN
  expect_follows(false, "000000004100");                                  // behind Pad1
  expect_follows(false, "0506000000000000410400000000");                  // in the next 8 bytes
}

TEST_F(ClassifyOptions, ThatAreBroken) {
  expect_follows(false, "010300000005");                  // no length
  expect_follows(false, "050500000000");                  // longer than the header
  expect_follows(false, "010500000000");                  // PadN longer than the header
  expect_follows(false, "010600000000");                  // as long as two bytes of the next header
  expect_follows(false, "010c00000000");                  // up to the end of the next header
  expect_follows(false, "01ff00000000");                  // longer than all
  expect_follows(false, "014400000000");                  // by 64 too long
  expect_follows(false, "0000000000000000000000010d00");  // by more than 8 bytes
}

TEST_F(ClassifyOptions, InOtherPlaces) {
  const bytes pad = sound.options;
  EXPECT_TRUE(follows({{hop_by_hop, pad}, {destination, pad}}));
  EXPECT_FALSE(follows({{destination, pad}, {hop_by_hop, pad}}));
  EXPECT_FALSE(follows({{hop_by_hop, pad}, {hop_by_hop, pad}}));
  EXPECT_TRUE(follows(std::vector<options_header>(8, sound)));
  EXPECT_FALSE(follows(std::vector<options_header>(9, sound)));
}

/// An option at every place, with every length; Pad1 around it.
TEST_F(ClassifyOptions, EveryLengthAtEveryPlace) {
  for (std::size_t size = 6; size <= 62; size += 8) {
    for (std::size_t place = 0; place + 1 < size; place++) {
      for (std::size_t length = 0; length < 256; length++) {
        bytes options(size);
        options[place] = 5;
        options[place + 1] = static_cast<std::uint8_t>(length);
        ASSERT_EQ(follows({{destination, options}}), place + 2 + length <= size) << to_hex(options);
      }
    }
  }
}

/// The last option of every type, at every place.
TEST_F(ClassifyOptions, EveryTypeAtEveryPlace) {
  for (std::size_t size = 6; size <= 62; size += 8) {
    for (std::size_t place = 0; place + 1 < size; place++) {
      for (std::size_t type = 0; type < 256; type++) {
        bytes options(size);
        options[place] = static_cast<std::uint8_t>(type);
        ASSERT_EQ(follows({{destination, options}}), type < 64) << to_hex(options);
      }
    }
  }
}

}  // namespace
}  // namespace sapulse::test
