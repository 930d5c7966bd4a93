// SPDX-License-Identifier: Apache-2.0
// Cycles that the blocks of the card take, from whoever knows them: the simulation has those of the RTL. All zero: what
// comes in has left in the same cycle, as suits a model that runs in real time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace sapulse::model {

struct Timing {
  unsigned beat = 0;    ///< of a stream, for each beat; 0 or 1
  unsigned memory = 0;  ///< an access to host memory

  // From a kernel's input to its output.
  unsigned classify_record = 0;
  unsigned align_payload = 0;
  unsigned open_verdict = 0;
  unsigned respond_reply = 0;
  unsigned request_packet = 0;
  unsigned seal_sealed = 0;
  unsigned header_out = 0;
  unsigned assemble_frame = 0;

  // Line RX.
  unsigned input_register = 0;
  unsigned record_beats = 0;  ///< classify speaks so many beats after the first one, or at the last one
  unsigned policy = 0;
  unsigned rx_buffer = 0;  ///< no beat leaves sooner
  unsigned pass_register = 0;
  // From the decision to the kernels.
  unsigned steer = 0;
  unsigned exception_start = 0;
  unsigned window_and_context = 0;
  // Messages of the card's own.
  unsigned request_path = 0;   ///< until a message knows whether there is a path
  unsigned request_start = 0;  ///< until it has its number
  // Line TX.
  unsigned reply_mux = 0;       ///< of clear echoes
  unsigned sealed_fifo = 0;     ///< of sealed packets
  unsigned header_ahead = 0;    ///< from the first beat of their headers, if it has no payload, to their first beat
  unsigned sealed_icv = 0;      ///< from the last beat of a sealed packet to its ICV
  std::size_t answer_lead = 0;  ///< sealed packets leave when so many beats have been written before
  unsigned checksum_summed =
      0;  ///< of answers that have a UDP checksum: from behind their last beat until it is summed up
  unsigned arbiter = 0;
  unsigned core_fifo = 0;
  // Host interface.
  unsigned reset = 0;
  unsigned clear_entry = 0;   ///< of the tables, after a reset
  unsigned command = 0;       ///< besides its accesses to memory
  unsigned fence_settle = 0;  ///< until lookups of the old epoch have entered

  // A FIFO of whole frames (rtl/common/frame_fifo.sv): its first beat comes out so long after the first one and the
  // last one.
  unsigned frame_first = 0;
  unsigned frame_last = 0;

  /// When a frame whose beats come from `first` to `last` leaves a FIFO of whole frames.
  [[nodiscard]] std::uint64_t whole_frame(std::uint64_t first, std::uint64_t last) const {
    return std::max(first + frame_first, last + frame_last);
  }
  /// Cycles for which `beats` occupy a stream.
  [[nodiscard]] std::uint64_t transfer(std::size_t beats) const { return std::uint64_t{beat} * beats; }
  /// From the first one of `beats` to the last one; at least one beat.
  [[nodiscard]] std::uint64_t to_last(std::size_t beats) const { return transfer(beats - 1); }
};

}  // namespace sapulse::model
