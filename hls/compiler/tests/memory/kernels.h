// SPDX-License-Identifier: Apache-2.0
// Kernels with memory ports, native against RTL behind a memory with AXI4.
#pragma once

#include "hls_stream.h"

void memory_adder(const unsigned* a, const unsigned* b, unsigned* sums, int n);

void memory_copier(const unsigned long long* from, unsigned long long* to, int words);

void memory_gatherer(const unsigned short* indices, const unsigned short* lookup, unsigned short* values, int n);

void memory_histogram(const unsigned char* data, unsigned* counts, int n);

struct memory_record {
  ap_uint<40> key;
  ap_uint<12> count;
  unsigned char flags[4];
};
void memory_updater(memory_record* records, ap_uint<40> threshold, int n, ap_uint<16>& changed);

void memory_server(hls::stream<ap_uint<10>>& addresses, const ap_uint<512>* words, hls::stream<ap_uint<512>>& answers);

inline constexpr int memory_columns = 24;
void memory_rows(const int matrix[][memory_columns], int* sums, int rows, int columns);

void memory_shifter(unsigned* words, int n);
