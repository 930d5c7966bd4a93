// SPDX-License-Identifier: Apache-2.0
// Errors of the compiler: what is wrong, and where in the kernel's source.
#pragma once

#include <stdexcept>
#include <string>

namespace llvm {
class Instruction;
class DILocation;
}  // namespace llvm

namespace sapulse::hlsc {

struct SourceLocation {
  std::string file;
  unsigned line = 0;  ///< 0: unknown
  unsigned column = 0;

  std::string text() const;  ///< "file:line:column", or "hlsc" if unknown
};

/// A refused kernel. what() is the complete message: location, reason and, where code was inlined, the call sites.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Location of an instruction in the kernel: the innermost frame that is not inside of a library or of
/// an implicit member function.
SourceLocation location_of(const llvm::Instruction* instruction);
SourceLocation location_of(const llvm::DILocation* location);

[[noreturn]] void fail(const std::string& reason);
[[noreturn]] void fail(const SourceLocation& where, const std::string& reason);
[[noreturn]] void fail(const llvm::Instruction* where, const std::string& reason);
[[noreturn]] void fail_unused_stream(const SourceLocation& kernel, const std::string& stream);

}  // namespace sapulse::hlsc
