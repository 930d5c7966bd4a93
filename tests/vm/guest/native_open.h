// SPDX-License-Identifier: Apache-2.0
// The data path's kernel `open`, as native code, on one packet.
#pragma once

#include <optional>

#include "traffic/config.h"

namespace sapulse::test {

/// Plaintext with padding of an ESP packet (SPI to ICV) under the SA's own salt; nothing when `open` refuses the
/// packet.
std::optional<traffic::Bytes> open_natively(const traffic::Direction& direction, traffic::View packet);

}  // namespace sapulse::test
