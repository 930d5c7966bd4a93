// SPDX-License-Identifier: Apache-2.0
// Exception ring.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "register_access.h"
#include "sapulse/error.h"
#include "sapulse/exception.h"
#include "status_block.h"

namespace sapulse {

/// The ring that the card fills with exceptions.
class ExceptionRing {
 public:
  /// Allocates a ring of `entries` (a power of two) and tells the card where it is; the caller enables it.
  /// Errors: no_space, device_error.
  static Result<std::unique_ptr<ExceptionRing>> create(RegisterAccess& registers, StatusBlock& status,
                                                       unsigned entries);

  /// Number of exceptions that wait. Errors: device_error (more than the ring holds).
  Result<std::uint32_t> waiting();
  /// Takes those that wait and gives their slots back. Errors: device_error (doorbell, or an entry that makes no
  /// sense).
  Result<std::vector<Exception>> take();

 private:
  ExceptionRing(RegisterAccess& registers, StatusBlock& status, unsigned entries, std::unique_ptr<DmaBuffer> memory)
      : registers_(registers), status_(status), entries_(entries), memory_(std::move(memory)) {}

  RegisterAccess& registers_;
  StatusBlock& status_;
  unsigned entries_;
  std::unique_ptr<DmaBuffer> memory_;
  std::uint32_t consumer_ = 0;  ///< exceptions taken so far, modulo 2^32
};

}  // namespace sapulse
