// SPDX-License-Identifier: Apache-2.0
#include "reply_opener.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "exchange.h"
#include "outer_headers.h"
#include "sapulse_wire.h"

namespace sapulse::command {
namespace {

std::uint32_t number(std::span<const std::byte> bytes) {
  std::uint32_t value = 0;
  for (const std::byte byte : bytes) value = value << 8 | std::to_integer<std::uint32_t>(byte);
  return value;
}

const std::uint8_t* raw(std::span<const std::byte> bytes) {
  return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

/// AES-GCM (RFC 4106) with the control salt; nothing when the ICV is wrong.
std::optional<Frame> decrypt(const KeyMaterial& keys, std::span<const std::byte> nested) {
  const std::size_t text = nested.size() - wire::nested_overhead;
  std::array<std::uint8_t, 12> nonce{};
  std::ranges::copy(keys.salt.bytes(), nonce.begin());
  std::copy_n(raw(nested) + wire::nested_iv, 8, nonce.begin() + wire::salt_bytes);
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(),
                                                                                EVP_CIPHER_CTX_free);
  const EVP_CIPHER* cipher = keys.key.size() == 32 ? EVP_aes_256_gcm() : EVP_aes_128_gcm();
  Frame plain(text);
  auto* out = reinterpret_cast<std::uint8_t*>(plain.data());
  std::array<std::uint8_t, wire::icv_bytes> icv{};
  std::copy_n(raw(nested) + nested.size() - icv.size(), icv.size(), icv.begin());
  int length = 0;
  const bool good = context != nullptr &&
                    EVP_DecryptInit_ex(context.get(), cipher, nullptr, keys.key.bytes().data(), nonce.data()) == 1 &&
                    EVP_DecryptUpdate(context.get(), nullptr, &length, raw(nested), wire::aad_bytes) == 1 &&
                    EVP_DecryptUpdate(context.get(), out, &length, raw(nested) + wire::nested_ciphertext,
                                      static_cast<int>(text)) == 1 &&
                    EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, icv.size(), icv.data()) == 1 &&
                    EVP_DecryptFinal_ex(context.get(), out, &length) == 1;
  if (!good) return std::nullopt;
  return plain;
}

bool in_udp(std::span<const std::byte> frame) {
  FrameReader reader(frame);
  const auto outer = read_outer_headers(reader);
  return outer && outer->protocol == wire::protocol_udp;
}

/// Zeroes what the responder of an echo fills in from its clock and from customer traffic.
void mask_telemetry(Frame& plain) {
  constexpr std::size_t kData = wire::echo_bytes;
  if (plain.size() < kData + wire::telemetry_bytes) return;
  const std::span<std::byte> block = std::span(plain).subspan(kData, wire::telemetry_bytes);
  if (number(std::span(plain).subspan(wire::echo_data_length, 2)) < wire::telemetry_bytes) return;
  if (number(block.first(2)) != wire::telemetry_magic_value) return;
  block[wire::telemetry_flags] &= ~std::byte{wire::telemetry_data_sequence_valid};
  std::ranges::fill(block.subspan(wire::telemetry_receive, 16), std::byte{0});
  std::ranges::fill(block.subspan(wire::telemetry_data_sequence, 4), std::byte{0});
}

}  // namespace

ReplyOpener::ReplyOpener(const Config& config) {
  for (const SaParameters& sa : config.sas) {
    if (auto keys = control_keys(sa.out, sa.plain)) by_out_spi_.emplace(sa.out.spi, std::move(*keys));
  }
}

std::optional<Frame> ReplyOpener::open(std::span<const std::byte> reply) const {
  const auto control = control_offset(reply);
  if (!control || reply.size() < *control + wire::control_bytes + wire::nested_min_bytes) return std::nullopt;
  const auto message = reply.subspan(*control);
  if (message[wire::control_type] != std::byte{wire::type_echo_reply}) return std::nullopt;
  const std::size_t length = number(message.subspan(wire::control_length, 2));
  const auto sa = by_out_spi_.find(number(message.subspan(wire::control_subject, 4)));
  if (sa == by_out_spi_.end() || length > message.size() || length < wire::control_bytes + wire::nested_min_bytes) {
    return std::nullopt;
  }
  const std::size_t nested = *control + wire::control_bytes;
  auto plain = decrypt(sa->second, reply.subspan(nested, length - wire::control_bytes));
  if (!plain) return std::nullopt;
  mask_telemetry(*plain);
  Frame opened(reply.begin(), reply.end());
  std::ranges::copy(*plain, opened.begin() + static_cast<std::ptrdiff_t>(nested) + wire::nested_ciphertext);
  const auto icv = opened.begin() + static_cast<std::ptrdiff_t>(*control + length) - wire::icv_bytes;
  std::fill_n(icv, wire::icv_bytes, std::byte{0});
  if (in_udp(reply)) {
    const auto udp = opened.begin() + static_cast<std::ptrdiff_t>(*control) - wire::esp_bytes - wire::udp_bytes;
    std::fill_n(udp + wire::udp_checksum, 2, std::byte{0});
  }
  return opened;
}

}  // namespace sapulse::command
