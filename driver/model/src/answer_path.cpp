// SPDX-License-Identifier: Apache-2.0
#include "answer_path.h"

#include <algorithm>
#include <utility>

#include "udp_checksum.h"

namespace sapulse::model {

void AnswerPath::reset(std::uint64_t cycle) {
  seal_free_ = cycle;
  assemble_.clear();
  epoch_ = false;
  in_flight_ = {};
  answers_ = beats_ = 0;
}

bool AnswerPath::crowded() const {
  // reply_fifo is full, or control_fifo behind it is half full.
  constexpr std::uint64_t kFullFifo = 64;
  constexpr std::uint64_t kHalfFull = 512 + 512 / 2;
  return answers_ >= kFullFifo || beats_ >= kHalfFull;
}

std::uint64_t AnswerPath::begin_sealing(std::uint64_t ready, std::size_t beats) {
  const std::uint64_t begin = std::max(ready, seal_free_);
  seal_free_ = begin + shell_.timing.transfer(beats);
  return begin;
}

void AnswerPath::send(const Answer& answer, std::uint64_t now, Left left) {
  const bool sealed = answer.icv.present != 0;
  Frame frame = kernels_.assemble(answer.header, answer.payload, answer.icv);
  const bool summed = answer.header.encap == ENCAP_UDP && answer.header.l3.v6;
  if (summed) put_udp_checksum(frame, answer.header.l2.tags.to_uint());
  const std::size_t beats = beats_of(frame.size());
  const Timing& timing = shell_.timing;
  const std::uint64_t earliest = answer.payload_at + timing.reply_mux + timing.header_out + timing.assemble_frame;
  const std::uint64_t assembled = assemble_.take(now, earliest, timing.transfer(beats));
  // Answers leave as whole frames. The ICV of a sealed one is there before its last beat: header takes longer.
  const std::uint64_t whole =
      assembled + timing.transfer(beats) + timing.reply_fifo + (summed ? timing.checksum_summed : 0) + timing.arbiter;
  const std::size_t epoch = epoch_ ? 1 : 0;
  ++answers_;
  beats_ += beats;
  if (sealed) ++in_flight_[epoch];
  auto sent = [this, sealed, epoch, assembled, beats, counter = answer.counter,
               left = std::move(left)](const OutputFrame& out) {
    shell_.count(counter);
    --answers_;
    beats_ -= beats;
    if (sealed) --in_flight_[epoch];
    shell_.count(regs::Counter::line_tx_frames);
    shell_.count(regs::Counter::line_tx_bytes, out.bytes.size());
    if (left) left(assembled, out);
  };
  line_.push(Source::answer, {std::move(frame), false, whole, std::move(sent)});
}

}  // namespace sapulse::model
