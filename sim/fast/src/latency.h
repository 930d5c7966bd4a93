// SPDX-License-Identifier: Apache-2.0
// Cycles that the blocks take. Those of the kernels come from the schedule reports of hlsc (kernel_latency.h,
// generated); those of the shell are what its registers and FIFOs take when they are empty. latency_test holds both
// against the Verilated card.
#pragma once

#include "kernel_latency.h"

namespace sapulse::sim::fast::latency {

// rtl/datapath/line_path.sv
inline constexpr unsigned kInputRegister = 1;
inline constexpr unsigned kRecordBeats = 2;  ///< classify speaks at the third beat, or at the last one
inline constexpr unsigned kPolicy = 9;       ///< LOOKUP_LATENCY + 4
inline constexpr unsigned kRxBuffer = 24;    ///< LATENCY: no beat leaves sooner
inline constexpr unsigned kPassRegister = 1;
// rtl/datapath/steer.sv, rtl/common/frame_fifo.sv, rtl/datapath/dispatch.sv
inline constexpr unsigned kSteer = 2;
inline constexpr unsigned kControlFifo = 3;
inline constexpr unsigned kExceptionStart = 1;  ///< exception_builder takes its job first
// rtl/datapath/open_verdicts.sv, reply_contexts.sv, open_gate.sv
inline constexpr unsigned kWindowAndContext = 10;
// rtl/requester/request_start.sv
inline constexpr unsigned kRequestPath = 3;    ///< until a message knows whether there is a path
inline constexpr unsigned kRequestStart = 10;  ///< until it has its number
// rtl/datapath/answer_path.sv, reply_mux.sv
inline constexpr unsigned kReplyMux = 3;  ///< its choice and the FIFOs around header
inline constexpr unsigned kReplyFifo = 2;
inline constexpr unsigned kChecksumSummed = 1;  ///< of answers that have one: until it is summed up
// rtl/datapath/tx_arbiter.sv and the FIFO of the core side
inline constexpr unsigned kArbiter = 1;
inline constexpr unsigned kCoreFifo = 4;

}  // namespace sapulse::sim::fast::latency
