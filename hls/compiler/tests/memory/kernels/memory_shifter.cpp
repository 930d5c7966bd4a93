// SPDX-License-Identifier: Apache-2.0
// A pass reads what the one before it has written: the reads cannot run ahead. Then it goes on until a word is zero.
#include "kernels.h"

void memory_shifter(unsigned* words, int n) {
#pragma HLS INTERFACE m_axi port = words
  for (int i = 1; i < n; i++) words[i] += words[i - 1];
  for (int i = n - 2; i >= 0; i -= 2) words[i] ^= words[i + 1];
  int i = 0;
  while (words[i] != 0) i++;
  words[i] = i;
}
