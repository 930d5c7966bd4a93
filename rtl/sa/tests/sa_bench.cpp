// SPDX-License-Identifier: Apache-2.0
#include "sa_bench.h"

#include <algorithm>

namespace sapulse::test {

namespace {

template <std::size_t Size>
void fill(RandomSource& random, std::array<std::byte, Size>& bytes) {
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random.word());
}

/// Everything that both halves have.
template <class View>
void put_key(View view, const Key& key) {
  std::ranges::copy(key.key, view.key().begin());
  std::ranges::copy(key.salt, view.salt().begin());
  std::ranges::copy(key.h, view.h().begin());
  view.set_aes256(key.aes256);
}

bool has_body(regs::Opcode opcode) {
  return opcode == regs::Opcode::sa_write_in || opcode == regs::Opcode::sa_write_out ||
         opcode == regs::Opcode::index_write || opcode == regs::Opcode::path_write || opcode == regs::Opcode::sa_admin;
}

}  // namespace

Key random_key(RandomSource& random) {
  Key key;
  fill(random, key.key);
  fill(random, key.salt);
  fill(random, key.h);
  key.aes256 = random.chance(50);
  return key;
}

Halves random_halves(RandomSource& random) {
  Halves halves;
  halves.in_spi = 256 + random.below(0xffffff00);
  halves.in = random_key(random);
  fill(random, halves.token);
  fill(random, halves.token_nonce);
  halves.token_valid = random.chance(50);
  halves.out_spi = 256 + random.below(0xffffff00);
  halves.out = random_key(random);
  halves.next = 1 + (random.word() >> random.below(63)) / 2;
  return halves;
}

Descriptor make_command(regs::Opcode opcode, std::uint32_t sa) {
  Descriptor descriptor{};
  const regs::Command view(descriptor);
  view.set_opcode(opcode);
  view.set_sa(sa);
  return descriptor;
}

Descriptor make_write_in(std::uint32_t sa, const Halves& halves) {
  Descriptor descriptor = make_command(regs::Opcode::sa_write_in, sa);
  const regs::SaWriteIn view(descriptor);
  view.set_spi(halves.in_spi);
  put_key(view, halves.in);
  std::ranges::copy(halves.token, view.token().begin());
  std::ranges::copy(halves.token_nonce, view.token_nonce().begin());
  view.set_token_valid(halves.token_valid);
  view.set_window_top(halves.window_top);
  return descriptor;
}

Descriptor make_write_out(std::uint32_t sa, const Halves& halves) {
  Descriptor descriptor = make_command(regs::Opcode::sa_write_out, sa);
  const regs::SaWriteOut view(descriptor);
  view.set_spi(halves.out_spi);
  put_key(view, halves.out);
  view.set_next(halves.next);
  return descriptor;
}

Descriptor make_index_write(const Slot& slot, bool valid, std::uint32_t spi, std::uint32_t sa) {
  Descriptor descriptor = make_command(regs::Opcode::index_write, sa);
  const regs::IndexWrite view(descriptor);
  view.set_bank(slot.bank);
  view.set_slot(slot.slot);
  view.set_bucket(slot.bucket);
  view.set_valid(valid);
  view.set_spi(spi);
  return descriptor;
}

std::uint32_t crc(std::uint32_t polynomial, std::uint32_t initial, std::span<const std::uint8_t> data) {
  std::uint32_t value = initial;
  for (const std::uint8_t byte : data) {
    value ^= byte;
    for (unsigned i = 0; i < 8; ++i) value = (value >> 1) ^ ((value & 1) != 0 ? polynomial : 0);
  }
  return value;
}

std::array<std::uint8_t, 4> big_endian(std::uint32_t spi) {
  return {static_cast<std::uint8_t>(spi >> 24), static_cast<std::uint8_t>(spi >> 16),
          static_cast<std::uint8_t>(spi >> 8), static_cast<std::uint8_t>(spi)};
}

