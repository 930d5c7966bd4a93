// SPDX-License-Identifier: Apache-2.0
#include "Vopen.h"
#include "open/open.h"
#include "sapulse_wire.h"
#include "tests/kernel_cosim.h"

namespace sapulse::test {
namespace {

TEST(Cosim, Open) {
  RandomSource random;
  std::vector<open_job> jobs;
  std::vector<payload_beat> beats;
  for (int i = 0; i < 300; i++) {
    const gcm_key k = {random.string(random.one_in(2) ? 16 : 32), random.string(4)};
    bytes text = echo_plaintext(wire::subtype_request, 0, random.string(random.in(0, random.one_in(20) ? 1000 : 150)),
                                static_cast<unsigned>(random.in(0, 20)));
    if (random.one_in(4)) text[random.in(0, text.size() - 1)] ^= 1;  // body, padding or trailer
    bytes packet = seal_nested(k, 0x1000, random.in(1, ~0ull), text);
    if (random.one_in(8)) packet[random.in(0, packet.size() - 1)] ^= 0x10;
    if (random.one_in(20)) packet.resize(random.in(1, packet.size()));
    jobs.push_back({to_key(k), packet.size()});
    append(beats, payload_beats(packet));
  }
  hls::stream<open_job> job("job");
  hls::stream<payload_beat> cipher("cipher"), plain("plain");
  hls::stream<open_verdict> verdict("verdict");
  feed(job, jobs);
  feed(cipher, beats);
  run_native([&] { open(job, cipher, plain, verdict); });
  const auto expected_plain = cosim::drain(plain);
  const auto expected_verdicts = cosim::drain(verdict);

  cosim::Bench<Vopen> bench(cosim::seed());
  COSIM_SOURCE(bench, job, jobs);
  COSIM_SOURCE(bench, cipher, beats);
  COSIM_SINK(bench, plain, expected_plain);
  COSIM_SINK(bench, verdict, expected_verdicts);
  EXPECT_EQ(bench.run_all(), "");
}

}  // namespace
}  // namespace sapulse::test
