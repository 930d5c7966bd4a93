// SPDX-License-Identifier: Apache-2.0
// Drives the Verilated sa_tables: clock, command descriptors, packed outputs as numbers and byte strings.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "Vsa_tables_bench.h"
#include "random_source.h"
#include "sapulse/registers.h"
#include "verilated.h"

namespace sapulse::test {

constexpr unsigned kLookupLatency = 5;  // sa_pkg::LOOKUP_LATENCY
constexpr unsigned kInKeyLatency = 2;   // sa_pkg::IN_KEY_LATENCY
constexpr unsigned kEnterMargin = 64;   // sa_pkg::ENTER_MARGIN
constexpr unsigned kLeavePorts = 6;     // sa_pkg::LEAVE_PORTS
constexpr unsigned kReplyLatency = 3;

using Descriptor = std::array<std::byte, 256>;
using Completion = std::array<std::byte, 64>;

/// Bits [lsb + width - 1 : lsb] of a wide Verilated port; width at most 64.
template <class Wide>
std::uint64_t bits(const Wide& wide, unsigned lsb, unsigned width) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < width; ++i) {
    value |= std::uint64_t{(wide[(lsb + i) / 32] >> ((lsb + i) % 32)) & 1u} << i;
  }
  return value;
}

/// Byte string at bits [lsb + 8 * Size - 1 : lsb].
template <std::size_t Size, class Wide>
std::array<std::byte, Size> bytes(const Wide& wide, unsigned lsb) {
  std::array<std::byte, Size> result;
  for (std::size_t i = 0; i < Size; ++i) result[i] = static_cast<std::byte>(bits(wide, lsb + 8 * i, 8));
  return result;
}

/// sapulse_pkg::key_t
struct Key {
  std::array<std::byte, 32> key{};
  bool aes256 = false;
  std::array<std::byte, 4> salt{};
  std::array<std::byte, 64> h{};

  bool operator==(const Key&) const = default;
};

template <class Wide>
Key key_at(const Wide& wide, unsigned lsb) {
  return {bytes<32>(wide, lsb), bits(wide, lsb + 256, 1) != 0, bytes<4>(wide, lsb + 257), bytes<64>(wide, lsb + 289)};
}

/// sa_pkg::reply_ctx_t
struct Context {
  bool usable = false;
  std::uint32_t spi = 0;
  Key key;
  std::uint64_t n = 0;
  std::array<std::byte, 16> token{};
  std::array<std::byte, 8> token_nonce{};
  bool token_valid = false;
  std::uint32_t data_sequence = 0;
  bool data_sequence_valid = false;

  bool operator==(const Context&) const = default;
};

/// What a host would write for one SA.
struct Halves {
  std::uint32_t in_spi = 0;
  Key in;
  std::array<std::byte, 16> token{};
  std::array<std::byte, 8> token_nonce{};
  bool token_valid = false;
  std::uint64_t window_top = 0;
  std::uint32_t out_spi = 0;
  Key out;
  std::uint64_t next = 1;
};

Key random_key(RandomSource& random);
Halves random_halves(RandomSource& random);

Descriptor make_command(regs::Opcode opcode, std::uint32_t sa = 0);
Descriptor make_write_in(std::uint32_t sa, const Halves& halves);
Descriptor make_write_out(std::uint32_t sa, const Halves& halves);

struct Slot {
  unsigned bank;
  unsigned bucket;
  unsigned slot;
};
Descriptor make_index_write(const Slot& slot, bool valid, std::uint32_t spi, std::uint32_t sa);
/// A valid path of random content.
Descriptor make_path(std::uint32_t sa, RandomSource& random);

/// Reflected CRC bit by bit, without final inversion.
std::uint32_t crc(std::uint32_t polynomial, std::uint32_t initial, std::span<const std::uint8_t> data);
std::array<std::uint8_t, 4> big_endian(std::uint32_t spi);
/// Bucket of an SPI in a bank of the index.
unsigned bucket_of(unsigned bank, std::uint32_t spi);

/// The device under test with its clock. A test sets inputs, calls tick() and looks at outputs. In each cycle drive()
/// may set inputs, then the outputs settle, observe() looks at them, then comes the clock edge. Memories and registers
/// wake up with random contents.
class SaBench : public ::testing::Test {
 protected:
  SaBench();
  ~SaBench() override;

  void reset();
  void tick();
  void ticks(unsigned count) {
    for (unsigned i = 0; i < count; ++i) tick();
  }
  virtual void drive() {}
  virtual void observe() {}

  /// Offers a command; it is in progress until the completion has come.
  void start(const Descriptor& descriptor);
  bool in_progress() const { return in_progress_; }
  /// Starts a command and waits for the completion; fails the test after `limit` cycles.
  Completion run(const Descriptor& descriptor, unsigned limit = 1000);
  /// Expects the status.
  Completion run(const Descriptor& descriptor, regs::Status status);

  /// One question each, answer awaited.
  struct Found {
    bool found;
    std::uint32_t sa;
    bool epoch;
  };
  Found lookup(std::uint32_t spi);
  Key in_key(std::uint32_t sa);
  Context reply(std::uint32_t sa);
  bool verdict(std::uint32_t sa, std::uint64_t n, bool ok = true);
  void data(std::uint32_t sa, std::uint32_t sequence);
  Context context_now() const;

  RandomSource random_;
  std::unique_ptr<Vsa_tables_bench> dut_;
  std::uint64_t cycle_ = 0;
  Completion completion_{};  ///< the last one

 private:
  void take_completion();

  bool in_progress_ = false;
  std::uint8_t opcode_ = 0;
  std::uint32_t cookie_ = 0;
  std::uint32_t sa_ = 0;
};

}  // namespace sapulse::test
