// SPDX-License-Identifier: Apache-2.0
// What the simulation views of hlsc are made of: the C++ side of a kernel, beside the SystemVerilog module that decides
// in which cycle an iteration starts. An iteration is computed in that cycle; what it writes appears when it has passed
// `Stage` stages of the pipeline that it would be in.
//
// A cycle is: start() if an iteration starts, then clock(), or reset() instead of both.
#pragma once

#include <svdpi.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "hls_payload.h"

namespace hls::view {

template <int W>
using bits = unsigned _BitInt(W);

/// Bits [lo, lo + W).
template <int W, class T>
constexpr bits<W> part(const T& x, unsigned lo) {
  return (bits<W>)(x >> lo);
}

/// From 64-bit words, the least significant first. Not constexpr: clang 19 fails on variables of odd widths whose
/// initialiser is constant.
template <int W, std::size_t N>
bits<W> constant(const std::uint64_t (&words)[N]) {
  bits<W> r = 0;
  for (std::size_t i = N; i-- > 0;) {
    if constexpr (N > 1) r <<= 64;
    r |= (bits<W>)words[i];
  }
  return r;
}

/// Two's complement.
template <class T>
constexpr bool signed_less(T a, T b) {
  T sign = ~((T) ~(T)0 >> 1);
  return (T)(a ^ sign) < (T)(b ^ sign);
}

template <class T>
T unpacked(const packed<T>& bits) {
  T t;
  unpack(t, bits);
  return t;
}

/// Calls a function of ap_uint, ap_int and C integers.
template <class R, class... Parameters, class... Operands>
packed<R> call(R (*function)(Parameters...), const Operands&... operands) {
  return pack(function(unpacked<std::remove_cvref_t<Parameters>>(operands)...));
}

/// A vector of SystemVerilog, whose unused bits may be anything.
template <int W>
bits<W> load(const svBitVecVal* vector) {
  constexpr int kWords = (W + 31) / 32;
  bits<(W + 63) / 64 * 64> r = 0;
  std::memcpy(&r, vector, kWords * sizeof *vector);
  return (bits<W>)r;
}

template <int W>
void store(svBitVecVal* vector, const bits<W>& value) {
  constexpr int kWords = (W + 31) / 32;
  bits<(W + 63) / 64 * 64> wide = value;
  std::memcpy(vector, &wide, kWords * sizeof *vector);
}

/// The last `Length` cycles; [0] is the current one.
template <class T, unsigned Length>
class history {
 public:
  T& operator[](unsigned age) { return entries_[(now_ + Length - age) % Length]; }
  void advance() {
    now_ = (now_ + 1) % Length;
    entries_[now_] = T{};
  }
  void clear() { entries_ = {}; }

 private:
  std::array<T, Length> entries_{};
  unsigned now_ = 0;
};

/// hls_output_queue, written in stage `Stage`. Words are stored when their iteration starts, in the slots that it has
/// reserved, and count from that stage on.
template <int W, unsigned Depth, unsigned Stage>
class queue {
 public:
  bool room() const { return room_; }
  bool valid() const { return valid_; }
  const bits<W>& data() const { return data_; }
  /// Whether it changes by itself, without an iteration in the pipeline.
  bool busy() const { return stored_ != 0 || valid_ || !room_; }

  /// An iteration starts, and reserves a slot if `reserve`.
  void start(bool reserve, bool write, const bits<W>& word) {
    steps_[0] = {reserve, write};
    if (!reserve) return;
    reserved_++;
    if (write) words_[tail_++ % Depth] = word;
  }

  void clock(bool ready) {
    const step done = steps_[Stage];
    const bool push = done.reserved && done.written, free = !valid_ || ready;
    if (valid_ && ready) reserved_--;
    if (done.reserved && !done.written) reserved_--;
    if (push) stored_++;
    if (free) valid_ = stored_ != 0;
    if (free && valid_) {
      data_ = words_[head_++ % Depth];
      stored_--;
    }
    room_ = reserved_ < Depth;
    steps_.advance();
  }

  void reset() {
    steps_.clear();
    head_ = tail_ = stored_ = reserved_ = 0;
    valid_ = room_ = false;
  }

 private:
  struct step {
    bool reserved = false, written = false;
  };
  history<step, Stage + 1> steps_;
  std::array<bits<W>, Depth> words_{};
  unsigned head_ = 0, tail_ = 0;
  unsigned stored_ = 0;    ///< words that count and have not left
  unsigned reserved_ = 0;  ///< slots reserved or filled, that of data_ included
  bits<W> data_ = 0;
  bool valid_ = false, room_ = false;
};

/// A scalar that a kernel writes in stage `Stage`: keeps the last value, with a pulse.
template <int W, unsigned Stage>
class scalar {
 public:
  const bits<W>& data() const { return data_; }
  bool valid() const { return valid_; }
  bool busy() const { return valid_; }

  void start(bool write, const bits<W>& value) { steps_[0] = {write, value}; }
  void clock() {
    valid_ = steps_[Stage].written;
    if (valid_) data_ = steps_[Stage].value;
    steps_.advance();
  }
  void reset() {
    steps_.clear();
    data_ = 0;
    valid_ = false;
  }

 private:
  struct step {
    bool written = false;
    bits<W> value = 0;
  };
  history<step, Stage + 1> steps_;
  bits<W> data_ = 0;
  bool valid_ = false;
};

/// A memory that is written in stage `Stage`. It keeps its words over a reset, which undoes what those iterations wrote
/// that would not have come so far.
template <int W, unsigned Depth, unsigned Stage>
class memory {
 public:
  template <class Address>
  bits<W> read(Address address) const {
    return address < Depth ? words_[(std::size_t)address] : bits<W>(0);
  }
  template <class Address>
  void start(bool write, Address address, const bits<W>& word) {
    if (!write || address >= Depth) return;
    steps_[0] = {true, (std::size_t)address, words_[(std::size_t)address]};
    words_[(std::size_t)address] = word;
  }
  void clock() { steps_.advance(); }
  void reset() {
    for (unsigned age = 1; age <= Stage; age++) {
      if (steps_[age].written) words_[steps_[age].address] = steps_[age].before;
    }
    steps_.clear();
  }

 private:
  struct step {
    bool written = false;
    std::size_t address = 0;
    bits<W> before = 0;
  };
  history<step, Stage + 1> steps_;
  std::array<bits<W>, Depth> words_{};
};

}  // namespace hls::view
