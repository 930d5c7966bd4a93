// SPDX-License-Identifier: Apache-2.0
#include <intel-ipsec-mb.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "ping_cipher.h"

namespace sapulse::bench {
namespace {

constexpr std::size_t kNonceBytes = wire::salt_bytes + 8;

struct Free {
  void operator()(IMB_MGR* manager) const { free_mb_mgr(manager); }
};

/// One direction of an SA.
struct Direction {
  // As the library wants it; its header says so only where LINUX is defined.
  alignas(64) gcm_key_data key{};
  std::size_t key_bytes = 0;
  std::array<std::uint8_t, wire::salt_bytes> salt{};

  Direction(IMB_MGR& manager, const traffic::ControlKey& from) : key_bytes(from.key.size()) {
    if (key_bytes == 32) {
      IMB_AES256_GCM_PRE(&manager, from.key.data(), &key);
    } else {
      IMB_AES128_GCM_PRE(&manager, from.key.data(), &key);
    }
    std::ranges::copy(from.salt, salt.begin());
  }
};

class IpsecMbCipher final : public PingCipher {
 public:
  explicit IpsecMbCipher(const traffic::Config& config) : manager_(alloc_mb_mgr(0)) {
    if (!manager_) throw std::runtime_error("ipsec-mb: no memory");
    init_mb_mgr_auto(manager_.get(), nullptr);
    if (imb_get_errno(manager_.get()) != 0) throw std::runtime_error("ipsec-mb does not serve this processor");
    in_.reserve(config.sas.size());
    out_.reserve(config.sas.size());
    for (const traffic::Association& sa : config.sas) {
      in_.emplace_back(*manager_, sa.control_key(sa.in));
      out_.emplace_back(*manager_, sa.control_key(sa.out));
    }
  }

  void open(std::span<CipherJob> jobs) override {
    run(jobs, in_, IMB_DIR_DECRYPT, IMB_ORDER_HASH_CIPHER);
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      jobs[i].is_authentic = std::memcmp(icvs_[i].data(), jobs[i].icv(), wire::icv_bytes) == 0;
    }
  }

  void seal(std::span<CipherJob> jobs) override {
    run(jobs, out_, IMB_DIR_ENCRYPT, IMB_ORDER_CIPHER_HASH);
    for (std::size_t i = 0; i < jobs.size(); ++i) std::ranges::copy(icvs_[i], jobs[i].icv());
  }

 private:
  void run(std::span<CipherJob> jobs, std::vector<Direction>& directions, IMB_CIPHER_DIRECTION way,
           IMB_CHAIN_ORDER order) {
    const auto count = static_cast<std::uint32_t>(jobs.size());
    std::array<IMB_JOB*, kBurst> burst{};
    if (IMB_GET_NEXT_BURST(manager_.get(), count, burst.data()) != count) {
      throw std::runtime_error("ipsec-mb: no room for a burst");
    }
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      prepare(*burst[i], jobs[i], directions[jobs[i].sa], i);
      burst[i]->cipher_direction = way;
      burst[i]->chain_order = order;
    }
    if (IMB_SUBMIT_BURST(manager_.get(), count, burst.data()) != count) {
      throw std::runtime_error("ipsec-mb: a burst is not done when it comes back");
    }
  }

  void prepare(IMB_JOB& job, const CipherJob& from, Direction& direction, std::size_t number) {
    std::ranges::copy(direction.salt, nonces_[number].begin());
    std::copy_n(from.packet + wire::nested_iv, 8, nonces_[number].begin() + wire::salt_bytes);
    job.cipher_mode = IMB_CIPHER_GCM;
    job.hash_alg = IMB_AUTH_AES_GMAC;
    job.enc_keys = &direction.key;
    job.dec_keys = &direction.key;
    job.key_len_in_bytes = direction.key_bytes;
    job.iv = nonces_[number].data();
    job.iv_len_in_bytes = kNonceBytes;
    job.src = from.text();
    job.dst = from.text();
    job.cipher_start_src_offset_in_bytes = 0;
    job.hash_start_src_offset_in_bytes = 0;
    job.msg_len_to_cipher_in_bytes = from.text_bytes;
    job.msg_len_to_hash_in_bytes = from.text_bytes;
    job.u.GCM.aad = from.packet;
    job.u.GCM.aad_len_in_bytes = wire::aad_bytes;
    job.auth_tag_output = icvs_[number].data();
    job.auth_tag_output_len_in_bytes = wire::icv_bytes;
  }

  std::unique_ptr<IMB_MGR, Free> manager_;
  std::vector<Direction> in_;
  std::vector<Direction> out_;
  std::array<std::array<std::uint8_t, kNonceBytes>, kBurst> nonces_{};
  std::array<std::array<std::uint8_t, wire::icv_bytes>, kBurst> icvs_{};
};

}  // namespace

std::unique_ptr<PingCipher> make_ipsec_mb_cipher(const traffic::Config& config) {
  return std::make_unique<IpsecMbCipher>(config);
}

}  // namespace sapulse::bench
