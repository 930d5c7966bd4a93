// SPDX-License-Identifier: Apache-2.0
// Stands between two sockets, lets everything through unchanged and holds it against the base protocol.
#pragma once

#include <systemc>
#include <tlm>

#include "sapulse/systemc/transaction_rules.h"

namespace sapulse::systemc {

/// Bind the initiator to `in` and `out` to the target. Broken rules are kept (rules()) and reported as warnings.
template <unsigned BusWidth>
class ProtocolChecker : public sc_core::sc_module,
                        private tlm::tlm_fw_transport_if<>,
                        private tlm::tlm_bw_transport_if<> {
 public:
  tlm::tlm_target_socket<BusWidth> in{"in"};
  tlm::tlm_initiator_socket<BusWidth> out{"out"};

  explicit ProtocolChecker(const sc_core::sc_module_name& name, const SocketPromises& promises = {})
      : sc_module(name), rules_(this->name(), promises) {
    in.bind(static_cast<tlm::tlm_fw_transport_if<>&>(*this));
    out.bind(static_cast<tlm::tlm_bw_transport_if<>&>(*this));
  }

  [[nodiscard]] const TransactionRules& rules() const { return rules_; }

 private:
  using Payload = tlm::tlm_generic_payload;

  void b_transport(Payload& payload, sc_core::sc_time& delay) override {
    const sc_core::sc_time called = sc_core::sc_time_stamp() + delay;
    rules_.blocking_begins(payload);
    out->b_transport(payload, delay);
    rules_.blocking_ends(payload);
    rules_.time_passes(called, sc_core::sc_time_stamp() + delay);
    report();
  }

  tlm::tlm_sync_enum nb_transport_fw(Payload& payload, tlm::tlm_phase& phase, sc_core::sc_time& delay) override {
    const sc_core::sc_time moment = sc_core::sc_time_stamp() + delay;
    const tlm::tlm_phase called = phase;
    rules_.forward_begins(payload, phase);
    const auto status = out->nb_transport_fw(payload, phase, delay);
    rules_.forward_ends(payload, {called, phase, status});
    rules_.time_passes(moment, sc_core::sc_time_stamp() + delay);
    report();
    return status;
  }

  tlm::tlm_sync_enum nb_transport_bw(Payload& payload, tlm::tlm_phase& phase, sc_core::sc_time& delay) override {
    const sc_core::sc_time moment = sc_core::sc_time_stamp() + delay;
    const tlm::tlm_phase called = phase;
    rules_.backward_begins(payload, phase);
    const auto status = in->nb_transport_bw(payload, phase, delay);
    rules_.backward_ends(payload, {called, phase, status});
    rules_.time_passes(moment, sc_core::sc_time_stamp() + delay);
    report();
    return status;
  }

  unsigned transport_dbg(Payload& payload) override {
    const unsigned bytes = out->transport_dbg(payload);
    rules_.debug_ends(payload, bytes);
    report();
    return bytes;
  }

  bool get_direct_mem_ptr(Payload& payload, tlm::tlm_dmi& dmi) override {
    const bool granted = out->get_direct_mem_ptr(payload, dmi);
    rules_.dmi_ends(granted);
    report();
    return granted;
  }

  void invalidate_direct_mem_ptr(sc_dt::uint64 begin, sc_dt::uint64 end) override {
    in->invalidate_direct_mem_ptr(begin, end);
  }

  void report() {
    for (; reported_ < rules_.violations().size(); ++reported_) {
      SC_REPORT_WARNING("sapulse/protocol", rules_.violations()[reported_].c_str());
    }
  }

  TransactionRules rules_;
  std::size_t reported_ = 0;
};

}  // namespace sapulse::systemc
