// SPDX-License-Identifier: Apache-2.0
// What the cases of cases.py need beside ap_int.h: values of any width, and a line "<case> <type> <value>" for each
// result. C++14, as the vendor's headers are compiled by the vendor's tool.
#pragma once

#include <csetjmp>
#include <csignal>
#include <cstdio>
#include <initializer_list>
#include <string>

/// A value of T from words of 64 bits, the lowest first.
template <class T>
T of(std::initializer_list<unsigned long long> words) {
  T t = 0;
  int i = 0;
  for (unsigned long long word : words) {
    for (int bit = 0; bit < 64 && i < T::width; bit++) t[i++] = (bool)(word >> bit & 1);
  }
  return t;
}

inline void print_bits(int width, const std::string& bits) {
  std::string hex;
  for (int low = 0; low < width; low += 4) {
    unsigned digit = 0;
    for (int i = low; i < low + 4 && i < width; i++) digit |= (unsigned)(bits[(std::size_t)i] == '1') << (i - low);
    hex.insert(hex.begin(), "0123456789abcdef"[digit]);
  }
  std::printf("0x%s\n", hex.c_str());
}

template <class Ap>
void print_ap(int number, const char* type, const Ap& x) {
  std::string bits;
  for (int i = 0; i < Ap::width; i++) bits += x.test(i) ? '1' : '0';
  std::printf("%d %s<%d> ", number, type, Ap::width);
  print_bits(Ap::width, bits);
}

template <int W>
void record(int number, const ap_uint<W>& x) {
  print_ap(number, "ap_uint", x);
}
template <int W>
void record(int number, const ap_int<W>& x) {
  print_ap(number, "ap_int", x);
}
template <int W, bool S>
void record(int number, const ap_int_base<W, S>& x) {
  print_ap(number, S ? "ap_int" : "ap_uint", x);
}

inline void record(int number, const std::string& x) { std::printf("%d string \"%s\"\n", number, x.c_str()); }
inline void record(int number, float x) { std::printf("%d float %a\n", number, (double)x); }
inline void record(int number, double x) { std::printf("%d double %a\n", number, x); }

#define RECORD_C(TYPE) \
  inline void record(int number, TYPE x) { std::printf("%d " #TYPE " 0x%llx\n", number, (unsigned long long)(x)); }
RECORD_C(bool)
RECORD_C(char)
RECORD_C(signed char)
RECORD_C(unsigned char)
RECORD_C(short)
RECORD_C(unsigned short)
RECORD_C(int)
RECORD_C(unsigned)
RECORD_C(long)
RECORD_C(unsigned long)
RECORD_C(long long)
RECORD_C(unsigned long long)
#undef RECORD_C

inline sigjmp_buf& trap_jump() {
  static sigjmp_buf jump;
  return jump;
}

/// Runs a case; a division that the processor refuses is a result, too.
inline void run(int number, void (*one)()) {
  if (sigsetjmp(trap_jump(), 1) == 0) {
    one();
  } else {
    std::printf("%d trap\n", number);
  }
}

inline void catch_traps() {
  std::signal(SIGFPE, [](int) { siglongjmp(trap_jump(), 1); });
}
