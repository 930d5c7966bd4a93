// SPDX-License-Identifier: Apache-2.0
#include "load_model.h"

#include <dlfcn.h>
#include <fmt/format.h>

namespace sapulse::sim {

Result<std::unique_ptr<Model>> load_model(const std::string& name, const ModelOptions& options) {
  // Found through the run path of the program or plug-in, which names the folder of the simulation's run-time library.
  const std::string file = fmt::format("libsapulse_{}.so", name);
  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    return failure(Errc::not_found,
                   fmt::format("simulation model {} cannot be loaded (built by 'make'): {}", name, dlerror()));
  }
  using MakeModel = Model* (*)(const ModelOptions&);
  const auto make = reinterpret_cast<MakeModel>(dlsym(library, "sapulse_make_model"));
  if (make == nullptr) {
    return failure(Errc::incompatible, fmt::format("{} is not a simulation model of this version", file));
  }
  return std::unique_ptr<Model>(make(options));
}

}  // namespace sapulse::sim
