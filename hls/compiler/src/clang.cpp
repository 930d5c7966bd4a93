// SPDX-License-Identifier: Apache-2.0
#include "clang.h"

#include <array>
#include <cstdlib>
#include <fstream>

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

namespace {

std::string temporary_file(const char* extension) {
  llvm::SmallString<128> name;
  if (llvm::sys::fs::createTemporaryFile("hlsc", extension, name)) fail("cannot make a temporary file");
  return name.str().str();
}

void remove(const std::string& file) {
  // If it cannot be removed, it stays behind in the folder for temporary ones.
  [[maybe_unused]] const std::error_code unremoved = llvm::sys::fs::remove(file);
}

/// Writes a source that uses an instance, so that clang makes it; to be read behind that of the template.
std::string write_user_of(const std::string& instance) {
  std::string file = temporary_file("cpp");
  std::ofstream(file) << "#line 1 \"--top\"\n__attribute__((used)) auto* hlsc_instance asm(\"" << kInstance << "\") = &"
                      << instance << ";\n";
  return file;
}

}  // namespace

Bitcode::Bitcode(const std::string& source, const std::vector<std::string>& options, const std::string& instance) {
  const std::string clang = find_clang();
  file_ = temporary_file("bc");
  std::vector<std::string> words = {clang};
  llvm::SmallVector<llvm::StringRef, 32> flags;
  llvm::StringRef(HLSC_CLANG_FLAGS).split(flags, ' ');
  for (llvm::StringRef f : flags) words.push_back(f.str());
  words.push_back("-I" + resource_folder(Resource::include));
  words.insert(words.end(), options.begin(), options.end());
  for (const char* word : {"-emit-llvm", "-c"}) words.emplace_back(word);
  const std::string user = instance.empty() ? "" : write_user_of(instance);
  if (!user.empty()) words.insert(words.end(), {"-include", source});
  words.insert(words.end(), {user.empty() ? source : user, "-o", file_});
  const std::vector<llvm::StringRef> arguments(words.begin(), words.end());
  const int code = llvm::sys::ExecuteAndWait(clang, arguments);
  if (!user.empty()) remove(user);
  if (code == 0) return;
  remove(file_);
  if (code == -1) fail("cannot run '" + clang + "'; HLSC_CLANG names clang++ of LLVM 19");
  fail("clang refuses '" + source + (instance.empty() ? "'" : "' with '" + instance + "'"));
}

Bitcode::~Bitcode() { remove(file_); }

}  // namespace sapulse::hlsc
