// SPDX-License-Identifier: Apache-2.0
// How a call of the C face is made: what it throws, its errors, whose turn it is.
#pragma once

#include <exception>
#include <string>

#include "endpoint_handle.h"
#include "sapulse/error.h"
#include "sapulse/sapulse.h"
#include "shared_endpoint.h"

namespace sapulse::c {

/// Keeps the message for sapulse_last_error() and returns the status.
sapulse_status fail(sapulse_status status, std::string message) noexcept;
sapulse_status finish(const Result<void>& result);

/// Runs a function that returns Result<void>, whatever it throws.
template <class Call>
sapulse_status guarded(Call call) noexcept {
  try {
    return finish(call());
  } catch (const std::exception& error) {
    return fail(SAPULSE_INTERNAL, error.what());
  } catch (...) {
    return fail(SAPULSE_INTERNAL, "unknown exception");
  }
}

/// Same, with an endpoint that is shared. `arguments`: whether the pointers that must not be NULL are not.
template <class Call>
sapulse_status on_shared(sapulse_endpoint* handle, bool arguments, Call call) noexcept {
  if (handle == nullptr || !arguments) return fail(SAPULSE_INVALID_ARGUMENT, "an argument is NULL");
  return guarded([&] { return call(handle->shared); });
}

/// Same, with the endpoint taken.
template <class Call>
sapulse_status on_endpoint(sapulse_endpoint* handle, bool arguments, Call call) noexcept {
  return on_shared(handle, arguments, [&](SharedEndpoint& shared) { return shared.use(call); });
}

}  // namespace sapulse::c
