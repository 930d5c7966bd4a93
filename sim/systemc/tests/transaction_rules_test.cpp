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
  TransactionRulesTest() { prepare(payload_); }

  void prepare(Payload& fresh) {
    fresh.set_mm(&manager_);
    fresh.acquire();
    fresh.set_read();
    fresh.set_data_ptr(data_.data());
    fresh.set_data_length(4);
    fresh.set_streaming_width(4);
  }
  void blocking(tlm::tlm_response_status response = tlm::TLM_OK_RESPONSE) {
    rules_.blocking_begins(payload_);
    payload_.set_response_status(response);
    rules_.blocking_ends(payload_);
  }
  void expect_violation(const char* part) { EXPECT_THAT(rules_.violations(), ElementsAre(HasSubstr(part))); }

  std::array<unsigned char, 8> data_{};
  std::array<unsigned char, 4> enables_{};
  Manager manager_;
  Payload payload_;
  TransactionRules rules_{"socket", {}};
};

TEST_F(TransactionRulesTest, AGoodBlockingTransactionPasses) {
  blocking();
  EXPECT_THAT(rules_.violations(), IsEmpty());
  EXPECT_EQ(rules_.completed(), 1U);
}

TEST_F(TransactionRulesTest, StaleResponse) {
  payload_.set_response_status(tlm::TLM_OK_RESPONSE);
  blocking();
  expect_violation("TLM_INCOMPLETE_RESPONSE");
}

TEST_F(TransactionRulesTest, MissingResponse) {
  blocking(tlm::TLM_INCOMPLETE_RESPONSE);
  expect_violation("has no response");
}

TEST_F(TransactionRulesTest, NoDataPointer) {
  payload_.set_data_ptr(nullptr);
  blocking();
  expect_violation("without data pointer");
}

TEST_F(TransactionRulesTest, NoLength) {
  payload_.set_data_length(0);
  blocking();
  expect_violation("0 bytes");
}

TEST_F(TransactionRulesTest, NoStreamingWidth) {
  payload_.set_streaming_width(0);
  blocking();
  expect_violation("streaming width of 0");
}

TEST_F(TransactionRulesTest, ChangedAttribute) {
  rules_.blocking_begins(payload_);
  payload_.set_data_length(8);
  payload_.set_response_status(tlm::TLM_OK_RESPONSE);
  rules_.blocking_ends(payload_);
  expect_violation("changed");
}

