// SPDX-License-Identifier: Apache-2.0
#include "sapulse/systemc/transaction_rules.h"

#include <gmock/gmock.h>

#include <array>

namespace sapulse::systemc {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Payload = tlm::tlm_generic_payload;

/// Non-blocking payloads belong to a memory manager; these are the test's own.
class Manager : public tlm::tlm_mm_interface {
 public:
  void free(Payload*) override {}
};

class TransactionRulesTest : public testing::Test {
 protected:
  TransactionRulesTest() { prepare(payload); }

  void prepare(Payload& fresh) {
    fresh.set_mm(&manager);
    fresh.acquire();
    fresh.set_read();
    fresh.set_data_ptr(data.data());
    fresh.set_data_length(4);
    fresh.set_streaming_width(4);
  }
  void blocking(tlm::tlm_response_status response = tlm::TLM_OK_RESPONSE) {
    rules.blocking_begins(payload);
    payload.set_response_status(response);
    rules.blocking_ends(payload);
  }
  void expect_violation(const char* part) { EXPECT_THAT(rules.violations(), ElementsAre(HasSubstr(part))); }

  std::array<unsigned char, 8> data{};
  std::array<unsigned char, 4> enables{};
  Manager manager;
  Payload payload;
  TransactionRules rules{"socket", {}};
};

TEST_F(TransactionRulesTest, AGoodBlockingTransactionPasses) {
  blocking();
  EXPECT_THAT(rules.violations(), IsEmpty());
  EXPECT_EQ(rules.completed(), 1U);
}

TEST_F(TransactionRulesTest, StaleResponse) {
  payload.set_response_status(tlm::TLM_OK_RESPONSE);
  blocking();
  expect_violation("TLM_INCOMPLETE_RESPONSE");
}

TEST_F(TransactionRulesTest, MissingResponse) {
  blocking(tlm::TLM_INCOMPLETE_RESPONSE);
  expect_violation("has no response");
}

TEST_F(TransactionRulesTest, NoDataPointer) {
  payload.set_data_ptr(nullptr);
  blocking();
  expect_violation("without data pointer");
}

TEST_F(TransactionRulesTest, NoLength) {
  payload.set_data_length(0);
  blocking();
  expect_violation("0 bytes");
}

TEST_F(TransactionRulesTest, NoStreamingWidth) {
  payload.set_streaming_width(0);
  blocking();
  expect_violation("streaming width of 0");
}

TEST_F(TransactionRulesTest, ChangedAttribute) {
  rules.blocking_begins(payload);
  payload.set_data_length(8);
  payload.set_response_status(tlm::TLM_OK_RESPONSE);
  rules.blocking_ends(payload);
  expect_violation("changed");
}

TEST_F(TransactionRulesTest, ByteEnablesMustBeRefusedWithTheirStatus) {
  payload.set_byte_enable_ptr(enables.data());
  payload.set_byte_enable_length(4);
  blocking(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
  EXPECT_THAT(rules.violations(), IsEmpty());
  payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  blocking(tlm::TLM_GENERIC_ERROR_RESPONSE);
  expect_violation("TLM_BYTE_ENABLE_ERROR_RESPONSE");
}

TEST_F(TransactionRulesTest, DirectMemoryIsRefused) {
  rules.dmi_ends(false);
  EXPECT_THAT(rules.violations(), IsEmpty());
  rules.dmi_ends(true);
  expect_violation("direct memory pointer");
}

TEST_F(TransactionRulesTest, DmiHint) {
  rules.blocking_begins(payload);
  payload.set_response_status(tlm::TLM_OK_RESPONSE);
  payload.set_dmi_allowed(true);
  rules.blocking_ends(payload);
  expect_violation("DMI hint");
}

TEST_F(TransactionRulesTest, TooManyDebugBytes) {
  rules.debug_ends(payload, 5);
  expect_violation("debug access");
}

TEST_F(TransactionRulesTest, AllFourPhases) {
  rules.forward_begins(payload, tlm::BEGIN_REQ);
  rules.forward_ends(payload, {tlm::BEGIN_REQ, tlm::BEGIN_REQ, tlm::TLM_ACCEPTED});
  rules.backward_begins(payload, tlm::END_REQ);
  rules.backward_ends(payload, {tlm::END_REQ, tlm::END_REQ, tlm::TLM_ACCEPTED});
  payload.set_response_status(tlm::TLM_OK_RESPONSE);
  rules.backward_begins(payload, tlm::BEGIN_RESP);
  rules.backward_ends(payload, {tlm::BEGIN_RESP, tlm::BEGIN_RESP, tlm::TLM_ACCEPTED});
  rules.forward_begins(payload, tlm::END_RESP);
  rules.forward_ends(payload, {tlm::END_RESP, tlm::END_RESP, tlm::TLM_COMPLETED});
  EXPECT_THAT(rules.violations(), IsEmpty());
  EXPECT_EQ(rules.completed(), 1U);
}

TEST_F(TransactionRulesTest, EarlyCompletion) {
  rules.forward_begins(payload, tlm::BEGIN_REQ);
  payload.set_response_status(tlm::TLM_OK_RESPONSE);
  rules.forward_ends(payload, {tlm::BEGIN_REQ, tlm::BEGIN_REQ, tlm::TLM_COMPLETED});
  EXPECT_THAT(rules.violations(), IsEmpty());
  EXPECT_EQ(rules.completed(), 1U);
}

TEST_F(TransactionRulesTest, ResponseOnTheReturnPath) {
  rules.forward_begins(payload, tlm::BEGIN_REQ);
  payload.set_response_status(tlm::TLM_OK_RESPONSE);
  rules.forward_ends(payload, {tlm::BEGIN_REQ, tlm::BEGIN_RESP, tlm::TLM_UPDATED});
  rules.forward_begins(payload, tlm::END_RESP);
  rules.forward_ends(payload, {tlm::END_RESP, tlm::END_RESP, tlm::TLM_COMPLETED});
  EXPECT_THAT(rules.violations(), IsEmpty());
}

TEST_F(TransactionRulesTest, RequestsExcludeEachOther) {
  Payload second;
  prepare(second);
  rules.forward_begins(payload, tlm::BEGIN_REQ);
  rules.forward_ends(payload, {tlm::BEGIN_REQ, tlm::BEGIN_REQ, tlm::TLM_ACCEPTED});
  rules.forward_begins(second, tlm::BEGIN_REQ);
  expect_violation("before the request before has ended");
}

TEST_F(TransactionRulesTest, PhasesOutOfOrder) {
  rules.forward_begins(payload, tlm::END_RESP);
  expect_violation("has not begun");
}

TEST_F(TransactionRulesTest, EndRequestTwice) {
  rules.forward_begins(payload, tlm::BEGIN_REQ);
  rules.backward_begins(payload, tlm::END_REQ);
  rules.backward_begins(payload, tlm::END_REQ);
  expect_violation("END_REQ out of order");
}

TEST_F(TransactionRulesTest, PhaseOfTheOtherSide) {
  rules.forward_begins(payload, tlm::BEGIN_REQ);
  rules.forward_begins(payload, tlm::END_REQ);
  expect_violation("END_REQ from the initiator");
}

TEST_F(TransactionRulesTest, AcceptedWithAnotherPhase) {
  rules.forward_begins(payload, tlm::BEGIN_REQ);
  rules.forward_ends(payload, {tlm::BEGIN_REQ, tlm::END_REQ, tlm::TLM_ACCEPTED});
  expect_violation("TLM_ACCEPTED with another phase");
}

TEST_F(TransactionRulesTest, UpdatedWithoutAnotherPhase) {
  rules.backward_ends(payload, {tlm::END_RESP, tlm::END_RESP, tlm::TLM_UPDATED});
  EXPECT_THAT(rules.violations(), testing::Contains(HasSubstr("TLM_UPDATED without another phase")));
}

TEST_F(TransactionRulesTest, CompletedByTheInitiatorTooEarly) {
  rules.forward_begins(payload, tlm::BEGIN_REQ);
  rules.forward_ends(payload, {tlm::BEGIN_REQ, tlm::BEGIN_REQ, tlm::TLM_ACCEPTED});
  rules.backward_begins(payload, tlm::END_REQ);
  rules.backward_ends(payload, {tlm::END_REQ, tlm::END_REQ, tlm::TLM_COMPLETED});
  expect_violation("before there is a response");
}

TEST_F(TransactionRulesTest, TheInitiatorMayCompleteWithTheResponse) {
  rules.forward_begins(payload, tlm::BEGIN_REQ);
  rules.forward_ends(payload, {tlm::BEGIN_REQ, tlm::BEGIN_REQ, tlm::TLM_ACCEPTED});
  payload.set_response_status(tlm::TLM_OK_RESPONSE);
  rules.backward_begins(payload, tlm::BEGIN_RESP);
  rules.backward_ends(payload, {tlm::BEGIN_RESP, tlm::BEGIN_RESP, tlm::TLM_COMPLETED});
  EXPECT_THAT(rules.violations(), IsEmpty());
  EXPECT_EQ(rules.completed(), 1U);
}

TEST_F(TransactionRulesTest, NonBlockingThatNobodyHasAcquired) {
  Payload unowned(&manager);
  unowned.set_read();
  unowned.set_data_ptr(data.data());
  unowned.set_data_length(4);
  unowned.set_streaming_width(4);
  rules.forward_begins(unowned, tlm::BEGIN_REQ);
  expect_violation("nobody has acquired");
}

TEST_F(TransactionRulesTest, TimeGoesForward) {
  const sc_core::sc_time early(1, sc_core::SC_NS);
  const sc_core::sc_time late(2, sc_core::SC_NS);
  rules.time_passes(early, early);
  rules.time_passes(early, late);
  EXPECT_THAT(rules.violations(), IsEmpty());
  rules.time_passes(late, early);
  expect_violation("earlier time");
}

TEST_F(TransactionRulesTest, NonBlockingWithoutMemoryManager) {
  Payload loose;
  loose.set_read();
  loose.set_data_ptr(data.data());
  loose.set_data_length(4);
  loose.set_streaming_width(4);
  rules.forward_begins(loose, tlm::BEGIN_REQ);
  expect_violation("memory manager");
}

}  // namespace
}  // namespace sapulse::systemc

int sc_main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
