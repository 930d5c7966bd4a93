// SPDX-License-Identifier: Apache-2.0
#include "card_bench.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "crc.h"
#include "tests/kernel_test.h"

namespace sapulse::sim::fast::test {

using namespace model;
namespace {

namespace offset = regs::offset;

constexpr unsigned kRingLog2 = 6;
constexpr std::uint32_t kRingEntries = 1U << kRingLog2;
constexpr std::uint64_t kSettleCycles = 5000;
constexpr std::uint64_t kCommandCycles = 100'000;

void copy(std::span<std::byte> to, const void* from, std::size_t size) { std::memcpy(to.data(), from, size); }

/// Key material of either half.
template <class Half>
void set_keys(const Half& half, const traffic::ControlKey& control) {
  const key_t key = sapulse::test::to_key({control.key, control.salt});
  half.set_aes256(control.key.size() == 32);
  copy(half.salt(), control.salt.data(), control.salt.size());
  copy(half.key(), control.key.data(), control.key.size());
  const std::array<ap_uint<128>, 4> powers{key.h1, key.h2, key.h3, key.h4};
  copy(half.h(), powers.data(), sizeof(powers));
}

std::uint32_t bucket_of(std::uint32_t spi, unsigned capacity) {
  return crc32(regs::kHashPoly0, big_endian<4>(spi)) % (capacity / regs::kIndexBanks);
}

std::uint32_t word(traffic::View bytes, std::size_t at) { return traffic::get32(bytes, at); }

}  // namespace

CardBench::CardBench(const traffic::Config& config) : config_(config) {
  auto made = FastCard::create(CardOptions(), nullptr);
  if (!made) throw std::runtime_error("no card");
  card_ = std::move(*made);
  commands_ = card_->map(std::size_t{kRingEntries} * regs::kCommandBytes, 4096).value();
  completions_ = card_->map(std::size_t{kRingEntries} * regs::kCompletionBytes, 4096).value();
  exceptions_ = card_->map(std::size_t{kRingEntries} * regs::kExceptionBytes, 4096).value();
  write64(offset::kCommandBase, commands_);
  write64(offset::kCompletionBase, completions_);
  write64(offset::kExceptionBase, exceptions_);
  write64(offset::kStatusBlock, card_->map(regs::kBeatBytes, regs::kBeatBytes).value());
  write64(offset::kEventBase, card_->map(std::size_t{kRingEntries} * regs::kEventBytes, 4096).value());
  for (const std::uint32_t log2 :
       {offset::kCommandLog2, offset::kCompletionLog2, offset::kExceptionLog2, offset::kEventLog2}) {
    write(log2, kRingLog2);
  }
  write(offset::kRingEnable,
        regs::ring_enable::kCommand.mask() | regs::ring_enable::kException.mask() | regs::ring_enable::kEvent.mask());
  card_->step(card_->options().sa_capacity);
  configure(config);
}

void CardBench::configure(const traffic::Config& config) {
  for (unsigned spi = 0; spi < 256; ++spi) {
    write(offset::action(spi), static_cast<std::uint32_t>(config.action(spi)));
  }
  for (unsigned i = 0; i < config.local.size(); ++i) {
    write(offset::local_address_word0(i), word(config.local[i], 0));
    write(offset::local_address_word1(i), word(config.local[i], 4));
    write(offset::local_address_word2(i), word(config.local[i], 8));
    write(offset::local_address_word3(i), word(config.local[i], 12));
    write(offset::local_address_valid(i), 1);
  }
  for (unsigned i = 0; i < config.macs.size(); ++i) {
    write(offset::local_mac_low(i), word(config.macs[i], 2));
    write(offset::local_mac_high(i), 0x8000'0000U | traffic::get16(config.macs[i], 0));
  }
  write(offset::kUdpPort, config.udp_port);
  write(offset::kExceptionCopies, 1U << static_cast<unsigned>(regs::Cause::version));
  write64(offset::kTime, 1000);
  for (std::uint32_t i = 0; i < config.sas.size(); ++i) install(i, config.sas[i]);
  write(offset::kControl,
        regs::control::kEnable.mask() | (config.authoritative ? regs::control::kAuthoritative.mask() : 0));
}

void CardBench::write(std::uint32_t offset, std::uint32_t value) { ASSERT_TRUE(card_->write32(offset, value)); }

void CardBench::write64(std::uint32_t offset, std::uint64_t value) {
  write(offset, static_cast<std::uint32_t>(value));
  write(offset + 4, static_cast<std::uint32_t>(value >> 32));
}

std::uint64_t CardBench::counter(regs::Counter counter) {
  const std::uint64_t low = card_->read32(offset::counter(counter)).value();
  return std::uint64_t{card_->read32(offset::counter(counter) + 4).value()} << 32 | low;
}

std::array<std::byte, regs::kCompletionBytes> CardBench::command(regs::Opcode opcode, std::uint32_t sa,
                                                                 std::array<std::byte, regs::kCommandBytes> bytes) {
  const regs::Command head(bytes);
  head.set_opcode(opcode);
  head.set_sa(sa);
  const std::size_t slot = issued_ % kRingEntries;
  copy(card_->memory(commands_).subspan(slot * bytes.size()), bytes.data(), bytes.size());
  write(offset::kCommandProducer, ++issued_);
  const std::uint64_t begun = card_->cycle();
  while (card_->read32(offset::kCompletionProducer).value() != issued_) {
    if (card_->cycle() > begun + kCommandCycles) throw std::runtime_error("a command does not complete");
    card_->step(50);
  }
  write(offset::kCompletionConsumer, issued_);
  std::array<std::byte, regs::kCompletionBytes> completion{};
  std::memcpy(completion.data(), card_->memory(completions_).data() + slot * completion.size(), completion.size());
  EXPECT_EQ(regs::Completion(completion).status(), regs::Status::ok);
  return completion;
}

void CardBench::write_in(std::uint32_t number, const traffic::Association& sa, std::uint64_t window_top) {
  std::array<std::byte, regs::kCommandBytes> bytes{};
  const regs::SaWriteIn in(bytes);
  in.set_spi(sa.in.spi);
  set_keys(in, sa.control_key(sa.in));
  if (config_.secret) {
    const traffic::Bytes token = traffic::crash_token(*config_.secret, sa.in.spi, sa.token_nonce);
    in.set_token_valid(1);
    copy(in.token(), token.data(), token.size());
    copy(in.token_nonce(), sa.token_nonce.data(), sa.token_nonce.size());
  }
  in.set_window_top(window_top);
  command(regs::Opcode::sa_write_in, number, bytes);
}

void CardBench::install(std::uint32_t number, const traffic::Association& sa) {
  write_in(number, sa);
  std::array<std::byte, regs::kCommandBytes> out_bytes{};
  const regs::SaWriteOut out(out_bytes);
  out.set_spi(sa.out.spi);
  set_keys(out, sa.control_key(sa.out));
  out.set_next(sa.out.next);
  command(regs::Opcode::sa_write_out, number, out_bytes);
  std::array<std::byte, regs::kCommandBytes> index_bytes{};
  const regs::IndexWrite index(index_bytes);
  index.set_bucket(bucket_of(sa.in.spi, card_->options().sa_capacity));
  index.set_slot(static_cast<std::uint8_t>(slots_[index.bucket()]++));
  index.set_valid(1);
  index.set_spi(sa.in.spi);
  command(regs::Opcode::index_write, number, index_bytes);
}

void CardBench::write_path(std::uint32_t number, const traffic::PeerPath& path) {
  std::array<std::byte, regs::kCommandBytes> bytes{};
  const regs::PathWrite body(bytes);
  body.set_valid(1);
  body.set_ipv6(traffic::is_ipv4(path.network.to) ? 0 : 1);
  body.set_control_spi(path.wrap.spi);
  copy(body.token_nonce(), path.token_nonce.data(), path.token_nonce.size());
  copy(body.destination_mac(), path.link.to.data(), path.link.to.size());
  copy(body.source_mac(), path.link.from.data(), path.link.from.size());
  copy(body.source(), path.network.from.data(), path.network.from.size());
  copy(body.destination(), path.network.to.data(), path.network.to.size());
  command(regs::Opcode::path_write, number, bytes);
}

void CardBench::send(const traffic::Bytes& frame, Port port) {
  Frame bytes(frame.size());
  std::ranges::transform(frame, bytes.begin(), [](std::uint8_t byte) { return std::byte{byte}; });
  ASSERT_TRUE(card_->send(port, std::move(bytes), false));
}

void CardBench::settle() {
  do {
    card_->step(kSettleCycles);
  } while (card_->pending(Port::line) != 0 || card_->pending(Port::core) != 0 || card_->transferring() ||
           card_->cycle() < card_->last_activity() + kSettleCycles / 2);
}

std::vector<traffic::Bytes> CardBench::take(Port port) {
  settle();
  std::vector<traffic::Bytes> frames;
  for (const OutputFrame& out : card_->take_output(port)) {
    traffic::Bytes& frame = frames.emplace_back(out.bytes.size());
    std::ranges::transform(out.bytes, frame.begin(),
                           [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
  }
  return frames;
}

std::vector<std::array<std::byte, regs::kExceptionBytes>> CardBench::take_exceptions() {
  settle();
  std::vector<std::array<std::byte, regs::kExceptionBytes>> taken;
  const std::uint32_t producer = card_->read32(offset::kExceptionProducer).value();
  for (; taken_ != producer; ++taken_) {
    auto& entry = taken.emplace_back();
    const std::size_t at = taken_ % kRingEntries * entry.size();
    std::memcpy(entry.data(), card_->memory(exceptions_).data() + at, entry.size());
  }
  write(offset::kExceptionConsumer, taken_);
  return taken;
}

}  // namespace sapulse::sim::fast::test
