// SPDX-License-Identifier: Apache-2.0
// The machine's chipset through QEMU's qtest protocol.
#pragma once

#include <string>
#include <string_view>

#include "chipset.h"

namespace sapulse::sim {

/// Each call waits for QEMU's main loop: never from where that waits for us. Not thread-safe.
class QtestChipset final : public Chipset {
 public:
  /// `socket` stays the caller's.
  explicit QtestChipset(int socket) : socket_(socket) {}

  std::uint32_t read32(std::uint64_t address) override;
  std::uint64_t read64(std::uint64_t address) override;
  void write32(std::uint64_t address, std::uint32_t value) override;
  void set_line(unsigned input, bool level) override;

 private:
  /// What follows "OK" in the answer; empty when QEMU refuses or is gone.
  std::string command(std::string_view text);
  bool read_line(std::string& line);

  int socket_;
  std::string received_;
};

}  // namespace sapulse::sim
