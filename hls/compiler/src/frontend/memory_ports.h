// SPDX-License-Identifier: Apache-2.0
// Parameters that are memory ports, and how the source wants them: #pragma HLS INTERFACE m_axi.
#pragma once

#include <string>
#include <vector>

#include "diagnostics.h"
#include "graph/graph.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Function.h"

namespace sapulse::hlsc {

struct MemoryPort {
  std::string name;
  unsigned position = 0;  ///< among the parameters
  unsigned shift = 0;     ///< log2 of the bytes of an element
  std::string cxx_type;   ///< of an element
  std::vector<Field> fields;  ///< scalars of an element
  std::string bundle;
  bool has_offset = true;  ///< there is a port for its address
  unsigned read_burst = 16, write_burst = 16;              ///< elements at most; powers of two
  unsigned read_outstanding = 16, write_outstanding = 16;  ///< bursts
  unsigned depth = 0;                                      ///< elements, for co-simulations; 0: not stated
  SourceLocation location;
};

/// What is around a function.
struct Surroundings {
  std::vector<unsigned> memories;  ///< positions of the parameters that are memory ports
  bool is_called = false;          ///< runs once for each start and tells its end; otherwise it runs for ever
};

/// The memory ports of a top function, by position. Refuses pragmas that name no pointer, and elements of a size that
/// is no power of two.
/// @param notes gets what is not as in the pragmas
std::vector<MemoryPort> memory_ports_of(llvm::Function& top, std::vector<std::string>& notes);

/// Whether a top function has the block-level handshake ap_ctrl_none.
bool runs_for_ever(const llvm::Function& top);

/// T of a parameter T* or T (*)[N], without what it points through.
const llvm::DIType* memory_element(const llvm::DIType* target);

/// The elements of what a pointer parameter points to: bytes as a power of two. Refuses other sizes.
unsigned element_shift(llvm::Function& f, unsigned position);

}  // namespace sapulse::hlsc
