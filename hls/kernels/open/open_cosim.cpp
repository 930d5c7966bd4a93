// SPDX-License-Identifier: Apache-2.0
#include "Vopen.h"
#include "open/open.h"
#include "sapulse_wire.h"
#include "tests/gcm_vectors.h"
#include "tests/kernel_cosim.h"

namespace sapulse::test {
namespace {

struct opened_packets {
  std::vector<payload_beat> plain;
  std::vector<open_verdict> verdicts;
};

opened_packets open_natively(const std::vector<open_job>& jobs, const std::vector<payload_beat>& beats) {
  hls::stream<open_job> job("job");
  hls::stream<payload_beat> cipher("cipher"), plain("plain");
  hls::stream<open_verdict> verdict("verdict");
  feed(job, jobs);
  feed(cipher, beats);
  run_native([&] { open(job, cipher, plain, verdict); });
  return {cosim::drain(plain), cosim::drain(verdict)};
}

/// What differs in the RTL; empty if nothing does.
std::string run_rtl(const std::vector<open_job>& job, const std::vector<payload_beat>& cipher,
                    const opened_packets& expected) {
  cosim::Bench<Vopen> bench(cosim::seed());
  COSIM_SOURCE(bench, job, job);
  COSIM_SOURCE(bench, cipher, cipher);
  COSIM_SINK(bench, plain, expected.plain);
  COSIM_SINK(bench, verdict, expected.verdicts);
  return bench.run_all();
}

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
  EXPECT_EQ(run_rtl(jobs, beats, open_natively(jobs, beats)), "");
}

/// Each case of NIST and of Wycheproof that fits: its plaintext comes out, and it is refused where it must be.
TEST(Cosim, OpenOnVectorsOfOthers) {
  std::vector<gcm_case> cases = wycheproof_cases();
  append(cases, cavp_cases("gcmDecrypt128.rsp"));
  append(cases, cavp_cases("gcmDecrypt256.rsp"));
  std::erase_if(cases, [](const gcm_case& c) { return c.icv.size() != 16; });  // ESP's ICV is compared as a whole
  EXPECT_EQ(cases.size(), 107U + 2 * 150);
  std::vector<open_job> jobs;
  std::vector<payload_beat> beats;
  for (const gcm_case& c : cases) {
    jobs.push_back({to_key(c.key), c.sealed().size()});
    append(beats, payload_beats(c.sealed()));
  }
  const opened_packets native = open_natively(jobs, beats);
  ASSERT_EQ(native.verdicts.size(), cases.size());
  std::size_t beat = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const gcm_case& c = cases[i];
    EXPECT_EQ(native.verdicts[i].status != OPEN_ICV, c.is_valid) << c.name;
    for (const payload_beat& expected : payload_beats(c.opened())) {
      if (c.is_valid) EXPECT_TRUE(native.plain.at(beat).data == expected.data) << c.name;
      ++beat;
    }
  }
  EXPECT_EQ(run_rtl(jobs, beats, native), "");
}

}  // namespace
}  // namespace sapulse::test
