// SPDX-License-Identifier: Apache-2.0
#include "schedule/reservations.h"

namespace sapulse::hlsc {

Reservations::Reservations(const Graph& g, int interval)
    : g_(g), interval_(interval), taken_(g.modules.size(), std::vector<int>(interval, 0)) {}

bool Reservations::is_free(NodeId call, int stage) const {
  return !shares(call) || taken_[g_[call].aux][stage % interval_] < g_.modules[g_[call].aux].instances;
}

int Reservations::next_free(NodeId call, int stage) const {
  for (int s = stage; s < stage + interval_; s++) {
    if (is_free(call, s)) return s;
  }
  return stage;
}

void Reservations::take(NodeId call, int stage) {
  if (shares(call)) taken(call, stage)++;
}

void Reservations::release(NodeId call, int stage) {
  if (shares(call)) taken(call, stage)--;
}

}  // namespace sapulse::hlsc
