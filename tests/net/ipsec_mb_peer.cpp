// SPDX-License-Identifier: Apache-2.0
#include "ipsec_mb_peer.h"

#include <intel-ipsec-mb.h>

#include <array>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <vector>

namespace sapulse::test {
namespace {

constexpr std::size_t kText = 64;   // plaintext of a ping with telemetry and padding, bytes
constexpr std::size_t kHead = 8;    // additional data: SPI and sequence number
constexpr std::size_t kNonce = 12;  // salt and IV
constexpr std::size_t kIcv = 16;

using Text = std::array<std::uint8_t, kText>;
using Icv = std::array<std::uint8_t, kIcv>;

constexpr std::array<std::uint8_t, kNonce> kAnyNonce{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
constexpr std::array<std::uint8_t, kHead> kAnyHead{1, 2, 3, 4};

struct Free {
  void operator()(IMB_MGR* manager) const { free_mb_mgr(manager); }
};
using Manager = std::unique_ptr<IMB_MGR, Free>;

Manager make_manager() {
  Manager manager(alloc_mb_mgr(0));
  if (!manager) throw std::runtime_error("ipsec-mb: no memory");
  init_mb_mgr_auto(manager.get(), nullptr);
  if (imb_get_errno(manager.get()) != 0) throw std::runtime_error("ipsec-mb does not serve this processor");
  return manager;
}

/// One direction of an SA, with its key schedule.
class Direction {
 public:
  Direction(IMB_MGR& manager, const traffic::Bytes& key) : manager_(manager), is_long_(key.size() == 32) {
    if (is_long_) {
      IMB_AES256_GCM_PRE(&manager, key.data(), &key_);
    } else {
      IMB_AES128_GCM_PRE(&manager, key.data(), &key_);
    }
  }

  void seal(const Text& text, Text& sealed, Icv& icv) {
    const auto run = is_long_ ? manager_.gcm256_enc : manager_.gcm128_enc;
    run(&key_, &context_, sealed.data(), text.data(), kText, kAnyNonce.data(), kAnyHead.data(), kHead, icv.data(),
        kIcv);
  }
  /// False: it is not authentic.
  [[nodiscard]] bool open(const Text& sealed, const Icv& icv, Text& text) {
    const auto run = is_long_ ? manager_.gcm256_dec : manager_.gcm128_dec;
    Icv found;
    run(&key_, &context_, text.data(), sealed.data(), kText, kAnyNonce.data(), kAnyHead.data(), kHead, found.data(),
        kIcv);
    return std::memcmp(found.data(), icv.data(), kIcv) == 0;
  }

 private:
  IMB_MGR& manager_;
  bool is_long_;
  // As the library wants it; its header says so only where LINUX is defined.
  alignas(64) gcm_key_data key_{};
  gcm_context_data context_{};
};

struct Sa {
  Direction in;
  Direction out;
  Text sealed{};  ///< a ping
  Icv icv{};
};

}  // namespace

void answer_with_ipsec_mb(const traffic::Config& config, std::size_t pings) {
  const Manager manager = make_manager();
  std::vector<std::unique_ptr<Sa>> sas;
  for (const traffic::Association& sa : config.sas) {
    sas.push_back(std::make_unique<Sa>(Sa{.in = Direction(*manager, sa.control_key(sa.in).key),
                                          .out = Direction(*manager, sa.control_key(sa.out).key)}));
    sas.back()->in.seal(Text{}, sas.back()->sealed, sas.back()->icv);
  }
  Text text;
  Text answer;
  Icv icv;
  for (std::size_t i = 0; i < pings; ++i) {
    Sa& sa = *sas[i % sas.size()];
    if (!sa.in.open(sa.sealed, sa.icv, text)) throw std::runtime_error("ipsec-mb: a ping does not open");
    sa.out.seal(text, answer, icv);
  }
}

}  // namespace sapulse::test
