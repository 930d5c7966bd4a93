// SPDX-License-Identifier: Apache-2.0
// Everything in front of the payload of an answer.
#pragma once

#include "hls_stream.h"
#include "sapulse_payloads.h"

namespace sapulse {

/// One header a job: Ethernet, VLAN tags, IPv4 or IPv6, UDP, ESP or AH and, unless `echo` is set, the control header,
/// with lengths and checksums (protocol section 1, "Every answer", and section 3). Addresses and ports of the job are
/// those of the request. A control message has a nested payload; an echo has no AH.
void header(hls::stream<header_job>& job, hls::stream<header_t>& out);

}  // namespace sapulse
