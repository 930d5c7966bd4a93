// SPDX-License-Identifier: Apache-2.0
// The part of Linux' iommufd interface that the driver uses, for systems whose headers are older than it (Linux 6.6).
#pragma once

#include <linux/ioctl.h>
#include <linux/vfio.h>

#include <cstdint>

namespace sapulse::iommufd {

struct IoasAlloc {
  std::uint32_t size = sizeof(IoasAlloc);
  std::uint32_t flags = 0;
  std::uint32_t out_ioas_id = 0;
};

struct IovaRangeEntry {
  std::uint64_t start;
  std::uint64_t last;
};

struct IoasIovaRanges {
  std::uint32_t size = sizeof(IoasIovaRanges);
  std::uint32_t ioas_id = 0;
  std::uint32_t num_iovas = 0;
  std::uint32_t reserved = 0;
  std::uint64_t allowed_iovas = 0;  ///< pointer to num_iovas entries
  std::uint64_t out_iova_alignment = 0;
};

inline constexpr std::uint32_t kMapFixedIova = 1;
inline constexpr std::uint32_t kMapWriteable = 2;
inline constexpr std::uint32_t kMapReadable = 4;

struct IoasMap {
  std::uint32_t size = sizeof(IoasMap);
  std::uint32_t flags = 0;
  std::uint32_t ioas_id = 0;
  std::uint32_t reserved = 0;
  std::uint64_t user_va = 0;
  std::uint64_t length = 0;
  std::uint64_t iova = 0;
};

struct IoasUnmap {
  std::uint32_t size = sizeof(IoasUnmap);
  std::uint32_t ioas_id = 0;
  std::uint64_t iova = 0;
  std::uint64_t length = 0;
};

struct DeviceBind {
  std::uint32_t argsz = sizeof(DeviceBind);
  std::uint32_t flags = 0;
  std::int32_t iommufd = -1;
  std::uint32_t out_devid = 0;
};

struct DeviceAttach {
  std::uint32_t argsz = sizeof(DeviceAttach);
  std::uint32_t flags = 0;
  std::uint32_t pt_id = 0;
};

inline constexpr unsigned long kIoasAlloc = _IO(';', 0x81);
inline constexpr unsigned long kIoasIovaRanges = _IO(';', 0x84);
inline constexpr unsigned long kIoasMap = _IO(';', 0x85);
inline constexpr unsigned long kIoasUnmap = _IO(';', 0x86);
inline constexpr unsigned long kDeviceBind = _IO(VFIO_TYPE, VFIO_BASE + 18);
inline constexpr unsigned long kDeviceAttach = _IO(VFIO_TYPE, VFIO_BASE + 19);

}  // namespace sapulse::iommufd
