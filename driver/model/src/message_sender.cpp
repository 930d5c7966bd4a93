// SPDX-License-Identifier: Apache-2.0
#include "message_sender.h"

#include <algorithm>
#include <cstring>

#include "sapulse_wire.h"

namespace sapulse::model {
namespace {

/// Bytes of the nested packet. An echo has its body, data, the two bytes of the trailer and padding to a multiple of 4.
std::uint32_t nested_length(const Message& message) {
  constexpr std::uint32_t kAlignment = wire::nested_alignment;
  const std::uint32_t echo = wire::echo_bytes + message.length + wire::trailer_bytes;
  const std::uint32_t text = message.raw ? message.length : (echo + kAlignment - 1) / kAlignment * kAlignment;
  return text + wire::nested_overhead;
}

}  // namespace

std::optional<Sent> MessageSender::send(const Message& message, std::uint64_t cycle) {
  const std::uint64_t begin = std::max(cycle, free_);
  free_ = begin + shell_.timing.request_path;
  Association& sa = shell_.tables[message.sa];
  const std::optional<std::uint64_t> n = sa.path ? sa.take_number() : std::nullopt;
  if (!n) return std::nullopt;
  const Timing& timing = shell_.timing;
  const std::uint64_t start = begin + timing.request_start;
  const std::uint64_t t_origin = shell_.clock.now(start);

  request_job job = {};
  job.length = nested_length(message);
  job.spi = sa.out_spi;
  job.n = *n;
  job.raw = message.raw;
  std::memcpy(static_cast<void*>(&job.body), message.body.data(), message.body.size());
  job.data_length = message.length;
  job.t_origin = t_origin;
  job.transaction = message.transaction;

  header_job header = *sa.path;
  header.seq = static_cast<std::uint32_t>(*n);
  header.message = message.type;
  header.code = message.code;
  header.subject = sa.out_spi;
  header.transaction = message.transaction;
  header.length = job.length;

  const Sealed sealed = kernels_.request(job, {sa.out_key, job.length});
  const std::uint64_t sealing = answers_.begin_sealing(start + timing.request_packet, beats_of(job.length.to_uint()));
  // As long as seal is busy, the next message waits with its path and number.
  free_ = std::max(start, sealing - timing.request_packet);
  answers_.send({header, sealed.payload, sealed.icv, message.counter, sealing + timing.seal_sealed}, cycle, {});
  return Sent{start, *n, t_origin};
}

}  // namespace sapulse::model
