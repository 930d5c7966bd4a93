// SPDX-License-Identifier: Apache-2.0
#include "policy.h"

#include "sapulse_wire.h"

namespace sapulse::model {
namespace {

using regs::Action;
using regs::Cause;
using regs::Counter;

Counter counter_of(unsigned malformed) {
  switch (malformed) {
    case MALFORMED_IP_CHECKSUM:
      return Counter::drop_ip_checksum;
    case MALFORMED_IP_LENGTH:
      return Counter::drop_ip_length;
    case MALFORMED_ADDRESS:
      return Counter::drop_address;
    case MALFORMED_ENCAPSULATION:
      return Counter::drop_encapsulation;
    case MALFORMED_SHORT:
      return Counter::drop_short;
    case MALFORMED_VERSION:
      return Counter::drop_version;
    case MALFORMED_CHECKSUM:
      return Counter::drop_checksum;
    case MALFORMED_LENGTH:
      return Counter::drop_length;
    case MALFORMED_NESTED:
      return Counter::drop_nested;
    default:
      return Counter::drop_sequence;
  }
}

/// AH has no part in clear echoes.
bool is_passed(const record_t& record, Action action) {
  if (action == Action::echo || action == Action::echo_reply) return record.l4.encap == ENCAP_AH;
  return action != Action::drop && action != Action::control && action != Action::host;
}

}  // namespace

Decision Policy::judge(const record_t& record, bool enabled) const {
  if (!enabled || !for_us(record)) return {};
  return record.l4.spi <= wire::spi_reserved_max ? judge_reserved(record) : judge_customer(record);
}

bool Policy::for_us(const record_t& record) const {
  if (record.kind != FRAME_SPI || record.group_mac || record.mapped_destination) return false;
  if (record.l4.encap == ENCAP_UDP && record.l4.dport != registers_.get(regs::offset::kUdpPort)) return false;
  return local(record.l3.dst) && own(record.l2.dst);
}

bool Policy::own(const ap_uint<48>& mac) const {
  bool any = true;
  for (unsigned i = 0; i < regs::kLocalMacs; ++i) {
    constexpr std::uint32_t kValid = 0x8000'0000;
    const std::uint32_t high = registers_.get(regs::offset::local_mac_high(i));
    if ((high & kValid) == 0) continue;
    any = false;
    if (mac == (ap_uint<16>(high & ~kValid), ap_uint<32>(registers_.get(regs::offset::local_mac_low(i))))) return true;
  }
  return any;
}

unsigned Policy::malformed_for(const record_t& record, Action action) const {
  if (record.ip_malformed != MALFORMED_NONE) return record.ip_malformed.to_uint();
  if (action == Action::host) return MALFORMED_NONE;
  if (record.source_unusable || local(record.l3.src)) return MALFORMED_ADDRESS;
  if (action == Action::control) return record.control_malformed.to_uint();
  return (action == Action::echo ? record.echo_malformed : record.echo_reply_malformed).to_uint();
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
  if (is_passed(record, action)) return {};
  const unsigned malformed = malformed_for(record, action);
  Decision decision;
  decision.pass = false;
  decision.take = malformed == MALFORMED_NONE;
  decision.drop = counter_of(malformed);
  switch (action) {
    case Action::drop:
      decision.take = false;
      decision.drop = Counter::drop_action;
      break;
    case Action::control:
      judge_control(record, decision);
      copy_malformed(malformed, decision);
      break;
    case Action::echo:
      decision.route = record.echo_return ? Route::exception : Route::echo;
      decision.cause = Cause::echo_return;
      break;
    case Action::echo_reply:
      decision.cause = Cause::echo_reply;
      break;
    default:
      decision.cause = Cause::host_action;
      break;
  }
  return decision;
}

void Policy::copy_malformed(unsigned malformed, Decision& decision) const {
  if (malformed < MALFORMED_ENCAPSULATION) return;  // good, or no good IP packet
  const Cause cause = malformed == MALFORMED_VERSION ? Cause::version : Cause::malformed;
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
      decision.cause = Cause::unknown_spi;
      if (const auto sa = tables_.find(record.control.subject.to_uint())) {
        decision.route = Route::ping;
        decision.sa = *sa;
      }
      break;
    case wire::type_error_clear:
      decision.cause = Cause::error_clear;
      break;
    default:
      decision.cause = message >= wire::type_private_first ? Cause::private_use : Cause::unsupported;
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

}  // namespace sapulse::model
