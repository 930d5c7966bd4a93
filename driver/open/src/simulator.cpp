// SPDX-License-Identifier: Apache-2.0
#include "sapulse/simulator.h"

#include <dlfcn.h>
#include <fmt/format.h>

namespace sapulse {
namespace {

struct Plugin {
  void* handle;
  std::string why_not;  ///< if there is no handle
};

/// Found through the run path of the library that this is part of, which names its own folder.
Plugin load() {
  void* handle = dlopen(SAPULSE_SIMULATOR, RTLD_NOW | RTLD_LOCAL);
  return {handle, handle == nullptr ? dlerror() : ""};  // NOLINT(concurrency-mt-unsafe): glibc keeps one per thread
}

}  // namespace

Result<const void*> simulator_symbol(const char* name) {
  static const Plugin plugin = load();
  if (plugin.handle == nullptr) {
    return failure(
        Errc::not_found,
        fmt::format("the simulator is not installed ('make all' in sapulse's sources builds it): {}", plugin.why_not));
  }
  const void* symbol = dlsym(plugin.handle, name);
  if (symbol != nullptr) return symbol;
  return failure(Errc::not_found, fmt::format(SAPULSE_SIMULATOR " is not a simulator of this version: no {}", name));
}

}  // namespace sapulse
