// SPDX-License-Identifier: Apache-2.0
#include "Vseal.h"
#include "seal/seal.h"
#include "tests/gcm_vectors.h"
#include "tests/kernel_cosim.h"

namespace sapulse::test {
namespace {

struct sealed_packets {
  std::vector<payload_beat> sealed;
  std::vector<icv_t> icvs;
};

sealed_packets seal_natively(const std::vector<seal_job>& jobs, const std::vector<payload_beat>& beats) {
  hls::stream<seal_job> job("job");
  hls::stream<payload_beat> reply("reply"), sealed("sealed");
  hls::stream<icv_t> icv("icv");
  feed(job, jobs);
  feed(reply, beats);
  run_native([&] { seal(job, reply, sealed, icv); });
  return {cosim::drain(sealed), cosim::drain(icv)};
}

/// What differs in the RTL; empty if nothing does.
std::string run_rtl(const std::vector<seal_job>& job, const std::vector<payload_beat>& reply,
                    const sealed_packets& expected) {
  cosim::Bench<Vseal> bench(cosim::seed());
  COSIM_SOURCE(bench, job, job);
  COSIM_SOURCE(bench, reply, reply);
  COSIM_SINK(bench, sealed, expected.sealed);
  COSIM_SINK(bench, icv, expected.icvs);
  return bench.run_all();
}

TEST(Cosim, Seal) {
  RandomSource random;
  std::vector<seal_job> jobs;
  std::vector<payload_beat> beats;
  for (int i = 0; i < 300; i++) {
    const std::uint64_t length = 4 * random.in(9, random.one_in(20) ? 300 : 50);
    jobs.push_back({to_key({random.string(random.one_in(2) ? 16 : 32), random.string(4)}), length});
    append(beats, payload_beats(random.string(length)));
  }
  EXPECT_EQ(run_rtl(jobs, beats, seal_natively(jobs, beats)), "");
}

/// Each case of NIST and of Wycheproof that fits gives its ciphertext and its ICV, or as much of it as the case has.
TEST(Cosim, SealOnVectorsOfOthers) {
  std::vector<gcm_case> cases = wycheproof_cases();
  append(cases, cavp_cases("gcmEncryptExtIV128.rsp"));
  append(cases, cavp_cases("gcmEncryptExtIV256.rsp"));
  std::erase_if(cases, [](const gcm_case& c) { return !c.is_valid; });
  EXPECT_EQ(cases.size(), 53U + 2 * 1050);
  std::vector<seal_job> jobs;
  std::vector<payload_beat> beats;
  for (const gcm_case& c : cases) {
    jobs.push_back({to_key(c.key), c.opened().size()});
    append(beats, payload_beats(c.opened()));
  }
  const sealed_packets native = seal_natively(jobs, beats);
  ASSERT_EQ(native.icvs.size(), cases.size());
  std::size_t beat = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const gcm_case& c = cases[i];
    bytes icv = from_ap(native.icvs[i].icv, 16);
    icv.resize(c.icv.size());
    EXPECT_EQ(to_hex(icv), to_hex(c.icv)) << c.name;
    bytes text = c.head;
    append(text, c.ciphertext);
    text.resize(c.opened().size());  // zeros instead of the ICV
    for (const payload_beat& expected : payload_beats(text)) {
      EXPECT_TRUE(native.sealed.at(beat++).data == expected.data) << c.name;
    }
  }
  EXPECT_EQ(run_rtl(jobs, beats, native), "");
}

}  // namespace
}  // namespace sapulse::test
