// SPDX-License-Identifier: Apache-2.0
#include "sapulse/open_device.h"

#include <utility>

#include "sapulse/simulator.h"
#include "sapulse/vfio_device.h"
#ifdef SAPULSE_HAS_NET
#include "sapulse/net_device.h"
#endif
#ifdef SAPULSE_HAS_XRT
#include "sapulse/xrt_device.h"
#endif

namespace sapulse {
namespace {

Result<std::unique_ptr<Device>> open_sim() {
  const auto open = simulator_symbol(kOpenSimulatedDeviceSymbol);
  if (!open) return tl::unexpected(open.error());
  return (*static_cast<const OpenSimulatedDevice*>(*open))();
}

Result<std::unique_ptr<Device>> open_xrt([[maybe_unused]] const DeviceAddress& address) {
#ifdef SAPULSE_HAS_XRT
  return XrtDevice::open(address.place, address.index);
#else
  return failure(Errc::not_found, "this sapulse has been built without the backend xrt");
#endif
}

#ifndef SAPULSE_HAS_NET
tl::unexpected<Error> no_software_card() {
  return failure(Errc::not_found, "this sapulse has no software card: it has not been compiled with clang 16 or later");
}
#endif

Result<std::unique_ptr<Device>> open_net([[maybe_unused]] const DeviceAddress& address, [[maybe_unused]] FrameTap tap) {
#ifdef SAPULSE_HAS_NET
  return NetDevice::open({.line = address.place, .core = address.core, .tap = std::move(tap)});
#else
  return no_software_card();
#endif
}

}  // namespace

Result<std::unique_ptr<Device>> open_device(const DeviceAddress& address, FrameTap tap) {
  using Backend = DeviceAddress::Backend;
  if (tap && address.backend != Backend::model && address.backend != Backend::net) {
    return failure(Errc::unsupported, "what passes this card cannot be seen by its host");
  }
  switch (address.backend) {
    case Backend::model:
      return open_joined_models(std::move(tap)).map([](auto&& pair) { return std::move(pair.first); });
    case Backend::sim:
      return open_sim();
    case Backend::xrt:
      return open_xrt(address);
    case Backend::vfio:
      return VfioDevice::open({.address = address.place});
    case Backend::net:
      return open_net(address, std::move(tap));
  }
  return failure(Errc::invalid_argument, "no such backend");
}

Result<std::pair<std::unique_ptr<Device>, std::unique_ptr<Device>>> open_joined_models([[maybe_unused]] FrameTap tap) {
#ifdef SAPULSE_HAS_NET
  return NetDevice::open_joined(std::move(tap));
#else
  return no_software_card();
#endif
}

}  // namespace sapulse
