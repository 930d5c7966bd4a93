// SPDX-License-Identifier: Apache-2.0
// Makes the nested packet of a message that the card sends of its own accord.
#pragma once

#include "hls_stream.h"
#include "sapulse_payloads.h"

namespace sapulse {

/// One packet a job: SPI (4) | sequence (4) | IV (8) | plaintext | 16 zero bytes for the ICV, one beat an iteration.
/// The plaintext is `body` of the job, or an echo request (protocol section 5) that wants a reply: data of 48 bytes or
/// more begins with a telemetry block, all other data is zero; padding 1, 2, .. to a multiple of 4 and no more.
void request(hls::stream<request_job>& job, hls::stream<payload_beat>& packet);

}  // namespace sapulse
