// SPDX-License-Identifier: Apache-2.0
// A card whose registers are accessed by non-blocking transport, as in an approximately timed platform.
#pragma once

#include <vector>

#include "sapulse/systemc/card_module.h"
#include "sapulse/systemc/frames.h"

namespace sapulse::systemc::test {

/// The payloads of an initiator that owns them itself.
class OwnPayloads : public tlm::tlm_mm_interface {
 public:
  void free(tlm::tlm_generic_payload*) override {}
};

/// Carries out one transaction at a time and notes its phases.
class NonBlockingInitiator : public sc_core::sc_module {
 public:
  tlm_utils::simple_initiator_socket<NonBlockingInitiator, kRegisterBusBits> out{"out"};

  explicit NonBlockingInitiator(const sc_core::sc_module_name& name) : sc_module(name) {
    out.register_nb_transport_bw(this, &NonBlockingInitiator::backward);
  }

  /// From an SC_THREAD, until the response has begun. Returns the phases of the target.
  std::vector<tlm::tlm_phase> carry_out(tlm::tlm_generic_payload& payload) {
    phases_.clear();
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    const tlm::tlm_sync_enum status = out->nb_transport_fw(payload, phase, delay);
    if (status == tlm::TLM_UPDATED) phases_.push_back(phase);
    while (phases_.empty() || phases_.back() != tlm::BEGIN_RESP) wait(next_);
    phase = tlm::END_RESP;
    delay = sc_core::SC_ZERO_TIME;
    out->nb_transport_fw(payload, phase, delay);
    return phases_;
  }

 private:
  tlm::tlm_sync_enum backward(tlm::tlm_generic_payload&, tlm::tlm_phase& phase, sc_core::sc_time&) {
    phases_.push_back(phase);
    next_.notify(sc_core::SC_ZERO_TIME);
    return tlm::TLM_ACCEPTED;
  }

  std::vector<tlm::tlm_phase> phases_;
  sc_core::sc_event next_;
};

/// Loosely timed, out of reset, with nothing at its ports and memory that refuses everything.
class NonBlockingCard : public sc_core::sc_module {
 public:
  CardModule card;
  NonBlockingInitiator initiator{"initiator"};

  explicit NonBlockingCard(const sc_core::sc_module_name& name) : sc_module(name), card("card", loosely_timed()) {
    initiator.out.bind(card.registers);
    card.memory.bind(memory_);
    memory_.register_b_transport(this, &NonBlockingCard::refuse);
    line_in_.out.bind(card.line_rx);
    core_in_.out.bind(card.core_rx);
    card.line_tx.bind(line_out_.in);
    card.core_tx.bind(core_out_.in);
    card.irq.bind(irq_);
    card.clk.bind(clk_);
    card.reset_n.bind(reset_n_);
  }

 private:
  static CardModuleOptions loosely_timed() {
    CardModuleOptions options;
    options.card.model = sim::ModelKind::fast;
    return options;
  }
  void refuse(tlm::tlm_generic_payload& payload, sc_core::sc_time&) {
    payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
  }

  tlm_utils::simple_target_socket<NonBlockingCard, kMemoryBusBits> memory_{"memory"};
  FrameSource line_in_{"line_in"};
  FrameSource core_in_{"core_in"};
  FrameSink line_out_{"line_out"};
  FrameSink core_out_{"core_out"};
  sc_core::sc_vector<sc_core::sc_signal<bool>> irq_{"irq", kInterruptCount};
  sc_core::sc_signal<bool> clk_{"clk"};
  sc_core::sc_signal<bool> reset_n_{"reset_n", true};
};

}  // namespace sapulse::systemc::test
