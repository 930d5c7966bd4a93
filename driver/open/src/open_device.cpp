// SPDX-License-Identifier: Apache-2.0
#include "sapulse/open_device.h"

#include <fmt/format.h>

#ifdef SAPULSE_HAS_SIM
#include "sapulse/sim_device.h"
#endif
#ifdef SAPULSE_HAS_VFIO
#include "sapulse/vfio_device.h"
#endif
#ifdef SAPULSE_HAS_XRT
#include "sapulse/xrt_device.h"
#endif

namespace sapulse {
namespace {

[[maybe_unused]] Result<std::unique_ptr<Device>> not_built(std::string_view backend) {
  return failure(Errc::not_found, fmt::format("this sapulse has been built without the backend {}", backend));
}

Result<std::unique_ptr<Device>> open_sim([[maybe_unused]] const DeviceAddress& address) {
#ifdef SAPULSE_HAS_SIM
  return SimDevice::create({});
#else
  return not_built("sim");
#endif
}

Result<std::unique_ptr<Device>> open_xrt([[maybe_unused]] const DeviceAddress& address) {
#ifdef SAPULSE_HAS_XRT
  return XrtDevice::open(address.place, address.index);
#else
  return not_built("xrt");
#endif
}

Result<std::unique_ptr<Device>> open_vfio([[maybe_unused]] const DeviceAddress& address) {
#ifdef SAPULSE_HAS_VFIO
  return VfioDevice::open({.address = address.place});
#else
  return not_built("vfio");
#endif
}

}  // namespace

Result<std::unique_ptr<Device>> open_device(const DeviceAddress& address) {
  switch (address.backend) {
    case DeviceAddress::Backend::sim:
      return open_sim(address);
    case DeviceAddress::Backend::xrt:
      return open_xrt(address);
    case DeviceAddress::Backend::vfio:
      return open_vfio(address);
  }
  return failure(Errc::invalid_argument, "no such backend");
}

}  // namespace sapulse
