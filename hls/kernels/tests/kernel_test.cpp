// SPDX-License-Identifier: Apache-2.0
#include "tests/kernel_test.h"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "sapulse_wire.h"

namespace sapulse::test {

namespace {

std::uint64_t seed_of_run() {
  const char* text = std::getenv("SAPULSE_SEED");
  return text ? std::strtoull(text, nullptr, 0) : 20260101;
}

using cipher_context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

cipher_context new_context() { return {EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free}; }

void require(int ok) {
  if (ok != 1) throw std::runtime_error("OpenSSL call failed");
}

bytes aes_block(const bytes& key, const bytes& block) {
  const auto ctx = new_context();
  bytes out(32);
  int n = 0;
  require(EVP_EncryptInit_ex(ctx.get(), key.size() == 32 ? EVP_aes_256_ecb() : EVP_aes_128_ecb(), nullptr, key.data(),
                             nullptr));
  require(EVP_EncryptUpdate(ctx.get(), out.data(), &n, block.data(), static_cast<int>(block.size())));
  out.resize(16);
  return out;
}

const EVP_CIPHER* gcm_of(const gcm_key& k) { return k.key.size() == 32 ? EVP_aes_256_gcm() : EVP_aes_128_gcm(); }

}  // namespace

RandomSource::RandomSource()
    : seed_(seed_of_run()), engine_(seed_), trace_(__FILE__, __LINE__, "SAPULSE_SEED=" + std::to_string(seed_)) {}

std::uint64_t RandomSource::in(std::uint64_t low, std::uint64_t high) {
  return std::uniform_int_distribution<std::uint64_t>(low, high)(engine_);
}

bytes RandomSource::string(std::size_t size) {
  bytes b(size);
  for (auto& x : b) x = static_cast<std::uint8_t>(engine_());
  return b;
}

bytes from_hex(const std::string& hex) {
  bytes b;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    b.push_back(static_cast<std::uint8_t>(std::stoul(hex.substr(i, 2), nullptr, 16)));
  }
  return b;
}

std::string to_hex(const bytes& b) {
  static const char digits[] = "0123456789abcdef";
  std::string s;
  for (auto x : b) {
    s += digits[x >> 4];
    s += digits[x & 15];
  }
  return s;
}

std::uint64_t get(const bytes& b, std::size_t offset, std::size_t size) {
  std::uint64_t r = 0;
  for (std::size_t i = 0; i < size; i++) r = r << 8 | b.at(offset + i);
  return r;
}

void put(bytes& b, std::size_t offset, std::size_t size, std::uint64_t value) {
  for (std::size_t i = 0; i < size; i++) b.at(offset + size - 1 - i) = static_cast<std::uint8_t>(value >> (8 * i));
}

void append(bytes& b, const bytes& more) { b.insert(b.end(), more.begin(), more.end()); }

std::vector<axis_beat> frame_beats(const bytes& frame, std::uint8_t filler) {
  std::vector<axis_beat> beats;
  for (std::size_t at = 0; at < frame.size(); at += 64) {
    axis_beat b = {0, 0, at + 64 >= frame.size(), 0};
    for (std::size_t i = 0; i < 64; i++) {
      const bool present = at + i < frame.size();
      b.data.range(8 * i + 7, 8 * i) = present ? frame[at + i] : filler;
      b.keep[i] = present;
    }
    beats.push_back(b);
  }
  return beats;
}

std::vector<payload_beat> payload_beats(const bytes& payload) {
  std::vector<payload_beat> beats;
  for (const axis_beat& b : frame_beats(payload)) beats.push_back({b.data, b.last});
  return beats;
}

bytes take_frame(hls::stream<axis_beat>& stream) {
  bytes frame;
  while (!stream.empty()) {
    const axis_beat b = stream.read();
    int used = 0;
    while (used < 64 && b.keep[used]) used++;
    const ap_uint<64> expected = used == 64 ? ~ap_uint<64>(0) : ap_uint<64>((ap_uint<64>(1) << used) - 1);
    EXPECT_TRUE(used > 0 && b.keep == expected) << "keep is not contiguous";
    EXPECT_TRUE(b.last || used == 64) << "gap in a frame";
    append(frame, from_ap(b.data, used));
    if (b.last) return frame;
  }
  ADD_FAILURE() << "no whole frame";
  return {};
}

bytes take_payload(hls::stream<payload_beat>& stream, std::size_t* beats) {
  bytes payload;
  std::size_t n = 0;
  while (!stream.empty()) {
    const payload_beat b = stream.read();
    n++;
    append(payload, from_ap(b.data, 64));
    if (b.last) {
      if (beats) *beats = n;
      return payload;
    }
  }
  ADD_FAILURE() << "no whole payload";
  return {};
}

