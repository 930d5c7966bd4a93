// SPDX-License-Identifier: Apache-2.0
#include "card_server.h"

#include <gmock/gmock.h>
#include <sys/socket.h>

#include <array>
#include <cstring>

#include "sapulse/registers.h"
#include "sapulse/xrt_kernel.h"
#include "xclbin_writer.h"

namespace sapulse::sim::xrt {
namespace {

/// Calls reach the server directly; nobody is at the other ends of its channels.
class CardServerTest : public testing::Test {
 protected:
  void SetUp() override {
    auto made = CardServer::create({}, calls_, memory_, nullptr);
    ASSERT_TRUE(made) << made.error().message;
    server_ = *std::move(made);
  }
  static Channel channel() {
    std::array<int, 2> sockets{};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()), 0);
    const Channel closed(sockets[1]);
    return Channel(sockets[0]);
  }
  /// The words read, or nothing where the call fails.
  std::optional<std::vector<std::uint32_t>> read(std::uint64_t address, std::uint64_t bytes) {
    const std::string body =
        server_->answer({Api::read_register, FieldWriter().number(2, address).number(3, bytes).body()});
    const auto fields = Fields::parse(body);
    if (!fields || fields->number(1) == 0) return std::nullopt;
    std::vector<std::uint32_t> words(fields->bytes(2).size() / 4);
    std::memcpy(words.data(), fields->bytes(2).data(), words.size() * 4);
    return words;
  }
  bool write(std::uint64_t address, const std::vector<std::uint32_t>& words) {
    const std::string_view data(reinterpret_cast<const char*>(words.data()), words.size() * 4);
    return acknowledged({Api::write_register, FieldWriter().number(2, address).bytes(4, data).body()});
  }
  bool acknowledged(const Call& call) {
    const std::string body = server_->answer(call);
    const auto fields = Fields::parse(body);
    return fields && fields->number(1) != 0;
  }

  Channel calls_ = channel();
  Channel memory_ = channel();
  std::unique_ptr<CardServer> server_;
};

TEST_F(CardServerTest, RegistersAreBehindTheKernelsAddress) {
  EXPECT_THAT(read(kKernelBase, 4), testing::Optional(testing::ElementsAre(regs::kDeviceId)));
  EXPECT_THAT(read(kKernelBase, 8), testing::Optional(testing::SizeIs(2)));
  EXPECT_TRUE(write(kKernelBase + regs::offset::kScratch, {0x12345678}));
  EXPECT_THAT(read(kKernelBase + regs::offset::kScratch, 4), testing::Optional(testing::ElementsAre(0x12345678U)));
}

TEST_F(CardServerTest, AccessesOutsideFail) {
  EXPECT_FALSE(read(kKernelBase - 4, 4));
  EXPECT_FALSE(read(kKernelBase + xrt_kernel::kRange, 4));
  EXPECT_FALSE(read(kKernelBase + xrt_kernel::kRange - 4, 8));
  EXPECT_FALSE(read(kKernelBase, ~std::uint64_t{0}));
  EXPECT_FALSE(read(kKernelBase + regs::kWindowBytes - 4, 4)) << "a register that does not exist";
  EXPECT_FALSE(write(kKernelBase - 4, {1}));
  EXPECT_FALSE(write(kKernelBase + xrt_kernel::kRange, {1}));
  EXPECT_FALSE(write(kKernelBase, {1})) << "ID is read only";
  EXPECT_FALSE(acknowledged({Api::write_register, FieldWriter().number(2, kKernelBase).bytes(4, "odd").body()}));
  EXPECT_FALSE(acknowledged({Api::read_register, "\xff"})) << "malformed";
}

TEST_F(CardServerTest, TheWrappersRegisterResetsTheCard) {
  EXPECT_TRUE(write(kKernelBase + regs::offset::kScratch, {7}));
  EXPECT_TRUE(write(kKernelBase + xrt_kernel::kResetOffset, {0}));
  EXPECT_THAT(read(kKernelBase + regs::offset::kScratch, 4), testing::Optional(testing::ElementsAre(7U)));
  EXPECT_TRUE(write(kKernelBase + xrt_kernel::kResetOffset, {1}));
  EXPECT_THAT(read(kKernelBase + regs::offset::kScratch, 4), testing::Optional(testing::ElementsAre(0U)));
  EXPECT_THAT(read(kKernelBase + xrt_kernel::kResetOffset, 4), testing::Optional(testing::ElementsAre(0U)));
}

TEST_F(CardServerTest, WhatTheCardDoesNotHaveFails) {
  EXPECT_FALSE(acknowledged({Api::write_device_memory, ""}));
  EXPECT_FALSE(acknowledged({Api::read_device_memory, ""}));
  EXPECT_FALSE(acknowledged({Api::copy_host_to_device, ""}));
  EXPECT_FALSE(acknowledged({Api::copy_device_to_host, ""}));
  EXPECT_FALSE(acknowledged({static_cast<Api>(12345), ""}));
  EXPECT_TRUE(acknowledged({Api::set_environment, ""}));
  EXPECT_TRUE(acknowledged({Api::timestamp, ""}));
}

TEST_F(CardServerTest, MemoryOutsideOfTheBankIsNotAskedFor) {
  XrtHostMemory bank(memory_);
  std::array<std::byte, 64> data{};
  EXPECT_FALSE(bank.read(kHostBankBase - 64, data));
  EXPECT_FALSE(bank.write(kHostBankBase + kHostBankBytes - 32, data));
  EXPECT_FALSE(bank.read(kHostBankBase, data)) << "XRT has gone";
}

}  // namespace
}  // namespace sapulse::sim::xrt
