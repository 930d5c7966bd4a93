// SPDX-License-Identifier: Apache-2.0
#include "policy.h"

#include "sapulse_wire.h"

namespace sapulse::sim::fast {
namespace {

using regs::Action;
using regs::Cause;
using regs::Counter;

Counter counter_of(unsigned malformed) {
  switch (malformed) {
    case MALFORMED_IP_CHECKSUM:
      return Counter::kDropIpChecksum;
    case MALFORMED_IP_LENGTH:
      return Counter::kDropIpLength;
    case MALFORMED_ADDRESS:
      return Counter::kDropAddress;
    case MALFORMED_ENCAPSULATION:
      return Counter::kDropEncapsulation;
    case MALFORMED_SHORT:
      return Counter::kDropShort;
    case MALFORMED_VERSION:
      return Counter::kDropVersion;
    case MALFORMED_CHECKSUM:
      return Counter::kDropChecksum;
    case MALFORMED_LENGTH:
      return Counter::kDropLength;
    case MALFORMED_NESTED:
      return Counter::kDropNested;
    default:
      return Counter::kDropSequence;
  }
}

unsigned malformed_for(const record_t& record, Action action) {
  if (record.ip_malformed != MALFORMED_NONE) return record.ip_malformed.to_uint();
  if (action == Action::kControl) return record.control_malformed.to_uint();
  if (action == Action::kEcho || action == Action::kEchoReply) return record.echo_malformed.to_uint();
  return MALFORMED_NONE;
}

}  // namespace

Decision Policy::judge(const record_t& record, bool enabled) const {
  if (!enabled || record.kind != FRAME_SPI || !local(record.l3.dst)) return {};
  return record.l4.spi <= wire::spi_reserved_max ? judge_reserved(record) : judge_customer(record);
}

bool Policy::local(const ap_uint<128>& address) const {
  for (unsigned i = 0; i < regs::kLocalAddresses; ++i) {
    if (registers_.get(regs::offset::local_address_valid(i)) == 0) continue;
    const ap_uint<128> own = (ap_uint<32>(registers_.get(regs::offset::local_address_word0(i))),
                              ap_uint<32>(registers_.get(regs::offset::local_address_word1(i))),
                              ap_uint<32>(registers_.get(regs::offset::local_address_word2(i))),
                              ap_uint<32>(registers_.get(regs::offset::local_address_word3(i))));
    if (own == address) return true;
  }
  return false;
}

Decision Policy::judge_reserved(const record_t& record) const {
  const auto action = static_cast<Action>(registers_.get(regs::offset::action(record.l4.spi.to_uint())));
  const unsigned malformed = malformed_for(record, action);
  Decision decision;
  decision.pass = false;
  decision.take = malformed == MALFORMED_NONE;
  decision.drop = counter_of(malformed);
  switch (action) {
    case Action::kDrop:
      decision.take = false;
      decision.drop = Counter::kDropAction;
      break;
    case Action::kControl:
      judge_control(record, decision);
      copy_malformed(malformed, decision);
      break;
    case Action::kEcho:
      decision.route = Route::echo;
      break;
    case Action::kEchoReply:
      decision.cause = Cause::kEchoReply;
      break;
    case Action::kHost:
      decision.cause = Cause::kHostAction;
      break;
    default:
      decision.pass = true;
      decision.take = false;
      break;
  }
  return decision;
}

void Policy::copy_malformed(unsigned malformed, Decision& decision) const {
  if (malformed < MALFORMED_ENCAPSULATION) return;  // good, or no good IP packet
  const Cause cause = malformed == MALFORMED_VERSION ? Cause::kVersion : Cause::kMalformed;
  if ((registers_.get(regs::offset::kExceptionCopies) >> static_cast<unsigned>(cause) & 1) == 0) return;
  decision.take = decision.copy = true;
  decision.route = Route::exception;
  decision.cause = cause;
}

void Policy::judge_control(const record_t& record, Decision& decision) const {
  const unsigned message = record.control.message.to_uint();
  switch (message) {
    case wire::type_echo_request:
    case wire::type_echo_reply:
    case wire::type_error_protected:
      decision.cause = Cause::kUnknownSpi;
      if (const auto sa = tables_.find(record.control.subject.to_uint())) {
        decision.route = Route::ping;
        decision.sa = *sa;
      }
      break;
    case wire::type_error_clear:
      decision.cause = Cause::kErrorClear;
      break;
    default:
      decision.cause = message >= wire::type_private_first ? Cause::kPrivate : Cause::kUnsupported;
  }
}

Decision Policy::judge_customer(const record_t& record) const {
  Decision decision;
  // SPIs of AH are numbers of their own.
  if (record.ip_malformed != MALFORMED_NONE || record.l4.encap == ENCAP_AH) return decision;
  if (const auto sa = tables_.find(record.l4.spi.to_uint())) {
    decision.data_seen = true;
    decision.sa = *sa;
  } else {
    decision.copy = regs::control::kAuthoritative.get(registers_.get(regs::offset::kControl)) != 0;
    decision.take = decision.copy;
  }
  return decision;
}

}  // namespace sapulse::sim::fast
