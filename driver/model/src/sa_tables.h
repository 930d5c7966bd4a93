// SPDX-License-Identifier: Apache-2.0
// SPI index, key material, replay windows and sequence numbers of all SAs (rtl/sa).
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <vector>

#include "path.h"
#include "sapulse/registers.h"
#include "sapulse_payloads.h"
#include "sapulse_wire.h"

namespace sapulse::model {

/// Replay window over the control sequence number n (RFC 4303 section 3.4.3) with the counters of its SA.
struct Window {
  bool active = false;
  std::uint64_t top = 0;
  std::bitset<wire::replay_window> seen;  ///< bit n mod 128
  std::uint32_t accepted = 0;
  std::uint32_t replayed = 0;
  std::uint32_t rejected = 0;

  Window() = default;
  /// Of an SA that is installed: all numbers up to `top` count as accepted.
  explicit Window(std::uint64_t top);

  /// One opened packet; `good`: authentic and well-formed. True: it is fresh, and counts from now on.
  bool judge(std::uint64_t n, bool good);

 private:
  [[nodiscard]] bool fresh(std::uint64_t n) const;
  void mark(std::uint64_t n);
};

/// Highest customer sequence number, in the serial-number arithmetic of RFC 1982.
struct DataSequence {
  bool seen = false;
  std::uint32_t number = 0;

  void note(std::uint32_t next);
};

/// One SA. Keys never leave the tables but for the kernels.
struct Association {
  key_t in_key{};
  ap_uint<128> token = 0;
  ap_uint<64> token_nonce = 0;
  bool token_valid = false;
  bool down = false;  ///< administratively
  Window window;
  DataSequence data;
  key_t out_key{};
  std::uint32_t out_spi = 0;
  bool sendable = false;  ///< an outbound half is written and its numbers are not used up
  std::uint64_t next = 0;
  std::optional<header_job> path;  ///< without one, the card asks nothing

  /// Gives the next control sequence number out; nothing if there is none left.
  std::optional<std::uint64_t> take_number();
};

class SaTables {
 public:
  explicit SaTables(unsigned capacity);

  /// Everything zero, as after reset.
  void clear();
  [[nodiscard]] unsigned capacity() const { return static_cast<unsigned>(associations_.size()); }
  /// Number of the SA that the index has for an inbound SPI.
  [[nodiscard]] std::optional<std::uint32_t> find(std::uint32_t spi) const;
  Association& operator[](std::uint32_t number) { return associations_[number]; }

  /// Carries out a command about SAs, but for FENCE; fills in what SA_READ answers.
  regs::Status execute(regs::ConstCommand command, regs::Completion completion);

 private:
  struct Slot {
    bool used = false;
    std::uint32_t spi = 0;
    std::uint32_t sa = 0;
  };

  [[nodiscard]] std::size_t buckets() const { return associations_.size() / regs::kIndexBanks; }
  Slot& slot(std::size_t bank, std::size_t bucket, std::size_t slot);
  [[nodiscard]] std::size_t hash(std::size_t bank, std::uint32_t spi) const;
  regs::Status write_in(regs::ConstSaWriteIn command);
  regs::Status write_out(regs::ConstSaWriteOut command);
  regs::Status write_path(regs::ConstPathWrite command);
  regs::Status write_index(regs::ConstIndexWrite command);
  void read(std::uint32_t number, regs::Completion completion);

  std::vector<Association> associations_;
  std::vector<Slot> slots_;
};

}  // namespace sapulse::model
