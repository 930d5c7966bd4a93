// SPDX-License-Identifier: Apache-2.0
#include "guest_memory.h"

#include <endian.h>
#include <sys/mman.h>

#include <atomic>
#include <cstring>

namespace sapulse::sim {

void GuestMemory::replace(const std::vector<Region>& regions) {
  const std::scoped_lock lock(mutex_);
  for (const Mapping& mapping : mappings_) munmap(mapping.memory, mapping.bytes);
  mappings_.clear();
  for (const Region& region : regions) {
    void* const memory =
        mmap(nullptr, region.bytes, PROT_READ | PROT_WRITE, MAP_SHARED, region.file, static_cast<off_t>(region.offset));
    if (memory != MAP_FAILED) mappings_.push_back({region.address, region.bytes, static_cast<std::byte*>(memory)});
  }
}

std::byte* GuestMemory::find(std::uint64_t address, std::size_t bytes) const {
  for (const Mapping& mapping : mappings_) {
    if (address < mapping.address) continue;
    const std::uint64_t offset = address - mapping.address;
    if (offset <= mapping.bytes && bytes <= mapping.bytes - offset) return mapping.memory + offset;
  }
  return nullptr;
}

bool GuestMemory::read(std::uint64_t address, std::span<std::byte> data) const {
  const std::scoped_lock lock(mutex_);
  const std::byte* const from = find(address, data.size());
  if (from != nullptr) std::memcpy(data.data(), from, data.size());
  return from != nullptr;
}

bool GuestMemory::write(std::uint64_t address, std::span<const std::byte> data) const {
  const std::scoped_lock lock(mutex_);
  std::byte* const to = find(address, data.size());
  // What has been written before must be visible before: the guest polls.
  std::atomic_thread_fence(std::memory_order_release);
  if (to != nullptr) std::memcpy(to, data.data(), data.size());
  return to != nullptr;
}

std::optional<std::uint64_t> GuestMemory::read64(std::uint64_t address) const {
  const std::scoped_lock lock(mutex_);
  const std::byte* const from = find(address, sizeof(std::uint64_t));
  if (from == nullptr || address % sizeof(std::uint64_t) != 0) return std::nullopt;
  return le64toh(__atomic_load_n(reinterpret_cast<const std::uint64_t*>(from), __ATOMIC_ACQUIRE));
}

}  // namespace sapulse::sim
