// SPDX-License-Identifier: Apache-2.0
// A card that does what the reference says, to try the checker on.
#pragma once

#include "traffic/check.h"
#include "traffic/generator.h"
#include "traffic/reference.h"

namespace sapulse::traffic {

/// Sends the frames through a reference; times of telemetry replies count up from 1000.
inline Run ideal_run(const Config& config, std::vector<Bytes> line, std::vector<Bytes> core) {
  Run run{.line_in = std::move(line),
          .core_in = std::move(core),
          .line_out = {},
          .core_out = {},
          .damaged = {},
          .counters = {}};
  Reference reference(with_token_nonces(config));
  std::uint64_t time = 1000;
  for (const Bytes& frame : run.line_in) {
    const Verdict verdict = reference.judge(frame);
    ++run.counters[verdict.counter];
    if (verdict.fragment) ++run.counters["FRAGMENTS"];
    if (verdict.host_copy) ++run.counters["HOST_COPIES"];
    if (verdict.outcome == Outcome::passed) run.core_out.push_back(frame);
    if (verdict.answer) {
      std::optional<Telemetry> filled;
      if (verdict.answer->telemetry) {
        filled = read_telemetry(verdict.answer->plaintext);
        filled->t_receive = time++;
        filled->t_transmit = time + 10;
      }
      run.line_out.push_back(verdict.answer->frame(filled));
      if (verdict.answer->kind == Answer::Kind::error || verdict.answer->kind == Answer::Kind::host_echo)
        ++run.counters["FRAMES_FROM_HOST"];
    }
    reference.commit(verdict);
  }
  run.line_out.insert(run.line_out.begin() + static_cast<std::ptrdiff_t>(run.line_out.size() / 2), run.core_in.begin(),
                      run.core_in.end());
  const auto bytes = [](const std::vector<Bytes>& frames) {
    std::uint64_t sum = 0;
    for (const Bytes& frame : frames) sum += frame.size();
    return sum;
  };
  run.counters["LINE_RX_FRAMES"] = run.line_in.size();
  run.counters["LINE_TX_FRAMES"] = run.line_out.size();
  run.counters["CORE_RX_FRAMES"] = run.core_in.size();
  run.counters["CORE_TX_FRAMES"] = run.core_out.size();
  run.counters["LINE_RX_BYTES"] = bytes(run.line_in);
  run.counters["LINE_TX_BYTES"] = bytes(run.line_out);
  run.counters["CORE_RX_BYTES"] = bytes(run.core_in);
  run.counters["CORE_TX_BYTES"] = bytes(run.core_out);
  return run;
}

}  // namespace sapulse::traffic
