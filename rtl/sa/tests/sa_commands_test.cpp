// SPDX-License-Identifier: Apache-2.0
// Commands of sa_tables one by one: what they write, read, refuse, and what they must never give back.
#include <algorithm>
#include <array>
#include <cstring>
#include <utility>
#include <vector>

#include "sa_bench.h"

namespace sapulse::test {
namespace {

constexpr unsigned kSas = SAPULSE_TEST_SA_CAPACITY;
constexpr unsigned kBuckets = kSas / 2;

using regs::Opcode;
using regs::Status;

Descriptor with_byte(Descriptor descriptor, std::size_t offset, unsigned value) {
  descriptor[offset] = static_cast<std::byte>(value);
  return descriptor;
}

/// What the card must keep of a path: sa_pkg::path_t, lowest bit first. Byte strings of the wire are numbers there.
std::vector<bool> packed_path(const Descriptor& descriptor) {
  const regs::ConstPathWrite view(descriptor);
  std::vector<bool> packed;
  const auto append = [&](std::uint64_t value, unsigned width) {
    for (unsigned i = 0; i < width; ++i) packed.push_back((value >> i & 1) != 0);
  };
  const auto append_number = [&](std::span<const std::byte> bytes) {
    for (std::size_t i = bytes.size(); i-- > 0;) append(std::to_integer<unsigned>(bytes[i]), 8);
  };
  for (const std::byte byte : view.token_nonce()) append(std::to_integer<unsigned>(byte), 8);
  append(view.control_spi(), 32);
  append(view.destination_port(), 16);
  append(view.source_port(), 16);
  append_number(view.destination());
  append_number(view.source());
  append_number(view.source_mac());
  append_number(view.destination_mac());
  append(view.tag1(), 32);
  append(view.tag0(), 32);
  append(view.tags(), 2);
  append(view.dscp(), 6);
  append(view.ipv6(), 1);
  append(view.encapsulation(), 2);
  append(view.valid(), 1);
  return packed;
}
constexpr unsigned kPathBits = 556;

class SaCommands : public SaBench {
 protected:
  void install(std::uint32_t sa, const Halves& halves) {
    run(make_write_in(sa, halves), Status::ok);
    run(make_write_out(sa, halves), Status::ok);
  }

  static Context expected(const Halves& halves) {
    Context context;
    context.usable = true;
    context.spi = halves.out_spi;
    context.key = halves.out;
    context.n = halves.next;
    context.token = halves.token;
    context.token_nonce = halves.token_nonce;
    context.token_valid = halves.token_valid;
    return context;
  }

  /// The path of an SA as the card keeps it, lowest bit first; the last bit tells whether there is one.
  std::vector<bool> path(std::uint32_t sa) {
    dut_->path_valid = 1;
    dut_->path_sa = sa;
    ticks(3);  // sa_pkg::PATH_LATENCY
    dut_->eval();
    std::vector<bool> result;
    for (unsigned i = 0; i < kPathBits; ++i) result.push_back(bits(dut_->path, i, 1) != 0);
    return result;
  }

  /// Verdict on a packet, and whether its SA is down.
  bool down(std::uint32_t sa, std::uint64_t n) {
    EXPECT_TRUE(verdict(sa, n));
    return dut_->accept_down != 0;
  }

  /// Whether a packet from the peer of this path, its address changed in bit `address` and its port in bit `port` (-1:
  /// not at all), counts as one of a peer that has moved.
  bool moved(const Descriptor& path, int address = -1, int port = -1) {
    const regs::ConstPathWrite view(path);
    std::array<std::byte, 16> bytes{};
    std::reverse_copy(view.destination().begin(), view.destination().end(), bytes.begin());
    std::memcpy(&dut_->verdict_address[0], bytes.data(), bytes.size());
    if (address >= 0) dut_->verdict_address[address / 32] ^= 1U << address % 32;
    const bool udp = view.encapsulation() == 1;
    dut_->verdict_port = static_cast<std::uint16_t>((udp ? view.destination_port() : 0) ^ (port >= 0 ? 1 << port : 0));
    (void)verdict(view.sa(), ++packets_);
    return dut_->accept_moved != 0;
  }

