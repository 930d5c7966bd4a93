// SPDX-License-Identifier: Apache-2.0
// Where the socket of a service is if the user does not say.
#pragma once

#include <string>
#include <vector>

namespace sapulse::command {

/// What the surroundings of a process say.
struct Surroundings {
  std::string runtime_directory;  ///< of systemd for a unit with RuntimeDirectory=; several are separated by colons
  std::string user_runtime_directory;  ///< XDG_RUNTIME_DIR
  bool is_root = false;

  static Surroundings of_this_process();
};

/// The folder of a service that root runs, which systemd makes with RuntimeDirectory=sapulse.
inline constexpr const char* kSystemFolder = "/run/sapulse";

/// Where `serve` makes it: in the runtime directory that systemd has given it; for root in /run/sapulse; else in that
/// of the user.
std::string place_of_service(const Surroundings& surroundings);

/// Where others look for it: the first of these that is there. The user's own service goes first.
std::vector<std::string> places_to_look(const Surroundings& surroundings);
/// The first that is there; if none is, the first.
std::string first_there(const std::vector<std::string>& places);

}  // namespace sapulse::command
