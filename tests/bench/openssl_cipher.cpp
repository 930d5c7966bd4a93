// SPDX-License-Identifier: Apache-2.0
#include <openssl/evp.h>

#include <algorithm>
#include <stdexcept>

#include "ping_cipher.h"

namespace sapulse::bench {
namespace {

void check(int result) {
  if (result != 1) throw std::runtime_error("OpenSSL refuses");
}

struct Free {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

/// One direction of an SA: context with its key schedule, and salt with room for the IV.
struct Direction {
  std::unique_ptr<EVP_CIPHER_CTX, Free> context{EVP_CIPHER_CTX_new()};
  std::array<std::uint8_t, wire::salt_bytes + 8> nonce{};

  Direction(const traffic::ControlKey& key, bool seal) {
    const EVP_CIPHER* const cipher = key.key.size() == 16 ? EVP_aes_128_gcm() : EVP_aes_256_gcm();
    check(EVP_CipherInit_ex(context.get(), cipher, nullptr, key.key.data(), nullptr, seal ? 1 : 0));
    std::ranges::copy(key.salt, nonce.begin());
  }

  /// Nonce, additional data and text.
  void run(const CipherJob& job) {
    std::copy_n(job.packet + wire::nested_iv, 8, nonce.begin() + wire::salt_bytes);
    int size = 0;
    check(EVP_CipherInit_ex(context.get(), nullptr, nullptr, nullptr, nonce.data(), -1));
    check(EVP_CipherUpdate(context.get(), nullptr, &size, job.packet, wire::aad_bytes));
    check(EVP_CipherUpdate(context.get(), job.text(), &size, job.text(), static_cast<int>(job.text_bytes)));
  }
};

class OpensslCipher final : public PingCipher {
 public:
  explicit OpensslCipher(const traffic::Config& config) {
    for (const traffic::Association& sa : config.sas) {
      in_.emplace_back(sa.control_key(sa.in), false);
      out_.emplace_back(sa.control_key(sa.out), true);
    }
  }

  void open(std::span<CipherJob> jobs) override {
    for (CipherJob& job : jobs) {
      Direction& direction = in_[job.sa];
      direction.run(job);
      check(EVP_CIPHER_CTX_ctrl(direction.context.get(), EVP_CTRL_AEAD_SET_TAG, wire::icv_bytes, job.icv()));
      int size = 0;
      job.is_authentic = EVP_CipherFinal_ex(direction.context.get(), job.icv(), &size) == 1;
    }
  }

  void seal(std::span<CipherJob> jobs) override {
    for (const CipherJob& job : jobs) {
      Direction& direction = out_[job.sa];
      direction.run(job);
      int size = 0;
      check(EVP_CipherFinal_ex(direction.context.get(), job.icv(), &size));
      check(EVP_CIPHER_CTX_ctrl(direction.context.get(), EVP_CTRL_AEAD_GET_TAG, wire::icv_bytes, job.icv()));
    }
  }

 private:
  std::vector<Direction> in_;
  std::vector<Direction> out_;
};

}  // namespace

std::unique_ptr<PingCipher> make_openssl_cipher(const traffic::Config& config) {
  return std::make_unique<OpensslCipher>(config);
}

}  // namespace sapulse::bench
