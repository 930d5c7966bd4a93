// SPDX-License-Identifier: Apache-2.0
#include "answer_path.h"

#include <algorithm>
#include <utility>

#include "latency.h"
#include "udp_checksum.h"

namespace sapulse::sim::fast {

void AnswerPath::reset(std::uint64_t cycle) {
  seal_free_ = cycle;
  assemble_.clear();
  epoch_ = false;
  in_flight_ = {};
  answers_ = 0;
}

std::uint64_t AnswerPath::begin_sealing(std::uint64_t ready, std::size_t beats) {
  const std::uint64_t begin = std::max(ready, seal_free_);
  seal_free_ = begin + beats;
  return begin;
}

void AnswerPath::send(const Answer& answer, std::uint64_t now, Left left) {
  const bool sealed = answer.icv.present != 0;
  Frame frame = kernels_.assemble(answer.header, answer.payload, answer.icv);
  const bool summed = answer.header.encap == ENCAP_UDP && answer.header.l3.v6;
  if (summed) put_udp_checksum(frame, answer.header.l2.tags.to_uint());
  const std::size_t beats = beats_of(frame.size());
  const std::uint64_t earliest =
      answer.payload_at + latency::kReplyMux + kernel_latency::kHeaderOut + kernel_latency::kAssembleFrame;
  const std::uint64_t assembled = assemble_.take(now, earliest, beats);
  // Answers leave as whole frames. The ICV of a sealed one is there before its last beat: header takes longer.
  const std::uint64_t whole =
      assembled + beats + latency::kReplyFifo + (summed ? latency::kChecksumSummed : 0) + latency::kArbiter;
  const std::size_t epoch = epoch_ ? 1 : 0;
  ++answers_;
  if (sealed) ++in_flight_[epoch];
  auto sent = [this, sealed, epoch, assembled, counter = answer.counter,
               left = std::move(left)](const OutputFrame& out) {
    shell_.count(counter);
    --answers_;
    if (sealed) --in_flight_[epoch];
    shell_.count(regs::Counter::line_tx_frames);
    shell_.count(regs::Counter::line_tx_bytes, out.bytes.size());
    if (left) left(assembled, out);
  };
  line_.push(Source::answer, {std::move(frame), false, whole, std::move(sent)});
}

}  // namespace sapulse::sim::fast
