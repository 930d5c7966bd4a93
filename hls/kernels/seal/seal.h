// SPDX-License-Identifier: Apache-2.0
// AES-GCM encryption of a nested packet.
#pragma once

#include "hls_stream.h"
#include "sapulse_payloads.h"

namespace sapulse {

/// One job a packet. `reply` has SPI (4) | sequence (4) | IV (8) | plaintext, then 16 bytes of any content; `sealed`
/// the same with ciphertext and zeros instead of the ICV, which follows on a stream of its own (present = 1) after the
/// last beat. RFC 4106: nonce = salt | IV, AAD = SPI | sequence. The length of a job is a multiple of 4, 36..9216
/// bytes.
void seal(hls::stream<seal_job>& job, hls::stream<payload_beat>& reply, hls::stream<payload_beat>& sealed,
          hls::stream<icv_t>& icv);

}  // namespace sapulse
