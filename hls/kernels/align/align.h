// SPDX-License-Identifier: Apache-2.0
// Cuts a byte range out of a frame.
#pragma once

#include "hls_stream.h"
#include "sapulse_payloads.h"

namespace sapulse {

/// Reads one job and one frame, writes bytes [offset, offset + length) of the frame as dense beats: byte 0 of the first
/// beat is the first of them, bytes beyond the length are zero, `last` marks the final beat. The rest of the frame is
/// consumed. One frame beat a cycle; a cut whose end does not fit the beat of its last byte costs one cycle more. A
/// frame that ends before the cut does is the caller's error: the output then ends with it, and the next frame is not
/// affected.
void align(hls::stream<align_job>& job, hls::stream<axis_beat>& frame, hls::stream<payload_beat>& payload);

}  // namespace sapulse
