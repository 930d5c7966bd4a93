// SPDX-License-Identifier: Apache-2.0
// AES-GCM decryption and verification of a nested packet.
#pragma once

#include "hls_stream.h"
#include "sapulse_payloads.h"

namespace sapulse {

/// One job a packet. `cipher` is SPI (4) | sequence (4) | IV (8) | ciphertext | ICV (16); `plain` has the same number
/// of beats: SPI, sequence, IV, plaintext, and zeros from the ICV on. It is written before the packet has been
/// verified: the caller holds it back until the verdict, which comes after the last beat.
///
/// RFC 4106: nonce = salt | IV, AAD = SPI | sequence. The ICV is compared as a whole, in the same time whatever
/// differs. The verdict is the first of these that applies:
///   OPEN_MALFORMED  length below 36, above 9216 or not a multiple of 4
///   OPEN_ICV        integrity check failed
///   OPEN_PADDING    next header is not 144, or the pad length is larger than the plaintext
///   OPEN_MALFORMED  12 + data length + pad length + 2 is not the length of the plaintext
///   OPEN_PADDING    padding is not 1, 2, 3, ..
///   OPEN_MALFORMED  sub-type is not 2, 3 or 200
///   OPEN_OK
void open(hls::stream<open_job>& job, hls::stream<payload_beat>& cipher, hls::stream<payload_beat>& plain,
          hls::stream<open_verdict>& verdict);

}  // namespace sapulse
