// SPDX-License-Identifier: Apache-2.0
#include "pipeline.h"

#include <array>

#include "graph/optimise.h"
#include "graph/storage_bits.h"
#include "graph/undefined.h"
#include "lower/lower.h"
#include "schedule/recurrence.h"

namespace sapulse::hlsc {

namespace {

void lower_unit(Work& w) { w.graph = lower(w.unit, w.modules); }
void remove_fixed_bits(Work& w) { remove_fixed_storage_bits(w.graph); }
void flatten_graph(Work& w) { flatten(w.graph); }
void settle_uninitialised(Work& w) { w.warnings = settle_undefined(w.graph); }
void check_streams(Work& w) { refuse_unused_streams(w.graph); }
void schedule_graph(Work& w) {
  try {
    w.schedule = schedule(w.graph, w.options);
  } catch (const RecurrenceError& e) {
    fail(e.where, e.reason + interval_advice(w.graph, w.options));
  }
}

constexpr std::array<Pass, 8> kPasses = {{
    {"lower", Numbering::operands_first, lower_unit},
    {"fixed-bits", Numbering::operands_first, remove_fixed_bits},
    {"flatten", Numbering::operands_first, flatten_graph},
    {"flatten-again", Numbering::operands_first, flatten_graph},  // the trees that the first one has made
    {"settle-uninitialised", Numbering::operands_first, settle_uninitialised},
    {"fixed-bits-again", Numbering::operands_first, remove_fixed_bits},
    {"check-streams", Numbering::operands_first, check_streams},
    {"schedule", Numbering::free, schedule_graph},
}};

}  // namespace

ArrayRef<Pass> passes() { return kPasses; }
ArrayRef<Pass> passes_of_software() { return passes().drop_back(); }

void run_passes(Work& work, ArrayRef<Pass> list, const std::function<void(const std::string& pass)>& after) {
  for (const Pass& p : list) {
    p.run(work);
    verify(work.graph, p.name, p.numbering);
    after(p.name);
  }
}

}  // namespace sapulse::hlsc
