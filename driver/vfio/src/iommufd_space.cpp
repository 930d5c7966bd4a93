// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "iommu_space.h"
#include "iommufd_abi.h"
#include "sapulse/file_descriptor.h"
#include "viability.h"

namespace sapulse {
namespace {

class IommufdSpace final : public IommuSpace {
 public:
  IommufdSpace(FileDescriptor iommu, FileDescriptor device, std::uint32_t space)
      : iommu_(std::move(iommu)), device_(std::move(device)), space_(space) {}

  [[nodiscard]] int device() const override { return device_.get(); }
  [[nodiscard]] std::string describe() const override { return "iommufd"; }

  [[nodiscard]] std::vector<IovaRange> ranges() const override {
    iommufd::IoasIovaRanges query;
    query.ioas_id = space_;
    // The first call, without room for any entry, tells their number by failing with EMSGSIZE.
    if (ioctl(iommu_.get(), iommufd::kIoasIovaRanges, &query) != 0 && errno != EMSGSIZE) return default_ranges();
    std::vector<iommufd::IovaRangeEntry> entries(query.num_iovas);
    query.allowed_iovas = reinterpret_cast<std::uintptr_t>(entries.data());
    if (ioctl(iommu_.get(), iommufd::kIoasIovaRanges, &query) != 0) return default_ranges();
    std::vector<IovaRange> ranges;
    ranges.reserve(entries.size());
    for (const auto& entry : entries) ranges.push_back({entry.start, entry.last});
    return ranges;
  }

  Result<void> map(std::uint64_t iova, void* memory, std::size_t bytes) override {
    iommufd::IoasMap map;
    map.flags = iommufd::kMapFixedIova | iommufd::kMapReadable | iommufd::kMapWriteable;
    map.ioas_id = space_;
    map.user_va = reinterpret_cast<std::uintptr_t>(memory);
    map.length = bytes;
    map.iova = iova;
    if (ioctl(iommu_.get(), iommufd::kIoasMap, &map) == 0) return {};
    return tl::unexpected(explain_map(bytes, errno));
  }

  Result<void> unmap(std::uint64_t iova, std::size_t bytes) override {
    iommufd::IoasUnmap unmap;
    unmap.ioas_id = space_;
    unmap.iova = iova;
    unmap.length = bytes;
    if (ioctl(iommu_.get(), iommufd::kIoasUnmap, &unmap) == 0) return {};
    return failure(Errc::io_error, fmt::format("unmapping DMA memory: {}", std::strerror(errno)));
  }

 private:
  // Closed in reverse order: the device, which stops it, before the memory is unmapped.
  FileDescriptor iommu_;
  FileDescriptor device_;
  std::uint32_t space_;
};

/// Name of the device's character device, vfioN; nothing before Linux 6.6.
std::optional<std::string> device_file(const Sysfs& sysfs, const PciInfo& card) {
  const auto names = sysfs.list(pci_folder(card.address) + "/vfio-dev");
  if (names.empty()) return std::nullopt;
  return names.front();
}

}  // namespace

bool has_iommufd(const VfioPaths& paths, const Sysfs& sysfs, const PciInfo& card) {
  std::error_code error;
  return device_file(sysfs, card) && std::filesystem::exists(paths.dev / "iommu", error);
}

Result<std::unique_ptr<IommuSpace>> open_iommufd_space(const VfioPaths& paths, const Sysfs& sysfs,
                                                       const PciInfo& card) {
  const auto fail = [&](const char* what) {
    return failure(Errc::io_error, fmt::format("{}: {}: {}", card.address, what, std::strerror(errno)));
  };
  const auto name = device_file(sysfs, card);
  if (!name) {
    return failure(Errc::io_error, fmt::format("{}: the kernel offers no iommufd for it (Linux 6.6 or later): use the "
                                               "group interface",
                                               card.address));
  }
  const auto device_path = paths.dev / "vfio/devices" / *name;
  FileDescriptor device(::open(device_path.c_str(), O_RDWR | O_CLOEXEC));
  if (!device) return tl::unexpected(explain_open(device_path, card, errno));
  const auto iommu_path = paths.dev / "iommu";
  FileDescriptor iommu(::open(iommu_path.c_str(), O_RDWR | O_CLOEXEC));
  if (!iommu) return tl::unexpected(explain_open(iommu_path, card, errno));

  iommufd::DeviceBind bind;
  bind.iommufd = iommu.get();
  if (ioctl(device.get(), iommufd::kDeviceBind, &bind) != 0) return fail("binding to the iommufd");
  iommufd::IoasAlloc space;
  if (ioctl(iommu.get(), iommufd::kIoasAlloc, &space) != 0) return fail("making an I/O address space");
  iommufd::DeviceAttach attach;
  attach.pt_id = space.out_ioas_id;
  if (ioctl(device.get(), iommufd::kDeviceAttach, &attach) != 0) return fail("attaching to the I/O address space");
  return std::make_unique<IommufdSpace>(std::move(iommu), std::move(device), space.out_ioas_id);
}

}  // namespace sapulse
