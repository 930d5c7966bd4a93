// SPDX-License-Identifier: Apache-2.0
// Options of IPv6: whether a receiver that knows none of them may go on behind them (RFC 8200 section 4.2).
//
// All of them have to be whole and of a type that says: skip what you do not know. Where an option begins is known only
// from the one before it, and a header may have 62 of them. So the walk is cut at units of 8 bytes: for every place in
// a unit where an option may begin, leave_unit finds the first option behind the unit, for all units at once; then
// skip_options goes from unit to unit, two levels of logic each.
#pragma once

#include "ap_int.h"
#include "common/bytes.h"
#include "sapulse_wire.h"

namespace sapulse {

constexpr int unit_bytes = wire::ipv6_option_unit;
constexpr int options_units = wire::ipv6_options_max / unit_bytes;

/// Where the next option begins, seen from the begin of a unit.
struct option_place_t {
  ap_uint<3> units;          ///< to be skipped
  ap_uint<unit_bytes> byte;  ///< of the unit behind them, one-hot; none behind an option that must not be skipped
};

inline option_place_t place_if(const ap_uint<1>& condition, const option_place_t& place) {
  option_place_t r = {};
  if (condition) r = place;
  return r;
}

inline option_place_t either(const option_place_t& a, const option_place_t& b) {
  const option_place_t r = {a.units | b.units, a.byte | b.byte};
  return r;
}

/// x - 1 and x + 1 modulo 8, of which synthesis would make carry chains.
inline ap_uint<3> one_less(const ap_uint<3>& x) {
  ap_uint<3> r = 0;
  r[0] = !x[0];
  r[1] = x[1] == x[0];
  r[2] = x[2] == (x[1] || x[0]);
  return r;
}

inline ap_uint<3> one_more(const ap_uint<3>& x) { return ~one_less(~x); }

/// What follows the option at byte i of a unit, seen from the next unit; only if it is not in the same unit.
inline option_place_t behind_option(const ap_uint<8>& length, int i) {
  const int content = i + 2 - unit_bytes;
  const ap_uint<3> units = length.range(5, 3), bytes = length.range(2, 0);
  // The largest header has room for 60 bytes; from 62 on the place could not be told.
  const ap_uint<1> fits = length.range(7, 6) == 0 && length.range(5, 1) != 0x1f;
  // Not a sum of content and length, which would take its time.
  option_place_t r = {units, 0};
  if (content < 0 && bytes < -content) r.units = one_less(units);
  if (content > 0 && bytes >= unit_bytes - content) r.units = one_more(units);
  for (int b = 0; b < unit_bytes; b++) {
#pragma HLS UNROLL
    r.byte[b] = fits && bytes == ((b - content) & (unit_bytes - 1));
  }
  return r;
}

struct unit_exits_t {
  option_place_t from[unit_bytes];  ///< first option behind the unit, if one begins at this byte; seen from there
};

/// @param bytes of the unit, and one more: the length of an option may stand there
inline unit_exits_t leave_unit(const ap_uint<8 * (unit_bytes + 1)>& bytes) {
  const option_place_t at_once = {0, 1};
  unit_exits_t r = {};
  for (int i = unit_bytes - 1; i >= 0; i--) {
#pragma HLS UNROLL
    const ap_uint<8> type = byte_at(bytes, i), length = byte_at(bytes, i + 1);
    const ap_uint<1> pad1 = type == 0, skippable = type != 0 && type.range(7, 6) == 0;
    const int room = unit_bytes - (i + 2);  // for its content
    option_place_t exit = place_if(skippable && (room <= 0 || length >= room), behind_option(length, i));
    exit = either(exit, place_if(pad1, i + 1 < unit_bytes ? r.from[i + 1] : at_once));
    for (int n = 0; n < room; n++) {
#pragma HLS UNROLL
      exit = either(exit, place_if(skippable && length == n, r.from[i + 2 + n]));
    }
    r.from[i] = exit;
  }
  return r;
}

/// @param bytes where options headers may be
/// @param begins bit u: an options header begins at unit u
/// @param ends bit u: one ends where unit u begins
inline ap_uint<1> skip_options(const ap_uint<8 * wire::ipv6_options_max>& bytes, const ap_uint<options_units>& begins,
                               const ap_uint<options_units + 1>& ends) {
  constexpr int header_bytes = 2;  // next header and length
  const ap_uint<8 * (wire::ipv6_options_max + 1)> padded = bytes;
  ap_uint<1> skipped = 1;
  option_place_t place = {};
  for (int u = 0; u < options_units; u++) {
#pragma HLS UNROLL
    const unit_exits_t exits = leave_unit(bytes_at<unit_bytes + 1>(padded, unit_bytes * u));
    const ap_uint<1> here = place.units == 0;
    option_place_t next = place_if(!here, {one_less(place.units), place.byte});
    for (int i = 0; i < unit_bytes; i++) {
#pragma HLS UNROLL
      next = either(next, place_if(here && place.byte[i], exits.from[i]));
    }
    place = begins[u] ? exits.from[header_bytes] : next;
    // The last option of a header ends with it.
    if (ends[u + 1] && !(place.units == 0 && place.byte[0])) skipped = 0;
  }
  return skipped;
}

}  // namespace sapulse
