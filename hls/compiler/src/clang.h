// SPDX-License-Identifier: Apache-2.0
// The C++ front end: clang, run as a program.
#pragma once

#include <string>
#include <vector>

namespace sapulse::hlsc {

/// Whether a file is C++ source, by its name; everything else is taken for bitcode.
bool is_source(const std::string& file);

/// A path that is the same in another working directory.
std::string absolute(const std::string& path);

/// What hlsc needs of its own.
enum class Resource {
  include,  ///< headers of kernels
  library,  ///< run-time modules
  cosim,    ///< headers of co-simulations
};
/// Its folder: beside an installed hlsc (<prefix>/bin), or in the source tree.
std::string resource_folder(Resource resource);

/// HLSC_CLANG of the environment, or the clang of the LLVM that hlsc was built with.
std::string find_clang();

/// Whether a function's name is that of a template's instance.
inline bool is_instance(const std::string& name) { return name.find('<') != std::string::npos; }

/// Variable that points to the template instance that Bitcode was asked for.
inline constexpr const char kInstance[] = "__hlsc_instance";

/// Compiles a source file to a temporary file with bitcode, and removes that in the end. Throws Error if clang is not
/// to be found or refuses the file; clang's own messages go to standard error.
class Bitcode {
 public:
  /// @param options of clang: -I and -D
  /// @param instance of a function template, "f<8>", that is needed whether the source uses it or not; or empty
  Bitcode(const std::string& source, const std::vector<std::string>& options, const std::string& instance = "");
  ~Bitcode();
  Bitcode(const Bitcode&) = delete;
  Bitcode& operator=(const Bitcode&) = delete;
  const std::string& file() const { return file_; }

 private:
  std::string file_;
};

}  // namespace sapulse::hlsc
