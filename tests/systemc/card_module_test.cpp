// SPDX-License-Identifier: Apache-2.0
// The sockets of the card: response statuses, refusals, frames, interrupts, time.
#include "sapulse/systemc/card_module.h"

#include <array>

#include "director.h"
#include "non_blocking_card.h"
#include "sapulse/registers.h"
#include "sapulse/systemc/frame_extension.h"
#include "single_card.h"

namespace sapulse::systemc::test {
namespace {

using testing::IsEmpty;

SingleCard* cards[2];
NonBlockingCard* non_blocking = nullptr;

class CardModuleTest : public testing::TestWithParam<int> {
 protected:
  CardModuleTest() : single_(*cards[GetParam()]) {}
  void SetUp() override {
    ASSERT_TRUE(single_.site.device.reset());
    (void)single_.line_out.take();
    (void)single_.site.core_out.take();
  }
  void TearDown() override { EXPECT_THAT(single_.site.card.protocol_violations(), IsEmpty()); }

  /// Makes a payload a 4-byte access, to be bent.
  void access(tlm::tlm_generic_payload& payload, tlm::tlm_command command, std::uint64_t address) {
    payload.set_command(command);
    payload.set_address(address);
    payload.set_data_ptr(data_.data());
    payload.set_data_length(4);
    payload.set_streaming_width(4);
  }
  tlm::tlm_response_status registers(tlm::tlm_generic_payload& payload) {
    sc_core::sc_time delay;
    single_.site.device.registers->b_transport(payload, delay);
    return payload.get_response_status();
  }
  tlm::tlm_response_status frame(tlm::tlm_generic_payload& payload) {
    sc_core::sc_time delay;
    single_.line_in.out->b_transport(payload, delay);
    return payload.get_response_status();
  }

