// SPDX-License-Identifier: Apache-2.0
#include "sapulse/systemc/transaction_rules.h"

#include <algorithm>

namespace sapulse::systemc {
namespace {

constexpr std::size_t kViolationLimit = 100;

}  // namespace

void TransactionRules::expect(bool good, const std::string& rule) {
  if (good || violations_.size() == kViolationLimit) return;
  violations_.push_back(name_ + ": " + rule);
}

TransactionRules::Snapshot TransactionRules::take(const Payload& payload) {
  return {payload.get_command(),         payload.get_data_ptr(),           payload.get_data_length(),
          payload.get_byte_enable_ptr(), payload.get_byte_enable_length(), payload.get_streaming_width()};
}

void TransactionRules::check_start(const Payload& payload) {
  expect(payload.get_response_status() == tlm::TLM_INCOMPLETE_RESPONSE,
         "the response status of a new transaction is not TLM_INCOMPLETE_RESPONSE");
  expect(!payload.is_dmi_allowed(), "a new transaction has its DMI hint set");
  if (payload.get_command() == tlm::TLM_IGNORE_COMMAND) return;
  expect(payload.get_data_ptr() != nullptr, "a transaction without data pointer");
  expect(payload.get_data_length() != 0, "a transaction of 0 bytes");
  expect(payload.get_streaming_width() != 0, "a streaming width of 0");
  expect(payload.get_byte_enable_ptr() == nullptr || payload.get_byte_enable_length() != 0, "byte enables of length 0");
}

void TransactionRules::check_response(const Payload& payload, const Snapshot& before) {
  expect(payload.get_response_status() != tlm::TLM_INCOMPLETE_RESPONSE, "a completed transaction has no response");
  expect(payload.get_command() == before.command && payload.get_data_ptr() == before.data &&
             payload.get_data_length() == before.length && payload.get_byte_enable_ptr() == before.byte_enables &&
             payload.get_byte_enable_length() == before.byte_enable_length &&
             payload.get_streaming_width() == before.streaming_width,
         "attributes were changed between request and response");
  expect(promises_.dmi || !payload.is_dmi_allowed(), "a DMI hint from a target without DMI");
  if (before.byte_enables != nullptr && !promises_.byte_enables) {
    expect(payload.get_response_status() == tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE,
           "byte enables were not refused with TLM_BYTE_ENABLE_ERROR_RESPONSE");
  }
}

void TransactionRules::blocking_begins(const Payload& payload) {
  check_start(payload);
  expect(!blocking_calls_.contains(&payload) && !transactions_.contains(&payload),
         "a payload is used for a second transaction before the first one has ended");
  blocking_calls_.insert_or_assign(&payload, take(payload));
}

void TransactionRules::blocking_ends(const Payload& payload) {
  const auto call = blocking_calls_.extract(&payload);
  if (call.empty()) return;
  check_response(payload, call.mapped());
  ++completed_;
}

bool TransactionRules::any(Progress progress) const {
  return std::ranges::any_of(transactions_, [&](const auto& entry) { return entry.second.progress == progress; });
}

void TransactionRules::begin_request(const Payload& payload) {
  check_start(payload);
  expect(payload.has_mm(), "a non-blocking transaction without memory manager");
  expect(!payload.has_mm() || payload.get_ref_count() > 0, "a non-blocking transaction that nobody has acquired");
  expect(!any(Progress::requested), "BEGIN_REQ before the request before has ended");
  expect(!transactions_.contains(&payload), "BEGIN_REQ of a transaction that is under way");
  transactions_.insert_or_assign(&payload, Transaction{take(payload), Progress::requested});
}

void TransactionRules::finish(const Payload& payload) {
  transactions_.erase(&payload);
  ++completed_;
}

void TransactionRules::move(const Payload& payload, const tlm::tlm_phase& phase, bool from_target) {
  if (phase == tlm::BEGIN_REQ) {
    expect(!from_target, "BEGIN_REQ from the target");
    if (!from_target) begin_request(payload);
    return;
  }
  const auto found = transactions_.find(&payload);
  if (found == transactions_.end()) {
    expect(false, "a phase of a transaction that has not begun, or has ended");
    return;
  }
  Transaction& transaction = found->second;
  if (phase == tlm::END_REQ) {
    expect(from_target, "END_REQ from the initiator");
    expect(transaction.progress == Progress::requested, "END_REQ out of order");
    transaction.progress = Progress::request_ended;
  } else if (phase == tlm::BEGIN_RESP) {
    expect(from_target, "BEGIN_RESP from the initiator");
    expect(transaction.progress == Progress::requested || transaction.progress == Progress::request_ended,
           "BEGIN_RESP out of order");
    expect(!any(Progress::responding), "BEGIN_RESP before the response before has ended");
    check_response(payload, transaction.snapshot);
    transaction.progress = Progress::responding;
  } else if (phase == tlm::END_RESP) {
    expect(!from_target, "END_RESP from the target");
    expect(transaction.progress == Progress::responding, "END_RESP out of order");
    finish(payload);
  }
}

void TransactionRules::forward_begins(const Payload& payload, const tlm::tlm_phase& phase) {
  move(payload, phase, false);
}

void TransactionRules::check_return(const Return& result) {
  if (result.status == tlm::TLM_ACCEPTED) {
    expect(result.returned == result.called, "TLM_ACCEPTED with another phase than that of the call");
  }
  if (result.status == tlm::TLM_UPDATED) {
    expect(result.returned != result.called, "TLM_UPDATED without another phase");
  }
}

void TransactionRules::forward_ends(const Payload& payload, const Return& result) {
  check_return(result);
  if (result.status == tlm::TLM_UPDATED) move(payload, result.returned, true);
  if (result.status != tlm::TLM_COMPLETED) return;
  const auto found = transactions_.find(&payload);
  if (found == transactions_.end()) return;  // it answered END_RESP
  check_response(payload, found->second.snapshot);
  finish(payload);
}

void TransactionRules::backward_begins(const Payload& payload, const tlm::tlm_phase& phase) {
  move(payload, phase, true);
}

void TransactionRules::backward_ends(const Payload& payload, const Return& result) {
  check_return(result);
  if (result.status == tlm::TLM_UPDATED) move(payload, result.returned, false);
  if (result.status != tlm::TLM_COMPLETED) return;
  expect(result.called != tlm::END_REQ, "TLM_COMPLETED from the initiator before there is a response");
  if (transactions_.contains(&payload)) finish(payload);
}

void TransactionRules::time_passes(const sc_core::sc_time& called, const sc_core::sc_time& returned) {
  expect(returned >= called, "a call returned with an earlier time than it was made at");
}

void TransactionRules::debug_ends(const Payload& payload, unsigned bytes) {
  expect(bytes <= payload.get_data_length(), "a debug access of more bytes than were asked for");
}

void TransactionRules::dmi_ends(bool granted) {
  expect(promises_.dmi || !granted, "a direct memory pointer was given out");
}

}  // namespace sapulse::systemc
