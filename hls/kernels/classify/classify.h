// SPDX-License-Identifier: Apache-2.0
// Finds out what a frame is.
#pragma once

#include "hls_stream.h"
#include "sapulse_payloads.h"

namespace sapulse {

/// Writes one record a frame, at its third or its last beat, whichever comes first. Only the first 192 bytes count:
/// every header that a control message may have lies within (22 Ethernet, 40 + 64 IPv6, 16 AH or UDP and ESP, 24
/// control, 16 nested). Bytes after the end of the frame are absent, not zero. Where the frame is longer than that,
/// whether it is as long as its IP header says is for the caller to find out (record.l4.ip_end).
///
/// kind is FRAME_SPI if the SPI field lies within frame and IP payload; in UDP, on whatever ports, if the payload is
/// longer than ESP's header and does not begin with the non-ESP marker (RFC 3948 section 2.2). Otherwise only kind is
/// meaningful. Nothing is looked for behind IPv6 options that a receiver must know, or that are broken (RFC 8200
/// section 4.2): that is FRAME_OTHER.
void classify(hls::stream<axis_beat>& frame, hls::stream<record_t>& record);

}  // namespace sapulse
