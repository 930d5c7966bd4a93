// SPDX-License-Identifier: Apache-2.0
// Responders made of software, on one core of the real processor, with the pings that the card's cycles are counted of.
#include <benchmark/benchmark.h>

#include "benchmarks.h"
#include "sample_pings.h"
#include "software_responder.h"

namespace sapulse::bench {
namespace {

using MakeCipher = std::unique_ptr<PingCipher> (*)(const traffic::Config&);

void responder(benchmark::State& state, MakeCipher make_cipher, unsigned sas, std::size_t pings) {
  const traffic::Config config = small_ping_config(sas);
  const std::vector<traffic::Bytes> requests = small_pings(config, pings);
  SoftwareResponder responder(config, make_cipher(config));
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<traffic::Bytes> frames = requests;
    responder.forget();
    state.ResumeTiming();
    if (responder.answer(frames) != pings) return state.SkipWithError("a ping without an answer");
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * pings));
}

}  // namespace

void register_responders(bool once) {
  const unsigned many = once ? 256 : 65'536;
  const std::size_t pings = many;
  const auto add = [&](const char* name, MakeCipher make_cipher, unsigned sas) {
    auto* const each =
        benchmark::RegisterBenchmark(name, [=](benchmark::State& state) { responder(state, make_cipher, sas, pings); });
    if (once) each->Iterations(1);
  };
  add("openssl_responder_1_sa", make_openssl_cipher, 1);
  add("openssl_responder_65536_sas", make_openssl_cipher, many);
#ifdef SAPULSE_HAS_IPSEC_MB
  add("ipsec_mb_responder_1_sa", make_ipsec_mb_cipher, 1);
  add("ipsec_mb_responder_65536_sas", make_ipsec_mb_cipher, many);
#endif
}

}  // namespace sapulse::bench
