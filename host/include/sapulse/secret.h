// SPDX-License-Identifier: Apache-2.0
// Memory for keys.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <span>
#include <string_view>
#include <utility>

#include "sapulse/secret_memory.h"

#pragma GCC visibility push(default)
namespace sapulse {

/// Overwrites memory with zeros; not removed by the optimiser.
void zeroise(std::span<std::byte> memory);

/// Overwrites the stack below itself when it goes out of scope: what the calls made since have left there, such as
/// registers that were saved and buffers of parsers and of OpenSSL. Not the frame that it is in: where the compiler may
/// inline what handles keys, it belongs into the caller.
class StackZeroiser {
 public:
  StackZeroiser() = default;
  StackZeroiser(const StackZeroiser&) = delete;
  StackZeroiser& operator=(const StackZeroiser&) = delete;
  ~StackZeroiser();
};

/// Compares without a data-dependent branch; false when the lengths differ.
[[nodiscard]] bool equal_constant_time(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b);

/// Decodes hex digits without separators; false unless `hex` is exactly two digits for each byte of `bytes`.
[[nodiscard]] bool decode_hex(std::string_view hex, std::span<std::uint8_t> bytes);

/// Byte string of at most `Capacity` bytes that holds key material, in memory that is neither swapped out nor dumped
/// (sapulse/secret_memory.h): zeroised when destroyed, moved from or overwritten; cannot be streamed, compared with ==
/// or converted to text.
template <std::size_t Capacity>
class SecretBytes {
  static_assert(Capacity <= kSecretSlotBytes);

 public:
  SecretBytes() = default;
  /// Takes the first `Capacity` bytes at most.
  explicit SecretBytes(std::span<const std::uint8_t> bytes) { assign(bytes); }
  SecretBytes(const SecretBytes& other) { assign(other.bytes()); }
  SecretBytes(SecretBytes&& other) noexcept { swap(other); }
  SecretBytes& operator=(const SecretBytes& other) {
    if (this != &other) assign(other.bytes());
    return *this;
  }
  SecretBytes& operator=(SecretBytes&& other) noexcept {
    if (this == &other) return *this;
    clear();
    swap(other);
    return *this;
  }
  ~SecretBytes() { clear(); }

  /// From hex digits without separators; nothing unless `hex` is an even number of digits that fit.
  static std::optional<SecretBytes> from_hex(std::string_view hex) {
    SecretBytes result;
    if (hex.size() / 2 > Capacity) return std::nullopt;
    if (!decode_hex(hex, result.resize(hex.size() / 2))) return std::nullopt;
    return result;
  }

  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return {data_, size_}; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] static constexpr std::size_t capacity() { return Capacity; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  void clear() {
    if (data_ != nullptr) give_back_secret_slot(reinterpret_cast<std::byte*>(data_));
    data_ = nullptr;
    size_ = 0;
  }

  friend bool operator==(const SecretBytes&, const SecretBytes&) = delete;
  friend std::ostream& operator<<(std::ostream&, const SecretBytes&) = delete;

 private:
  /// Zeros of a new size.
  std::span<std::uint8_t> resize(std::size_t size) {
    clear();
    if (size == 0) return {};
    data_ = reinterpret_cast<std::uint8_t*>(take_secret_slot());
    size_ = size;
    return {data_, size_};
  }
  void assign(std::span<const std::uint8_t> bytes) {
    const std::size_t size = std::min(bytes.size(), Capacity);
    std::copy_n(bytes.begin(), size, resize(size).begin());
  }
  void swap(SecretBytes& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
  }

  std::uint8_t* data_ = nullptr;  ///< a slot; none for no bytes
  std::size_t size_ = 0;
};

/// Key of a cipher or of a message authentication code.
using Key = SecretBytes<64>;
/// Salt of an AEAD cipher in ESP: of AES-GCM 4 bytes (RFC 4106 section 4), of AES-CCM 3 (RFC 4309 section 7.1).
using Salt = SecretBytes<4>;
/// Secret of a device for crash tokens, 32 bytes; empty: no tokens.
using DeviceSecret = SecretBytes<32>;

}  // namespace sapulse
#pragma GCC visibility pop
