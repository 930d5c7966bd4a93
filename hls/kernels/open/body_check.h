// SPDX-License-Identifier: Apache-2.0
// Checks of an opened packet's plaintext, beat by beat: trailer, padding, data length, sub-type.
#pragma once

#include "ap_int.h"
#include "gcm/gcm.h"
#include "sapulse_wire.h"

namespace sapulse {

/// Carried from beat to beat. Padding is expected to begin where the data length says that the data ends.
struct body_state {
  ap_uint<17> padding_at;  ///< offset of the first byte of padding in the nested packet
  ap_int<12> padding_in;   ///< beats from the next one to that with this byte
  ap_uint<8> subtype;
  ap_uint<1> wants_return_spi;  ///< R
  ap_uint<8> pad_length;
  ap_uint<8> next_header;
  ap_uint<1> padding_wrong;
  ap_uint<8> last_byte;  ///< of the previous beat
};

/// Where a beat's bytes stand: bit j for byte j of the beat.
struct padding_bytes {
  ap_uint<64> inside;  ///< is padding
  ap_uint<64> begin;   ///< the first byte of padding, if there is any
};

/// Word of the beat that holds pad length and next header, in its bytes 2 and 3: one bit per word.
inline ap_uint<16> trailer_word(const gcm_beat& b) {
  const ap_uint<12> word = gcm_words(b.length) - 1;
#ifdef SAPULSE_NATIVE_GCM
  return native_bytes::word_here(word.to_uint(), b.index.to_uint());
#endif
  ap_uint<16> r = 0;
  for (int w = 0; w < 16; w++) {
#pragma HLS UNROLL
    r[w] = word.range(11, 4) == b.index && word.range(3, 0) == w;
  }
  return r;
}

/// @param begin_byte where padding begins, in this beat (here) or one of those to come (later)
inline padding_bytes locate_padding(const gcm_beat& b, const ap_uint<6>& begin_byte, const ap_uint<1>& here,
                                    const ap_uint<1>& later, const ap_uint<16>& trailer) {
  const ap_uint<64> below = bits_below<64>(begin_byte);
  const ap_uint<16> text = gcm_text_words(b);
#ifdef SAPULSE_NATIVE_GCM
  constexpr std::uint64_t second_halves = 0xcccc'cccc'cccc'cccc;  // bytes 2 and 3 of each word
  const std::uint64_t words = native_bytes::nibbles_of_bits(static_cast<std::uint16_t>(text.to_uint()));
  const std::uint64_t last = native_bytes::nibbles_of_bits(static_cast<std::uint16_t>(trailer.to_uint()));
  const std::uint64_t before = later ? ~std::uint64_t{0} : here ? below.to_uint64() : 0;
  return {words & ~(last & second_halves) & ~before, here ? std::uint64_t{1} << begin_byte.to_uint() : 0};
#endif
  padding_bytes r = {0, 0};
  for (int j = 0; j < 64; j++) {
#pragma HLS UNROLL
    const ap_uint<1> in_text = text[j / 4] && !(trailer[j / 4] && j % 4 >= 2);
    r.inside[j] = in_text && !later && !(here && below[j]);
    r.begin[j] = here && begin_byte == j;
  }
  return r;
}

/// Every byte of padding is one more than the byte before it, the first one is 1. `inside`, `begin`: as of
/// padding_bytes.
inline ap_uint<1> padding_is_wrong(const ap_uint<512>& plain, const ap_uint<8>& byte_before, const ap_uint<64>& inside,
                                   const ap_uint<64>& begin) {
#ifdef SAPULSE_NATIVE_GCM
  const auto before_beat = static_cast<std::uint8_t>(byte_before.to_uint());
  return (inside.to_uint64() & native_bytes::breaks_in_sequence(plain, before_beat, begin.to_uint64())) != 0;
#endif
  ap_uint<1> wrong = 0;
  for (int j = 0; j < 64; j++) {
#pragma HLS UNROLL
    const ap_uint<8> byte = byte_at(plain, j);
    const ap_uint<8> before = j == 0 ? byte_before : byte_at(plain, j == 0 ? 0 : j - 1);
    const ap_uint<1> good = begin[j] ? byte == 1 : byte == ap_uint<8>(before + 1);
    wrong |= inside[j] && !good;
  }
  return wrong;
}

/// Takes a beat of plaintext into account.
inline void check_body(body_state& s, const gcm_beat& b, const ap_uint<512>& plain) {
  using namespace wire;
  // In the first beat the data length itself is compared: where padding begins is known a level later.
  constexpr int before_data = nested_ciphertext + echo_bytes;
  const ap_uint<16> data_length = get_be<2>(plain, nested_ciphertext + echo_data_length);
  const ap_uint<1> ends_here = data_length < beat_bytes - before_data;
  const ap_uint<1> here = b.first ? ends_here : ap_uint<1>(s.padding_in == 0);
  const ap_uint<1> later = b.first ? ap_uint<1>(!ends_here) : ap_uint<1>(s.padding_in > 0);
  if (b.first) {
    s.subtype = byte_at(plain, nested_ciphertext + echo_subtype);
    s.wants_return_spi = (byte_at(plain, nested_ciphertext + echo_flags) & echo_flag_return) != 0;
    s.padding_at = data_length + before_data;
    s.padding_wrong = 0;
  }
  s.padding_in = (b.first ? ap_int<12>(s.padding_at.range(16, 6)) : s.padding_in) - 1;
  const ap_uint<16> trailer = trailer_word(b);
#ifdef SAPULSE_NATIVE_GCM
  ap_uint<16> word = native_bytes::half_word(plain, static_cast<std::uint16_t>(trailer.to_uint()));
#else
  ap_uint<16> word = 0;
  for (int w = 0; w < 16; w++) {
#pragma HLS UNROLL
    word |= trailer[w] ? bytes_at<2>(plain, 4 * w + 2) : ap_uint<16>(0);
  }
#endif
  if (trailer != 0) {
    s.pad_length = byte_at(word, 0);
    s.next_header = byte_at(word, 1);
  }
  const padding_bytes padding = locate_padding(b, s.padding_at.range(5, 0), here, later, trailer);
  s.padding_wrong |= padding_is_wrong(plain, s.last_byte, padding.inside, padding.begin);
  s.last_byte = byte_at(plain, beat_bytes - 1);
}

/// The body's verdict, in the last beat of a packet of legal length whose ICV is right.
inline ap_uint<2> body_status(const body_state& s, const ap_uint<14>& length) {
  using namespace wire;
  const ap_uint<14> text_end = length - (icv_bytes + trailer_bytes);
  const ap_int<19> expected = ap_int<19>(text_end) - ap_int<19>(s.padding_at);
  if (s.next_header != trailer_next_header) return OPEN_PADDING;
  if (s.pad_length > ap_uint<14>(text_end - nested_ciphertext)) return OPEN_PADDING;
  if (expected != s.pad_length) return OPEN_MALFORMED;
  if (s.padding_wrong) return OPEN_PADDING;
  // The reply takes the paired SA by definition. The second byte of an error's body is its code.
  const ap_uint<1> echo = s.subtype == subtype_request || s.subtype == subtype_reply;
  if (echo ? s.wants_return_spi : ap_uint<1>(s.subtype != subtype_error)) return OPEN_MALFORMED;
  return OPEN_OK;
}

}  // namespace sapulse
