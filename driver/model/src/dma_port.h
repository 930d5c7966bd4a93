// SPDX-License-Identifier: Apache-2.0
// Accesses of the card to host memory and what follows from them: status block, interrupts, the first error
// (rtl/host/status_block.sv, interrupts.sv, dma_error.sv).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "register_file.h"
#include "sapulse/model/dma_target.h"

namespace sapulse::model {

/// Every access happens at once. After one has failed, the rings stand still until the error is cleared.
class DmaPort {
 public:
  /// Told about accesses outside of the memory.
  using Fault = std::function<void(std::string message)>;
  DmaPort(RegisterFile& registers, DmaTarget& memory, Fault fault);

  void reset() { untold_ = 0; }

  /// False: the access has failed.
  bool read(std::uint64_t iova, std::span<std::byte> data, std::uint64_t cycle);
  bool write(std::uint64_t iova, std::span<const std::byte> data, std::uint64_t cycle);
  /// Writes the status block, then raises the interrupt of what it tells; after an error, once that has been cleared.
  void tell(regs::Field interrupt, std::uint64_t cycle);

  /// The interrupt ERROR.
  void raise_error();
  [[nodiscard]] bool failed() const;
  void clear_error(std::uint64_t cycle);
  [[nodiscard]] std::uint64_t last_access() const { return last_access_; }

 private:
  void raise(std::uint32_t interrupts);
  void tell_untold(std::uint64_t cycle);
  void note_access(std::uint64_t cycle);
  void note_error(bool was_write, std::uint64_t iova, std::size_t bytes);

  RegisterFile& registers_;
  DmaTarget& memory_;
  Fault fault_;
  std::uint32_t untold_ = 0;  // interrupts that wait for a status block
  std::uint64_t last_access_ = 0;
};

}  // namespace sapulse::model
