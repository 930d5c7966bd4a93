// SPDX-License-Identifier: Apache-2.0
#include "socket_place.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace sapulse::command {
namespace {

std::string in(const std::string& folder) { return folder + "/sapulse.sock"; }

std::string environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread
  return value != nullptr ? value : "";
}

}  // namespace

Surroundings Surroundings::of_this_process() {
  return {.runtime_directory = environment("RUNTIME_DIRECTORY"),
          .user_runtime_directory = environment("XDG_RUNTIME_DIR"),
          .is_root = ::geteuid() == 0};
}

std::string place_of_service(const Surroundings& surroundings) {
  const std::string& given = surroundings.runtime_directory;
  if (!given.empty()) return in(given.substr(0, given.find(':')));
  if (surroundings.is_root || surroundings.user_runtime_directory.empty()) return in(kSystemFolder);
  return in(surroundings.user_runtime_directory);
}

std::vector<std::string> places_to_look(const Surroundings& surroundings) {
  std::vector<std::string> places;
  if (!surroundings.user_runtime_directory.empty()) places.push_back(in(surroundings.user_runtime_directory));
  places.push_back(in(kSystemFolder));
  return places;
}

std::string first_there(const std::vector<std::string>& places) {
  for (const std::string& place : places) {
    std::error_code none;
    if (std::filesystem::is_socket(place, none)) return place;
  }
  return places.front();
}

}  // namespace sapulse::command