void run_until_idle(hls::simulation& simulation) {
  const auto outcome = simulation.run();
  EXPECT_FALSE(outcome.deadlock) << outcome.text();
}

bytes gcm_multiply(const bytes& a, const bytes& b) {
  // NIST SP 800-38D, algorithm 1.
  bytes z(16), v = b;
  for (int i = 0; i < 128; i++) {
    if (a[i / 8] >> (7 - i % 8) & 1) {
      for (int j = 0; j < 16; j++) z[j] ^= v[j];
    }
    const bool carry = v[15] & 1;
    for (int j = 15; j > 0; j--) v[j] = static_cast<std::uint8_t>(v[j] >> 1 | v[j - 1] << 7);
    v[0] >>= 1;
    if (carry) v[0] ^= 0xe1;
  }
  return z;
}

bytes ghash(const bytes& h, const bytes& aad, const bytes& text) {
  bytes hash(16), lengths(16);
  const auto absorb = [&](const bytes& data) {
    for (std::size_t at = 0; at < data.size(); at += 16) {
      for (std::size_t i = at; i < std::min(at + 16, data.size()); i++) hash[i - at] ^= data[i];
      hash = gcm_multiply(hash, h);
    }
  };
  absorb(aad);
  absorb(text);
  put(lengths, 0, 8, 8 * aad.size());
  put(lengths, 8, 8, 8 * text.size());
  absorb(lengths);
  return hash;
}

key_t to_key(const gcm_key& k) {
  const bytes h = aes_block(k.key, bytes(16));
  const bytes h2 = gcm_multiply(h, h), h3 = gcm_multiply(h2, h), h4 = gcm_multiply(h3, h);
  return {to_ap<256>(k.key), k.key.size() == 32, to_ap<32>(k.salt), to_ap<128>(h),
          to_ap<128>(h2),    to_ap<128>(h3),     to_ap<128>(h4)};
}

bytes seal_nested(const gcm_key& k, std::uint32_t spi, std::uint64_t n, const bytes& plaintext) {
  bytes packet(16);
  put(packet, 0, 4, spi);
  put(packet, 4, 4, n & 0xffffffff);
  put(packet, 8, 8, n);
  bytes nonce = k.salt;
  nonce.insert(nonce.end(), packet.begin() + 8, packet.end());
  const auto ctx = new_context();
  int len = 0;
  bytes text(plaintext.size() + 16), icv(16);
  require(EVP_EncryptInit_ex(ctx.get(), gcm_of(k), nullptr, k.key.data(), nonce.data()));
  require(EVP_EncryptUpdate(ctx.get(), nullptr, &len, packet.data(), 8));
  require(EVP_EncryptUpdate(ctx.get(), text.data(), &len, plaintext.data(), static_cast<int>(plaintext.size())));
  text.resize(len);
  require(EVP_EncryptFinal_ex(ctx.get(), icv.data(), &len));
  require(EVP_CIPHER_CTX_ctrl(ctx.get(), EVP_CTRL_GCM_GET_TAG, 16, icv.data()));
  append(packet, text);
  append(packet, icv);
  return packet;
}

bytes open_nested(const gcm_key& k, const bytes& nested) {
  bytes nonce = k.salt;
  nonce.insert(nonce.end(), nested.begin() + 8, nested.begin() + 16);
  bytes icv(nested.end() - 16, nested.end()), text(nested.size());
  const auto ctx = new_context();
  int len = 0;
  require(EVP_DecryptInit_ex(ctx.get(), gcm_of(k), nullptr, k.key.data(), nonce.data()));
  require(EVP_DecryptUpdate(ctx.get(), nullptr, &len, nested.data(), 8));
  require(EVP_DecryptUpdate(ctx.get(), text.data(), &len, nested.data() + 16, static_cast<int>(nested.size() - 32)));
  text.resize(len);
  require(EVP_CIPHER_CTX_ctrl(ctx.get(), EVP_CTRL_GCM_SET_TAG, 16, icv.data()));
  if (EVP_DecryptFinal_ex(ctx.get(), icv.data(), &len) != 1) return {};
  return text;
}

bytes echo_plaintext(std::uint8_t subtype, std::uint8_t flags, const bytes& data, unsigned extra_padding) {
  bytes text(wire::echo_bytes);
  text[wire::echo_subtype] = subtype;
  text[wire::echo_flags] = flags;
  put(text, wire::echo_data_length, 2, data.size());
  append(text, data);
  unsigned padding = extra_padding;
  while ((text.size() + padding + wire::trailer_bytes) % wire::nested_alignment != 0) padding++;
  for (unsigned i = 1; i <= padding; i++) text.push_back(static_cast<std::uint8_t>(i));
  text.push_back(static_cast<std::uint8_t>(padding));
  text.push_back(wire::trailer_next_header);
  return text;
}

}  // namespace sapulse::test
