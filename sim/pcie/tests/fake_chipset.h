// SPDX-License-Identifier: Apache-2.0
// A machine for the tests: an IOMMU's registers, and memory for its tables.
#pragma once

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <map>
#include <span>
#include <vector>

#include "chipset.h"
#include "guest_memory.h"

namespace sapulse::sim {

inline constexpr std::uint64_t kIommuUnit = 0xfed90000;

class FakeChipset final : public Chipset {
 public:
  std::uint32_t read32(std::uint64_t address) override { return static_cast<std::uint32_t>(read64(address)); }
  std::uint64_t read64(std::uint64_t address) override {
    ++reads;
    return registers[address];
  }
  void write32(std::uint64_t address, std::uint32_t value) override { written.emplace_back(address, value); }
  void set_line(unsigned input, bool level) override { lines[input] = level; }

  std::map<std::uint64_t, std::uint64_t> registers;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> written;
  std::map<unsigned, bool> lines;
  unsigned reads = 0;
};

/// Guest memory of 1 MiB at an address, with tables that map one I/O virtual page.
class FakeGuest {
 public:
  static constexpr std::uint64_t kBase = 0x4000'0000;
  static constexpr std::uint64_t kBytes = 1 << 20;
  static constexpr std::uint8_t kFunction = 4 << 3;

  FakeGuest() : file_(memfd_create("guest", MFD_CLOEXEC)) {
    EXPECT_EQ(ftruncate(file_, kBytes), 0);
    memory.replace({{kBase, kBytes, 0, file_}});
    chipset.registers[kIommuUnit + 0x1c] = 1U << 31;
    chipset.registers[kIommuUnit + 0x20] = table(0);
  }
  ~FakeGuest() { close(file_); }
  FakeGuest(const FakeGuest&) = delete;
  FakeGuest& operator=(const FakeGuest&) = delete;

  static std::uint64_t table(unsigned number) { return kBase + 4096 * std::uint64_t{number}; }
  void put(std::uint64_t address, std::uint64_t value) {
    EXPECT_TRUE(memory.write(address, std::as_bytes(std::span(&value, 1))));
  }
  /// Root and context entry for three levels (39 bits), tables 2, 3, 4.
  void connect() {
    put(table(0), table(1) | 1);
    put(table(1) + 16 * kFunction, table(2) | 1);
    put(table(1) + 16 * kFunction + 8, 1);
  }
  /// `rights`: 1 readable, 2 writable.
  void map(std::uint64_t iova, std::uint64_t physical, std::uint64_t rights) {
    put(table(2) + 8 * (iova >> 30 & 511), table(3) | 3);
    put(table(3) + 8 * (iova >> 21 & 511), table(4) | 3);
    put(table(4) + 8 * (iova >> 12 & 511), physical | rights);
  }

  FakeChipset chipset;
  GuestMemory memory;

 private:
  int file_;
};

}  // namespace sapulse::sim
