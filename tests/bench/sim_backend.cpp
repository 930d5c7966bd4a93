// SPDX-License-Identifier: Apache-2.0
// The simulated card in process.
#include "backend.h"
#include "benchmarks.h"
#include "sapulse/background_device.h"

namespace sapulse::bench {

std::unique_ptr<test::Rig> make_bench_rig() {
  auto rig = test::make_rig();
  SimDevice& device = dynamic_cast<BackgroundDevice&>(rig->device()).foreground();
  // Each look at host memory costs one cycle, not the 32 that suit tests: times are exact.
  device.set_pass_time([&card = device.card()](std::uint64_t) -> Result<void> {
    card.step(1);
    return {};
  });
  return rig;
}

void register_backend_benchmarks(bool once) {
  register_responders(once);
  register_host_benchmarks(once);
}

}  // namespace sapulse::bench
