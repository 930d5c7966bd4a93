// SPDX-License-Identifier: Apache-2.0
#include "clang.h"

#include <array>
#include <cstdlib>

#include "diagnostics.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

namespace sapulse::hlsc {

std::string find_clang() {
  const char* given = std::getenv("HLSC_CLANG");
  const std::string name = given ? given : HLSC_DEFAULT_CLANG;
  const auto found = llvm::sys::findProgramByName(name);
  return found ? *found : name;
}

std::string resource_folder(Resource resource) {
  struct Place {
    const char *installed, *source;
  };
  static constexpr std::array<Place, 3> kPlaces = {
      {{"include", HLSC_INCLUDE_FOLDER}, {"lib", HLSC_LIBRARY_FOLDER}, {"cosim", HLSC_COSIM_FOLDER}}};
  static int anchor = 0;
  const Place& place = kPlaces[static_cast<std::size_t>(resource)];
  llvm::SmallString<128> folder(
      llvm::sys::path::parent_path(llvm::sys::path::parent_path(llvm::sys::fs::getMainExecutable("hlsc", &anchor))));
  llvm::sys::path::append(folder, "share", "hlsc", place.installed);
  return llvm::sys::fs::is_directory(folder) ? folder.str().str() : place.source;
}

std::string absolute(const std::string& path) {
  llvm::SmallString<128> text(path);
  // Without a working directory the path stays as it is.
  [[maybe_unused]] const std::error_code unknown = llvm::sys::fs::make_absolute(text);
  return text.str().str();
}

bool is_source(const std::string& file) {
  static constexpr std::array<llvm::StringRef, 5> kExtensions = {".cpp", ".cc", ".cxx", ".c++", ".C"};
  return llvm::is_contained(kExtensions, llvm::sys::path::extension(file));
}

Bitcode::Bitcode(const std::string& source, const std::vector<std::string>& options) {
  const std::string clang = find_clang();
  llvm::SmallString<128> temporary;
  if (llvm::sys::fs::createTemporaryFile("hlsc", "bc", temporary)) fail("cannot make a temporary file");
  file_ = temporary.str().str();
  std::vector<std::string> words = {clang};
  llvm::SmallVector<llvm::StringRef, 32> flags;
  llvm::StringRef(HLSC_CLANG_FLAGS).split(flags, ' ');
  for (llvm::StringRef f : flags) words.push_back(f.str());
  words.push_back("-I" + resource_folder(Resource::include));
  words.insert(words.end(), options.begin(), options.end());
  for (const char* word : {"-emit-llvm", "-c"}) words.emplace_back(word);
  words.insert(words.end(), {source, "-o", file_});
  const std::vector<llvm::StringRef> arguments(words.begin(), words.end());
  const int code = llvm::sys::ExecuteAndWait(clang, arguments);
  if (code == 0) return;
  remove();
  if (code == -1) fail("cannot run '" + clang + "'; HLSC_CLANG names clang++ of LLVM 19");
  fail("clang refuses '" + source + "'");
}

Bitcode::~Bitcode() { remove(); }

void Bitcode::remove() {
  // If it cannot be removed, a file stays behind in the folder for temporary ones.
  [[maybe_unused]] const std::error_code unremoved = llvm::sys::fs::remove(file_);
}

}  // namespace sapulse::hlsc
