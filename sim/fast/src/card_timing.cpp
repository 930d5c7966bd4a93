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
      .policy = 9,      // LOOKUP_LATENCY + 4
      .rx_buffer = 21,  // LATENCY
      .decision = 1,
      .pass_register = 1,
      // rtl/datapath/steer.sv, rtl/common/frame_fifo.sv, rtl/datapath/dispatch.sv
      .steer = 2,
      .control_fifo = 3,
      .exception_start = 1,  // exception_builder takes its job first
      // rtl/datapath/open_verdicts.sv, reply_contexts.sv, open_gate.sv
      .window_and_context = 10,
      // rtl/requester/request_start.sv
      .request_path = 3,
      .request_start = 10,
      // rtl/datapath/answer_path.sv, reply_mux.sv
      .reply_mux = 3,  // its choice and the FIFOs around header
      .sealed_fifo = 1,
      .header_ahead = kRespondReply + kSealSealed - 3 - kHeaderOut - kAssembleFrame,  // seal_mux, FIFOs around header
      .sealed_icv = kSealIcv - kSealSealed + 1,                                       // and its FIFO
      .reply_fifo = 2,
      .checksum_summed = 1,
      // rtl/datapath/tx_arbiter.sv and the FIFO of the core side
      .arbiter = 1,
      .core_fifo = 4,
      .reset = 16,
      .clear_entry = 1,
      .command = 12,       // rtl/host/command_executor.sv
      .fence_settle = 72,  // sa_pkg::LOOKUP_LATENCY + ENTER_MARGIN and registers (rtl/sa/epoch_fence.sv)
  };
}

}  // namespace sapulse::sim::fast
