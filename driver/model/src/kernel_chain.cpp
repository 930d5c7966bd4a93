// SPDX-License-Identifier: Apache-2.0
#include "kernel_chain.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace sapulse::model {
namespace {

static_assert(sizeof(ap_uint<512>) == kBeatSize, "a beat is copied as it lies in memory");
constexpr std::size_t kHeaderBeats =
    beats_of(sizeof(header_t::bytes));  // that an answer has at most beside its payload

axis_beat beat_at(const Frame& frame, std::size_t position) {
  axis_beat beat = {0, 0, 0, 0};
  const std::size_t count = std::min(kBeatSize, frame.size() - position);
  std::memcpy(static_cast<void*>(&beat.data), frame.data() + position, count);
  beat.keep = count == kBeatSize ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
  beat.last = position + count == frame.size();
  return beat;
}

/// Fills `beats` with all of a stream.
Payload take_all(hls::stream<payload_beat>& stream, std::vector<payload_beat>& beats) {
  beats.resize(stream.size());
  for (payload_beat& beat : beats) beat = stream.read();
  return beats;
}

}  // namespace

std::unique_lock<std::recursive_mutex> KernelChain::hold() {
  static std::recursive_mutex mutex;
  return std::unique_lock(mutex);
}

record_t KernelChain::classify(const Frame& frame) {
  const auto held = hold();
  for (std::size_t position = 0; position < frame.size(); position += kBeatSize) {
    frame_.write(beat_at(frame, position));
    sapulse::classify(frame_, record_);
  }
  return record_.read();
}

Payload KernelChain::cut(const Frame& frame, const align_job& job) {
  const auto held = hold();
  align_job_.write(job);
  for (std::size_t position = 0; position < frame.size(); position += kBeatSize) frame_.write(beat_at(frame, position));
  // A cut that spills over takes one iteration more than the frame has beats, without reading one.
  const std::size_t wanted = beats_of(job.length.to_uint());
  while (!frame_.empty() || out_.size() < wanted) sapulse::align(align_job_, frame_, out_);
  return take_all(out_, cut_);
}

Opened KernelChain::open(const open_job& job, const Payload& cipher) {
  const auto held = hold();
  open_job_.write(job);
  for (const payload_beat& beat : cipher) {
    in_.write(beat);
    sapulse::open(open_job_, in_, out_, verdict_);
  }
  return {take_all(out_, plain_), verdict_.read()};
}

Sealed KernelChain::reply(const respond_job& respond, const seal_job& seal, const Payload& plain) {
  const auto held = hold();
  respond_job_.write(respond);
  seal_job_.write(seal);
  for (const payload_beat& beat : plain) {
    in_.write(beat);
    sapulse::respond(respond_job_, in_, out_);
    sapulse::seal(seal_job_, out_, sealed_, icv_);
  }
  return {take_all(sealed_, sealed_beats_), icv_.read()};
}

Sealed KernelChain::request(const request_job& request, const seal_job& seal) {
  const auto held = hold();
  request_job_.write(request);
  seal_job_.write(seal);
  while (icv_.empty()) {
    sapulse::request(request_job_, out_);
    sapulse::seal(seal_job_, out_, sealed_, icv_);
  }
  return {take_all(sealed_, sealed_beats_), icv_.read()};
}

Frame KernelChain::assemble(const header_job& job, const Payload& payload, const icv_t& icv, Frame reused) {
  const auto held = hold();
  header_job_.write(job);
  sapulse::header(header_job_, header_);
  icv_.write(icv);
  for (const payload_beat& beat : payload) sealed_.write(beat);
  assembled_.resize((payload.size() + kHeaderBeats) * kBeatSize);
  std::size_t size = 0;
  for (bool last = false; !last;) {
    sapulse::assemble(header_, icv_, sealed_, answer_);
    const axis_beat beat = answer_.read();
    last = beat.last != 0;
    std::memcpy(&assembled_[size], &beat.data, kBeatSize);
    size += static_cast<std::size_t>(std::popcount(beat.keep.to_uint64()));
  }
  reused.assign(assembled_.begin(), assembled_.begin() + static_cast<std::ptrdiff_t>(size));
  return reused;
}

}  // namespace sapulse::model
