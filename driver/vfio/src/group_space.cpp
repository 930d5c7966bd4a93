// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/vfio.h>
#include <sys/ioctl.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "iommu_space.h"
#include "sapulse/file_descriptor.h"
#include "viability.h"

namespace sapulse {
namespace {

/// Asks the container what it can translate; empty when the kernel is too old to say.
std::vector<IovaRange> read_ranges(int container) {
  vfio_iommu_type1_info head{};
  head.argsz = sizeof head;
  if (ioctl(container, VFIO_IOMMU_GET_INFO, &head) != 0 || head.argsz <= sizeof head) return {};
  std::vector<std::byte> reply(head.argsz);
  std::memcpy(reply.data(), &head, sizeof head);
  if (ioctl(container, VFIO_IOMMU_GET_INFO, reply.data()) != 0) return {};
  std::memcpy(&head, reply.data(), sizeof head);
  if ((head.flags & VFIO_IOMMU_INFO_CAPS) == 0) return {};
  std::vector<IovaRange> ranges;
  for (std::uint32_t at = head.cap_offset; at != 0 && at + sizeof(vfio_info_cap_header) <= reply.size();) {
    vfio_info_cap_header capability{};
    std::memcpy(&capability, &reply[at], sizeof capability);
    if (capability.id == VFIO_IOMMU_TYPE1_INFO_CAP_IOVA_RANGE) {
      vfio_iommu_type1_info_cap_iova_range list{};
      std::memcpy(&list, &reply[at], sizeof list);
      for (std::uint32_t i = 0; i < list.nr_iovas; ++i) {
        vfio_iova_range range{};
        std::memcpy(&range, &reply[at + sizeof list + i * sizeof range], sizeof range);
        ranges.push_back({range.start, range.end});
      }
    }
    at = capability.next;
  }
  return ranges;
}

class GroupSpace final : public IommuSpace {
 public:
  GroupSpace(std::string group, FileDescriptor container, FileDescriptor group_file, FileDescriptor device)
      : group_(std::move(group)),
        container_(std::move(container)),
        group_file_(std::move(group_file)),
        device_(std::move(device)) {}

  [[nodiscard]] int device() const override { return device_.get(); }
  [[nodiscard]] std::string describe() const override { return fmt::format("group {}, type1v2", group_); }

  [[nodiscard]] std::vector<IovaRange> ranges() const override {
    auto ranges = read_ranges(container_.get());
    return ranges.empty() ? default_ranges() : ranges;
  }

  Result<void> map(std::uint64_t iova, void* memory, std::size_t bytes) override {
    vfio_iommu_type1_dma_map map{};
    map.argsz = sizeof map;
    map.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE;
    map.vaddr = reinterpret_cast<std::uintptr_t>(memory);
    map.iova = iova;
    map.size = bytes;
    if (ioctl(container_.get(), VFIO_IOMMU_MAP_DMA, &map) == 0) return {};
    return tl::unexpected(explain_map(bytes, errno));
  }

  Result<void> unmap(std::uint64_t iova, std::size_t bytes) override {
    vfio_iommu_type1_dma_unmap unmap{};
    unmap.argsz = sizeof unmap;
    unmap.iova = iova;
    unmap.size = bytes;
    if (ioctl(container_.get(), VFIO_IOMMU_UNMAP_DMA, &unmap) == 0) return {};
    return failure(Errc::io_error, fmt::format("unmapping DMA memory: {}", std::strerror(errno)));
  }

 private:
  std::string group_;
  // Closed in reverse order: the device, which stops it, before the container, which unmaps its memory.
  FileDescriptor container_;
  FileDescriptor group_file_;
  FileDescriptor device_;
};

Result<FileDescriptor> open_file(const std::filesystem::path& file, const PciInfo& card) {
  FileDescriptor descriptor(::open(file.c_str(), O_RDWR | O_CLOEXEC));
  if (descriptor) return descriptor;
  return tl::unexpected(explain_open(file, card, errno));
}

}  // namespace

Result<std::unique_ptr<IommuSpace>> open_group_space(const VfioPaths& paths, const PciInfo& card) {
  const auto fail = [&](const char* what) {
    return failure(Errc::io_error, fmt::format("{}: {}: {}", card.address, what, std::strerror(errno)));
  };
  auto container = open_file(paths.dev / "vfio/vfio", card);
  if (!container) return tl::unexpected(container.error());
  const std::string number = card.group.value_or("");  // there is one: see check_viable()
  auto group = open_file(paths.dev / "vfio" / number, card);
  if (!group) return tl::unexpected(group.error());

  if (ioctl(container->get(), VFIO_GET_API_VERSION) != VFIO_API_VERSION ||
      ioctl(container->get(), VFIO_CHECK_EXTENSION, VFIO_TYPE1v2_IOMMU) != 1) {
    return failure(Errc::io_error, fmt::format("{}: the kernel has no type1v2 IOMMU driver: load it (modprobe "
                                               "vfio_iommu_type1)",
                                               card.address));
  }
  vfio_group_status status{};
  status.argsz = sizeof status;
  if (ioctl(group->get(), VFIO_GROUP_GET_STATUS, &status) != 0) return fail("status of its IOMMU group");
  if ((status.flags & VFIO_GROUP_FLAGS_VIABLE) == 0) {
    return failure(Errc::io_error, fmt::format("{}: another device of its IOMMU group {} is bound to a driver other "
                                               "than {}: unbind it",
                                               card.address, number, kVfioDriver));
  }
  const int descriptor = container->get();
  if (ioctl(group->get(), VFIO_GROUP_SET_CONTAINER, &descriptor) != 0) return fail("joining the container");
  if (ioctl(descriptor, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU) != 0) return fail("setting up the IOMMU");
  FileDescriptor device(ioctl(group->get(), VFIO_GROUP_GET_DEVICE_FD, card.address.c_str()));
  if (!device) return fail("opening the device");
  return std::make_unique<GroupSpace>(number, *std::move(container), *std::move(group), std::move(device));
}

}  // namespace sapulse
