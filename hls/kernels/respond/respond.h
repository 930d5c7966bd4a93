// SPDX-License-Identifier: Apache-2.0
// Turns the plaintext of an echo request into that of its reply.
#pragma once

#include "hls_stream.h"
#include "sapulse_payloads.h"

namespace sapulse {

/// One job a packet. `plain` and `reply` have the layout SPI (4) | sequence (4) | IV (8) | plaintext | 16 bytes for the
/// ICV and the same length: SPI, sequence and IV become those of the reply, the sub-type 3, R is cleared, and a
/// telemetry block (data length of 48 or more, magic 0x5350) is filled in (protocol section 5). Everything else is
/// copied.
void respond(hls::stream<respond_job>& job, hls::stream<payload_beat>& plain, hls::stream<payload_beat>& reply);

}  // namespace sapulse
