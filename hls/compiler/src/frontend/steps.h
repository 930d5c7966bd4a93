// SPDX-License-Identifier: Apache-2.0
// The single steps of prepare(), in the order in which they run.
#pragma once

#include "frontend/frontend.h"

namespace sapulse::hlsc {

/// The function called `top`, and a check that nothing below it is recursive or called indirectly.
llvm::Function* findTop(llvm::Module& m, const std::string& top);
/// Functions marked HLS_MODULE become functions of their own; calls become calls of hls.call.*. Returns the units.
std::vector<Unit> extractModules(llvm::Module& m);
/// Scalar arguments of the kernel become calls of hls.argument.*.
void replaceArguments(Unit& kernel);
/// Refuses what has no counterpart in hardware: heap, external functions, floating point, pointers as values.
void refuseUnsupported(llvm::Function& f);
/// Stream calls of the headers become hls.read, hls.write, hls.empty.
void lowerMarkers(llvm::Function& f);
/// Accesses of odd widths get the width of the storage.
void widenOddAccesses(llvm::Function& f);
/// Local variables start with hls.undef.*, so that uses of uninitialised ones can be told.
void markUninitialised(Unit& unit);
/// Local arrays with a variable index become multiplexers.
void expandVariableIndices(llvm::Function& f);
/// Scalar statics become hls.get at the entry and hls.set at the exit. Refuses statics in module functions.
void localiseStatics(Unit& unit);

}  // namespace sapulse::hlsc
