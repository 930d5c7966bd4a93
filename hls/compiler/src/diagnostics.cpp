// SPDX-License-Identifier: Apache-2.0
#include "diagnostics.h"

#include <array>

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Instruction.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

namespace sapulse::hlsc {

namespace {

bool is_library_header(llvm::StringRef file) {
  static constexpr std::array<llvm::StringRef, 6> kHeaders = {"ap_int.h",      "ap_axi_sdata.h", "hls_stream.h",
                                                              "hls_payload.h", "hls_module.h",   "hls_task.h"};
  const llvm::StringRef name = llvm::sys::path::filename(file);
  return name.starts_with("ap_int_") || llvm::is_contained(kHeaders, name) || file.starts_with("/usr/include/") ||
         file.contains("/include/c++/");
}

SourceLocation exact(const llvm::DILocation* l) { return {l->getFilename().str(), l->getLine(), l->getColumn()}; }

/// Whether a function is of a library, or an implicit member of a class, whose place is the definition of the class.
bool is_foreign(const llvm::DILocation* l) {
  const llvm::DISubprogram* f = l->getScope()->getSubprogram();
  return is_library_header(l->getFilename()) || (f && f->isArtificial());
}

const llvm::DILocation* user_frame(const llvm::DILocation* l) {
  const llvm::DILocation* frame = l;
  while (is_foreign(frame) && frame->getInlinedAt()) frame = frame->getInlinedAt();
  return frame;
}

std::string message(const SourceLocation& where, const std::string& reason) {
  return where.text() + ": error: " + reason;
}

}  // namespace

std::string SourceLocation::text() const {
  if (line == 0) return file.empty() ? "hlsc" : file;
  return file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

SourceLocation location_of(const llvm::DILocation* location) {
  return location ? exact(user_frame(location)) : SourceLocation{};
}

SourceLocation location_of(const llvm::Instruction* instruction) {
  return instruction ? location_of(instruction->getDebugLoc().get()) : SourceLocation{};
}

void fail(const std::string& reason) { throw Error("hlsc: error: " + reason); }

void fail(const SourceLocation& where, const std::string& reason) { throw Error(message(where, reason)); }

void fail_unused_stream(const SourceLocation& kernel, const std::string& stream) {
  fail(kernel, "stream '" + stream + "' is never read nor written: it is not used, or its condition is always false");
}

void fail(const llvm::Instruction* where, const std::string& reason) {
  const llvm::DILocation* l = where ? where->getDebugLoc().get() : nullptr;
  if (!l) {
    std::string ir;
    if (where) {
      llvm::raw_string_ostream stream(ir);
      where->print(stream);
    }
    throw Error("hlsc: error: " + reason + (ir.empty() ? "" : " (no source location; in IR:" + ir + ")"));
  }
  const llvm::DILocation* frame = user_frame(l);
  std::string text = message(exact(frame), reason);
  for (l = frame->getInlinedAt(); l; l = l->getInlinedAt()) text += "\n" + exact(l).text() + ": note: called from here";
  throw Error(text);
}

}  // namespace sapulse::hlsc
