// SPDX-License-Identifier: Apache-2.0
#include "classify/classify.h"

#include <map>

#include "classify/random_frame.h"
#include "classify/slow_parser.h"

namespace sapulse::test {
namespace {

class Classify : public testing::Test {
 protected:
  Classify() {
    simulation.add("classify", [this] { classify(frame, record); });
  }
  record_t run(const bytes& f) {
    feed(frame, frame_beats(f, 0x5a));
    run_until_idle(simulation);
    EXPECT_EQ(record.size(), 1u);
    return record.read();
  }

  RandomSource random;
  hls::stream<axis_beat> frame{"frame"};
  hls::stream<record_t> record{"record"};
  hls::simulation simulation;
};

TEST_F(Classify, AgreesWithTheSlowParser) {
  std::map<unsigned, int> kinds, faults, echo_faults, echo_reply_faults;
  int unusable = 0, mapped = 0, group = 0;
  for (int i = 0; i < 60000; i++) {
    const bytes f = random_frame(random);
    const record_t r = run(f), expected = parse_slowly(f);
    ASSERT_EQ(text_of(r), text_of(expected)) << to_hex(f);
    kinds[r.kind.to_uint()]++;
    if (r.kind != FRAME_SPI) continue;
    faults[r.control_malformed.to_uint()]++;
    echo_faults[r.echo_malformed.to_uint()]++;
    echo_reply_faults[r.echo_reply_malformed.to_uint()]++;
    unusable += r.source_unusable.to_int();
    mapped += r.mapped_destination.to_int();
    group += r.group_mac.to_int();
  }
  // The frames reach every kind and every verdict.
  for (unsigned k = FRAME_OTHER; k <= FRAME_SPI; k++) EXPECT_GT(kinds[k], 500) << "kind " << k;
  for (unsigned m = MALFORMED_NONE; m <= MALFORMED_SEQUENCE; m++) {
    if (m != MALFORMED_ADDRESS) EXPECT_GT(faults[m], 50) << "malformed " << m;  // that is for policy to find
  }
  for (const unsigned m : {MALFORMED_NONE, MALFORMED_SHORT, MALFORMED_LENGTH, MALFORMED_CHECKSUM}) {
    EXPECT_GT(echo_faults[m], 30) << "malformed request of a clear echo " << m;
    EXPECT_GT(echo_reply_faults[m], 30) << "malformed reply of a clear echo " << m;
  }
  EXPECT_GT(unusable, 500);
  EXPECT_GT(mapped, 50);
  EXPECT_GT(group, 500);
}

TEST_F(Classify, EveryTruncation) {
  for (int i = 0; i < 40; i++) {
    const bytes whole = sound_frame(random);
    for (std::size_t size = 1; size <= whole.size(); size++) {
      const bytes f(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      ASSERT_EQ(text_of(run(f)), text_of(parse_slowly(f))) << to_hex(f);
    }
  }
}

TEST_F(Classify, RandomBytes) {
  for (int i = 0; i < 3000; i++) {
    const bytes f = random.string(random.in(1, 400));
    ASSERT_EQ(text_of(run(f)), text_of(parse_slowly(f))) << to_hex(f);
  }
}

}  // namespace
}  // namespace sapulse::test
