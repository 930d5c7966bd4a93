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
};
template <int W>
struct axis_user {
  ap_uint<W> user;
};
template <>
struct axis_user<0> {};
struct axis_last {
  ap_uint<1> last;
};
template <int W>
struct axis_id {
  ap_uint<W> id;
};
template <>
struct axis_id<0> {};
template <int W>
struct axis_dest {
  ap_uint<W> dest;
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
