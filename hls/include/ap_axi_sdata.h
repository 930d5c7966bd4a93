// SPDX-License-Identifier: Apache-2.0
// Payloads with the side channels of AXI4-Stream, with the names of Vitis HLS: hlsc makes ports <stream>_tdata, _tkeep,
// _tstrb, _tuser, _tlast, _tid, _tdest of the members of hls::axis. Channels of no bits have neither member nor port.
#pragma once

#include "ap_int.h"

namespace hls {

namespace detail {

/// Bytes of the data: a type whose width is not known statically counts whole bytes of its storage.
template <class T>
inline constexpr int axis_bytes = sizeof(T);
template <int W>
inline constexpr int axis_bytes<ap_uint<W>> = (W + 7) / 8;
template <int W>
inline constexpr int axis_bytes<ap_int<W>> = (W + 7) / 8;

template <class T>
struct axis_data {
  T data;
  ap_uint<axis_bytes<T>> keep, strb;
  T get_data() const { return data; }
  ap_uint<axis_bytes<T>> get_keep() const { return keep; }
  ap_uint<axis_bytes<T>> get_strb() const { return strb; }
  void set_data(const T& x) { data = x; }
  void set_keep(const ap_uint<axis_bytes<T>>& x) { keep = x; }
  void set_strb(const ap_uint<axis_bytes<T>>& x) { strb = x; }
};
template <int W>
struct axis_user {
  ap_uint<W> user;
  ap_uint<W> get_user() const { return user; }
  void set_user(const ap_uint<W>& x) { user = x; }
};
template <>
struct axis_user<0> {};
struct axis_last {
  ap_uint<1> last;
  ap_uint<1> get_last() const { return last; }
  void set_last(const ap_uint<1>& x) { last = x; }
};
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

template <class T, int User = 0, int Id = 0, int Dest = 0>
struct axis : detail::axis_data<T>,
              detail::axis_user<User>,
              detail::axis_last,
              detail::axis_id<Id>,
              detail::axis_dest<Dest> {};

}  // namespace hls

template <int W, int User = 0, int Id = 0, int Dest = 0>
using ap_axiu = hls::axis<ap_uint<W>, User, Id, Dest>;
template <int W, int User = 0, int Id = 0, int Dest = 0>
using ap_axis = hls::axis<ap_int<W>, User, Id, Dest>;
