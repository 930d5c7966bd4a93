// SPDX-License-Identifier: Apache-2.0
#include "sapulse/command.h"

#include <algorithm>

#include "descriptor.h"
#include "probe_time.h"

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

Command Command::nop() { return {Opcode::nop, 0}; }

Command Command::write_in(std::uint32_t sa, std::uint32_t spi, const KeyMaterial& keys,
                          const std::optional<CrashToken>& token, std::uint64_t window_top) {
  Command command(Opcode::sa_write_in, sa);
  const regs::SaWriteIn body{std::span(command.bytes_)};
  fill_keys(body, spi, keys);
  body.set_window_top(window_top);
  if (!token) return command;
  body.set_token_valid(1);
  fill(body.token(), token->token);
  fill(body.token_nonce(), token->nonce);
  return command;
}

Command Command::write_out(std::uint32_t sa, std::uint32_t spi, const KeyMaterial& keys, std::uint64_t next) {
  Command command(Opcode::sa_write_out, sa);
  const regs::SaWriteOut body{std::span(command.bytes_)};
  fill_keys(body, spi, keys);
  body.set_next(next);
  return command;
}

Command Command::write_index(const IndexSlot& slot, std::uint32_t spi, std::uint32_t sa) {
  Command command(Opcode::index_write, sa);
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

Command Command::read(std::uint32_t sa) { return {Opcode::sa_read, sa}; }

Command Command::erase(std::uint32_t sa) { return {Opcode::sa_erase, sa}; }

Command Command::fence() { return {Opcode::fence, 0}; }

Command Command::frame(std::uint64_t iova, std::uint16_t length) {
  Command command(Opcode::frame, 0);
  const regs::Frame body{std::span(command.bytes_)};
  body.set_address(iova);
  body.set_length(length);
  return command;
}

Command Command::write_path(std::uint32_t sa, const Path& path, const IpAddress& own, const IpAddress& peer,
                            const TokenNonce& nonce) {
  Command command(Opcode::path_write, sa);
  const regs::PathWrite body{std::span(command.bytes_)};
  const auto tag = [&](std::size_t i) {
    return i < path.tags.size() ? std::uint32_t{path.tags[i].tpid} << 16 | path.tags[i].tci : 0U;
  };
  const bool udp = path.encapsulation == Encapsulation::udp;
  body.set_valid(1);
  body.set_encapsulation(static_cast<std::uint8_t>(path.encapsulation));
  body.set_ipv6(own.is_v4() ? 0 : 1);
  body.set_dscp(path.dscp);
  body.set_tags(static_cast<std::uint8_t>(path.tags.size()));
  body.set_source_port(udp ? path.own_port : 0);
  body.set_destination_port(udp ? path.peer_port : 0);
  body.set_tag0(tag(0));
  body.set_tag1(tag(1));
  body.set_control_spi(path.control_spi);
  fill(body.token_nonce(), nonce);
  fill(body.destination_mac(), path.peer_mac.bytes());
  fill(body.source_mac(), path.own_mac.bytes());
  fill(body.source(), own.bytes());
  fill(body.destination(), peer.bytes());
  return command;
}

Command Command::ping(std::uint32_t sa, std::uint16_t data_bytes, std::chrono::nanoseconds timeout) {
  Command command(Opcode::ping, sa);
  const regs::Ping body{std::span(command.bytes_)};
  body.set_length(data_bytes);
  body.set_timeout(static_cast<std::uint64_t>(timeout.count()));
  return command;
}

Command Command::send(std::uint32_t sa, std::uint8_t type, std::uint8_t code, std::uint32_t transaction,
                      std::span<const std::uint8_t> plaintext) {
  Command command(Opcode::send, sa);
  const regs::Send body{std::span(command.bytes_)};
  body.set_message(type);
  body.set_code(code);
  body.set_length(static_cast<std::uint16_t>(plaintext.size()));
  body.set_transaction(transaction);
  fill(body.body(), plaintext);
  return command;
}

Command Command::admin(std::uint32_t sa, bool down) {
  Command command(Opcode::sa_admin, sa);
  regs::SaAdmin{std::span(command.bytes_)}.set_down(down ? 1 : 0);
  return command;
}

Command Command::start_probe(std::uint32_t sa, const LivenessSettings& settings) {
  constexpr unsigned kJitterUnits = 256;
  Command command(Opcode::probe_write, sa);
  const regs::ProbeWrite body{std::span(command.bytes_)};
  body.set_enable(1);
  body.set_data_alive(settings.data_alive ? 1 : 0);
  body.set_jitter(static_cast<std::uint8_t>(settings.jitter_percent * kJitterUnits / 100));
  body.set_length(static_cast<std::uint16_t>(settings.data_bytes));
  body.set_interval(static_cast<std::uint32_t>(to_ticks(settings.interval)));
  body.set_suspect(static_cast<std::uint32_t>(to_ticks(settings.suspect_time())));
  body.set_detect(static_cast<std::uint32_t>(to_ticks(settings.detection_time())));
  return command;
}

Command Command::stop_probe(std::uint32_t sa) { return {Opcode::probe_write, sa}; }

Command Command::burst(std::uint32_t sa, std::uint8_t count) {
  Command command(Opcode::probe_burst, sa);
  regs::ProbeBurst{std::span(command.bytes_)}.set_count(count);
  return command;
}

Command Command::read_probe(std::uint32_t sa) { return {Opcode::probe_read, sa}; }

Command Command::raw(std::span<const std::byte, regs::kCommandBytes> descriptor) {
  Command command(Opcode::nop, 0);
  std::ranges::copy(descriptor, command.bytes_.begin());
  return command;
}

Opcode Command::opcode() const { return regs::ConstCommand{std::span(bytes_)}.opcode(); }

std::uint32_t Command::sa() const { return regs::ConstCommand{std::span(bytes_)}.sa(); }

Completion decode_completion(std::span<const std::byte, regs::kCompletionBytes> entry) {
  const regs::ConstCompletion view{entry};
  Completion completion;
  completion.opcode = view.opcode();
  completion.status = view.status();
  completion.cookie = view.cookie();
  completion.sa = view.sa();
  completion.time = view.time();
  switch (completion.opcode) {
    case Opcode::sa_read:
      completion.window_top = view.window_top();
      completion.next = view.next();
      completion.accepted = view.accepted();
      completion.replayed = view.replayed();
      completion.rejected = view.rejected();
      completion.data_sequence = view.data_sequence();
      completion.data_sequence_valid = view.data_sequence_valid() != 0;
      break;
    case Opcode::ping:
    case Opcode::send: {
      const regs::ConstPingCompletion sent{entry};
      completion.transaction = sent.transaction();
      completion.n = sent.n();
      break;
    }
    case Opcode::probe_read:
      completion.probe = make_probe_status(regs::ConstProbeCompletion{entry});
      break;
    default:
      break;
  }
  return completion;
}

}  // namespace sapulse