  std::array<unsigned char, 64> data_{};
  std::array<unsigned char, 4> enables_{0xff, 0xff, 0xff, 0xff};
  SingleCard& single_;
};

TEST_P(CardModuleTest, ReadsAndWritesRegisters) {
  EXPECT_EQ(single_.site.device.read32(regs::offset::kId), regs::kDeviceId);
  ASSERT_TRUE(single_.site.device.write32(regs::offset::kScratch, 0x12345678));
  EXPECT_EQ(single_.site.device.read32(regs::offset::kScratch), 0x12345678U);
}

TEST_P(CardModuleTest, RefusesWithTheRightStatus) {
  tlm::tlm_generic_payload byte_enables;
  access(byte_enables, tlm::TLM_READ_COMMAND, regs::offset::kId);
  byte_enables.set_byte_enable_ptr(enables_.data());
  byte_enables.set_byte_enable_length(4);
  EXPECT_EQ(registers(byte_enables), tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
  tlm::tlm_generic_payload burst;
  access(burst, tlm::TLM_READ_COMMAND, regs::offset::kId);
  burst.set_data_length(8);
  burst.set_streaming_width(8);
  EXPECT_EQ(registers(burst), tlm::TLM_BURST_ERROR_RESPONSE);
  tlm::tlm_generic_payload odd;
  access(odd, tlm::TLM_READ_COMMAND, 2);
  EXPECT_EQ(registers(odd), tlm::TLM_ADDRESS_ERROR_RESPONSE);
  tlm::tlm_generic_payload beyond;
  access(beyond, tlm::TLM_READ_COMMAND, 0x10000);
  EXPECT_EQ(registers(beyond), tlm::TLM_ADDRESS_ERROR_RESPONSE);
  tlm::tlm_generic_payload hole;
  access(hole, tlm::TLM_READ_COMMAND, 0xf000);
  EXPECT_EQ(registers(hole), tlm::TLM_ADDRESS_ERROR_RESPONSE);
  tlm::tlm_generic_payload read_only;
  access(read_only, tlm::TLM_WRITE_COMMAND, regs::offset::kId);
  EXPECT_EQ(registers(read_only), tlm::TLM_ADDRESS_ERROR_RESPONSE);
}

TEST_P(CardModuleTest, RefusesDirectMemoryAndDebugAccess) {
  tlm::tlm_generic_payload payload;
  access(payload, tlm::TLM_READ_COMMAND, regs::offset::kId);
  tlm::tlm_dmi dmi;
  EXPECT_FALSE(single_.site.device.registers->get_direct_mem_ptr(payload, dmi));
  EXPECT_EQ(single_.site.device.registers->transport_dbg(payload), 0U);
}

TEST_P(CardModuleTest, RegisterAccessesTakeTime) {
  ASSERT_TRUE(single_.site.device.read32(regs::offset::kId));  // the first one after a reset waits for the action table
  tlm::tlm_generic_payload payload;
  access(payload, tlm::TLM_READ_COMMAND, regs::offset::kId);
  sc_core::sc_time delay;
  single_.site.device.registers->b_transport(payload, delay);
  EXPECT_GT(delay, sc_core::SC_ZERO_TIME);
  EXPECT_LT(delay, 100 * single_.site.card.period());
}

TEST_P(CardModuleTest, RefusesBadFrames) {
  tlm::tlm_generic_payload read;
  access(read, tlm::TLM_READ_COMMAND, 0);
  EXPECT_EQ(frame(read), tlm::TLM_COMMAND_ERROR_RESPONSE);
  tlm::tlm_generic_payload elsewhere;
  access(elsewhere, tlm::TLM_WRITE_COMMAND, 4);
  EXPECT_EQ(frame(elsewhere), tlm::TLM_ADDRESS_ERROR_RESPONSE);
  tlm::tlm_generic_payload narrow;
  access(narrow, tlm::TLM_WRITE_COMMAND, 0);
  narrow.set_streaming_width(2);
  EXPECT_EQ(frame(narrow), tlm::TLM_BURST_ERROR_RESPONSE);
  tlm::tlm_generic_payload byte_enables;
  access(byte_enables, tlm::TLM_WRITE_COMMAND, 0);
  byte_enables.set_byte_enable_ptr(enables_.data());
  byte_enables.set_byte_enable_length(4);
  EXPECT_EQ(frame(byte_enables), tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
}

TEST_P(CardModuleTest, PassesFramesBothWays) {
  Frame there(100, std::byte{0x11});
  Frame back(300, std::byte{0x22});
  ASSERT_TRUE(single_.line_in.send(there));
  ASSERT_TRUE(single_.site.core_in.send(back));
  sc_core::wait(sc_core::sc_time(5, sc_core::SC_US));
  EXPECT_THAT(single_.site.core_out.take(), testing::ElementsAre(there));
  EXPECT_THAT(single_.line_out.take(), testing::ElementsAre(back));
}

TEST_P(CardModuleTest, StandsStillInReset) {
  const std::uint64_t before = single_.site.card.card().cycle();
  sc_core::wait(sc_core::sc_time(2, sc_core::SC_US));
  EXPECT_GT(single_.site.card.card().cycle(), before);
  single_.site.device.reset_n.write(false);
  sc_core::wait(sc_core::sc_time(2, sc_core::SC_US));
  const std::uint64_t held = single_.site.card.card().cycle();
  sc_core::wait(sc_core::sc_time(2, sc_core::SC_US));
  EXPECT_EQ(single_.site.card.card().cycle(), held);
}

class NonBlockingTest : public testing::Test {
 protected:
  NonBlockingTest() {
    payload_.set_mm(&owner_);
    payload_.acquire();
    payload_.set_read();
    payload_.set_address(regs::offset::kId);
    payload_.set_data_ptr(reinterpret_cast<unsigned char*>(&value_));
    payload_.set_data_length(sizeof(value_));
    payload_.set_streaming_width(sizeof(value_));
  }
  void TearDown() override { EXPECT_THAT(non_blocking->card.protocol_violations(), IsEmpty()); }

  OwnPayloads owner_;
  tlm::tlm_generic_payload payload_;
  std::uint32_t value_ = 0;
};

TEST_F(NonBlockingTest, GoesThroughAllPhases) {
  const std::uint64_t before = non_blocking->card.transactions();
  const auto phases = non_blocking->initiator.carry_out(payload_);
  EXPECT_EQ(phases.back(), tlm::BEGIN_RESP);
  EXPECT_EQ(payload_.get_response_status(), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(value_, regs::kDeviceId);
  EXPECT_EQ(non_blocking->card.transactions(), before + 1) << "the checker has seen END_RESP";
}

TEST_F(NonBlockingTest, ByteEnablesAreRefused) {
  std::array<unsigned char, 4> enables{0xff, 0xff, 0xff, 0xff};
  payload_.set_byte_enable_ptr(enables.data());
  payload_.set_byte_enable_length(enables.size());
  (void)non_blocking->initiator.carry_out(payload_);
  EXPECT_EQ(payload_.get_response_status(), tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
  EXPECT_EQ(value_, 0U);
}

INSTANTIATE_TEST_SUITE_P(Models, CardModuleTest, testing::Values(0, 1),
                         [](const auto& info) { return info.param == 0 ? "fast" : "rtl"; });

}  // namespace
}  // namespace sapulse::systemc::test

int sc_main(int argc, char** argv) {
  using namespace sapulse;
  testing::InitGoogleMock(&argc, argv);
  systemc::CardModuleOptions options;
  options.card.model = sim::ModelKind::fast;
  systemc::test::SingleCard fast("fast", options);
  options.card.model = sim::ModelKind::rtl;
  systemc::test::SingleCard rtl("rtl", options);
  systemc::test::NonBlockingCard non_blocking("non_blocking");
  systemc::test::non_blocking = &non_blocking;
  systemc::test::cards[0] = &fast;
  systemc::test::cards[1] = &rtl;
  return systemc::test::run_tests();
}
