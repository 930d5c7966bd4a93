// SPDX-License-Identifier: Apache-2.0
// Payloads with the side channels of AXI4-Stream, with the names of Vitis HLS: hlsc makes ports <stream>_tdata, _tkeep,
// _tstrb, _tuser, _tlast, _tid, _tdest of the members of hls::axis. Channels of no bits have neither member nor port.
#pragma once

#include <type_traits>

#include "ap_int.h"
#include "hls_stream.h"

// Channels, as bits of what hls::axis, hls::axis_data and hls::axis_user are told to have.
#define AXIS_ENABLE_DATA 0b00000001
#define AXIS_ENABLE_DEST 0b00000010
#define AXIS_ENABLE_ID 0b00000100
#define AXIS_ENABLE_KEEP 0b00001000
#define AXIS_ENABLE_LAST 0b00010000
#define AXIS_ENABLE_STRB 0b00100000
#define AXIS_ENABLE_USER 0b01000000
#define AXIS_ENABLE_ALL 0b01111111
#define AXIS_DISABLE_ALL 0b00000000

namespace hls {

namespace detail {

/// Bytes of the data: a type whose width is not known statically counts whole bytes of its storage.
template <class T>
inline constexpr int axis_bytes = sizeof(T);
template <int W>
inline constexpr int axis_bytes<ap_uint<W>> = (W + 7) / 8;
template <int W>
inline constexpr int axis_bytes<ap_int<W>> = (W + 7) / 8;

template <>
inline constexpr int axis_bytes<void> = 1;

/// A channel that a stream has, and nothing in place of one that it has not.
template <class T, bool IsThere = true>
struct axis_data {
  T data;
  T get_data() const { return data; }
  void set_data(const T& x) { data = x; }
};
template <class T>
struct axis_data<T, false> {};
template <int W>
struct axis_keep {
  ap_uint<W> keep;
  ap_uint<W> get_keep() const { return keep; }
  void set_keep(const ap_uint<W>& x) { keep = x; }
  void keep_all() { keep = -1; }
};
template <>
struct axis_keep<0> {};
template <int W>
struct axis_strb {
  ap_uint<W> strb;
  ap_uint<W> get_strb() const { return strb; }
  void set_strb(const ap_uint<W>& x) { strb = x; }
};
template <>
struct axis_strb<0> {};
template <int W>
struct axis_user {
  ap_uint<W> user;
  ap_uint<W> get_user() const { return user; }
  void set_user(const ap_uint<W>& x) { user = x; }
};
template <>
struct axis_user<0> {};
template <int W>
struct axis_last {
  ap_uint<W> last;
  ap_uint<W> get_last() const { return last; }
  void set_last(const ap_uint<W>& x) { last = x; }
};
template <>
struct axis_last<0> {};
template <int W>
struct axis_id {
  ap_uint<W> id;
  ap_uint<W> get_id() const { return id; }
  void set_id(const ap_uint<W>& x) { id = x; }
};
template <>
struct axis_id<0> {};
template <int W>
struct axis_dest {
  ap_uint<W> dest;
  ap_uint<W> get_dest() const { return dest; }
  void set_dest(const ap_uint<W>& x) { dest = x; }
};
template <>
struct axis_dest<0> {};

}  // namespace detail

/// @tparam T of the data; void: none
/// @tparam Signals keep, strb and last as AXIS_ENABLE_* says; user, id and dest are there if they have bits
/// @tparam Strict the other bits of Signals have to agree with what is there
template <class T, int User = 0, int Id = 0, int Dest = 0,
          unsigned Signals = AXIS_ENABLE_KEEP | AXIS_ENABLE_LAST | AXIS_ENABLE_STRB, bool Strict = false>
struct axis : detail::axis_data<T, !std::is_void_v<T>>,
              detail::axis_keep<(Signals & AXIS_ENABLE_KEEP) != 0 ? detail::axis_bytes<T> : 0>,
              detail::axis_strb<(Signals & AXIS_ENABLE_STRB) != 0 ? detail::axis_bytes<T> : 0>,
              detail::axis_user<User>,
              detail::axis_last<(Signals & AXIS_ENABLE_LAST) != 0>,
              detail::axis_id<Id>,
              detail::axis_dest<Dest> {
  static constexpr bool has_data = !std::is_void_v<T>, has_user = User > 0, has_id = Id > 0, has_dest = Dest > 0;
  static constexpr bool has_keep = (Signals & AXIS_ENABLE_KEEP) != 0, has_strb = (Signals & AXIS_ENABLE_STRB) != 0,
                        has_last = (Signals & AXIS_ENABLE_LAST) != 0;
  static_assert(!Strict ||
                    (has_data == ((Signals & AXIS_ENABLE_DATA) != 0) &&
                     has_user == ((Signals & AXIS_ENABLE_USER) != 0) && has_id == ((Signals & AXIS_ENABLE_ID) != 0) &&
                     has_dest == ((Signals & AXIS_ENABLE_DEST) != 0)),
                "the signals that are enabled are not those that have bits");
};

/// Data, and of the other channels those that are enabled.
template <class T, unsigned Signals = AXIS_ENABLE_DATA, int User = 0, int Id = 0, int Dest = 0, bool Strict = true>
using axis_data = axis<T, User, Id, Dest, Signals | AXIS_ENABLE_DATA, Strict>;
/// No data; user, and of the other channels those that are enabled.
template <int User, unsigned Signals = AXIS_ENABLE_USER, int Id = 0, int Dest = 0, bool Strict = true>
using axis_user =
    axis<void, User, Id, Dest, Signals & ~unsigned{AXIS_ENABLE_DATA | AXIS_ENABLE_KEEP | AXIS_ENABLE_STRB}, Strict>;

}  // namespace hls

template <int W, int User = 0, int Id = 0, int Dest = 0,
          unsigned Signals = AXIS_ENABLE_KEEP | AXIS_ENABLE_LAST | AXIS_ENABLE_STRB, bool Strict = false>
using ap_axiu = hls::axis<ap_uint<W>, User, Id, Dest, Signals, Strict>;
template <int W, int User = 0, int Id = 0, int Dest = 0,
          unsigned Signals = AXIS_ENABLE_KEEP | AXIS_ENABLE_LAST | AXIS_ENABLE_STRB, bool Strict = false>
using ap_axis = hls::axis<ap_int<W>, User, Id, Dest, Signals, Strict>;
/// Streams of a DMA engine: no strobes.
template <int W, int User = 0, int Id = 0, int Dest = 0>
using qdma_axis = hls::axis<ap_uint<W>, User, Id, Dest, AXIS_ENABLE_KEEP | AXIS_ENABLE_LAST>;
