// SPDX-License-Identifier: Apache-2.0
// Token buckets that the sources of exceptions share (rtl/datapath/source_limiter.sv); the algorithm stands in
// contract/description/registers.yaml.
#pragma once

#include <array>
#include <cstdint>

#include "sapulse/registers.h"
#include "sapulse_payloads.h"

namespace sapulse::model {

class SourceLimits {
 public:
  struct Settings {
    std::uint32_t interval;  ///< ns per token; 0: no limit
    std::uint32_t burst;     ///< size of a bucket, tokens
    std::uint64_t key;
  };

  /// Takes a token at `uptime`, ns, for an address (IPv4 as ::ffff:a.b.c.d); false: there is none.
  bool take(const Settings& settings, const ap_uint<128>& source, std::uint64_t uptime);

  [[nodiscard]] static std::uint32_t index(std::uint64_t key, const ap_uint<128>& source);

 private:
  struct Bucket {
    std::uint32_t stamp = 0;  ///< uptime modulo 2^32
    std::uint32_t tokens = 255;

    void refill(const Settings& settings, std::uint32_t now);
  };

  std::array<Bucket, regs::kSourceBuckets> buckets_{};
};

}  // namespace sapulse::model
