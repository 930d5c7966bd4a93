// SPDX-License-Identifier: Apache-2.0
// Configuration files: YAML, and what is read out of it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sapulse/config.h"
#include "sapulse/sa.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto config = sapulse::parse_config({reinterpret_cast<const char*>(data), size}, "input", 1024);
  if (!config) {
    // Every mistake has its line.
    if (!config.error().message.starts_with("input:")) std::abort();
    return 0;
  }
  for (const sapulse::SaParameters& sa : config->sas) {
    if (!validate(sa)) std::abort();
  }
  return 0;
}
