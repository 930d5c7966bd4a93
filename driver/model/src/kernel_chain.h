// SPDX-License-Identifier: Apache-2.0
// The kernels of hls/kernels, run natively, one whole frame or packet a call.
#pragma once

#include <cstddef>
#include <mutex>
#include <span>
#include <vector>

#include "align/align.h"
#include "assemble/assemble.h"
#include "classify/classify.h"
#include "header/header.h"
#include "open/open.h"
#include "request/request.h"
#include "respond/respond.h"
#include "sapulse/model/frame.h"
#include "seal/seal.h"

namespace sapulse::model {

inline constexpr std::size_t kBeatSize = 64;

/// Beats that `bytes` take, at least one.
constexpr std::size_t beats_of(std::size_t bytes) { return bytes == 0 ? 1 : (bytes + kBeatSize - 1) / kBeatSize; }

/// Beats in memory of a chain, which stay there until the function that has given them is called again.
using Payload = std::span<payload_beat>;

/// A nested packet behind `open`. Nothing of `plain` may be used unless the verdict is OPEN_OK.
struct Opened {
  Payload plain;
  open_verdict verdict;
};

/// A nested packet behind `seal`.
struct Sealed {
  Payload payload;
  icv_t icv;
};

/// Every call leaves the kernels as it found them: between two frames. Their state is that of the process, so calls of
/// all chains exclude each other.
class KernelChain {
 public:
  /// Keeps the kernels for this thread, so that the calls of a frame need not take them one by one.
  [[nodiscard]] static std::unique_lock<std::recursive_mutex> hold();

  record_t classify(const Frame& frame);
  Payload cut(const Frame& frame, const align_job& job);
  Opened open(const open_job& job, const Payload& cipher);
  Sealed reply(const respond_job& respond, const seal_job& seal, const Payload& plain);
  /// The nested packet of a message of the card's own.
  Sealed request(const request_job& request, const seal_job& seal);
  /// `reused`: a frame that is not needed any more, for its memory.
  Frame assemble(const header_job& job, const Payload& payload, const icv_t& icv, Frame reused = {});

 private:
  using Beats = std::vector<payload_beat>;

  hls::stream<axis_beat> frame_{"frame"};
  hls::stream<axis_beat> answer_{"answer"};
  hls::stream<record_t> record_{"record"};
  hls::stream<align_job> align_job_{"align_job"};
  hls::stream<payload_beat> in_{"in"};
  hls::stream<payload_beat> out_{"out"};
  hls::stream<payload_beat> sealed_{"sealed"};
  hls::stream<open_job> open_job_{"open_job"};
  hls::stream<open_verdict> verdict_{"verdict"};
  hls::stream<request_job> request_job_{"request_job"};
  hls::stream<respond_job> respond_job_{"respond_job"};
  hls::stream<seal_job> seal_job_{"seal_job"};
  hls::stream<icv_t> icv_{"icv"};
  hls::stream<header_job> header_job_{"header_job"};
  hls::stream<header_t> header_{"header"};
  Beats cut_;
  Beats plain_;
  Beats sealed_beats_;
  Frame assembled_;
};

}  // namespace sapulse::model
