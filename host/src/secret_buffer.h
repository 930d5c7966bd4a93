// SPDX-License-Identifier: Apache-2.0
// Byte buffers with key material of any length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "sapulse/secret.h"

namespace sapulse {

/// Zeroises memory before it is given back, also when a container grows.
template <class T>
struct ZeroisingAllocator {
  using value_type = T;
  ZeroisingAllocator() = default;
  template <class U>
  explicit ZeroisingAllocator(const ZeroisingAllocator<U>& /*other*/) {}
  T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
  void deallocate(T* memory, std::size_t count) {
    zeroise(std::as_writable_bytes(std::span(memory, count)));
    std::allocator<T>().deallocate(memory, count);
  }
  friend bool operator==(const ZeroisingAllocator&, const ZeroisingAllocator&) { return true; }
};

using SecretBuffer = std::vector<std::uint8_t, ZeroisingAllocator<std::uint8_t>>;

}  // namespace sapulse
