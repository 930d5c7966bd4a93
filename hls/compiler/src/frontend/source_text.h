// SPDX-License-Identifier: Apache-2.0
// What clang does not keep, read from the source that the debug information names: #pragma HLS, sizes of array
// parameters.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "diagnostics.h"
#include "llvm/IR/Function.h"

namespace sapulse::hlsc {

struct Pragma {
  std::string directive;                       ///< upper case: "STREAM"
  std::map<std::string, std::string> options;  ///< lower-case keys; an option without a value has an empty one
  SourceLocation location;
};

/// The pragmas between the declaration of a function and its last statement, in order. Empty if the source is not to
/// be found.
std::vector<Pragma> pragmas_of(const llvm::Function& f);

/// A number in the source: a literal, an integral template parameter of the function, or a name that the function's
/// source file, or a header beside it that it includes, sets to a literal with #define or '='.
std::optional<unsigned> number_in_source(const llvm::Function& f, const std::string& text);

/// N of a parameter `name[N]`.
std::optional<unsigned> array_size(const llvm::Function& f, const std::string& parameter);

}  // namespace sapulse::hlsc
