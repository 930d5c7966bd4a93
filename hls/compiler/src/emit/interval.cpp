// SPDX-License-Identifier: Apache-2.0
// Kernels where an iteration starts every few cycles. They start in phase 0 alone, so that stage s always is in phase
// s modulo the interval: a register takes a value in its phase and keeps it for as long as the interval.
#include "emit/emitter.h"
#include "fmt/format.h"

namespace sapulse::hlsc {

void Emitter::phase_counter() {
  const int n = schedule_.interval;
  if (n == 1) return;
  out_ += fmt::format(
      "\n  // cycles since an iteration could start\n  reg [{0}:0] phase;\n"
      "  always @(posedge ap_clk) phase <= ap_rst_n ? {{phase[{1}:0], phase[{0}]}} : {2}'d1;\n",
      n - 1, n - 2, n);
}

/// " & phase[0]", if there are several.
std::string Emitter::in_phase_of(int st) const {
  return schedule_.interval == 1 ? "" : fmt::format(" & phase[{}]", phase(st));
}

void Emitter::on_clock_after(int st, const std::string& moves) {
  const std::string when = schedule_.interval == 1 ? "" : fmt::format("if (phase[{}]) ", phase(st));
  out_ += fmt::format("  always @(posedge {}) {}begin\n{}  end\n", clock(), when, moves);
}

}  // namespace sapulse::hlsc
