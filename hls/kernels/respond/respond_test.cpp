// SPDX-License-Identifier: Apache-2.0
#include "respond/respond.h"

#include "sapulse_wire.h"
#include "tests/kernel_test.h"

namespace sapulse::test {
namespace {

using namespace wire;

struct request {
  bytes nested;  ///< opened: ICV zero
  respond_job job;
  bytes token, token_nonce;
};

/// The specification once more, in plain C++ on bytes.
bytes expected_reply(const request& q) {
  bytes r = q.nested;
  put(r, 0, 4, q.job.spi);
  put(r, 4, 4, q.job.n.to_uint64() & 0xffffffff);
  put(r, 8, 8, q.job.n.to_uint64());
  r[16] = 3;
  r[17] = 0;
  const bytes data(r.begin() + 24, r.end());
  if (get(r, 18, 2) >= 56 && get(data, 0, 2) == 0x5350) {
    r[24 + 3] = 1 | (q.job.data_sequence_valid ? 2 : 0) | (q.job.token_valid ? 4 : 0);
    put(r, 24 + 12, 8, q.job.t_receive);
    put(r, 24 + 20, 8, q.job.t_transmit);
    put(r, 24 + 28, 4, q.job.data_sequence);
    std::copy(q.token.begin(), q.token.end(), r.begin() + 24 + 32);
    std::copy(q.token_nonce.begin(), q.token_nonce.end(), r.begin() + 24 + 48);
  }
  return r;
}

request random_request(RandomSource& random) {
  request q;
  const std::size_t data_size = random.one_in(3) ? random.in(52, 60) : random.in(0, 300);
  bytes data = random.string(data_size);
  if (data_size >= 2 && !random.one_in(3)) put(data, 0, 2, random.one_in(8) ? 0x5351 : 0x5350);
  q.nested = random.string(16);
  append(q.nested, echo_plaintext(2, random.one_in(4) ? 0x7f : 0, data));
  append(q.nested, bytes(16));
  q.token = random.string(16);
  q.token_nonce = random.string(8);
  q.job = {random.in(0, 0xffffffff), random.in(0, ~0ull),      random.in(0, ~0ull),
           random.in(0, ~0ull),      random.in(0, ~0ull),      random.in(0, 1),
           to_ap<128>(q.token),      to_ap<64>(q.token_nonce), random.in(0, 1)};
  return q;
}

TEST(Respond, RandomRequests) {
  RandomSource random;
  hls::stream<respond_job> job("job");
  hls::stream<payload_beat> plain("plain"), reply("reply");
  hls::simulation simulation;
  simulation.add("respond", [&] { respond(job, plain, reply); });
  std::size_t telemetry = 0;
  for (int i = 0; i < 3000; i++) {
    const request q = random_request(random);
    job.write(q.job);
    feed(plain, payload_beats(q.nested));
    run_until_idle(simulation);
    bytes expected = expected_reply(q);
    telemetry += q.nested.size() > 80 && std::equal(q.token.begin(), q.token.end(), expected.begin() + 56);
    expected.resize((expected.size() + 63) / 64 * 64);
    ASSERT_EQ(to_hex(take_payload(reply)), to_hex(expected));
    ASSERT_TRUE(reply.empty());
  }
  EXPECT_GT(telemetry, 300u);  // the test saw both kinds
  EXPECT_LT(telemetry, 2700u);
}

}  // namespace
}  // namespace sapulse::test
