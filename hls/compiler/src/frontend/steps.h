// SPDX-License-Identifier: Apache-2.0
// The single steps of prepare(), in the order in which they run.
#pragma once

#include "frontend/frontend.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Instructions.h"

namespace sapulse::hlsc {

/// Sets the interval of a kernel to the largest that a PIPELINE pragma in its body asks for.
void read_interval(Unit& kernel);
/// Marks constant tables that a BIND_STORAGE pragma puts into block RAM with the attribute kBlockRam.
void read_storage(llvm::Module& m);
/// Takes printf, std::cout and their like away from a function and what it calls, with a note for each place.
void remove_prints(llvm::Function& kernel, std::vector<std::string>& notes);
/// Refuses a function below which something is recursive or called indirectly.
void refuse_recursion(const llvm::Function& kernel);
/// Functions marked HLS_MODULE become functions of their own; calls become calls of hls.call.*. Returns the units, with
/// those that stay native in front.
std::vector<Unit> extract_modules(llvm::Module& m, const std::vector<std::string>& natives);
/// Scalar arguments of the kernel that it cannot write become calls of hls.argument.*.
void replace_arguments(Unit& kernel);
/// Refuses what has no counterpart in hardware: heap, external functions, floating point, pointers as values.
void refuse_unsupported(llvm::Function& f);
/// assert() becomes calls of hls.assert; in module functions it disappears with a note.
void lower_asserts(Unit& unit);
/// Stream calls of the headers become hls.read, hls.write, hls.empty, hls.full.
void lower_markers(llvm::Function& f);
/// Accesses of odd widths get the width of the storage.
void widen_odd_accesses(llvm::Function& f);
/// Local variables start with hls.undef.*, so that uses of uninitialised ones can be told.
void mark_uninitialised(Unit& unit);
/// Local arrays with a variable index become multiplexers.
void expand_variable_indices(llvm::Function& f);
/// An access to an array of streams with a variable index becomes an access to one element under a condition each.
void expand_stream_indices(llvm::Function& f);
/// The single return of a function; refuses one that never returns.
llvm::ReturnInst* exit_of(const Unit& unit);
/// Whether a loop reads or writes a stream in each pass, so that unrolling it would access the stream several times at
/// once.
bool is_sequential(const llvm::Loop& loop, const llvm::DominatorTree& dominators);
/// Counters of loops get as many bits as they need.
void narrow_counters(llvm::Function& f, llvm::LoopInfo& loops, llvm::ScalarEvolution& evolution);
/// The kernel's loops become steps of a state machine. Refuses local variables that are not in registers.
void split_at_loops(Unit& kernel);
/// Scalars and structs that a kernel can write, and its result, become calls of hls.argument and hls.port.
void localise_ports(Unit& kernel);
/// What a kernel with loops returns becomes calls of hls.port where it returns.
void write_result(Unit& kernel);
/// Constructors of statics that store constants become initialisers.
void fold_initialisers(llvm::Function& f);
/// Scalar statics become hls.get at the entry and hls.set at the exit. Refuses statics in module functions.
void localise_statics(Unit& unit);

}  // namespace sapulse::hlsc
