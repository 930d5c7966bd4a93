// SPDX-License-Identifier: Apache-2.0
// Helpers of the kernel tests: byte vectors, beats, random numbers with a printed seed, AES-GCM by OpenSSL.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <random>
#include <string>
#include <vector>

#include "hls_simulation.h"
#include "hls_stream.h"
#include "sapulse_payloads.h"

namespace sapulse::test {

using bytes = std::vector<std::uint8_t>;

/// Random numbers of a test; the seed comes from SAPULSE_SEED or is fixed, and is printed with every failure.
class RandomSource {
 public:
  RandomSource();
  /// Uniform in [low, high].
  std::uint64_t in(std::uint64_t low, std::uint64_t high);
  bool one_in(unsigned n) { return in(1, n) == 1; }
  bytes string(std::size_t size);
  template <class T>
  const T& of(const std::vector<T>& choices) {
    return choices[in(0, choices.size() - 1)];
  }

 private:
  std::uint64_t seed_;
  std::mt19937_64 engine_;
  testing::ScopedTrace trace_;
};

bytes from_hex(const std::string& hex);
std::string to_hex(const bytes& b);
/// Big-endian number of `size` bytes at `offset`, and its counterpart.
std::uint64_t get(const bytes& b, std::size_t offset, std::size_t size);
void put(bytes& b, std::size_t offset, std::size_t size, std::uint64_t value);
void append(bytes& b, const bytes& more);

template <int W>
ap_uint<W> to_ap(const bytes& b) {
  ap_uint<W> r = 0;
  for (std::size_t i = 0; i < b.size(); i++) r.range(8 * i + 7, 8 * i) = b[i];
  return r;
}
template <int W>
bytes from_ap(const ap_uint<W>& x, std::size_t size) {
  bytes b(size);
  for (std::size_t i = 0; i < size; i++) b[i] = x.range(8 * i + 7, 8 * i).to_uint();
  return b;
}

/// A byte string as beats: keep contiguous, last on the final one; zeros (or `filler` bytes) after the end.
std::vector<axis_beat> frame_beats(const bytes& frame, std::uint8_t filler = 0);
std::vector<payload_beat> payload_beats(const bytes& payload);
/// Removes one frame or payload from a stream; fails the test if it is not whole.
bytes take_frame(hls::stream<axis_beat>& stream);
/// @param beats number of beats taken; may be null
bytes take_payload(hls::stream<payload_beat>& stream, std::size_t* beats = nullptr);

template <class T>
void feed(hls::stream<T>& stream, const std::vector<T>& items) {
  for (const T& item : items) stream.write(item);
}

/// Runs a network until it is idle and fails the test if something is stuck.
void run_until_idle(hls::simulation& simulation);

/// Control channel key of one direction: 16 or 32 bytes of key, 4 of salt.
struct gcm_key {
  bytes key, salt;
};
/// For the kernels: powers of H computed with OpenSSL's AES and a bit-serial multiplication.
key_t to_key(const gcm_key& k);
bytes gcm_multiply(const bytes& a, const bytes& b);
/// GHASH of AAD, text and their lengths (NIST SP 800-38D, section 7.1), with the hash key `h`.
bytes ghash(const bytes& h, const bytes& aad, const bytes& text);
/// RFC 4106 packet from SPI, n and plaintext; made by OpenSSL.
bytes seal_nested(const gcm_key& k, std::uint32_t spi, std::uint64_t n, const bytes& plaintext);
/// Plaintext of a nested packet, empty if its ICV is wrong; by OpenSSL.
bytes open_nested(const gcm_key& k, const bytes& nested);
/// draft-mcgrew-gcm-test-01, test case 2: an ESP packet with AES-128-GCM.
struct published_packet {
  gcm_key key = {from_hex("feffe9928665731c6d6a8f9467308308"), from_hex("cafebabe")};
  bytes head = from_hex("0000a5f80000000afacedbaddecaf888");  ///< SPI, sequence, IV
  bytes plaintext = from_hex(
      "4500003e698f000080114dccc0a80102c0a801010a980035002a2343b2d0010000010000000000000373697009637962"
      "65726369747902646b00000100010001");
  bytes ciphertext = from_hex(
      "deb22cd9b07c72c16e3a65beeb8df304a5a5897d33ae530f1ba76d5d114d2a5c3de81827c10e9a4f51330d0eec416642"
      "cfbb85a5b47e48a4ec3b9ba95d918bd1");
  bytes icv = from_hex("83b70d3aa8bc6ee4c309e9d85a41ad4a");
};
/// Plaintext of an echo-like body with padding to a multiple of 4 plus `extra_padding` bytes.
bytes echo_plaintext(std::uint8_t subtype, std::uint8_t flags, const bytes& data, unsigned extra_padding = 0);

}  // namespace sapulse::test