unsigned bucket_of(unsigned bank, std::uint32_t spi) {
  return crc(bank == 0 ? regs::kHashPoly0 : regs::kHashPoly1, 0, big_endian(spi)) % (SAPULSE_TEST_SA_CAPACITY / 2);
}

Descriptor make_path(std::uint32_t sa, RandomSource& random) {
  Descriptor descriptor = make_command(regs::Opcode::path_write, sa);
  for (std::size_t i = 16; i < 96; ++i) descriptor[i] = static_cast<std::byte>(random.word());
  const regs::PathWrite view(descriptor);
  view.set_valid(1);
  view.set_encapsulation(static_cast<std::uint8_t>(random.below(3)));
  view.set_ipv6(static_cast<std::uint8_t>(random.below(2)));
  view.set_dscp(static_cast<std::uint8_t>(random.below(64)));
  view.set_tags(static_cast<std::uint8_t>(random.below(3)));
  view.set_control_spi(static_cast<std::uint32_t>(1 + random.below(255)));
  return descriptor;
}

SaBench::SaBench() {
  Verilated::randReset(2);
  Verilated::randSeed(static_cast<int>(1 + random_.below(0x7ffffffe)));
  dut_ = std::make_unique<Vsa_tables_bench>();
  reset();
}

SaBench::~SaBench() { dut_->final(); }

