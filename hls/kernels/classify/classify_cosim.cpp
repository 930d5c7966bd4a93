// SPDX-License-Identifier: Apache-2.0
#include "Vclassify.h"
#include "classify/classify.h"
#include "classify/random_frame.h"
#include "tests/kernel_cosim.h"

namespace sapulse::test {
namespace {

TEST(Cosim, Classify) {
  RandomSource random;
  std::vector<axis_beat> beats;
  for (int i = 0; i < 1500; i++) append(beats, frame_beats(random_frame(random), 0x5a));
  hls::stream<axis_beat> frame("frame");
  hls::stream<record_t> record("record");
  feed(frame, beats);
  run_native([&] { classify(frame, record); });
  const auto expected = cosim::drain(record);

  cosim::Bench<Vclassify> bench(cosim::seed());
  COSIM_SOURCE(bench, frame, beats);
  COSIM_SINK(bench, record, expected);
  EXPECT_EQ(bench.run_all(), "");
}

}  // namespace
}  // namespace sapulse::test
