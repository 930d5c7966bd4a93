// SPDX-License-Identifier: Apache-2.0
// UDP checksum of answers over IPv6 (rtl/datapath/udp_checksum.sv). Over IPv4 the field stays 0 (RFC 3948).
#pragma once

#include "sapulse/model/frame.h"

namespace sapulse::model {

/// Puts the checksum (RFC 8200 section 8.1) into an answer in UDP and IPv6 whose field is 0: its UDP header is right
/// behind the IPv6 header, and its datagram ends with the frame.
void put_udp_checksum(Frame& frame, unsigned tags);

}  // namespace sapulse::model
