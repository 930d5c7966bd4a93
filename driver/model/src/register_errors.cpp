// SPDX-License-Identifier: Apache-2.0
#include "register_errors.h"

#include <fmt/format.h>

#include "sapulse/registers.h"

namespace sapulse::model {

Result<void> check_register(const char* what, std::uint32_t offset) {
  if (offset < regs::kWindowBytes && offset % 4 == 0) return {};
  return failure(Errc::invalid_argument,
                 fmt::format("{} register {:#x}: not a multiple of 4 below {:#x}", what, offset, regs::kWindowBytes));
}

tl::unexpected<Error> bus_error(const char* what, std::uint32_t offset) {
  return failure(Errc::device_error, fmt::format("{} register {:#06x}: bus error", what, offset));
}

}  // namespace sapulse::model
