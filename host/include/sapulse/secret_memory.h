// SPDX-License-Identifier: Apache-2.0
// Where keys are kept: memory that is not swapped out, not part of core dumps, and zeroised when it is given back.
#pragma once

#include <cstddef>

#pragma GCC visibility push(default)
namespace sapulse {

/// What the system has granted.
struct SecretMemory {
  std::size_t bytes = 0;  ///< taken from the system so far
  bool locked = true;     ///< all of it is kept out of swap; false: RLIMIT_MEMLOCK has not allowed it
  bool dumped = false;    ///< some of it could not be kept out of core dumps
};
[[nodiscard]] SecretMemory secret_memory();

/// Every piece has this size. For SecretBytes (sapulse/secret.h), which is what programs use.
inline constexpr std::size_t kSecretSlotBytes = 64;
/// A zeroed piece. Throws std::bad_alloc. Thread-safe, as are the others.
[[nodiscard]] std::byte* take_secret_slot();
/// Zeroises it.
void give_back_secret_slot(std::byte* slot);

}  // namespace sapulse
#pragma GCC visibility pop
