// SPDX-License-Identifier: Apache-2.0
#include "card_timing.h"

#include "kernel_latency.h"

namespace sapulse::sim::fast {

model::Timing card_timing(unsigned memory_latency) {
  using namespace kernel_latency;
  return {
      .beat = 1,
      .memory = memory_latency,
      .classify_record = kClassifyRecord,
      .align_payload = kAlignPayload,
      .open_verdict = kOpenVerdict,
      .respond_reply = kRespondReply,
      .request_packet = kRequestPacket,
      .seal_sealed = kSealSealed,
      .header_out = kHeaderOut,
      .assemble_frame = kAssembleFrame,
      // rtl/datapath/line_path.sv
      .input_register = 1,
      .record_beats = 2,
      .policy = 8,      // LOOKUP_LATENCY + 3
      .rx_buffer = 19,  // LATENCY
      .pass_register = 1,
      // rtl/datapath/steer.sv, rtl/datapath/dispatch.sv
      .steer = 2,
      .exception_start = 1,  // exception_builder takes its job first
      // rtl/datapath/open_verdicts.sv, reply_contexts.sv, open_gate.sv
      .window_and_context = 4,
      // rtl/requester/request_start.sv
      .request_path = 3,
      .request_start = 10,
      // rtl/datapath/answer_path.sv, reply_mux.sv
      .reply_mux = 3,  // its choice and the FIFOs around header
      .sealed_fifo = 1,
      .header_ahead = kRespondReply + kSealSealed - 3 - kHeaderOut - kAssembleFrame,  // seal_mux, FIFOs around header
      .sealed_icv = kSealIcv - kSealSealed,
      .answer_lead = 8,  // LEAD
      .checksum_summed = 3,
      // rtl/datapath/tx_arbiter.sv and the FIFO of the core side
      .arbiter = 1,
      .core_fifo = 4,
      .reset = 16,
      .clear_entry = 1,
      .command = 12,       // rtl/host/command_executor.sv
      .fence_settle = 72,  // sa_pkg::LOOKUP_LATENCY + ENTER_MARGIN and registers (rtl/sa/epoch_fence.sv)
      .frame_first = 3,
      .frame_last = 1,
  };
}

}  // namespace sapulse::sim::fast
