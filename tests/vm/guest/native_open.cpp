// SPDX-License-Identifier: Apache-2.0
#include "native_open.h"

#include "open/open.h"
#include "sapulse_wire.h"
#include "tests/kernel_test.h"

namespace sapulse::test {

std::optional<traffic::Bytes> open_natively(const traffic::Direction& direction, traffic::View packet) {
  constexpr std::size_t kHead = 16;  // SPI, sequence number, IV
  constexpr std::size_t kIcv = 16;
  hls::stream<open_job> job{"job"};
  hls::stream<payload_beat> cipher{"cipher"};
  hls::stream<payload_beat> plain{"plain"};
  hls::stream<open_verdict> verdict{"verdict"};
  hls::simulation simulation;
  simulation.add("open", [&] { open(job, cipher, plain, verdict); });
  job.write({to_key({direction.key, direction.salt}), packet.size()});
  feed(cipher, payload_beats({packet.begin(), packet.end()}));
  run_until_idle(simulation);
  const traffic::Bytes text = take_payload(plain);
  if (verdict.read().status != OPEN_OK) return std::nullopt;
  const traffic::View plaintext = traffic::part(text, kHead, packet.size() - kHead - kIcv);
  return traffic::Bytes(plaintext.begin(), plaintext.end());
}

}  // namespace sapulse::test
