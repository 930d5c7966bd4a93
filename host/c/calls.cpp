// SPDX-License-Identifier: Apache-2.0
#include "calls.h"

#include "convert.h"

namespace sapulse::c {
namespace {

thread_local std::string last_error;

}  // namespace

sapulse_status fail(sapulse_status status, std::string message) noexcept {
  last_error.swap(message);
  return status;
}

sapulse_status finish(const Result<void>& result) {
  return result ? SAPULSE_OK : fail(to_status(result.error().code), result.error().message);
}

}  // namespace sapulse::c

extern "C" const char* sapulse_last_error(void) { return sapulse::c::last_error.c_str(); }
