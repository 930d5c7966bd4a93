// SPDX-License-Identifier: Apache-2.0
#include "proven_reset.h"

#include <fmt/format.h>

namespace sapulse {
namespace {

/// Neither 0 nor what the bus reads where nobody answers.
constexpr std::uint32_t kMark = 0x5a5a'0f0f;

}  // namespace

Result<void> reset_with_proof(const std::string& card, const ScratchRegister& scratch,
                              const std::function<Result<void>()>& reset) {
  scratch.write(kMark);
  if (const std::uint32_t kept = scratch.read(); kept != kMark) {
    return failure(Errc::device_error,
                   fmt::format("{}: register SCRATCH reads {:#010x} after a write of {:#010x}", card, kept, kMark));
  }
  if (auto done = reset(); !done) return done;
  const std::uint32_t left = scratch.read();
  if (left == 0) return {};
  return failure(
      Errc::incompatible,
      fmt::format("{}: a reset does not reach the card: register SCRATCH reads {:#010x} after it", card, left));
}

}  // namespace sapulse
