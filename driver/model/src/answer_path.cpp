// SPDX-License-Identifier: Apache-2.0
#include "answer_path.h"

#include <algorithm>
#include <utility>

#include "sapulse_wire.h"
#include "udp_checksum.h"

namespace sapulse::model {

void AnswerPath::reset(std::uint64_t cycle) {
  seal_free_ = cycle;
  assemble_.clear();
  latest_ = {};
  epoch_ = false;
  in_flight_ = {};
  answers_ = beats_ = 0;
  share_.clear();
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

AnswerPath::Assembly AnswerPath::assemble(const Answer& answer, std::size_t frame_bytes, std::uint64_t now) {
  const Timing& timing = shell_.timing;
  const std::size_t beats = beats_of(frame_bytes);
  const std::uint64_t cycles = timing.transfer(beats);
  if (answer.icv.present == 0) {
    const std::uint64_t header_at = answer.payload_at + timing.reply_mux + timing.header_out;
    const std::uint64_t begin = assemble_.take(now, header_at + timing.assemble_frame, cycles);
    return {begin, begin + cycles, begin + timing.to_last(beats)};
  }
  // The header is made while the packet is sealed, and fills its beats before there is payload.
  const std::size_t header_beats = (frame_bytes - answer.header.length.to_uint()) / kBeatSize;
  const std::uint64_t earliest =
      answer.payload_at + timing.sealed_fifo + timing.assemble_frame - timing.transfer(header_beats);
  const std::uint64_t begin = assemble_.take(now, earliest, cycles);
  const bool ahead = header_beats > 0 && begin == earliest;
  // The beat with the begin of the ICV waits for it.
  const std::uint64_t icv_at = answer.payload_at + timing.to_last(answer.payload.size()) + timing.sealed_icv;
  const std::size_t before_icv = (frame_bytes - wire::icv_bytes) / kBeatSize;
  const std::uint64_t end =
      std::max(begin + cycles, icv_at + timing.assemble_frame + timing.transfer(beats - before_icv));
  const std::size_t known_by = std::min(timing.answer_lead, beats - 1);  // this beat
  const std::uint64_t known =
      known_by < before_icv ? begin + timing.transfer(known_by) : end - timing.transfer(beats - known_by);
  return {ahead ? answer.payload_at - timing.header_ahead : begin, end, known};
}

void AnswerPath::send(const Answer& answer, std::uint64_t now, Left left, Frame reused) {
  const bool sealed = answer.icv.present != 0;
  Frame frame = kernels_.assemble(answer.header, answer.payload, answer.icv, std::move(reused));
  const bool summed = answer.header.encap == ENCAP_UDP && answer.header.l3.v6;
  if (summed) put_udp_checksum(frame, answer.header.l2.tags.to_uint());
  const std::size_t beats = beats_of(frame.size());
  const Timing& timing = shell_.timing;
  const auto [assembled, ends, known] = assemble(answer, frame.size(), now);
  // Answers leave without gaps.
  const std::uint64_t whole = timing.whole_frame(assembled, known);
  std::uint64_t leaves = std::max(whole, summed ? ends + timing.checksum_summed : 0) + timing.arbiter;
  // One that waits for its checksum keeps back those behind it.
  if (ends > latest_.ends) {
    leaves = std::max(leaves, latest_.leaves);
    latest_ = {ends, leaves};
  }
  const std::size_t epoch = epoch_ ? 1 : 0;
  ++answers_;
  beats_ += beats;
  if (answer.holder) share_.take(*answer.holder, beats);
  if (sealed) ++in_flight_[epoch];
  auto sent = [this, sealed, epoch, assembled, beats, counter = answer.counter, holder = answer.holder,
               left = std::move(left)](const OutputFrame& out) {
    shell_.count(counter);
    --answers_;
    beats_ -= beats;
    if (holder) share_.give(*holder, beats);
    if (sealed) --in_flight_[epoch];
    shell_.count(regs::Counter::line_tx_frames);
    shell_.count(regs::Counter::line_tx_bytes, out.bytes.size());
    if (left) left(assembled, out);
  };
  line_.push(Source::answer, {std::move(frame), false, leaves, std::move(sent)});
}

}  // namespace sapulse::model
