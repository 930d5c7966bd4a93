// SPDX-License-Identifier: Apache-2.0
#include "Vrespond.h"
#include "respond/respond.h"
#include "sapulse_wire.h"
#include "tests/kernel_cosim.h"

namespace sapulse::test {
namespace {

TEST(Cosim, Respond) {
  RandomSource random;
  cosim::Random bits(random.in(0, ~0ull));
  std::vector<respond_job> jobs;
  std::vector<payload_beat> beats;
  for (int i = 0; i < 800; i++) {
    bytes packet = random.string(16), data = random.string(random.in(2, 150));
    if (random.one_in(2)) put(data, 0, 2, wire::telemetry_magic_value);
    append(packet, echo_plaintext(wire::subtype_request, 0, data));
    append(packet, bytes(wire::icv_bytes));
    jobs.push_back(bits.value<respond_job>());
    append(beats, payload_beats(packet));
  }
  hls::stream<respond_job> job("job");
  hls::stream<payload_beat> plain("plain"), reply("reply");
  feed(job, jobs);
  feed(plain, beats);
  run_native([&] { respond(job, plain, reply); });
  const auto expected = cosim::drain(reply);

  cosim::Bench<Vrespond> bench(cosim::seed());
  COSIM_SOURCE(bench, job, jobs);
  COSIM_SOURCE(bench, plain, beats);
  COSIM_SINK(bench, reply, expected);
  EXPECT_EQ(bench.run_all(), "");
}

}  // namespace
}  // namespace sapulse::test
