// SPDX-License-Identifier: Apache-2.0
#include "crypto.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

#include <memory>
#include <stdexcept>

namespace sapulse::traffic {

namespace {

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

void check(int result, const char* what) {
  if (result != 1) throw std::runtime_error(std::string("OpenSSL refused ") + what);
}

const EVP_CIPHER* cipher_for(View key) {
  if (key.size() == 16) return EVP_aes_128_gcm();
  if (key.size() == 32) return EVP_aes_256_gcm();
  throw std::runtime_error("AES key of " + std::to_string(key.size()) + " bytes");
}

CipherContext start(View key, View nonce, View aad, int encrypt) {
  CipherContext context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  if (nonce.size() != 12) throw std::runtime_error("nonce is not 12 bytes");
  check(EVP_CipherInit_ex(context.get(), cipher_for(key), nullptr, key.data(), nonce.data(), encrypt), "key");
  int size = 0;
  check(EVP_CipherUpdate(context.get(), nullptr, &size, aad.data(), static_cast<int>(aad.size())), "AAD");
  return context;
}

}  // namespace

Bytes gcm_seal(View key, View nonce, View aad, View plaintext) {
  const CipherContext context = start(key, nonce, aad, 1);
  Bytes sealed(plaintext.size() + kIcvBytes);
  int size = 0;
  check(EVP_CipherUpdate(context.get(), sealed.data(), &size, plaintext.data(), static_cast<int>(plaintext.size())),
        "plaintext");
  check(EVP_CipherFinal_ex(context.get(), sealed.data() + size, &size), "end");
  check(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kIcvBytes, sealed.data() + plaintext.size()), "ICV");
  return sealed;
}

std::optional<Bytes> gcm_open(View key, View nonce, View aad, View sealed) {
  if (sealed.size() < kIcvBytes) return std::nullopt;
  const CipherContext context = start(key, nonce, aad, 0);
  Bytes icv(sealed.end() - kIcvBytes, sealed.end());
  Bytes plaintext(sealed.size() - kIcvBytes);
  Bytes rest(kIcvBytes);
  int size = 0;
  check(EVP_CipherUpdate(context.get(), plaintext.data(), &size, sealed.data(), static_cast<int>(plaintext.size())),
        "ciphertext");
  check(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kIcvBytes, icv.data()), "ICV");
  if (EVP_CipherFinal_ex(context.get(), rest.data(), &size) != 1) return std::nullopt;
  return plaintext;
}

Bytes cmac(View key, View message) {
  const std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> algorithm(EVP_MAC_fetch(nullptr, "CMAC", nullptr),
                                                                    EVP_MAC_free);
  const std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)> context(EVP_MAC_CTX_new(algorithm.get()),
                                                                          EVP_MAC_CTX_free);
  char name[] = "AES-256-CBC";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, name, 0),
                                   OSSL_PARAM_construct_end()};
  Bytes mac(16);
  std::size_t size = 0;
  check(EVP_MAC_init(context.get(), key.data(), key.size(), parameters), "CMAC key");
  check(EVP_MAC_update(context.get(), message.data(), message.size()), "CMAC message");
  check(EVP_MAC_final(context.get(), mac.data(), &size, mac.size()), "CMAC");
  return mac;
}

Bytes hkdf_sha256(View material, View info, std::size_t size) {
  const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> algorithm(EVP_KDF_fetch(nullptr, "HKDF", nullptr),
                                                                    EVP_KDF_free);
  const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(EVP_KDF_CTX_new(algorithm.get()),
                                                                          EVP_KDF_CTX_free);
  char digest[] = "SHA256";
  Bytes key(material.begin(), material.end());
  Bytes text(info.begin(), info.end());
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
                                   OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key.data(), key.size()),
                                   OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, text.data(), text.size()),
                                   OSSL_PARAM_construct_end()};
  Bytes derived(size);
  check(EVP_KDF_derive(context.get(), derived.data(), derived.size(), parameters), "HKDF");
  return derived;
}

}  // namespace sapulse::traffic
