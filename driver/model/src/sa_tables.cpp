// SPDX-License-Identifier: Apache-2.0
#include "sa_tables.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <span>

#include "crc.h"

namespace sapulse::model {
namespace {

constexpr std::array<CrcTable, regs::kIndexBanks> kHashes{CrcTable(regs::kHashPoly0), CrcTable(regs::kHashPoly1)};

template <int W>
ap_uint<W> load(std::span<const std::byte> bytes) {
  static_assert(W % 8 == 0 && sizeof(ap_uint<W>) >= W / 8);
  ap_uint<W> value = 0;
  std::memcpy(static_cast<void*>(&value), bytes.data(), W / 8);
  return value;
}

/// Both halves of an SA have their key material at the same place.
template <class Half>
key_t key_material(const Half& half) {
  const std::span<const std::byte> h = half.h();
  return {load<256>(half.key()),        half.aes256(),
          load<32>(half.salt()),        load<128>(h.subspan(0, 16)),
          load<128>(h.subspan(16, 16)), load<128>(h.subspan(32, 16)),
          load<128>(h.subspan(48, 16))};
}

}  // namespace

Window::Window(std::uint64_t top) : active(true), top(top) {
  if (top != 0) seen.set();
}

bool Window::fresh(std::uint64_t n) const {
  if (n == 0) return false;
  if (n > top) return true;
  return top - n < wire::replay_window && !seen[n % wire::replay_window];
}

void Window::mark(std::uint64_t n) {
  if (n > top) {
    if (n - top >= wire::replay_window) {
      seen.reset();
    } else {
      for (std::uint64_t skipped = top + 1; skipped < n; ++skipped) seen.reset(skipped % wire::replay_window);
    }
    top = n;
  }
  seen.set(n % wire::replay_window);
}

bool Window::judge(std::uint64_t n, bool good) {
  if (!active) return false;
  if (!good) {
    ++rejected;
    return false;
  }
  if (!fresh(n)) {
    ++replayed;
    return false;
  }
  mark(n);
  ++accepted;
  return true;
}

void DataSequence::note(std::uint32_t next) {
  if (seen && (next - number) >> 31 != 0) return;
  seen = true;
  number = next;
}

bool Association::moved(const record_t& record) const {
  if (!path) return false;
  const auto port = [](const auto& encapsulation, const auto& number) {
    return encapsulation == ENCAP_UDP ? number.to_uint() : 0;
  };
  return path->l3.src != record.l3.src || port(path->encap, path->sport) != port(record.l4.encap, record.l4.sport);
}

std::optional<std::uint64_t> Association::take_number() {
  if (!sendable) return std::nullopt;
  sendable = next != std::numeric_limits<std::uint64_t>::max();
  return next++;
}

SaTables::SaTables(unsigned capacity) : associations_(capacity), slots_(std::size_t{capacity} * regs::kIndexSlots) {}

void SaTables::clear() {
  std::ranges::fill(associations_, Association{});
  std::ranges::fill(slots_, Slot{});
}

SaTables::Slot& SaTables::slot(std::size_t bank, std::size_t bucket, std::size_t slot) {
  return slots_[(bank * buckets() + bucket) * regs::kIndexSlots + slot];
}

std::size_t SaTables::hash(std::size_t bank, std::uint32_t spi) const {
  return kHashes[bank].of(big_endian<4>(spi)) % buckets();
}

std::optional<std::uint32_t> SaTables::find(std::uint32_t spi) const {
  for (std::size_t bank = 0; bank < regs::kIndexBanks; ++bank) {
    const std::size_t first = (bank * buckets() + hash(bank, spi)) * regs::kIndexSlots;
    for (std::size_t i = first; i < first + regs::kIndexSlots; ++i) {
      if (slots_[i].used && slots_[i].spi == spi) return slots_[i].sa;
    }
  }
  return std::nullopt;
}

regs::Status SaTables::execute(regs::ConstCommand command, regs::Completion completion) {
  using regs::Opcode;
  using regs::Status;
  const Opcode opcode = command.opcode();
  const bool bad_sa = command.sa() >= capacity();
  switch (opcode) {
    case Opcode::nop:
      return Status::ok;
    case Opcode::sa_write_in:
      return bad_sa ? Status::bad_sa : write_in(regs::ConstSaWriteIn(command.bytes()));
    case Opcode::sa_write_out:
      return bad_sa ? Status::bad_sa : write_out(regs::ConstSaWriteOut(command.bytes()));
    case Opcode::path_write:
      return bad_sa ? Status::bad_sa : write_path(regs::ConstPathWrite(command.bytes()));
    case Opcode::index_write:
      return bad_sa ? Status::bad_sa : write_index(regs::ConstIndexWrite(command.bytes()));
    case Opcode::sa_admin: {
      const std::uint8_t down = regs::ConstSaAdmin(command.bytes()).down();
      if (bad_sa) return Status::bad_sa;
      if (down > 1) return Status::bad_argument;
      associations_[command.sa()].down = down != 0;
      return Status::ok;
    }
    case Opcode::sa_read:
      if (bad_sa) return Status::bad_sa;
      read(command.sa(), completion);
      return Status::ok;
    case Opcode::sa_erase:
      if (bad_sa) return Status::bad_sa;
      associations_[command.sa()] = {};
      return Status::ok;
    default:
      return Status::bad_opcode;
  }
}

regs::Status SaTables::write_in(regs::ConstSaWriteIn command) {
  if (command.aes256() > 1 || command.token_valid() > 1) return regs::Status::bad_argument;
  Association& sa = associations_[command.sa()];
  sa.in_key = key_material(command);
  sa.token = load<128>(command.token());
  sa.token_nonce = load<64>(command.token_nonce());
  sa.token_valid = command.token_valid() != 0;
  sa.window = Window(command.window_top());
  sa.down = false;
  sa.data = {};
  return regs::Status::ok;
}

regs::Status SaTables::write_out(regs::ConstSaWriteOut command) {
  if (command.aes256() > 1 || command.next() == 0) return regs::Status::bad_argument;
  Association& sa = associations_[command.sa()];
  sa.out_key = key_material(command);
  sa.out_spi = command.spi();
  sa.next = command.next();
  sa.sendable = true;
  return regs::Status::ok;
}

regs::Status SaTables::write_path(regs::ConstPathWrite command) {
  if (is_bad(command)) return regs::Status::bad_argument;
  std::optional<header_job>& path = associations_[command.sa()].path;
  path.reset();
  if (command.valid() != 0) path = make_path(command);
  return regs::Status::ok;
}

regs::Status SaTables::write_index(regs::ConstIndexWrite command) {
  if (command.bank() >= regs::kIndexBanks || command.slot() >= regs::kIndexSlots || command.bucket() >= buckets()) {
    return regs::Status::bad_sa;
  }
  if (command.valid() > 1) return regs::Status::bad_argument;
  Slot& entry = slot(command.bank(), command.bucket(), command.slot());
  entry = command.valid() != 0 ? Slot{true, command.spi(), command.sa()} : Slot{};
  return regs::Status::ok;
}

void SaTables::read(std::uint32_t number, regs::Completion completion) {
  const Association& sa = associations_[number];
  completion.set_window_top(sa.window.top);
  completion.set_next(sa.next);
  completion.set_accepted(sa.window.accepted);
  completion.set_replayed(sa.window.replayed);
  completion.set_rejected(sa.window.rejected);
  completion.set_data_sequence(sa.data.number);
  completion.set_data_sequence_valid(sa.data.seen ? 1 : 0);
}

}  // namespace sapulse::model
