// SPDX-License-Identifier: Apache-2.0
// All kernels in a chain, with the simplest possible stand-ins for the shell around them: a map for the SA table, a set
// for the replay window.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/kernel_test.h"

namespace sapulse::test {

struct security_association {
  std::uint32_t in_spi = 0, out_spi = 0;
  gcm_key in, out;
  std::uint64_t next = 1;        ///< n of the next answer
  std::set<std::uint64_t> seen;  ///< n accepted so far
  bytes token;                   ///< 16 bytes, or empty
  bytes token_nonce;             ///< 8 bytes, with a token
};

/// What became of a frame.
struct outcome {
  std::string fate;  ///< "passed", "answered", "echo answered", "keepalive", "host", "unknown SPI", "dropped: ..."
  bytes answer;      ///< empty unless answered
};

class Datapath {
 public:
  Datapath();
  std::map<std::uint32_t, security_association> associations;  ///< by inbound SPI
  std::vector<ap_uint<128>> local;
  std::vector<ap_uint<48>> macs;
  std::uint32_t control_spi = 253;
  std::uint64_t time_ns = 1000;

  outcome process(const bytes& frame);

 private:
  bool for_us(const record_t& r) const;
  outcome control(const record_t& r, const std::vector<axis_beat>& beats);
  outcome echo(const record_t& r, const std::vector<axis_beat>& beats);
  outcome reply(const record_t& r, security_association& sa, unsigned length);
  header_job header_of(const record_t& r) const;
  outcome finish(const char* fate, const record_t& r);

  hls::stream<axis_beat> frame_{"frame"}, align_frame_{"align_frame"}, answer_{"answer"};
  hls::stream<record_t> record_{"record"};
  hls::stream<align_job> align_job_{"align_job"};
  hls::stream<payload_beat> cut_{"cut"}, cipher_{"cipher"}, opened_{"opened"}, plain_{"plain"}, reply_{"reply"},
      sealed_{"sealed"};
  hls::stream<open_job> open_job_{"open_job"};
  hls::stream<open_verdict> verdict_{"verdict"};
  hls::stream<respond_job> respond_job_{"respond_job"};
  hls::stream<seal_job> seal_job_{"seal_job"};
  hls::stream<icv_t> icv_{"icv"};
  hls::stream<header_job> header_job_{"header_job"};
  hls::stream<header_t> header_{"header"};
  hls::simulation simulation_;
};

}  // namespace sapulse::test
