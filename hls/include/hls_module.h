// SPDX-License-Identifier: Apache-2.0
// HLS_MODULE marks a pure function that becomes a hardware module of its own with a fixed latency:
//
//   HLS_MODULE ap_uint<128> aes_round(const ap_uint<128>& state, const ap_uint<128>& key) {
//   #pragma HLS INLINE off
//   #pragma HLS PIPELINE II=1
//     ...
//   }
//
// hlsc schedules it once and instantiates it at every call. Arguments: ap_uint, ap_int, C integers, structs of those,
// by value or const reference; the result likewise. No statics except constant tables, no streams. Other tools and the
// native build see a plain function, so the pragmas stay necessary for Vitis HLS.
#pragma once

#ifdef HLSC
#define HLS_MODULE __attribute__((noinline, annotate("hlsc.module")))
#else
#define HLS_MODULE
#endif
