// SPDX-License-Identifier: Apache-2.0
// Opens a card by what a user types, whatever backend that takes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "sapulse/device.h"
#include "sapulse/error.h"
#include "sapulse/frame_tap.h"

#pragma GCC visibility push(default)
namespace sapulse {

/// Where a card is. As text: `model`, `sim`, `net:LINE[,CORE]`, `xrt:XCLBIN[:INDEX]` or `vfio:PCI-ADDRESS`.
struct DeviceAddress {
  enum class Backend : std::uint8_t {
    model,  ///< software, in the memory of this process, in real time
    sim,    ///< the simulator: the RTL, in its own time
    xrt,
    vfio,
    net  ///< software behind network interfaces
  };

  /// The forms that parse() takes, for help texts and messages.
  static constexpr std::string_view kForms =
      "model (software in memory), sim (the RTL, simulated), net:LINE[,CORE] (software behind network interfaces), "
      "xrt:XCLBIN[:INDEX] or vfio:PCI-ADDRESS";

  Backend backend = Backend::model;
  std::string
      place{};  ///< xrt: the xclbin file; vfio: the PCI address with its domain, lower case, 0000:41:00.0; net: LINE
  unsigned index = 0;  ///< xrt: which device of the system
  std::string core{};  ///< net: interface of the core side; empty: beside the kernel's own traffic

  /// Does not look whether there is such a card. Errors: invalid_argument.
  [[nodiscard]] static Result<DeviceAddress> parse(std::string_view text);

  /// Whether it only is a program: what it sends leaves this process never.
  [[nodiscard]] bool is_simulated() const { return backend == Backend::model || backend == Backend::sim; }
  /// Whether it is made of software: what passes its ports can be seen on this machine.
  [[nodiscard]] bool is_software() const { return is_simulated() || backend == Backend::net; }

  friend bool operator==(const DeviceAddress&, const DeviceAddress&) = default;
};

/// Opens a card. `model` and `sim` make a new one of default options, which nothing is joined to. `tap`, if it is not
/// empty, sees what passes. Errors: not_found (no such card, or a backend that has not been built or installed),
/// unsupported (a tap on another backend than `model` and `net`) and those of the backend.
[[nodiscard]] Result<std::unique_ptr<Device>> open_device(const DeviceAddress& address, FrameTap tap = {});

/// Two cards of the kind `model`, joined line to line by a cable; two threads may use them. `tap`, if it is not empty,
/// sees what passes the first. Errors: as open_device().
[[nodiscard]] Result<std::pair<std::unique_ptr<Device>, std::unique_ptr<Device>>> open_joined_models(FrameTap tap = {});

}  // namespace sapulse
#pragma GCC visibility pop
