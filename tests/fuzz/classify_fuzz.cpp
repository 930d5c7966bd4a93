// SPDX-License-Identifier: Apache-2.0
// Frames through classify, natively, against the slow parser.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>

#include "classify/slow_parser.h"
#include "kernel_chain.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sapulse;
  if (size == 0) return 0;
  static model::KernelChain kernels;
  const auto bytes = std::as_bytes(std::span(data, size));
  const std::string got = test::text_of(kernels.classify({bytes.begin(), bytes.end()}));
  const std::string expected = test::text_of(test::parse_slowly({data, data + size}));
  if (got == expected) return 0;
  std::fprintf(stderr, "classify: %s\nslow parser: %s\n", got.c_str(), expected.c_str());
  std::abort();
}
