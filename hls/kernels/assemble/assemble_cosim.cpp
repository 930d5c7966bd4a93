// SPDX-License-Identifier: Apache-2.0
#include "Vassemble.h"
#include "assemble/assemble.h"
#include "tests/kernel_cosim.h"

namespace sapulse::test {
namespace {

TEST(Cosim, Assemble) {
  RandomSource random;
  std::vector<header_t> headers;
  std::vector<icv_t> icvs;
  std::vector<payload_beat> beats;
  for (int i = 0; i < 800; i++) {
    const std::uint64_t size = 42 + 4 * random.in(0, 15), length = random.in(16, 300), end = size + length;
    headers.push_back({to_ap<832>(random.string(size)), size, length, (end - 1) / 64, (end - 16) / 64,
                       (size + (length - 1) / 64 * 64) / 64 != (end - 1) / 64});
    icvs.push_back({to_ap<128>(random.string(16)), random.in(0, 1)});
    append(beats, payload_beats(random.string(length)));
  }
  hls::stream<header_t> header("header");
  hls::stream<icv_t> icv("icv");
  hls::stream<payload_beat> payload("payload");
  hls::stream<axis_beat> frame("frame");
  feed(header, headers);
  feed(icv, icvs);
  feed(payload, beats);
  run_native([&] { assemble(header, icv, payload, frame); });
  const auto expected = cosim::drain(frame);

  cosim::Bench<Vassemble> bench(cosim::seed());
  COSIM_SOURCE(bench, header, headers);
  COSIM_SOURCE(bench, icv, icvs);
  COSIM_SOURCE(bench, payload, beats);
  COSIM_SINK(bench, frame, expected);
  EXPECT_EQ(bench.run_all(), "");
}

}  // namespace
}  // namespace sapulse::test
