// SPDX-License-Identifier: Apache-2.0
#include "sapulse/secret_memory.h"

#include <sys/mman.h>

#include <array>
#include <cstddef>
#include <mutex>
#include <new>

#include "sapulse/secret.h"

namespace sapulse {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{256} << 10;

/// Slots of kSecretSlotBytes, in chunks that are never given back to the system: the next key takes them.
class Pool {
 public:
  std::byte* take() {
    const std::lock_guard lock(mutex_);
    if (free_ == nullptr) grow();
    Slot* slot = free_;
    free_ = slot->next;
    slot->next = nullptr;
    return reinterpret_cast<std::byte*>(slot);
  }

  void give_back(std::byte* memory) {
    zeroise(std::span(memory, kSecretSlotBytes));
    const std::lock_guard lock(mutex_);
    auto* slot = new (memory) Slot{free_};
    free_ = slot;
  }

  [[nodiscard]] SecretMemory state() {
    const std::lock_guard lock(mutex_);
    return state_;
  }

 private:
  /// What is not in use is zero but for the link to the next one.
  union Slot {
    Slot* next;
    std::array<std::byte, kSecretSlotBytes> bytes;
  };

  void grow() {
    void* memory = ::mmap(nullptr, kChunkBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    state_.bytes += kChunkBytes;
    state_.locked = ::mlock(memory, kChunkBytes) == 0 && state_.locked;
    state_.dumped = ::madvise(memory, kChunkBytes, MADV_DONTDUMP) != 0 || state_.dumped;
    auto* slots = static_cast<Slot*>(memory);
    for (std::size_t i = kChunkBytes / sizeof(Slot); i-- > 0;) free_ = new (&slots[i]) Slot{free_};
  }

  std::mutex mutex_;
  Slot* free_ = nullptr;
  SecretMemory state_;
};

/// Lives until the process ends: keys may be static objects.
Pool& pool() {
  static auto* const pool = new Pool;
  return *pool;
}

}  // namespace

std::byte* take_secret_slot() { return pool().take(); }
void give_back_secret_slot(std::byte* slot) { pool().give_back(slot); }
SecretMemory secret_memory() { return pool().state(); }

}  // namespace sapulse