  void expect_zero(std::uint32_t sa) {
    EXPECT_EQ(in_key(sa), Key{}) << "SA " << sa;
    EXPECT_EQ(reply(sa), Context{}) << "SA " << sa;
    EXPECT_FALSE(verdict(sa, 1)) << "SA " << sa;
    const Completion completion = run(make_command(Opcode::sa_read, sa), Status::ok);
    EXPECT_TRUE(std::all_of(completion.begin() + 12, completion.end(), [](std::byte b) { return b == std::byte{0}; }));
  }

  std::uint64_t packets_ = 0;
};

TEST_F(SaCommands, NothingIsThereAfterReset) {
  for (const std::uint32_t sa : {0u, 1u, kSas / 2, kSas - 1}) expect_zero(sa);
  EXPECT_FALSE(dut_->busy);
}

TEST_F(SaCommands, NopCompletes) {
  Descriptor nop = make_command(Opcode::nop, 0xffffffff);
  run(nop, Status::ok);
}

TEST_F(SaCommands, BothHalvesReachTheDataPath) {
  std::vector<std::pair<std::uint32_t, Halves>> installed;
  for (const std::uint32_t sa : {0u, 1u, 5u, kSas / 2, kSas - 1}) {
    installed.emplace_back(sa, random_halves(random_));
    install(sa, installed.back().second);
  }
  for (const auto& [sa, halves] : installed) {
    EXPECT_EQ(in_key(sa), halves.in) << "SA " << sa;
    EXPECT_EQ(reply(sa), expected(halves)) << "SA " << sa;
    EXPECT_TRUE(verdict(sa, 1)) << "SA " << sa;
  }
}

TEST_F(SaCommands, TheTwoHalvesAreWrittenApart) {
  const Halves first = random_halves(random_);
  const Halves second = random_halves(random_);
  install(3, first);
  run(make_write_in(3, second), Status::ok);
  Context context = expected(first);
  context.token = second.token;
  context.token_nonce = second.token_nonce;
  context.token_valid = second.token_valid;
  EXPECT_EQ(in_key(3), second.in);
  EXPECT_EQ(reply(3), context);
  run(make_write_out(3, second), Status::ok);
  EXPECT_EQ(in_key(3), second.in);
  EXPECT_EQ(reply(3), expected(second));
}

TEST_F(SaCommands, SaReadTellsCountersAndNumbers) {
  Halves halves = random_halves(random_);
  halves.next = 0x123456789abcdef0;
  install(9, halves);
  EXPECT_TRUE(verdict(9, 0xfedcba9876543210));
  EXPECT_TRUE(verdict(9, 0xfedcba9876543211));
  EXPECT_FALSE(verdict(9, 0xfedcba9876543211));
  for (unsigned i = 0; i < 3; ++i) EXPECT_FALSE(verdict(9, 7, false));
  reply(9);
  data(9, 0xcafebabe);
  ticks(4);
  const Completion completion = run(make_command(Opcode::sa_read, 9), Status::ok);
  const regs::ConstCompletion view(completion);
  EXPECT_EQ(view.window_top(), 0xfedcba9876543211);
  EXPECT_EQ(view.next(), 0x123456789abcdef1u);
  EXPECT_EQ(view.accepted(), 2u);
  EXPECT_EQ(view.replayed(), 1u);
  EXPECT_EQ(view.rejected(), 3u);
  EXPECT_EQ(view.data_sequence(), 0xcafebabeu);
  EXPECT_EQ(view.data_sequence_valid(), 1u);
  // Every other byte is zero: time is not ours, keys are nobody's.
  EXPECT_TRUE(std::all_of(completion.begin() + 49, completion.end(), [](std::byte b) { return b == std::byte{0}; }));
  EXPECT_TRUE(
      std::all_of(completion.begin() + 12, completion.begin() + 16, [](std::byte b) { return b == std::byte{0}; }));
}

TEST_F(SaCommands, WriteInClearsWindowCountersAndCustomerSequence) {
  const Halves halves = random_halves(random_);
  install(2, halves);
  EXPECT_TRUE(verdict(2, 100));
  EXPECT_FALSE(verdict(2, 100));
  data(2, 77);
  ticks(4);
  run(make_write_in(2, halves), Status::ok);
  const Completion completion = run(make_command(Opcode::sa_read, 2), Status::ok);
  const regs::ConstCompletion view(completion);
  EXPECT_EQ(view.window_top(), 0u);
  EXPECT_EQ(view.next(), halves.next);  // the outbound half keeps counting
  EXPECT_EQ(view.accepted(), 0u);
  EXPECT_EQ(view.replayed(), 0u);
  EXPECT_EQ(view.data_sequence_valid(), 0u);
  EXPECT_TRUE(verdict(2, 100));
}

TEST_F(SaCommands, AttackWithPacketsOfAnEarlierLifeOfTheSaFails) {
  Halves halves = random_halves(random_);
  install(2, halves);
  for (std::uint64_t n = 1; n < 400; n += 3) EXPECT_TRUE(verdict(2, n));
  const Completion told = run(make_command(Opcode::sa_read, 2), Status::ok);
  run(make_command(Opcode::sa_erase, 2), Status::ok);
  halves.window_top = regs::ConstCompletion(told).window_top();
  install(2, halves);
  for (std::uint64_t n = 1; n <= 397; ++n) EXPECT_FALSE(verdict(2, n)) << n;
  EXPECT_TRUE(verdict(2, 398));
  const Completion completion = run(make_command(Opcode::sa_read, 2), Status::ok);
  EXPECT_EQ(regs::ConstCompletion(completion).window_top(), 398u);
  EXPECT_EQ(regs::ConstCompletion(completion).replayed(), 397u);
}

TEST_F(SaCommands, EraseLeavesZerosAndNothingAnswers) {
  const Halves halves = random_halves(random_);
  const Halves neighbour = random_halves(random_);
  install(6, halves);
  install(7, neighbour);
  EXPECT_TRUE(verdict(6, 9));
  data(6, 1234);
  reply(6);
  ticks(4);
  run(make_command(Opcode::sa_erase, 6), Status::ok);
  expect_zero(6);
  EXPECT_EQ(in_key(7), neighbour.in);
  EXPECT_EQ(reply(7), expected(neighbour));
  install(6, halves);
  EXPECT_TRUE(verdict(6, 9));
  EXPECT_EQ(reply(6), expected(halves));
}

TEST_F(SaCommands, PathsAreKeptUntilErased) {
  const Halves halves = random_halves(random_);
  for (const std::uint32_t sa : {0u, 5u, kSas - 1}) {
    EXPECT_FALSE(path(sa).back());
    const Descriptor written = make_path(sa, random_);
    const std::vector<bool> expected = packed_path(written);
    ASSERT_EQ(expected.size(), kPathBits);
    run(written, Status::ok);
    EXPECT_EQ(path(sa), expected);
    install(sa, halves);
    EXPECT_EQ(path(sa), expected);
    run(make_command(Opcode::sa_erase, sa), Status::ok);
    EXPECT_FALSE(path(sa).back());
    run(written, Status::ok);
    run(with_byte(written, 16, 0), Status::ok);
    EXPECT_FALSE(path(sa).back());
  }
}

TEST_F(SaCommands, ThePeerHasMovedIfItsAddressOrPortIsNotThatOfThePath) {
  for (const std::uint32_t sa : {0u, 5u, kSas - 1}) {
    const Descriptor path = make_path(sa, random_);
    EXPECT_FALSE(moved(path, 3)) << "without path";
    run(path, Status::ok);
    EXPECT_FALSE(moved(path));
    for (int bit = 0; bit < 128; ++bit) EXPECT_TRUE(moved(path, bit)) << bit;
    for (int bit = 0; bit < 16; ++bit) EXPECT_TRUE(moved(path, -1, bit)) << bit;
    const Descriptor other = make_path(sa, random_);
    run(other, Status::ok);
    EXPECT_TRUE(moved(path));
    EXPECT_FALSE(moved(other));
    run(with_byte(other, 16, 0), Status::ok);
    EXPECT_FALSE(moved(path)) << "path taken away";
    run(other, Status::ok);
    EXPECT_TRUE(moved(path));
    run(make_command(Opcode::sa_erase, sa), Status::ok);
    EXPECT_FALSE(moved(path)) << "SA erased";
  }
}

TEST_F(SaCommands, DownIsAStateOfTheSaUntilItIsWrittenAgain) {
  const Halves halves = random_halves(random_);
  const Descriptor go_down = with_byte(make_command(Opcode::sa_admin, 3), 16, 1);
  install(3, halves);
  install(4, halves);
  EXPECT_FALSE(down(3, 1));
  run(go_down, Status::ok);
  EXPECT_TRUE(down(3, 2));
  EXPECT_FALSE(down(4, 1));
  run(make_command(Opcode::sa_admin, 3), Status::ok);
  EXPECT_FALSE(down(3, 3));
  run(go_down, Status::ok);
  run(make_write_out(3, halves), Status::ok);
  EXPECT_TRUE(down(3, 4));
  run(make_write_in(3, halves), Status::ok);
  EXPECT_FALSE(down(3, 5));
  run(go_down, Status::ok);
  run(make_command(Opcode::sa_erase, 3), Status::ok);
  install(3, halves);
  EXPECT_FALSE(down(3, 6));
}

TEST_F(SaCommands, ResetForgetsEverything) {
  const Halves halves = random_halves(random_);
  const std::uint32_t sas[] = {0, 1, 5, kSas - 1};
  for (const std::uint32_t sa : sas) install(sa, halves);
  for (unsigned way = 0; way < 4; ++way) {
    for (unsigned bucket = 0; bucket < std::min(kBuckets, 64u); ++bucket) {
      run(make_index_write({way / 2, bucket, way % 2}, true, 0xabcd1234, 5), Status::ok);
    }
  }
  if (kBuckets <= 64) {
    EXPECT_TRUE(lookup(0xabcd1234).found);
  }
  reset();
  for (const std::uint32_t sa : sas) expect_zero(sa);
  EXPECT_FALSE(lookup(0xabcd1234).found);
}

TEST_F(SaCommands, NothingIsFoundDuringTheSweep) {
  for (unsigned way = 0; way < 4; ++way) {
    for (unsigned bucket = 0; bucket < std::min(kBuckets, 64u); ++bucket) {
      run(make_index_write({way / 2, bucket, way % 2}, true, 0xabcd1234, 5), Status::ok);
    }
  }
  dut_->lookup_valid = 1;
  dut_->lookup_spi = 0xabcd1234;
  dut_->rst = 1;
  tick();
  dut_->rst = 0;
  for (unsigned i = 0; i < kSas + 100; ++i) {
    tick();
    if (dut_->result_valid) {
      ASSERT_FALSE(dut_->result_found) << "cycle " << i << " after reset";
    }
  }
  EXPECT_TRUE(dut_->ready);
  dut_->lookup_valid = 0;
}

TEST_F(SaCommands, NumbersAreUsedUpAfterTheLast) {
  Halves halves = random_halves(random_);
  halves.next = ~std::uint64_t{0} - 1;
  install(1, halves);
  EXPECT_EQ(reply(1).n, ~std::uint64_t{0} - 1);
  const Context last = reply(1);
  EXPECT_EQ(last.n, ~std::uint64_t{0});
  EXPECT_TRUE(last.usable);
  for (unsigned i = 0; i < 3; ++i) EXPECT_FALSE(reply(1).usable);
}

struct BadCommand {
  const char* name;
  Descriptor descriptor;
  Status status;
};

TEST_F(SaCommands, BadCommandsAreRefusedAndWriteNothing) {
  const Halves good = random_halves(random_);
  const Halves other = random_halves(random_);
  install(0, good);
  EXPECT_TRUE(verdict(0, 5));
  Halves no_number = other;
  no_number.next = 0;

  std::vector<BadCommand> cases = {
      {"write in, SA", make_write_in(kSas, other), Status::bad_sa},
      {"write in, SA high bits", make_write_in(0x80000000, other), Status::bad_sa},
      {"write out, SA", make_write_out(kSas, other), Status::bad_sa},
      {"read, SA", make_command(Opcode::sa_read, kSas), Status::bad_sa},
      {"erase, SA", make_command(Opcode::sa_erase, kSas), Status::bad_sa},
      {"index, SA", make_index_write({0, 0, 0}, true, 0x1000, kSas), Status::bad_sa},
      {"index, bank", make_index_write({2, 0, 0}, true, 0x1000, 0), Status::bad_sa},
      {"index, slot", make_index_write({0, 0, 2}, true, 0x1000, 0), Status::bad_sa},
      {"index, bank high bit", make_index_write({128, 0, 0}, true, 0x1000, 0), Status::bad_sa},
      {"index, bucket", make_index_write({0, kBuckets, 0}, true, 0x1000, 0), Status::bad_sa},
      {"index, bucket high bits", make_index_write({0, 0x80000000, 0}, true, 0x1000, 0), Status::bad_sa},
      {"index, valid", with_byte(make_index_write({0, 0, 0}, true, 0x1000, 0), 18, 2), Status::bad_argument},
      {"write in, aes256", with_byte(make_write_in(0, other), 24, 2), Status::bad_argument},
      {"write in, token_valid", with_byte(make_write_in(0, other), 25, 2), Status::bad_argument},
      {"write out, aes256", with_byte(make_write_out(0, other), 24, 3), Status::bad_argument},
      {"write out, next", make_write_out(0, no_number), Status::bad_argument},
  };
  const Descriptor path = make_path(0, random_);
  for (const unsigned offset : {16U, 17U, 18U, 19U, 20U}) {
    cases.push_back({"path", with_byte(path, offset, offset == 19 ? 64 : 3), Status::bad_argument});
  }
  cases.push_back({"path, control SPI", with_byte(path, 37, 1), Status::bad_argument});
  cases.push_back({"path, SA", make_path(kSas, random_), Status::bad_sa});
  cases.push_back({"admin, down", with_byte(make_command(Opcode::sa_admin, 0), 16, 2), Status::bad_argument});
  cases.push_back({"admin, SA", make_command(Opcode::sa_admin, kSas), Status::bad_sa});
  for (unsigned opcode = static_cast<unsigned>(Opcode::frame); opcode < 256; ++opcode) {
    const auto code = static_cast<Opcode>(opcode);
    if (code == Opcode::path_write || code == Opcode::sa_admin) continue;
    cases.push_back({"opcode", make_command(static_cast<Opcode>(opcode), 0), Status::bad_opcode});
  }
  for (const BadCommand& bad : cases) {
    SCOPED_TRACE(bad.name);
    run(bad.descriptor, bad.status);
  }

  EXPECT_EQ(in_key(0), good.in);
  EXPECT_EQ(reply(0), expected(good));
  EXPECT_FALSE(verdict(0, 5));
  EXPECT_FALSE(lookup(0x1000).found);
}

}  // namespace
}  // namespace sapulse::test
