// SPDX-License-Identifier: Apache-2.0
#include "Vseal.h"
#include "seal/seal.h"
#include "tests/kernel_cosim.h"

namespace sapulse::test {
namespace {

TEST(Cosim, Seal) {
  RandomSource random;
  std::vector<seal_job> jobs;
  std::vector<payload_beat> beats;
  for (int i = 0; i < 300; i++) {
    const std::uint64_t length = 4 * random.in(9, random.one_in(20) ? 300 : 50);
    jobs.push_back({to_key({random.string(random.one_in(2) ? 16 : 32), random.string(4)}), length});
    append(beats, payload_beats(random.string(length)));
  }
  hls::stream<seal_job> job("job");
  hls::stream<payload_beat> reply("reply"), sealed("sealed");
  hls::stream<icv_t> icv("icv");
  feed(job, jobs);
  feed(reply, beats);
  run_native([&] { seal(job, reply, sealed, icv); });
  const auto expected_beats = cosim::drain(sealed);
  const auto expected_icvs = cosim::drain(icv);

  cosim::Bench<Vseal> bench(cosim::seed());
  COSIM_SOURCE(bench, job, jobs);
  COSIM_SOURCE(bench, reply, beats);
  COSIM_SINK(bench, sealed, expected_beats);
  COSIM_SINK(bench, icv, expected_icvs);
  EXPECT_EQ(bench.run_all(), "");
}

}  // namespace
}  // namespace sapulse::test