void SaBench::reset() {
  in_progress_ = false;
  dut_->cmd_valid = 0;
  dut_->rsp_ready = 0;
  dut_->lookup_valid = 0;
  dut_->enter_valid = 0;
  dut_->leave_valid = 0;
  dut_->data_valid = 0;
  dut_->in_valid = 0;
  dut_->verdict_valid = 0;
  dut_->verdict_late = 0;
  dut_->reply_valid = 0;
  dut_->reply_dropped = 0;
  dut_->path_valid = 0;
  dut_->rst = 1;
  ticks(3);
  dut_->rst = 0;
  for (unsigned i = 0; !dut_->ready; ++i) {
    ASSERT_LT(i, 70'000u) << "the tables do not become ready";
    tick();
  }
}

void SaBench::tick() {
  if (dut_->ready && !dut_->rst) drive();
  dut_->clk = 0;
  dut_->eval();
  if (!dut_->rst) observe();
  const bool command_taken = dut_->cmd_valid && dut_->cmd_ready;
  const bool completed = dut_->rsp_valid && dut_->rsp_ready && !dut_->rst;
  if (completed) take_completion();
  dut_->clk = 1;
  dut_->eval();
  ++cycle_;
  if (command_taken) {
    dut_->cmd_valid = 0;
    for (unsigned i = 0; i < 64; ++i) dut_->cmd_descriptor[i] = static_cast<std::uint32_t>(random_.word());
  }
  dut_->rsp_ready = random_.chance(70);
}

void SaBench::start(const Descriptor& descriptor) {
  ASSERT_FALSE(in_progress_);
  in_progress_ = true;
  Descriptor copy = descriptor;
  cookie_ = static_cast<std::uint32_t>(random_.word());
  const regs::Command view(copy);
  view.set_cookie(cookie_);
  if (!has_body(view.opcode())) {
    // Bytes that mean nothing must do nothing.
    for (std::size_t i = 16; i < copy.size(); ++i) copy[i] = static_cast<std::byte>(random_.word());
  }
  opcode_ = static_cast<std::uint8_t>(view.opcode());
  sa_ = view.sa();
  dut_->cmd_valid = 1;
  for (unsigned i = 0; i < 64; ++i) {
    std::uint32_t word = 0;
    for (unsigned k = 0; k < 4; ++k) word |= std::to_integer<std::uint32_t>(copy[4 * i + k]) << (8 * k);
    dut_->cmd_descriptor[i] = word;
  }
}

void SaBench::take_completion() {
  ASSERT_TRUE(in_progress_) << "a completion without a command";
  completion_ = bytes<64>(dut_->rsp_completion, 0);
  const regs::ConstCompletion view(completion_);
  EXPECT_EQ(static_cast<std::uint8_t>(view.opcode()), opcode_);
  EXPECT_EQ(view.cookie(), cookie_);
  EXPECT_EQ(view.sa(), sa_);
  EXPECT_EQ(static_cast<std::uint8_t>(view.status()), dut_->rsp_status);
  if (view.status() != regs::Status::ok || view.opcode() != regs::Opcode::sa_read) {
    // Nothing but the head: above all, no part of the descriptor.
    EXPECT_TRUE(
        std::all_of(completion_.begin() + 12, completion_.end(), [](std::byte b) { return b == std::byte{0}; }));
  }
  in_progress_ = false;
}

Completion SaBench::run(const Descriptor& descriptor, unsigned limit) {
  start(descriptor);
  for (unsigned i = 0; in_progress_; ++i) {
    if (i == limit) {
      ADD_FAILURE() << "opcode " << unsigned{opcode_} << " does not complete";
      break;
    }
    tick();
  }
  return completion_;
}

Completion SaBench::run(const Descriptor& descriptor, regs::Status status) {
  const Completion completion = run(descriptor);
  EXPECT_EQ(regs::name(regs::ConstCompletion(completion).status()), regs::name(status))
      << "opcode " << unsigned{opcode_};
  return completion;
}

SaBench::Found SaBench::lookup(std::uint32_t spi) {
  dut_->lookup_valid = 1;
  dut_->lookup_spi = spi;
  tick();
  dut_->lookup_valid = 0;
  ticks(kLookupLatency - 1);
  EXPECT_TRUE(dut_->result_valid);
  return {dut_->result_found != 0, dut_->result_sa, dut_->result_epoch != 0};
}

Key SaBench::in_key(std::uint32_t sa) {
  dut_->in_valid = 1;
  dut_->in_sa = sa;
  tick();
  dut_->in_valid = 0;
  ticks(kInKeyLatency - 1);
  EXPECT_TRUE(dut_->in_key_valid);
  return key_at(dut_->in_key, 0);
}

Context SaBench::context_now() const {
  const auto& ctx = dut_->ctx;
  Context context;
  context.data_sequence_valid = bits(ctx, 0, 1) != 0;
  context.data_sequence = bits(ctx, 1, 32);
  context.token_valid = bits(ctx, 33, 1) != 0;
  context.token_nonce = bytes<8>(ctx, 34);
  context.token = bytes<16>(ctx, 98);
  context.n = bits(ctx, 226, 64);
  context.key = key_at(ctx, 290);
  context.spi = bits(ctx, 1091, 32);
  context.usable = bits(ctx, 1123, 1) != 0;
  return context;
}

Context SaBench::reply(std::uint32_t sa) {
  dut_->reply_valid = 1;
  dut_->reply_sa = sa;
  bool taken = false;
  while (!taken) {
    dut_->clk = 0;
    dut_->eval();
    taken = dut_->reply_ready;
    tick();
  }
  dut_->reply_valid = 0;
  ticks(kReplyLatency - 1);
  EXPECT_TRUE(dut_->ctx_valid);
  return context_now();
}

bool SaBench::verdict(std::uint32_t sa, std::uint64_t n, bool ok) {
  dut_->verdict_valid = 1;
  dut_->verdict_sa = sa;
  dut_->verdict_n = n;
  dut_->verdict_ok = ok;
  bool taken = false;
  while (!taken) {
    dut_->clk = 0;
    dut_->eval();
    taken = dut_->verdict_ready;
    tick();
  }
  dut_->verdict_valid = 0;
  // Whatever stands there next has nothing to do with the answer.
  dut_->verdict_sa = sa ^ 1;
  dut_->verdict_port ^= 1;
  for (unsigned i = 0; !dut_->accept_valid; ++i) {
    if (i == 20) {
      ADD_FAILURE() << "no answer to a verdict";
      return false;
    }
    tick();
  }
  return dut_->accept;
}

void SaBench::data(std::uint32_t sa, std::uint32_t sequence) {
  dut_->data_valid = 1;
  dut_->data_sa = sa;
  dut_->data_sequence = sequence;
  tick();
  dut_->data_valid = 0;
}

}  // namespace sapulse::test
