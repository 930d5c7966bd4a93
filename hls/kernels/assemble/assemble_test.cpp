// SPDX-License-Identifier: Apache-2.0
#include "assemble/assemble.h"

#include "tests/kernel_test.h"

namespace sapulse::test {
namespace {

class Assemble : public testing::Test {
 protected:
  Assemble() {
    simulation.add("assemble", [this] {
      iterations++;
      assemble(header, icv, payload, frame);
    });
  }
  void check(unsigned size, unsigned length, bool with_icv) {
    SCOPED_TRACE("header " + std::to_string(size) + " payload " + std::to_string(length) + (with_icv ? " ICV" : ""));
    const bytes head = random.string(size), tag = random.string(16);
    bytes body = random.string(length), expected = head;
    if (with_icv) std::fill(body.end() - 16, body.end(), 0);
    const unsigned end = size + length;
    header.write({to_ap<832>(head), size, length, (end - 1) / 64, (end - 16) / 64,
                  (size + (length - 1) / 64 * 64) / 64 != (end - 1) / 64});
    icv.write({to_ap<128>(tag), with_icv});
    feed(payload, payload_beats(body));
    run_until_idle(simulation);
    if (with_icv) std::copy(tag.begin(), tag.end(), body.end() - 16);
    append(expected, body);
    if (expected.size() < 60) expected.resize(60);
    EXPECT_EQ(to_hex(take_frame(frame)), to_hex(expected));
    EXPECT_TRUE(frame.empty() && header.empty() && icv.empty() && payload.empty());
  }

  RandomSource random;
  hls::stream<header_t> header{"header"};
  hls::stream<icv_t> icv{"icv"};
  hls::stream<payload_beat> payload{"payload"};
  hls::stream<axis_beat> frame{"frame"};
  hls::simulation simulation;
  std::size_t iterations = 0;  // begun, the waiting one included
};

TEST_F(Assemble, EverySizeAndLengthWithIcv) {
  for (unsigned size = 42; size <= 94; size += 4) {
    for (unsigned length = 16; length <= 300; length++) check(size, length, true);
  }
}

TEST_F(Assemble, EchoOfEveryLength) {
  for (unsigned size : {42u, 46u, 50u, 54u, 58u, 62u, 66u, 70u, 78u}) {
    for (unsigned length = 4; length <= 200; length++) check(size, length, false);
  }
}

TEST_F(Assemble, LongPayloads) {
  for (unsigned length : {1024u, 4000u, 9000u, 9120u})
    check(42 + 4 * static_cast<unsigned>(random.in(0, 13)), length, true);
}

TEST_F(Assemble, SmallestTelemetryReplyTakesThreeIterations) {
  run_until_idle(simulation);
  const std::size_t before = iterations;
  check(58, 96, true);
  EXPECT_EQ(iterations - before, 3u);
}

}  // namespace
}  // namespace sapulse::test
