// SPDX-License-Identifier: Apache-2.0
#include "Vrequest.h"
#include "request/request.h"
#include "tests/kernel_cosim.h"

namespace sapulse::test {
namespace {

TEST(Cosim, Request) {
  RandomSource random;
  cosim::Random bits(random.in(0, ~0ull));
  std::vector<request_job> jobs;
  for (int i = 0; i < 800; i++) {
    request_job j = bits.value<request_job>();
    j.data_length = random.one_in(2) ? random.in(0, 9000) : random.in(0, 150);
    j.length = j.raw ? 32 + 4 * random.in(1, 12) : ((j.data_length.to_uint() + 17) & ~3u) + 32;
    jobs.push_back(j);
  }
  hls::stream<request_job> job("job");
  hls::stream<payload_beat> packet("packet");
  feed(job, jobs);
  run_native([&] { request(job, packet); });
  const auto expected = cosim::drain(packet);

  cosim::Bench<Vrequest> bench(cosim::seed());
  COSIM_SOURCE(bench, job, jobs);
  COSIM_SINK(bench, packet, expected);
  EXPECT_EQ(bench.run_all(), "");
}

}  // namespace
}  // namespace sapulse::test
