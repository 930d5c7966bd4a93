// SPDX-License-Identifier: Apache-2.0
#include "cosim/given.h"

#include "diagnostics.h"
#include "fmt/format.h"
#include "llvm/ADT/APInt.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/LineIterator.h"
#include "llvm/Support/MemoryBuffer.h"

namespace sapulse::hlsc {

void read_given(const std::string& text, Given& given) {
  const auto [name, file] = llvm::StringRef(text).split('=');
  if (name.empty() || file.empty()) fail(fmt::format("--given {}: not NAME=FILE", text));
  const auto buffer = llvm::MemoryBuffer::getFile(file, true);
  if (!buffer) fail(fmt::format("cannot read '{}': {}", file.str(), buffer.getError().message()));
  std::vector<std::string>& words = given[name.str()];
  for (llvm::line_iterator line(**buffer, true, '#'); !line.is_at_eof(); ++line) {
    const llvm::StringRef number = line->split('#').first.trim();
    if (number.empty()) continue;
    if (!llvm::all_of(number, llvm::isHexDigit))
      fail(fmt::format("{}:{}:1: '{}' is no hexadecimal number", file.str(), line.line_number(), number.str()));
    words.push_back(number.ltrim('0').lower());
  }
  if (words.empty()) fail(fmt::format("'{}' has no words for '{}'", file.str(), name.str()));
}

std::string initialiser(const std::string& name, const std::vector<std::string>& words, unsigned bits) {
  std::string r;
  for (const std::string& word : words) {
    if (!word.empty() && llvm::APInt(4 * word.size(), word, 16).getActiveBits() > bits)
      fail(fmt::format("--given {}: '{}' has more than the {} bits of '{}'", name, word, bits, name));
    r += fmt::format("{}\"{}\"", r.empty() ? ", {" : ", ", word);
  }
  return r + "}";
}

}  // namespace sapulse::hlsc
