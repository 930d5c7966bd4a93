// SPDX-License-Identifier: Apache-2.0
#include "crypto.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

#include <algorithm>
#include <memory>

#include "bytes.h"

namespace sapulse {
namespace {

struct CipherDeleter {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
struct KdfDeleter {
  void operator()(EVP_KDF* kdf) const { EVP_KDF_free(kdf); }
  void operator()(EVP_KDF_CTX* context) const { EVP_KDF_CTX_free(context); }
};
struct MacDeleter {
  void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};

tl::unexpected<Error> openssl_failure(const char* what) {
  return failure(Errc::device_error, std::string("OpenSSL: ") + what + " failed");
}

void zeroise_block(Block& block) { zeroise(std::as_writable_bytes(std::span(block))); }

/// AES of the zero block, in place: a result that is copied on its way leaves copies.
Result<void> hash_subkey(const Key& key, Block& h) {
  const EVP_CIPHER* cipher = key.size() == 16 ? EVP_aes_128_ecb() : key.size() == 32 ? EVP_aes_256_ecb() : nullptr;
  if (cipher == nullptr) return failure(Errc::invalid_argument, "an AES key has 16 or 32 bytes");
  const std::unique_ptr<EVP_CIPHER_CTX, CipherDeleter> context(EVP_CIPHER_CTX_new());
  const Block zero{};
  int length = 0;
  if (!context || EVP_EncryptInit_ex(context.get(), cipher, nullptr, key.bytes().data(), nullptr) != 1 ||
      EVP_EncryptUpdate(context.get(), h.data(), &length, zero.data(), static_cast<int>(zero.size())) != 1 ||
      length != static_cast<int>(h.size())) {
    return openssl_failure("AES");
  }
  return {};
}

/// Message authentication code with one parameter; false if OpenSSL failed.
bool compute_mac(const char* algorithm, std::span<const std::uint8_t> key, const OSSL_PARAM& parameter,
                 std::span<const std::uint8_t> message, std::span<std::uint8_t> result) {
  const std::unique_ptr<EVP_MAC, MacDeleter> mac(EVP_MAC_fetch(nullptr, algorithm, nullptr));
  const std::unique_ptr<EVP_MAC_CTX, MacDeleter> context(mac ? EVP_MAC_CTX_new(mac.get()) : nullptr);
  const std::array<OSSL_PARAM, 2> parameters{parameter, OSSL_PARAM_construct_end()};
  std::size_t length = 0;
  return context && EVP_MAC_init(context.get(), key.data(), key.size(), parameters.data()) == 1 &&
         EVP_MAC_update(context.get(), message.data(), message.size()) == 1 &&
         EVP_MAC_final(context.get(), result.data(), &length, result.size()) == 1 && length == result.size();
}

}  // namespace

Block gf_multiply(const Block& x, const Block& y) {
  Block product{};
  Block v = y;
  for (unsigned i = 0; i < 128; ++i) {
    // Masks, not branches: both operands are secret.
    const auto add = static_cast<std::uint8_t>(-(x[i / 8] >> (7 - i % 8) & 1));
    for (unsigned j = 0; j < 16; ++j) product[j] ^= v[j] & add;
    const auto reduce = static_cast<std::uint8_t>(-(v[15] & 1));
    for (unsigned j = 15; j > 0; --j) v[j] = static_cast<std::uint8_t>(v[j] >> 1 | v[j - 1] << 7);
    v[0] = static_cast<std::uint8_t>((v[0] >> 1) ^ (0xe1 & reduce));
  }
  zeroise_block(v);
  return product;
}

Result<SecretBytes<64>> hash_powers(const Key& key) {
  Block h{};
  if (auto made = hash_subkey(key, h); !made) return tl::unexpected(made.error());
  std::array<std::uint8_t, 64> powers{};
  Block power = h;
  for (std::size_t i = 0; i < 4; ++i) {
    if (i > 0) power = gf_multiply(power, h);
    std::copy(power.begin(), power.end(), powers.begin() + 16 * i);
  }
  SecretBytes<64> result(powers);
  zeroise(std::as_writable_bytes(std::span(powers)));
  zeroise_block(power);
  zeroise_block(h);
  return result;
}

Result<void> hkdf_sha256(std::span<const std::uint8_t> material, std::span<const std::uint8_t> info,
                         std::span<std::uint8_t> output) {
  const std::unique_ptr<EVP_KDF, KdfDeleter> kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  const std::unique_ptr<EVP_KDF_CTX, KdfDeleter> context(kdf ? EVP_KDF_CTX_new(kdf.get()) : nullptr);
  std::string digest = "SHA256";
  // OpenSSL takes its parameters without const, but only reads them.
  const auto octets = [](const char* name, std::span<const std::uint8_t> bytes) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t*>(bytes.data()), bytes.size());
  };
  const std::array<OSSL_PARAM, 4> parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), digest.size()),
      octets(OSSL_KDF_PARAM_KEY, material), octets(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
  if (!context || EVP_KDF_derive(context.get(), output.data(), output.size(), parameters.data()) != 1) {
    return openssl_failure("HKDF");
  }
  return {};
}

SecretBuffer keying_material(const SaDirection& direction) {
  SecretBuffer material;
  for (const auto part : {direction.key.bytes(), direction.salt.bytes(), direction.integrity.bytes()}) {
    material.insert(material.end(), part.begin(), part.end());
  }
  return material;
}

Result<Block> aes256_cmac(const DeviceSecret& key, std::span<const std::uint8_t> message) {
  if (key.size() != 32) return failure(Errc::invalid_argument, "the secret for crash tokens has 32 bytes");
  std::string cipher = "AES-256-CBC";
  Block result{};
  const OSSL_PARAM parameter = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, cipher.data(), cipher.size());
  if (!compute_mac("CMAC", key.bytes(), parameter, message, result)) return openssl_failure("CMAC");
  return result;
}

std::uint64_t keyed_hash(std::span<const std::uint8_t, 16> key, std::span<const std::uint8_t> message) {
  std::array<std::uint8_t, 8> hash{};
  std::size_t size = hash.size();
  const OSSL_PARAM parameter = OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size);
  if (!compute_mac("SIPHASH", key, parameter, message, hash)) return 0;
  std::uint64_t value = 0;
  for (std::size_t i = hash.size(); i-- > 0;) value = value << 8 | hash[i];
  return value;
}

Result<Token> crash_token(const DeviceSecret& secret, std::uint32_t spi, const TokenNonce& nonce) {
  ByteWriter message;
  message.put32(spi);
  message.put(nonce);
  return aes256_cmac(secret, message.bytes());
}

}  // namespace sapulse
