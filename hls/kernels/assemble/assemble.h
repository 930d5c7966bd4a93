// SPDX-License-Identifier: Apache-2.0
// Header, payload and ICV become one frame.
#pragma once

#include "hls_stream.h"
#include "sapulse_payloads.h"

namespace sapulse {

/// Writes header.bytes[0, size) followed by payload bytes [0, length), the ICV (if present) in the last 16 of them,
/// zeros up to 60 bytes; one beat a cycle. The payload stream has ceil(length / 64) beats, at least one. Exactly one
/// ICV a packet, read when the beat that its first byte belongs to is written: it may come later than most of the
/// payload.
void assemble(hls::stream<header_t>& header, hls::stream<icv_t>& icv, hls::stream<payload_beat>& payload,
              hls::stream<axis_beat>& frame);

}  // namespace sapulse
