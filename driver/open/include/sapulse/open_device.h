// SPDX-License-Identifier: Apache-2.0
// Opens a card by what a user types, whatever backend that takes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "sapulse/device.h"
#include "sapulse/error.h"

#pragma GCC visibility push(default)
namespace sapulse {

/// Where a card is. As text: `sim`, `net:LINE[,CORE]`, `xrt:XCLBIN[:INDEX]` or `vfio:PCI-ADDRESS`.
struct DeviceAddress {
  enum class Backend : std::uint8_t { sim, xrt, vfio, net };

  /// The forms that parse() takes, for help texts and messages.
  static constexpr std::string_view kForms =
      "sim, net:LINE[,CORE] (software behind network interfaces), xrt:XCLBIN[:INDEX] or vfio:PCI-ADDRESS";

  Backend backend = Backend::sim;
  std::string
      place;  ///< xrt: the xclbin file; vfio: the PCI address with its domain, lower case, 0000:41:00.0; net: LINE
  unsigned index = 0;  ///< xrt: which device of the system
  std::string core;    ///< net: interface of the core side; empty: beside the kernel's own traffic

  /// Does not look whether there is such a card. Errors: invalid_argument.
  [[nodiscard]] static Result<DeviceAddress> parse(std::string_view text);

  friend bool operator==(const DeviceAddress&, const DeviceAddress&) = default;
};

/// Opens a card. `sim` makes a new one of default options. Errors: not_found (no such card, or a backend that has not
/// been built or installed) and those of the backend.
[[nodiscard]] Result<std::unique_ptr<Device>> open_device(const DeviceAddress& address);

}  // namespace sapulse
#pragma GCC visibility pop
