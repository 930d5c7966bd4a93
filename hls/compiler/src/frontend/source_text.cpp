// SPDX-License-Identifier: Apache-2.0
#include "frontend/source_text.h"

#include <algorithm>
#include <cctype>

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Regex.h"

namespace sapulse::hlsc {

using namespace llvm;

namespace {

std::string file_text(const Twine& path) {
  const auto text = MemoryBuffer::getFile(path);
  return text ? (*text)->getBuffer().str() : "";
}

std::string path_of(const DISubprogram& s) {
  return sys::path::is_relative(s.getFilename()) ? (s.getDirectory() + "/" + s.getFilename()).str()
                                                 : s.getFilename().str();
}

std::string source_of(const DISubprogram& s) { return file_text(path_of(s)); }

/// The source and the headers beside it that it includes.
std::string source_with_headers(const DISubprogram& s) {
  std::string all = source_of(s);
  StringRef text = all;
  std::string headers;
  SmallVector<StringRef, 2> found;
  for (const Regex include("#include[ \t]*\"([^\"]+)\""); include.match(text, &found);
       text = text.substr(static_cast<std::size_t>(found[0].end() - text.begin()))) {
    headers += file_text(sys::path::parent_path(path_of(s)) + "/" + found[1]);
  }
  return all + headers;
}

/// The last line of the function that an instruction of its own has.
unsigned last_line(const Function& f) {
  unsigned last = f.getSubprogram()->getLine();
  for (const Instruction& i : instructions(f)) {
    const DILocation* l = i.getDebugLoc().get();
    if (l && l->getScope()->getSubprogram() == f.getSubprogram() && !l->getInlinedAt())
      last = std::max(last, l->getLine());
  }
  return last;
}

/// "key = value" as one word.
std::string without_spaces_around_equals(StringRef text) {
  std::string r;
  for (char c : text) {
    if (c == '=') {
      while (!r.empty() && std::isspace(static_cast<unsigned char>(r.back()))) r.pop_back();
    } else if (std::isspace(static_cast<unsigned char>(c)) && !r.empty() && r.back() == '=') {
      continue;
    }
    r += c;
  }
  return r;
}

std::optional<Pragma> parse(StringRef line) {
  line = line.split("//").first.trim();
  if (!line.consume_front("#")) return std::nullopt;
  const std::string text = without_spaces_around_equals(line);
  SmallVector<StringRef, 8> words;
  SplitString(text, words);
  if (words.size() < 3 || words[0] != "pragma" || !words[1].equals_insensitive("HLS")) return std::nullopt;
  Pragma p{words[2].upper(), {}, {}};
  for (StringRef word : ArrayRef(words).drop_front(3)) {
    const auto [key, value] = word.split('=');
    p.options[key.lower()] = value.str();
  }
  return p;
}

std::optional<unsigned> template_parameter(const DISubprogram& s, StringRef name) {
  for (const DITemplateParameter* p : s.getTemplateParams()) {
    const auto* value = dyn_cast<DITemplateValueParameter>(p);
    if (!value || value->getName() != name) continue;
    const auto* constant = dyn_cast_or_null<ConstantAsMetadata>(value->getValue());
    if (const auto* number = constant ? dyn_cast<ConstantInt>(constant->getValue()) : nullptr)
      return static_cast<unsigned>(number->getZExtValue());
  }
  return std::nullopt;
}

}  // namespace

std::vector<Pragma> pragmas_of(const Function& f) {
  const DISubprogram& s = *f.getSubprogram();
  const std::string text = source_of(s);
  SmallVector<StringRef, 0> lines;
  StringRef(text).split(lines, '\n');
  std::vector<Pragma> r;
  const std::size_t end = std::min<std::size_t>(last_line(f), lines.size());
  for (std::size_t n = s.getLine(); n <= end; n++) {
    const std::size_t first = n;
    std::string line = lines[n - 1].rtrim().str();
    for (; StringRef(line).ends_with("\\") && n < lines.size(); n++)
      line = StringRef(line).drop_back().str() + " " + lines[n].rtrim().str();
    std::optional<Pragma> p = parse(line);
    if (!p) continue;
    p->location = {s.getFilename().str(), static_cast<unsigned>(first), 1};
    r.push_back(*p);
  }
  return r;
}

std::optional<unsigned> number_in_source(const Function& f, const std::string& text) {
  unsigned number = 0;
  if (!StringRef(text).getAsInteger(0, number)) return number;
  if (!Regex("^[A-Za-z_][A-Za-z_0-9]*$").match(text)) return std::nullopt;
  const DISubprogram& s = *f.getSubprogram();
  if (const auto value = template_parameter(s, text)) return value;
  SmallVector<StringRef, 2> found;
  const Regex definition("(#define[ \t]+" + text + "[ \t]+|[ \t]" + text + "[ \t]*=[ \t]*)(0x[0-9a-fA-F]+|[0-9]+)");
  if (const std::string all = source_with_headers(s);
      definition.match(all, &found) && !found[2].getAsInteger(0, number))
    return number;
  return std::nullopt;
}

std::optional<unsigned> array_size(const Function& f, const std::string& parameter) {
  const std::string source = source_of(*f.getSubprogram());
  StringRef text = source;
  for (unsigned line = 1; line < f.getSubprogram()->getLine(); line++) text = text.split('\n').second;
  SmallVector<StringRef, 2> found;
  const Regex dimension("[^A-Za-z_0-9]" + parameter + "[ \t]*\\[[ \t]*([A-Za-z_0-9]+)[ \t]*\\]");
  if (!dimension.match(text.split('{').first, &found)) return std::nullopt;
  return number_in_source(f, found[1].str());
}

}  // namespace sapulse::hlsc
