// SPDX-License-Identifier: Apache-2.0
#include "answer_path.h"

#include <algorithm>
#include <utility>

#include "latency.h"

namespace sapulse::sim::fast {

void AnswerPath::reset(std::uint64_t cycle) {
  seal_free_ = assemble_free_ = cycle;
  epoch_ = false;
  in_flight_ = {};
  answers_ = 0;
}

std::uint64_t AnswerPath::begin_sealing(std::uint64_t ready, std::size_t beats) {
  const std::uint64_t begin = std::max(ready, seal_free_);
  seal_free_ = begin + beats;
  return begin;
}

std::uint64_t AnswerPath::assembling(std::uint64_t ready) const {
  return std::max(ready + kernel_latency::assemble_frame, assemble_free_);
}

void AnswerPath::send(const Answer& answer, std::uint64_t ready, Left left) {
  const bool sealed = answer.icv.present != 0;
  Frame frame = kernels_.assemble(answer.header, answer.payload, answer.icv);
  assemble_free_ = assembling(ready) + beats_of(frame.size());
  // Answers leave as whole frames; the ICV of a sealed one comes after its last beat.
  const std::uint64_t icv = sealed ? kernel_latency::seal_icv - kernel_latency::seal_sealed : 0;
  const std::uint64_t whole = assemble_free_ + icv + latency::reply_fifo + latency::arbiter;
  const std::size_t epoch = epoch_ ? 1 : 0;
  ++answers_;
  if (sealed) ++in_flight_[epoch];
  auto sent = [this, sealed, epoch, counter = answer.counter, left = std::move(left)](const OutputFrame& out) {
    shell_.count(counter);
    --answers_;
    if (sealed) --in_flight_[epoch];
    shell_.count(regs::Counter::kLineTxFrames);
    shell_.count(regs::Counter::kLineTxBytes, out.bytes.size());
    if (left) left(out);
  };
  line_.push(Source::answer, {std::move(frame), false, whole, std::move(sent)});
}

}  // namespace sapulse::sim::fast