TEST_F(TransactionRulesTest, ByteEnablesMustBeRefusedWithTheirStatus) {
  payload_.set_byte_enable_ptr(enables_.data());
  payload_.set_byte_enable_length(4);
  blocking(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
  EXPECT_THAT(rules_.violations(), IsEmpty());
  payload_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  blocking(tlm::TLM_GENERIC_ERROR_RESPONSE);
  expect_violation("TLM_BYTE_ENABLE_ERROR_RESPONSE");
}

TEST_F(TransactionRulesTest, DirectMemoryIsRefused) {
  rules_.dmi_ends(false);
  EXPECT_THAT(rules_.violations(), IsEmpty());
  rules_.dmi_ends(true);
  expect_violation("direct memory pointer");
}

TEST_F(TransactionRulesTest, DmiHint) {
  rules_.blocking_begins(payload_);
  payload_.set_response_status(tlm::TLM_OK_RESPONSE);
  payload_.set_dmi_allowed(true);
  rules_.blocking_ends(payload_);
  expect_violation("DMI hint");
}

TEST_F(TransactionRulesTest, TooManyDebugBytes) {
  rules_.debug_ends(payload_, 5);
  expect_violation("debug access");
}

TEST_F(TransactionRulesTest, AllFourPhases) {
  rules_.forward_begins(payload_, tlm::BEGIN_REQ);
  rules_.forward_ends(payload_, {tlm::BEGIN_REQ, tlm::BEGIN_REQ, tlm::TLM_ACCEPTED});
  rules_.backward_begins(payload_, tlm::END_REQ);
  rules_.backward_ends(payload_, {tlm::END_REQ, tlm::END_REQ, tlm::TLM_ACCEPTED});
  payload_.set_response_status(tlm::TLM_OK_RESPONSE);
  rules_.backward_begins(payload_, tlm::BEGIN_RESP);
  rules_.backward_ends(payload_, {tlm::BEGIN_RESP, tlm::BEGIN_RESP, tlm::TLM_ACCEPTED});
  rules_.forward_begins(payload_, tlm::END_RESP);
  rules_.forward_ends(payload_, {tlm::END_RESP, tlm::END_RESP, tlm::TLM_COMPLETED});
  EXPECT_THAT(rules_.violations(), IsEmpty());
  EXPECT_EQ(rules_.completed(), 1U);
}

TEST_F(TransactionRulesTest, EarlyCompletion) {
  rules_.forward_begins(payload_, tlm::BEGIN_REQ);
  payload_.set_response_status(tlm::TLM_OK_RESPONSE);
  rules_.forward_ends(payload_, {tlm::BEGIN_REQ, tlm::BEGIN_REQ, tlm::TLM_COMPLETED});
  EXPECT_THAT(rules_.violations(), IsEmpty());
  EXPECT_EQ(rules_.completed(), 1U);
}

TEST_F(TransactionRulesTest, ResponseOnTheReturnPath) {
  rules_.forward_begins(payload_, tlm::BEGIN_REQ);
  payload_.set_response_status(tlm::TLM_OK_RESPONSE);
  rules_.forward_ends(payload_, {tlm::BEGIN_REQ, tlm::BEGIN_RESP, tlm::TLM_UPDATED});
  rules_.forward_begins(payload_, tlm::END_RESP);
  rules_.forward_ends(payload_, {tlm::END_RESP, tlm::END_RESP, tlm::TLM_COMPLETED});
  EXPECT_THAT(rules_.violations(), IsEmpty());
}

TEST_F(TransactionRulesTest, RequestsExcludeEachOther) {
  Payload second;
  prepare(second);
  rules_.forward_begins(payload_, tlm::BEGIN_REQ);
  rules_.forward_ends(payload_, {tlm::BEGIN_REQ, tlm::BEGIN_REQ, tlm::TLM_ACCEPTED});
  rules_.forward_begins(second, tlm::BEGIN_REQ);
  expect_violation("before the request before has ended");
}

TEST_F(TransactionRulesTest, PhasesOutOfOrder) {
  rules_.forward_begins(payload_, tlm::END_RESP);
  expect_violation("has not begun");
}

TEST_F(TransactionRulesTest, EndRequestTwice) {
  rules_.forward_begins(payload_, tlm::BEGIN_REQ);
  rules_.backward_begins(payload_, tlm::END_REQ);
  rules_.backward_begins(payload_, tlm::END_REQ);
  expect_violation("END_REQ out of order");
}

TEST_F(TransactionRulesTest, PhaseOfTheOtherSide) {
  rules_.forward_begins(payload_, tlm::BEGIN_REQ);
  rules_.forward_begins(payload_, tlm::END_REQ);
  expect_violation("END_REQ from the initiator");
}

TEST_F(TransactionRulesTest, AcceptedWithAnotherPhase) {
  rules_.forward_begins(payload_, tlm::BEGIN_REQ);
  rules_.forward_ends(payload_, {tlm::BEGIN_REQ, tlm::END_REQ, tlm::TLM_ACCEPTED});
  expect_violation("TLM_ACCEPTED with another phase");
}

TEST_F(TransactionRulesTest, UpdatedWithoutAnotherPhase) {
  rules_.backward_ends(payload_, {tlm::END_RESP, tlm::END_RESP, tlm::TLM_UPDATED});
  EXPECT_THAT(rules_.violations(), testing::Contains(HasSubstr("TLM_UPDATED without another phase")));
}

TEST_F(TransactionRulesTest, CompletedByTheInitiatorTooEarly) {
  rules_.forward_begins(payload_, tlm::BEGIN_REQ);
  rules_.forward_ends(payload_, {tlm::BEGIN_REQ, tlm::BEGIN_REQ, tlm::TLM_ACCEPTED});
  rules_.backward_begins(payload_, tlm::END_REQ);
  rules_.backward_ends(payload_, {tlm::END_REQ, tlm::END_REQ, tlm::TLM_COMPLETED});
  expect_violation("before there is a response");
}

TEST_F(TransactionRulesTest, TheInitiatorMayCompleteWithTheResponse) {
  rules_.forward_begins(payload_, tlm::BEGIN_REQ);
  rules_.forward_ends(payload_, {tlm::BEGIN_REQ, tlm::BEGIN_REQ, tlm::TLM_ACCEPTED});
  payload_.set_response_status(tlm::TLM_OK_RESPONSE);
  rules_.backward_begins(payload_, tlm::BEGIN_RESP);
  rules_.backward_ends(payload_, {tlm::BEGIN_RESP, tlm::BEGIN_RESP, tlm::TLM_COMPLETED});
  EXPECT_THAT(rules_.violations(), IsEmpty());
  EXPECT_EQ(rules_.completed(), 1U);
}

TEST_F(TransactionRulesTest, NonBlockingThatNobodyHasAcquired) {
  Payload unowned(&manager_);
  unowned.set_read();
  unowned.set_data_ptr(data_.data());
  unowned.set_data_length(4);
  unowned.set_streaming_width(4);
  rules_.forward_begins(unowned, tlm::BEGIN_REQ);
  expect_violation("nobody has acquired");
}

TEST_F(TransactionRulesTest, TimeGoesForward) {
  const sc_core::sc_time early(1, sc_core::SC_NS);
  const sc_core::sc_time late(2, sc_core::SC_NS);
  rules_.time_passes(early, early);
  rules_.time_passes(early, late);
  EXPECT_THAT(rules_.violations(), IsEmpty());
  rules_.time_passes(late, early);
  expect_violation("earlier time");
}

TEST_F(TransactionRulesTest, NonBlockingWithoutMemoryManager) {
  Payload loose;
  loose.set_read();
  loose.set_data_ptr(data_.data());
  loose.set_data_length(4);
  loose.set_streaming_width(4);
  rules_.forward_begins(loose, tlm::BEGIN_REQ);
  expect_violation("memory manager");
}

}  // namespace
}  // namespace sapulse::systemc

int sc_main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
