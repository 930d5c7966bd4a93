// SPDX-License-Identifier: Apache-2.0
// Structures of the C face and the library's own types.
#pragma once

#include <cstddef>
#include <cstring>
#include <string>
#include <type_traits>
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
