// SPDX-License-Identifier: Apache-2.0
// Memory ports among the steps of prepare(): accesses become words of the streams of channels.
#pragma once

#include "frontend/frontend.h"
#include "frontend/memory_ports.h"
#include "frontend/pass_runner.h"

namespace sapulse::hlsc {

/// Local arrays of a kernel with memory ports that would be too many registers become static ones, and so memories.
void keep_buffers(Unit& unit);

/// Loads and stores through memory ports become hls.load and hls.store.
void lower_memory_accesses(Unit& unit, PassRunner& passes);

/// hls.load and hls.store become reads and writes of the streams of channels: bursts where a loop shows them, single
/// elements elsewhere. Adds the channels, and what became of each access, to the unit. A kernel that is called waits for
/// its start and tells its end.
void lower_memory_requests(Unit& unit, PassRunner& passes);

/// Marks a call before which a step ends, if something was accessed in it.
void begin_step_at(llvm::CallInst* call);
bool begins_step(const llvm::Instruction& i);

}  // namespace sapulse::hlsc
