// SPDX-License-Identifier: Apache-2.0
// What open and seal have in common: AES-GCM (NIST SP 800-38D, RFC 4106) over a nested packet, four blocks a beat.
//
//   block 0       SPI | sequence | IV     AAD (the first 8 bytes, zero padded)
//   blocks 1..    text, its last block zero padded
//   last block    ICV (at 4-byte granularity): the length block takes its place in GHASH
//
// Block i is combined with counter i + 1: block 0 yields the mask of the ICV (E(K, J0)).
#pragma once

#include "ap_int.h"
#include "gcm/aes.h"
#include "gcm/gf128.h"
#include "sapulse_payloads.h"
#include "sapulse_wire.h"

namespace sapulse {

/// One beat of a nested packet, and where it stands in it.
struct gcm_beat {
  key_t sa;
  ap_uint<64> iv;      ///< byte string
  ap_uint<14> length;  ///< of the nested packet
  ap_uint<8> index;    ///< number of the beat
  ap_uint<1> first;
  ap_uint<1> last;
};

/// Carried from beat to beat; one for each kernel.
struct gcm_state {
  ap_uint<1> first;  ///< the next beat is the first of a packet
  ap_uint<8> index;
  ap_uint<64> iv;
  ap_uint<128> hash;  ///< GHASH of the blocks so far, polynomial
  ap_uint<128> mask;  ///< E(K, J0)
#ifdef SAPULSE_NATIVE_GCM
  native_gcm::key_schedule schedule = {};  ///< of the packet's key
#endif
};

/// Words of 4 bytes in front of the ICV.
inline ap_uint<12> gcm_words(const ap_uint<14>& length) {
  return ap_uint<12>(length.range(13, 2)) - wire::icv_bytes / 4;
}

/// Word j of the beat lies in front of the ICV.
inline ap_uint<16> gcm_text_words(const gcm_beat& b) {
  const ap_uint<12> end = gcm_words(b.length);
  const ap_uint<8> end_beat = end.range(11, 4);
  const ap_uint<4> end_word = end.range(3, 0);
  if (b.index < end_beat) return 0xffff;
  if (b.index != end_beat) return 0;
  return bits_below<16>(end_word);
}

inline ap_uint<512> gcm_keep_words(const ap_uint<512>& data, const ap_uint<16>& words) {
#ifdef SAPULSE_NATIVE_GCM
  return native_bytes::keep_bytes(data, native_bytes::nibbles_of_bits(static_cast<std::uint16_t>(words.to_uint())));
#endif
  ap_uint<512> mask = 0;
  for (int w = 0; w < 16; w++) {
#pragma HLS UNROLL
    mask.range(32 * w + 31, 32 * w) = words[w] ? 0xffffffffu : 0u;
  }
  return data & mask;
}

/// Takes the next beat of the input into account.
inline gcm_beat gcm_next(gcm_state& state, const key_t& sa, const ap_uint<14>& length, const payload_beat& in) {
  if (state.first) {
    state.index = 0;
    state.iv = in.data.range(8 * wire::nested_ciphertext - 1, 8 * wire::nested_iv);
  }
  const gcm_beat b = {sa, state.iv, length, state.index, state.first, in.last};
  state.first = in.last;
  state.index = state.index + 1;
  return b;
}

/// Keystream of the beat; block 0 of the packet gets the mask of the ICV.
inline ap_uint<512> gcm_keystream([[maybe_unused]] gcm_state& state, const gcm_beat& b) {
#ifdef SAPULSE_NATIVE_GCM
  if (native_gcm::available) {
    const unsigned counter = ap_uint<10>((b.index, ap_uint<2>(0))).to_uint() + 1;
    return native_gcm::keystream(state.schedule, b.sa.key, b.sa.aes256 != 0, round_constants, b.sa.salt.to_uint(),
                                 b.iv.to_uint64(), counter, b.last != 0);
  }
#endif
  ap_uint<512> blocks = 0;
  for (int lane = 0; lane < aes_lanes; lane++) {
#pragma HLS UNROLL
    const ap_uint<32> counter = ap_uint<10>((b.index, ap_uint<2>(lane))) + 1;
    const ap_uint<128> block = (swap_bytes<4>(counter), b.iv, b.sa.salt);
    blocks.range(128 * lane + 127, 128 * lane) = block;
  }
  return aes_encrypt4(blocks, b.sa.key, b.sa.aes256);
}

/// The keystream as it is added to the text: nothing for block 0 of the packet.
inline ap_uint<512> gcm_text_keystream(const gcm_beat& b, const ap_uint<512>& keystream) {
  ap_uint<512> r = keystream;
  if (b.first) r.range(127, 0) = 0;
  return r;
}

/// Length block: 64 bits of AAD, text without block 0 and ICV.
inline ap_uint<128> gcm_length_block(const gcm_beat& b) {
  const ap_uint<64> text_bits = ap_uint<17>(ap_uint<14>(b.length - wire::nested_overhead)) << 3;
  ap_uint<128> block = 0;
  put_be<8>(block, 0, ap_uint<64>(8 * wire::aad_bytes));
  put_be<8>(block, 8, text_bits);
  return block;
}

/// What GHASH makes of a beat: previous * power + sum.
struct gcm_hash_step {
  ap_uint<128> previous, power, sum;
};

/// GHASH over the beat. Every block is multiplied with the power of H that belongs to its distance from the end of the
/// beat; the hash so far with the power for the whole beat, which is smaller in the last one.
/// @param text ciphertext with zeros from the ICV on
/// @return how state.hash, GHASH of all blocks so far, has come about; that of the packet in its last beat
inline gcm_hash_step gcm_hash(gcm_state& state, const gcm_beat& b, const ap_uint<512>& text) {
  ap_uint<512> data = text;
  if (b.first) data.range(8 * wire::nested_ciphertext - 1, 8 * wire::aad_bytes) = 0;
  const ap_uint<2> last_lane = ap_uint<14>(b.length - 1).range(5, 4);
  const ap_uint<2> lane_count = b.last ? last_lane : ap_uint<2>(3);  // minus one
  const ap_uint<128> length_block = gcm_length_block(b);
#ifdef SAPULSE_NATIVE_GCM
  if (native_gcm::available) {
    const ap_uint<128> before = b.first ? ap_uint<128>(0) : state.hash;
    const ap_uint<128> powers[aes_lanes] = {b.sa.h1, b.sa.h2, b.sa.h3, b.sa.h4};
    const ap_uint<128>* end = b.last ? &length_block : nullptr;
    state.hash = native_gcm::hash_beat(before, data, powers, lane_count.to_int() + 1, end);
    return {0, 0, state.hash};
  }
#endif
  ap_uint<128> x[aes_lanes] = {0, 0, 0, 0};
  for (int lane = 0; lane < aes_lanes; lane++) {
#pragma HLS UNROLL
    ap_uint<128> block = bytes_at<16>(data, 16 * lane);
    if (b.last && last_lane == lane) block |= length_block;  // the ICV's block is zero here
    x[lane] = from_block(block);
  }

  const ap_uint<128> h1 = from_block(b.sa.h1), h2 = from_block(b.sa.h2), h3 = from_block(b.sa.h3),
                     h4 = from_block(b.sa.h4);
  const ap_uint<128> powers[aes_lanes] = {
      lane_count == 3   ? h4
      : lane_count == 2 ? h3
      : lane_count == 1 ? h2
                        : h1,
      lane_count == 3   ? h3
      : lane_count == 2 ? h2
                        : h1,
      lane_count == 3 ? h2 : h1,
      h1,
  };
  const ap_uint<128> sum = multiply_and_add(x, powers);

  const gcm_hash_step step = {state.hash, b.first ? ap_uint<128>(0) : powers[0], sum};
  state.hash = multiply_in_loop(step.previous, step.power, step.sum);
  return step;
}

/// The ICV of the packet, byte string; right in its last beat. The mask is added in front of the last LUT of GHASH.
inline ap_uint<128> gcm_icv(gcm_state& state, const gcm_beat& b, const gcm_hash_step& hash,
                            const ap_uint<512>& keystream) {
  if (b.first) state.mask = keystream.range(127, 0);
  return to_block(multiply_in_loop(hash.previous, hash.power, hash.sum ^ from_block(state.mask)));
}

}  // namespace sapulse
