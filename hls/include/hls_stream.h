// SPDX-License-Identifier: Apache-2.0
// hls::stream<T> with the names of Vitis HLS. Natively a FIFO for C simulation (hls_simulation.h runs kernels as
// fibers); under hlsc (-DHLSC) calls that the compiler recognises.
#pragma once

#include "hls_module.h"
#include "hls_payload.h"

#ifdef HLSC

// Addresses tell streams apart. What hls::pack() cannot take apart goes as an object, whose layout hlsc knows from the
// debug information.
extern "C" void __hls_read(const void* stream, void* destination, unsigned bits);
extern "C" void __hls_write(const void* stream, const void* source, unsigned bits);
extern "C" void __hls_read_object(const void* stream, void* destination);
extern "C" void __hls_write_object(const void* stream, const void* source);
extern "C" bool __hls_empty(const void* stream);
extern "C" bool __hls_full(const void* stream);

namespace hls {

template <class T, int Depth = 0>
class stream;

template <class T>
class stream<T, 0> {
 public:
  constexpr stream() : id_(0) {}
  constexpr explicit stream(const char*) : id_(0) {}
  stream(const stream&) = delete;
  __attribute__((always_inline)) T read() {
    T t;
    if constexpr (can_pack<T>) {
      packed<T> raw;
      __hls_read(this, &raw, bits<T>());
      unpack(t, raw);
    } else {
      __hls_read_object(this, &t);
    }
    return t;
  }
  __attribute__((always_inline)) void read(T& t) { t = read(); }
  __attribute__((always_inline)) bool read_nb(T& t) {
    if (empty()) return false;
    t = read();
    return true;
  }
  __attribute__((always_inline)) void write(const T& t) {
    if constexpr (can_pack<T>) {
      packed<T> raw = pack(t);
      __hls_write(this, &raw, bits<T>());
    } else {
      __hls_write_object(this, &t);
    }
  }
  __attribute__((always_inline)) bool write_nb(const T& t) {
    if (full()) return false;
    write(t);
    return true;
  }
  __attribute__((always_inline)) bool empty() const { return __hls_empty(this); }
  __attribute__((always_inline)) bool full() const { return __hls_full(this); }
  __attribute__((always_inline)) stream& operator>>(T& t) {
    t = read();
    return *this;
  }
  __attribute__((always_inline)) stream& operator<<(const T& t) {
    write(t);
    return *this;
  }

 private:
  char id_;
};

template <class T, int Depth>
class stream : public stream<T, 0> {
  using stream<T, 0>::stream;
};

}  // namespace hls

#else

#include <cstddef>
#include <cstdio>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "hls_simulation.h"

namespace hls {

template <class T, int Depth = 0>
class stream;

namespace detail {

/// First in, first out, in one piece of memory that is taken anew only to grow: a simulation moves every beat through
/// some of these. An element that has left is T{} from then on: it may have been a key.
template <class T>
class ring {
 public:
  bool empty() const { return first_ == last_; }
  std::size_t size() const { return last_ - first_; }
  void push(const T& t) {
    if (size() == room_) grow();
    at(last_) = t;
    ++last_;
  }
  T pop() { return std::exchange(at(first_++), T{}); }

 private:
  T& at(std::size_t number) const { return slots_[number & (room_ - 1)]; }
  void grow();

  std::unique_ptr<T[]> slots_;
  std::size_t room_ = 0;   // a power of two, or nothing yet
  std::size_t first_ = 0;  // numbers of the oldest element, and of the next one; they wrap around
  std::size_t last_ = 0;
};

template <class T>
void ring<T>::grow() {
  ring larger;
  larger.room_ = room_ == 0 ? 4 : 2 * room_;
  larger.slots_ = std::make_unique<T[]>(larger.room_);
  while (!empty()) larger.push(pop());
  std::swap(*this, larger);
}

}  // namespace detail

/// FIFO between kernels. Reading from an empty one (or writing to a full one) suspends the process that does so until
/// another process of the same hls::simulation has changed that; outside of a simulation it throws std::logic_error.
/// Not thread-safe: a simulation and its streams belong to one thread.
template <class T>
class stream<T, 0> : public detail::stream_base {
 public:
  stream() : stream("stream") {}
  /// @param capacity in elements; unbounded unless given
  explicit stream(std::string name, std::size_t capacity = std::numeric_limits<std::size_t>::max())
      : stream_base(std::move(name)), capacity_(capacity) {}
  ~stream() override {
    if (!queue_.empty() && report_leftovers) {
      std::fprintf(stderr, "warning: hls::stream '%s' destroyed with %zu elements left\n", name().c_str(),
                   queue_.size());
    }
  }

  T read() {
    if (queue_.empty()) wait_while([this] { return queue_.empty(); }, "read from empty stream");
    note_progress();
    return queue_.pop();
  }
  void read(T& t) { t = read(); }
  bool read_nb(T& t) {
    if (empty()) return false;
    t = read();
    return true;
  }
  void write(const T& t) {
    if (full()) wait_while([this] { return full(); }, "write to full stream");
    queue_.push(t);
    note_progress();
  }
  bool write_nb(const T& t) {
    if (full()) return false;
    write(t);
    return true;
  }
#ifdef HLS_REPLAY
  bool empty() const { return answer(false, queue_.empty()); }
  bool full() const { return answer(true, queue_.size() >= capacity_); }
#else
  bool empty() const { return queue_.empty(); }
  bool full() const { return queue_.size() >= capacity_; }
#endif
  std::size_t size() const override { return queue_.size(); }
  std::size_t capacity() const { return capacity_; }
  stream& operator>>(T& t) {
    t = read();
    return *this;
  }
  stream& operator<<(const T& t) {
    write(t);
    return *this;
  }

  /// Set to false where elements are left on purpose.
  bool report_leftovers = true;

 private:
  detail::ring<T> queue_;
  std::size_t capacity_;
};

/// A stream of a stated capacity.
template <class T, int Depth>
class stream : public stream<T, 0> {
 public:
  stream() : stream("stream") {}
  /// @param capacity where something else than the type states it
  explicit stream(std::string name, std::size_t capacity = Depth) : hls::stream<T, 0>(std::move(name), capacity) {}
};

}  // namespace hls

#endif
