// SPDX-License-Identifier: Apache-2.0
#include "crypto.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>

#include "bytes.h"

namespace sapulse {
namespace {

struct CipherDeleter {
  void operator()(EVP_CIPHER* cipher) const { EVP_CIPHER_free(cipher); }
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
struct MacDeleter {
  void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER, CipherDeleter>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, CipherDeleter>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, MacDeleter>;

constexpr std::size_t kSha256Bytes = 32;

tl::unexpected<Error> openssl_failure(const char* what) {
  return failure(Errc::device_error, std::string("OpenSSL: ") + what + " failed");
}

/// AES of one block for keys of this length, null if there is none. Found once: to look for it takes OpenSSL longer
/// than to encrypt with it.
const EVP_CIPHER* block_cipher(std::size_t key_bytes) {
  static const Cipher aes128(EVP_CIPHER_fetch(nullptr, "AES-128-ECB", nullptr));
  static const Cipher aes256(EVP_CIPHER_fetch(nullptr, "AES-256-ECB", nullptr));
  return key_bytes == 16 ? aes128.get() : aes256.get();
}

/// AES of the zero block, in place: a result that is copied on its way leaves copies. `context`: of nothing yet, or
/// what this has left there for a key of the same length.
Result<void> hash_subkey(CipherContext& context, const Key& key, Block& h) {
  const bool fresh = !context;
  if (fresh) context.reset(EVP_CIPHER_CTX_new());
  const EVP_CIPHER* cipher = block_cipher(key.size());
  const Block zero{};
  int length = 0;
  if (!context || cipher == nullptr ||
      EVP_EncryptInit_ex2(context.get(), fresh ? cipher : nullptr, key.bytes().data(), nullptr, nullptr) != 1 ||
      EVP_EncryptUpdate(context.get(), h.data(), &length, zero.data(), static_cast<int>(zero.size())) != 1 ||
      length != static_cast<int>(h.size())) {
    context.reset();
    return openssl_failure("AES");
  }
  return {};
}

/// A message authentication code with one parameter and a key of zeros, null if OpenSSL failed. To be made once and
/// copied for each message, since to find the algorithm takes OpenSSL longer than to compute it. (The key is for CMAC,
/// which is not copied without.)
MacContext make_mac(const char* algorithm, std::size_t key_bytes, const OSSL_PARAM& parameter) {
  static constexpr std::array<std::uint8_t, 32> kZeros{};
  const std::unique_ptr<EVP_MAC, MacDeleter> mac(EVP_MAC_fetch(nullptr, algorithm, nullptr));
  MacContext context(mac ? EVP_MAC_CTX_new(mac.get()) : nullptr);
  const std::array<OSSL_PARAM, 2> parameters{parameter, OSSL_PARAM_construct_end()};
  if (context && EVP_MAC_init(context.get(), kZeros.data(), key_bytes, parameters.data()) != 1) context.reset();
  return context;
}

MacContext make_mac(const char* algorithm, std::size_t key_bytes, const char* name, std::string value) {
  return make_mac(algorithm, key_bytes, OSSL_PARAM_construct_utf8_string(name, value.data(), value.size()));
}

MacContext make_siphash() {
  std::size_t size = sizeof(std::uint64_t);
  return make_mac("SIPHASH", 16, OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size));
}

MacContext copy(const MacContext& mac) { return MacContext(mac ? EVP_MAC_CTX_dup(mac.get()) : nullptr); }

/// Code of the message that follows on from what the context was given; a key of no bytes: the key that it has. False
/// if OpenSSL failed.
bool compute_mac(EVP_MAC_CTX* context, std::span<const std::uint8_t> key,
                 std::initializer_list<std::span<const std::uint8_t>> message, std::span<std::uint8_t> result) {
  if (context == nullptr) return false;
  if (EVP_MAC_init(context, key.empty() ? nullptr : key.data(), key.size(), nullptr) != 1) return false;
  for (const auto part : message) {
    if (EVP_MAC_update(context, part.data(), part.size()) != 1) return false;
  }
  std::size_t length = 0;
  return EVP_MAC_final(context, result.data(), &length, result.size()) == 1 && length == result.size();
}

}  // namespace

struct CryptoContexts::Contexts {
  CipherContext aes128;
  CipherContext aes256;
  MacContext extract;  ///< its key of zeros is what stands for no salt (RFC 5869 section 2.2)
  MacContext expand;
  MacContext cmac;
  DeviceSecret cmac_key;
};

CryptoContexts::CryptoContexts() : contexts_(std::make_unique<Contexts>()) {}
CryptoContexts::~CryptoContexts() = default;

Result<SecretBytes<64>> CryptoContexts::hash_powers(const Key& key) {
  if (key.size() != 16 && key.size() != 32) return failure(Errc::invalid_argument, "an AES key has 16 or 32 bytes");
  std::array<Block, 4> powers{};
  auto& [h, h2, h3, h4] = powers;
  CipherContext& aes = key.size() == 16 ? contexts_->aes128 : contexts_->aes256;
  if (auto made = hash_subkey(aes, key, h); !made) return tl::unexpected(made.error());
  h2 = gf_square(h);
  h3 = gf_multiply(h2, h);
  h4 = gf_square(h2);
  SecretBytes<64> result({reinterpret_cast<const std::uint8_t*>(powers.data()), sizeof powers});
  zeroise(std::as_writable_bytes(std::span(powers)));
  return result;
}

Result<void> CryptoContexts::hkdf_sha256(std::span<const std::uint8_t> material, std::span<const std::uint8_t> info,
                                         std::span<std::uint8_t> output) {
  static const MacContext hmac = make_mac("HMAC", kSha256Bytes, OSSL_MAC_PARAM_DIGEST, "SHA256");
  if (!contexts_->extract) contexts_->extract = copy(hmac);
  if (!contexts_->expand) contexts_->expand = copy(hmac);
  SecretBuffer extracted(kSha256Bytes);
  if (!compute_mac(contexts_->extract.get(), {}, {material}, extracted)) return openssl_failure("HKDF");
  SecretBuffer block(kSha256Bytes);
  std::span<const std::uint8_t> previous;
  std::span<const std::uint8_t> key = extracted;
  for (std::uint8_t round = 1; !output.empty(); ++round) {
    if (!compute_mac(contexts_->expand.get(), key, {previous, info, {&round, 1}}, block))
      return openssl_failure("HKDF");
    const std::size_t size = std::min(output.size(), block.size());
    std::copy_n(block.begin(), size, output.begin());
    output = output.subspan(size);
    previous = block;
    key = {};
  }
  return {};
}

Result<Block> CryptoContexts::aes256_cmac(const DeviceSecret& key, std::span<const std::uint8_t> message) {
  if (key.size() != 32) return failure(Errc::invalid_argument, "the secret for crash tokens has 32 bytes");
  static const MacContext cmac = make_mac("CMAC", 32, OSSL_MAC_PARAM_CIPHER, "AES-256-CBC");
  if (!contexts_->cmac) contexts_->cmac = copy(cmac);
  // Nearly always it is the key of the time before, whose schedule is there.
  const bool known = equal_constant_time(key.bytes(), contexts_->cmac_key.bytes());
  contexts_->cmac_key.clear();
  Block result{};
  if (!compute_mac(contexts_->cmac.get(), known ? std::span<const std::uint8_t>() : key.bytes(), {message}, result)) {
    return openssl_failure("CMAC");
  }
  contexts_->cmac_key = key;
  return result;
}

Result<Token> CryptoContexts::crash_token(const DeviceSecret& secret, std::uint32_t spi, const TokenNonce& nonce) {
  ByteWriter message;
  message.put32(spi);
  message.put(nonce);
  return aes256_cmac(secret, message.bytes());
}

Result<SecretBytes<64>> hash_powers(const Key& key) { return CryptoContexts().hash_powers(key); }

Result<void> hkdf_sha256(std::span<const std::uint8_t> material, std::span<const std::uint8_t> info,
                         std::span<std::uint8_t> output) {
  return CryptoContexts().hkdf_sha256(material, info, output);
}

Result<Block> aes256_cmac(const DeviceSecret& key, std::span<const std::uint8_t> message) {
  return CryptoContexts().aes256_cmac(key, message);
}

Result<Token> crash_token(const DeviceSecret& secret, std::uint32_t spi, const TokenNonce& nonce) {
  return CryptoContexts().crash_token(secret, spi, nonce);
}

SecretBuffer keying_material(const SaDirection& direction) {
  SecretBuffer material;
  for (const auto part : {direction.key.bytes(), direction.salt.bytes(), direction.integrity.bytes()}) {
    material.insert(material.end(), part.begin(), part.end());
  }
  return material;
}

std::uint64_t keyed_hash(std::span<const std::uint8_t, 16> key, std::span<const std::uint8_t> message) {
  static const MacContext siphash = make_siphash();
  std::array<std::uint8_t, 8> hash{};
  if (!compute_mac(copy(siphash).get(), key, {message}, hash)) return 0;
  std::uint64_t value = 0;
  for (std::size_t i = hash.size(); i-- > 0;) value = value << 8 | hash[i];
  return value;
}

}  // namespace sapulse
