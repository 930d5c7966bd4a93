// SPDX-License-Identifier: Apache-2.0
#include "sapulse/command.h"

#include <algorithm>

#include "descriptor.h"

namespace sapulse {
namespace {

/// Fills a field of a descriptor with bytes; what is left stays zero.
template <class Field, class Bytes>
void fill(Field field, const Bytes& bytes) {
  const auto source = std::as_bytes(std::span(bytes));
  std::copy_n(source.begin(), std::min(source.size(), field.size()), field.begin());
}

/// The fields that both halves of an SA have in common.
template <class View>
void fill_keys(View view, std::uint32_t spi, const KeyMaterial& keys) {
  view.set_spi(spi);
  view.set_aes256(keys.key.size() == 32 ? 1 : 0);
  fill(view.salt(), keys.salt.bytes());
  fill(view.key(), keys.key.bytes());
  fill(view.h(), keys.hash_powers.bytes());
}

}  // namespace

Command::Command(Opcode opcode, std::uint32_t sa) {
  const regs::Command head{std::span(bytes_)};
  head.set_opcode(opcode);
  head.set_sa(sa);
}

Command Command::nop() { return {Opcode::kNop, 0}; }

Command Command::write_in(std::uint32_t sa, std::uint32_t spi, const KeyMaterial& keys,
                          std::span<const std::uint8_t> token) {
  Command command(Opcode::kSaWriteIn, sa);
  const regs::SaWriteIn body{std::span(command.bytes_)};
  fill_keys(body, spi, keys);
  body.set_token_valid(token.empty() ? 0 : 1);
  fill(body.token(), token);
  return command;
}

Command Command::write_out(std::uint32_t sa, std::uint32_t spi, const KeyMaterial& keys, std::uint64_t next) {
  Command command(Opcode::kSaWriteOut, sa);
  const regs::SaWriteOut body{std::span(command.bytes_)};
  fill_keys(body, spi, keys);
  body.set_next(next);
  return command;
}

Command Command::write_index(const IndexSlot& slot, std::uint32_t spi, std::uint32_t sa) {
  Command command(Opcode::kIndexWrite, sa);
  const regs::IndexWrite body{std::span(command.bytes_)};
  body.set_bank(slot.bank);
  body.set_slot(slot.slot);
  body.set_bucket(slot.bucket);
  body.set_spi(spi);
  body.set_valid(1);
  return command;
}

Command Command::clear_index(const IndexSlot& slot) {
  Command command = write_index(slot, 0, 0);
  regs::IndexWrite{std::span(command.bytes_)}.set_valid(0);
  return command;
}

Command Command::read(std::uint32_t sa) { return {Opcode::kSaRead, sa}; }

Command Command::erase(std::uint32_t sa) { return {Opcode::kSaErase, sa}; }

Command Command::fence() { return {Opcode::kFence, 0}; }

Command Command::frame(std::uint64_t iova, std::uint16_t length) {
  Command command(Opcode::kFrame, 0);
  const regs::Frame body{std::span(command.bytes_)};
  body.set_address(iova);
  body.set_length(length);
  return command;
}

Command Command::raw(std::span<const std::byte, regs::kCommandBytes> descriptor) {
  Command command(Opcode::kNop, 0);
  std::ranges::copy(descriptor, command.bytes_.begin());
  return command;
}

Opcode Command::opcode() const { return regs::ConstCommand{std::span(bytes_)}.opcode(); }

std::uint32_t Command::sa() const { return regs::ConstCommand{std::span(bytes_)}.sa(); }

Completion decode_completion(std::span<const std::byte, regs::kCompletionBytes> entry) {
  const regs::ConstCompletion view{entry};
  Completion completion{
      .opcode = view.opcode(), .status = view.status(), .cookie = view.cookie(), .sa = view.sa(), .time = view.time()};
  if (completion.opcode == Opcode::kSaRead) {
    completion.window_top = view.window_top();
    completion.next = view.next();
    completion.accepted = view.accepted();
    completion.replayed = view.replayed();
    completion.rejected = view.rejected();
    completion.data_sequence = view.data_sequence();
    completion.data_sequence_valid = view.data_sequence_valid() != 0;
  } else if (completion.opcode == Opcode::kPing || completion.opcode == Opcode::kSend) {
    const regs::ConstPingCompletion sent{entry};
    completion.transaction = sent.transaction();
    completion.n = sent.n();
  }
  return completion;
}

}  // namespace sapulse
