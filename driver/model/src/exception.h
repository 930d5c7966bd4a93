// SPDX-License-Identifier: Apache-2.0
// Exceptions as they stand in host memory (rtl/datapath/exception_builder.sv).
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "host_rings.h"
#include "sapulse_payloads.h"

namespace sapulse::model {

/// What an exception is about.
struct ExceptionSubject {
  const record_t& record;
  regs::Cause cause;
  std::size_t frame_length;
  std::uint64_t received;           ///< clock, ns
  std::optional<std::uint32_t> sa;  ///< set: about an opened packet
};

/// `snapshot`: the frame, the opened packet up to its ICV, or nothing. The field count is left 0.
ExceptionBytes make_exception(const ExceptionSubject& subject, std::span<const std::byte> snapshot);

}  // namespace sapulse::model
