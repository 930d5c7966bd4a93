// SPDX-License-Identifier: Apache-2.0
#include "request/request.h"

#include "tests/kernel_test.h"

namespace sapulse::test {
namespace {

struct asked {
  request_job job;
  bytes nested;  ///< with the ICV zero
};

bytes head(const request_job& j) {
  bytes r(16);
  put(r, 0, 4, j.spi);
  put(r, 4, 4, j.n.to_uint64() & 0xffffffff);
  put(r, 8, 8, j.n.to_uint64());
  return r;
}

request_job random_job(RandomSource& random) {
  request_job j = {};
  j.spi = random.in(0, ~0u);
  j.n = random.in(0, ~0ull);
  j.t_origin = random.in(0, ~0ull);
  j.transaction = random.in(0, ~0u);
  return j;
}

/// An echo request as protocol.md describes it, written down byte by byte.
asked echo_request(RandomSource& random, std::size_t data_length) {
  request_job j = random_job(random);
  bytes data(data_length);
  if (data_length >= 56) {
    put(data, 0, 2, 0x5350);
    data[2] = 1;
    put(data, 4, 8, j.t_origin.to_uint64());
  }
  bytes plaintext = echo_plaintext(2, 0, data);
  put(plaintext, 4, 4, j.transaction.to_uint());
  bytes nested = head(j);
  append(nested, plaintext);
  append(nested, bytes(16));
  j.data_length = data_length;
  j.length = nested.size();
  return {j, nested};
}

asked raw_message(RandomSource& random) {
  request_job j = random_job(random);
  const bytes plaintext = random.string(4 * random.in(1, 12));
  j.raw = 1;
  j.data_length = random.in(0, 9000);  // means nothing
  j.body = to_ap<384>(plaintext);
  bytes nested = head(j);
  append(nested, plaintext);
  append(nested, bytes(16));
  j.length = nested.size();
  return {j, nested};
}

class Request : public testing::Test {
 protected:
  Request() {
    simulation.add("request", [this] { request(job, packet); });
  }

  void expect(const asked& a) {
    job.write(a.job);
    run_until_idle(simulation);
    bytes expected = a.nested;
    expected.resize((expected.size() + 63) / 64 * 64);
    ASSERT_EQ(to_hex(take_payload(packet)), to_hex(expected)) << a.job.data_length.to_uint() << " bytes of data";
    ASSERT_TRUE(packet.empty());
  }

  RandomSource random;
  hls::stream<request_job> job{"job"};
  hls::stream<payload_beat> packet{"packet"};
  hls::simulation simulation;
};

TEST_F(Request, EverySizeOfEchoData) {
  for (std::size_t size = 0; size <= 400; size++) expect(echo_request(random, size));
  for (std::size_t size = 8990; size <= 9000; size++) expect(echo_request(random, size));
}

TEST_F(Request, EchoesAndMessagesMixed) {
  for (int i = 0; i < 2000; i++)
    expect(random.one_in(3) ? raw_message(random) : echo_request(random, random.in(0, 1500)));
}

}  // namespace
}  // namespace sapulse::test
