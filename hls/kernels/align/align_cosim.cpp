// SPDX-License-Identifier: Apache-2.0
#include "Valign.h"
#include "align/align.h"
#include "tests/kernel_cosim.h"

namespace sapulse::test {
namespace {

TEST(Cosim, Align) {
  RandomSource random;
  std::vector<align_job> jobs;
  std::vector<axis_beat> beats;
  for (int i = 0; i < 800; i++) {
    const std::uint64_t size = random.in(60, 400), offset = random.in(0, std::min<std::uint64_t>(size - 1, 191));
    // Now and then a cut that is longer than the frame.
    jobs.push_back({offset, random.in(1, random.one_in(20) ? 500 : size - offset)});
    append(beats, frame_beats(random.string(size)));
  }
  hls::stream<align_job> job("job");
  hls::stream<axis_beat> frame("frame");
  hls::stream<payload_beat> payload("payload");
  feed(job, jobs);
  feed(frame, beats);
  run_native([&] { align(job, frame, payload); });
  const auto expected = cosim::drain(payload);

  cosim::Bench<Valign> bench(cosim::seed());
  COSIM_SOURCE(bench, job, jobs);
  COSIM_SOURCE(bench, frame, beats);
  COSIM_SINK(bench, payload, expected);
  EXPECT_EQ(bench.run_all(), "");
}

}  // namespace
}  // namespace sapulse::test
