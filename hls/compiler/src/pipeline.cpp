// SPDX-License-Identifier: Apache-2.0
#include "pipeline.h"

#include <array>

#include "graph/optimise.h"
#include "graph/storage_bits.h"
#include "lower/lower.h"

namespace sapulse::hlsc {

namespace {

void lowerUnit(Work& w) { w.graph = lower(w.unit, w.modules); }
void removeFixedBits(Work& w) { removeFixedStorageBits(w.graph); }
void flattenGraph(Work& w) { flatten(w.graph); }
void checkUninitialised(Work& w) { refuseUndefined(w.graph); }
void checkStreams(Work& w) { refuseUnusedStreams(w.graph); }
void scheduleGraph(Work& w) { w.schedule = schedule(w.graph, w.options); }

constexpr std::array<Pass, 8> kPasses = {{
    {"lower", Numbering::OperandsFirst, lowerUnit},
    {"fixed-bits", Numbering::OperandsFirst, removeFixedBits},
    {"flatten", Numbering::OperandsFirst, flattenGraph},
    {"flatten-again", Numbering::OperandsFirst, flattenGraph},  // the trees that the first one has made
    {"fixed-bits-again", Numbering::OperandsFirst, removeFixedBits},
    {"check-uninitialised", Numbering::OperandsFirst, checkUninitialised},
    {"check-streams", Numbering::OperandsFirst, checkStreams},
    {"schedule", Numbering::Free, scheduleGraph},
}};

}  // namespace

ArrayRef<Pass> passes() { return kPasses; }

void runPasses(Work& work, const std::function<void(const std::string& pass)>& after) {
  for (const Pass& p : kPasses) {
    p.run(work);
    verify(work.graph, p.name, p.numbering);
    after(p.name);
  }
}

}  // namespace sapulse::hlsc
