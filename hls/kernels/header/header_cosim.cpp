// SPDX-License-Identifier: Apache-2.0
#include "Vheader.h"
#include "header/header.h"
#include "tests/kernel_cosim.h"

namespace sapulse::test {
namespace {

TEST(Cosim, Header) {
  RandomSource random;
  cosim::Random bits(random.in(0, ~0ull));
  std::vector<header_job> jobs;
  jobs.reserve(2000);
  for (int i = 0; i < 2000; i++) jobs.push_back(bits.value<header_job>());
  hls::stream<header_job> job("job");
  hls::stream<header_t> out("out");
  feed(job, jobs);
  run_native([&] { header(job, out); });
  const auto expected = cosim::drain(out);

  cosim::Bench<Vheader> bench(cosim::seed());
  COSIM_SOURCE(bench, job, jobs);
  COSIM_SINK(bench, out, expected);
  EXPECT_EQ(bench.run_all(), "");
}

}  // namespace
}  // namespace sapulse::test
