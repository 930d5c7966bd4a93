// SPDX-License-Identifier: Apache-2.0
// Structures of the C face and the library's own types.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "sapulse/error.h"
#include "sapulse/error_responder.h"
#include "sapulse/exception.h"
#include "sapulse/liveness.h"
#include "sapulse/pinger.h"
#include "sapulse/sa.h"
#include "sapulse/sapulse.h"

namespace sapulse::c {

[[nodiscard]] sapulse_status to_status(Errc code);

[[nodiscard]] Result<void> check_size(std::size_t size, std::size_t least, const char* name);
[[nodiscard]] Result<void> check_zero(std::span<const std::byte> rest, const char* name);

/// `size` of a structure of version 1, the least that may come. A structure that grows gets a value of its own here.
template <class Structure>
inline constexpr std::size_t kFirstSize = sizeof(Structure);

/// Fails unless the caller's structure, which the library is to fill, is large enough. Errors: invalid_argument.
template <class Structure>
[[nodiscard]] Result<void> check_output(const Structure* structure, const char* name) {
  return check_size(structure->size, kFirstSize<Structure>, name);
}

/// Same for one that the library is to read: what it does not know of it has to be 0.
template <class Structure>
[[nodiscard]] Result<void> check_input(const Structure* structure, const char* name) {
  return check_output(structure, name).and_then([&] {
    const auto* bytes = reinterpret_cast<const std::byte*>(structure);
    return check_zero(std::span(bytes, structure->size).subspan(std::min(structure->size, sizeof(Structure))), name);
  });
}

/// Copies as much of a structure as the caller has room for; its `size` stays what the caller has set.
template <class Structure>
void give(const Structure& from, Structure* to) {
  const std::size_t size = to->size;
  std::memcpy(to, &from, size < sizeof(Structure) ? size : sizeof(Structure));
  to->size = size;
}

/// Takes as much of a structure as the caller knows of; the rest is zero.
template <class Structure>
[[nodiscard]] Structure take(const Structure* from) {
  Structure result{};
  std::memcpy(&result, from, from->size < sizeof(Structure) ? from->size : sizeof(Structure));
  return result;
}

/// Errors: invalid_argument.
[[nodiscard]] Result<SaParameters> to_parameters(const sapulse_sa& sa);
[[nodiscard]] LivenessSettings to_settings(const sapulse_watch_settings& settings);
[[nodiscard]] sapulse_sa_info to_info(const SaInfo& sa);
[[nodiscard]] sapulse_ping_result to_result(const PingResult& result);

/// What a verdict of the error responder is called.
[[nodiscard]] const char* verdict_name(ErrorVerdict verdict);

}  // namespace sapulse::c
