// SPDX-License-Identifier: Apache-2.0
#include "registers_bar.h"

#include <endian.h>
#include <fmt/format.h>
#include <linux/vfio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "sapulse/pci_identity.h"
#include "sapulse/registers.h"

namespace sapulse {

Result<RegistersBar> RegistersBar::map(int device, const std::string& name) {
  vfio_region_info region{};
  region.argsz = sizeof region;
  region.index = VFIO_PCI_BAR0_REGION_INDEX + pci::kRegisterBar;
  if (ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &region) != 0) {
    return failure(Errc::io_error, fmt::format("{}: BAR {}: {}", name, pci::kRegisterBar, std::strerror(errno)));
  }
  if (region.size < regs::kWindowBytes || (region.flags & VFIO_REGION_INFO_FLAG_MMAP) == 0) {
    return failure(Errc::incompatible,
                   fmt::format("{}: BAR {} has {} bytes{}; the registers take {}", name, pci::kRegisterBar, region.size,
                               (region.flags & VFIO_REGION_INFO_FLAG_MMAP) == 0 ? " and cannot be mapped" : "",
                               regs::kWindowBytes));
  }
  void* const window =
      mmap(nullptr, region.size, PROT_READ | PROT_WRITE, MAP_SHARED, device, static_cast<off_t>(region.offset));
  if (window == MAP_FAILED) {
    return failure(Errc::io_error,
                   fmt::format("{}: mapping BAR {}: {}", name, pci::kRegisterBar, std::strerror(errno)));
  }
  return RegistersBar(window, region.size);
}

RegistersBar::RegistersBar(RegistersBar&& other) noexcept
    : window_(std::exchange(other.window_, nullptr)), bytes_(other.bytes_) {}

RegistersBar::~RegistersBar() {
  if (window_ != nullptr) munmap(window_, bytes_);
}

std::uint32_t RegistersBar::read(std::uint32_t offset) const {
  const auto* const word =
      reinterpret_cast<const volatile std::uint32_t*>(static_cast<const std::byte*>(window_) + offset);
  return le32toh(*word);
}

void RegistersBar::write(std::uint32_t offset, std::uint32_t value) {
  auto* const word = reinterpret_cast<volatile std::uint32_t*>(static_cast<std::byte*>(window_) + offset);
  *word = htole32(value);
}

bool RegistersBar::exists(std::uint32_t offset) {
  return std::ranges::any_of(regs::kRegisters, [offset](const regs::RegisterInfo& info) {
    const std::uint32_t bytes = info.width / 8;
    if (offset < info.offset) return false;
    const std::uint32_t at = offset - info.offset;
    if (info.count == 1) return at < bytes;
    return at / info.stride < info.count && at % info.stride < bytes;
  });
}

void full_barrier() {
#if defined(__x86_64__)
  asm volatile("mfence" ::: "memory");
#elif defined(__aarch64__)
  asm volatile("dsb sy" ::: "memory");
#else
  __sync_synchronize();
#endif
}

}  // namespace sapulse
