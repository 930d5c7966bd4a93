// SPDX-License-Identifier: Apache-2.0
#include "model_loader.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "models.h"

// Of the model that is linked in; each library has one of its own.
extern "C" sapulse::sim::Model* sapulse_make_model(const sapulse::sim::ModelOptions& options);

namespace sapulse::sim {
namespace {

using Factory = decltype(&sapulse_make_model);

Result<Factory> load(const char* name) {
  std::error_code status;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", status);
  const auto file = program.parent_path().parent_path() / "lib" / name;
  if (!std::filesystem::exists(file, status)) {
    return failure(Errc::not_found,
                   fmt::format("{}: this model of the card has not been built; run make", file.string()));
  }
  // Never closed: models may live as long as the program.
  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* symbol = library == nullptr ? nullptr : dlsym(library, "sapulse_make_model");
  if (symbol == nullptr) return failure(Errc::not_found, dlerror());
  return reinterpret_cast<Factory>(symbol);
}

}  // namespace

std::vector<unsigned> model_capacities() {
  std::vector<unsigned> capacities;
  for (const ModelEntry& model : models) capacities.push_back(model.sa_capacity);
  return capacities;
}

Result<std::unique_ptr<Model>> make_model(unsigned sa_capacity, const ModelOptions& options) {
  const auto* entry = std::ranges::find(models, sa_capacity, &ModelEntry::sa_capacity);
  if (entry == models.end()) {
    return failure(Errc::invalid_argument, fmt::format("SA capacity {} has no model; there are {}", sa_capacity,
                                                       fmt::join(model_capacities(), ", ")));
  }
  const bool traced = !options.trace.empty();
  if (traced && entry->traced_library == nullptr) {
    return failure(Errc::invalid_argument, fmt::format("the model of {} SAs cannot write a trace", sa_capacity));
  }
  const char* library = traced ? entry->traced_library : entry->library;
  if (library == nullptr) return std::unique_ptr<Model>(sapulse_make_model(options));
  const auto factory = load(library);
  if (!factory) return tl::unexpected(factory.error());
  return std::unique_ptr<Model>((*factory)(options));
}

}  // namespace sapulse::sim
