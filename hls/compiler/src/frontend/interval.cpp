// SPDX-License-Identifier: Apache-2.0
// The initiation interval that the source asks for. Clang drops pragmas that it does not know, so they are read from
// the text between the kernel's first and last line.
#include <algorithm>

#include "fmt/format.h"
#include "frontend/steps.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Regex.h"

namespace sapulse::hlsc {

using namespace llvm;

namespace {

constexpr int kMaxInterval = 1024;

std::unique_ptr<MemoryBuffer> source_of(const DISubprogram& function) {
  SmallString<128> path(function.getDirectory());
  sys::path::append(path, function.getFilename());
  auto buffer =
      MemoryBuffer::getFile(sys::path::is_absolute(function.getFilename()) ? function.getFilename() : path.str());
  return buffer ? std::move(*buffer) : nullptr;
}

/// The closing brace is where the function returns.
unsigned last_line(const Function& f) {
  unsigned last = f.getSubprogram()->getLine();
  for (const Instruction& i : instructions(f)) {
    const DILocation* at = i.getDebugLoc().get();
    if (at && !at->getInlinedAt() && at->getFilename() == f.getSubprogram()->getFilename()) {
      last = std::max(last, at->getLine());
    }
  }
  return last;
}

}  // namespace

void read_interval(Unit& kernel) {
  static const Regex pragma("^[ \t]*#[ \t]*pragma[ \t]+hls[ \t]+pipeline[ \t](.*[ \t])?ii[ \t]*=[ \t]*([^ \t/]+)",
                            Regex::IgnoreCase);
  const DISubprogram* function = kernel.function->getSubprogram();
  if (!function) return;
  const std::unique_ptr<MemoryBuffer> source = source_of(*function);
  if (!source) return;
  SmallVector<StringRef, 0> lines, parts;
  source->getBuffer().split(lines, '\n');
  const std::size_t end = std::min<std::size_t>(last_line(*kernel.function), lines.size());
  for (std::size_t i = function->getLine() - 1; i < end; i++) {
    if (!pragma.match(lines[i].rtrim('\r'), &parts)) continue;
    int interval = 0;
    if (parts[2].getAsInteger(10, interval) || interval < 1 || interval > kMaxInterval) {
      kernel.notes.push_back(fmt::format("{}:{}:1: note: II is not a number from 1 to {}: it does not count",
                                         function->getFilename().str(), i + 1, kMaxInterval));
      continue;
    }
    kernel.interval = std::max(kernel.interval, interval);
  }
}

}  // namespace sapulse::hlsc
