// SPDX-License-Identifier: Apache-2.0
// The generated header against literal values: byte order, offsets, names.
#include <gtest/gtest.h>

#include "sapulse/registers.h"

namespace {

namespace regs = sapulse::regs;

std::byte operator""_b(unsigned long long value) { return static_cast<std::byte>(value); }

TEST(RegistersHeader, OffsetsOfArraysAreIndexedByTheirEnumeration) {
  static_assert(regs::offset::kCommandProducer == 0x10c);
  static_assert(regs::offset::action(253) == 0x400 + 4 * 253);
  static_assert(regs::offset::local_address_valid(15) == 0x800 + 32 * 15 + 16);
  static_assert(regs::offset::rate_limit_burst(regs::Cause::unknown_spi_data) == 0xa0c);
  static_assert(regs::offset::counter(regs::Counter::passed) == 0x1000 + 8 * 8);
}

TEST(RegistersHeader, NamesAndValuesMatchBothWays) {
  EXPECT_EQ(regs::name(regs::Counter::drop_ring_full), "drop_ring_full");
  EXPECT_EQ(regs::name(static_cast<regs::Status>(200)), "?");
  EXPECT_EQ(regs::find_cause("private_use"), regs::Cause::private_use);
  EXPECT_EQ(regs::find_action("forward"), std::nullopt);
  for (std::size_t i = 0; i < regs::kCounterCount; ++i) {
    EXPECT_EQ(regs::find_counter(regs::kCounterNames.at(i)), static_cast<regs::Counter>(i));
  }
}

TEST(RegistersHeader, FieldsAreCutOutAndPutIn) {
  EXPECT_EQ(regs::dma_error::kResponse.get(0xb), 2u);
  EXPECT_EQ(regs::dma_error::kResponse.put(0xffffffff, 1), 0xfffffff7u);
  EXPECT_EQ((regs::Field{.lsb = 0, .width = 32}.mask()), 0xffffffffu);
}

TEST(RegistersHeader, DescriptorsAreLittleEndianAtTheirOffsets) {
  std::array<std::byte, regs::kCommandBytes> memory{};
  memory.fill(0xee_b);
  regs::SaWriteOut command{std::span(memory)};
  command.clear();
  command.set_opcode(regs::Opcode::sa_write_out);
  command.set_cookie(0x01020304);
  command.set_next(0x1122334455667788);
  command.key()[31] = 0x5a_b;
  EXPECT_EQ(memory[0], 2_b);
  EXPECT_EQ(memory[1], 0_b);
  EXPECT_EQ(memory[4], 0x04_b);
  EXPECT_EQ(memory[7], 0x01_b);
  EXPECT_EQ(memory[63], 0x5a_b);
  EXPECT_EQ(memory[128], 0x88_b);
  EXPECT_EQ(memory[135], 0x11_b);
  const regs::ConstSaWriteOut read{std::span(std::as_const(memory))};
  EXPECT_EQ(read.next(), 0x1122334455667788u);
  EXPECT_EQ(read.opcode(), regs::Opcode::sa_write_out);
}

// A descriptor can neither be made from memory of another size nor be taken for another descriptor; a read-only one has
// no setters.
template <class T>
concept HasSetter = requires(T view) { view.set_sa(1); };
static_assert(HasSetter<regs::Command> && !HasSetter<regs::ConstCommand>);
static_assert(!std::is_constructible_v<regs::Command, std::span<std::byte, 64>>);
static_assert(!std::is_convertible_v<regs::SaWriteIn, regs::SaWriteOut>);
static_assert(std::is_convertible_v<regs::SaWriteIn, regs::Command>);

TEST(RegistersHeader, TableListsEveryRegister) {
  const auto find = [](std::string_view name) {
    return std::find_if(regs::kRegisters.begin(), regs::kRegisters.end(),
                        [&](const auto& r) { return r.name == name; });
  };
  const auto* scratch = find("SCRATCH");
  ASSERT_NE(scratch, regs::kRegisters.end());
  EXPECT_EQ(scratch->offset, 0x48u);
  EXPECT_EQ(scratch->access, regs::Access::read_write);
  EXPECT_EQ(scratch->reset, 0u);
  const auto* status_block = find("STATUS_BLOCK");
  ASSERT_NE(status_block, regs::kRegisters.end());
  EXPECT_EQ(status_block->width, 64u);
  EXPECT_EQ(status_block->mask, 0xffffffffffffffc0u);
  EXPECT_NE(find("LOCAL_ADDRESS_VALID"), regs::kRegisters.end());
}

}  // namespace
