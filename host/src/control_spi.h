// SPDX-License-Identifier: Apache-2.0
// Which reserved SPIs may carry control messages.
#pragma once

#include "sapulse_wire.h"

namespace sapulse {

/// 3..255, and neither 7 nor 8 (protocol, section 1).
constexpr bool is_control_spi(unsigned spi) {
  return spi >= 3 && spi <= wire::spi_reserved_max && spi != wire::spi_echo && spi != wire::spi_echo_reply;
}

}  // namespace sapulse
