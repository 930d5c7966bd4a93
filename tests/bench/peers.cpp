// SPDX-License-Identifier: Apache-2.0
#include <openssl/evp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <vector>

#include "benchmarks.h"
#include "sapulse_wire.h"
#include "traffic/generator.h"
#include "traffic/reference.h"

namespace sapulse::bench {
namespace {

using traffic::Bytes;

constexpr std::uint64_t kSeed = 4;
constexpr std::size_t kText = 64;   // plaintext of a ping with telemetry and padding, bytes
constexpr std::size_t kHead = 8;    // additional data: SPI and sequence number
constexpr std::size_t kNonce = 12;  // salt and IV
constexpr std::size_t kIcv = 16;

class GcmContext {
 public:
  GcmContext(const Bytes& key, bool seal) : context_(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free) {
    const EVP_CIPHER* const cipher = key.size() == 16 ? EVP_aes_128_gcm() : EVP_aes_256_gcm();
    check(EVP_CipherInit_ex(context_.get(), cipher, nullptr, key.data(), nullptr, seal ? 1 : 0));
  }

  void start(const Bytes& nonce, const Bytes& head) {
    int size = 0;
    check(EVP_CipherInit_ex(context_.get(), nullptr, nullptr, nullptr, nonce.data(), -1));
    check(EVP_CipherUpdate(context_.get(), nullptr, &size, head.data(), static_cast<int>(head.size())));
  }
  void update(Bytes& text) {
    int size = 0;
    check(EVP_CipherUpdate(context_.get(), text.data(), &size, text.data(), static_cast<int>(text.size())));
  }
  void icv(int command, Bytes& icv) {
    check(EVP_CIPHER_CTX_ctrl(context_.get(), command, static_cast<int>(icv.size()), icv.data()));
  }
  void finish() {
    int size = 0;
    std::array<unsigned char, kIcv> rest{};
    check(EVP_CipherFinal_ex(context_.get(), rest.data(), &size));
  }

 private:
  static void check(int result) {
    if (result != 1) throw std::runtime_error("OpenSSL refuses");
  }
  std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context_;
};

/// The cryptography of answering a ping and nothing else: what no software responder on OpenSSL can be faster than.
void openssl_ping(benchmark::State& state) {
  const Bytes key(16, 0x11);
  const Bytes head(kHead, 0x22);
  Bytes nonce(kNonce, 0x33);
  GcmContext asker(key, true);
  Bytes sealed(kText, 0x44);
  Bytes icv(kIcv);
  asker.start(nonce, head);
  asker.update(sealed);
  asker.finish();
  asker.icv(EVP_CTRL_AEAD_GET_TAG, icv);

  GcmContext open(key, false);
  GcmContext seal(key, true);
  for (auto _ : state) {
    Bytes text = sealed;
    open.start(nonce, head);
    open.update(text);
    open.icv(EVP_CTRL_AEAD_SET_TAG, icv);
    open.finish();
    Bytes answer_icv(kIcv);
    seal.start(nonce, head);
    seal.update(text);
    seal.finish();
    seal.icv(EVP_CTRL_AEAD_GET_TAG, answer_icv);
    benchmark::DoNotOptimize(answer_icv.data());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

/// A whole responder in software, from frame to frame: the one that the tests hold the card against.
void reference_ping(benchmark::State& state) {
  const traffic::Config config = traffic::sample_config(kSeed, 1);
  traffic::Generator generator(config, kSeed);
  traffic::Reference responder(config);
  for (auto _ : state) {
    state.PauseTiming();
    const Bytes ping = generator.ping(0, true, wire::telemetry_bytes);
    state.ResumeTiming();
    const traffic::Verdict verdict = responder.process(ping);
    if (!verdict.answer) return state.SkipWithError("no answer");
    benchmark::DoNotOptimize(verdict.answer->frame(traffic::Telemetry{}).size());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

/// Key schedules of both directions: the least that a software responder does for a new SA.
void openssl_add_sa(benchmark::State& state) {
  const Bytes key(16, 0x11);
  for (auto _ : state) {
    const GcmContext open(key, false);
    const GcmContext seal(key, true);
    benchmark::DoNotOptimize(&open);
    benchmark::DoNotOptimize(&seal);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

/// A frame handed to a process by the kernel: a datagram socket, written and read.
void socket_frame(benchmark::State& state) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends.data()) != 0) throw std::runtime_error("socketpair");
  const traffic::Config config = traffic::sample_config(kSeed, 1);
  const Bytes frame = traffic::Generator(config, kSeed).ping(0, true, wire::telemetry_bytes);
  Bytes received(frame.size());
  for (auto _ : state) {
    if (write(ends[0], frame.data(), frame.size()) < 0 || read(ends[1], received.data(), received.size()) < 0) {
      return state.SkipWithError("socket");
    }
  }
  for (const int end : ends) close(end);
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

}  // namespace

void register_peers(bool once) {
  for (auto* const each : {benchmark::RegisterBenchmark("openssl_ping", openssl_ping),
                           benchmark::RegisterBenchmark("reference_ping", reference_ping),
                           benchmark::RegisterBenchmark("openssl_add_sa", openssl_add_sa),
                           benchmark::RegisterBenchmark("socket_frame", socket_frame)}) {
    each->UseRealTime();
    if (once) each->Iterations(1);
  }
}

}  // namespace sapulse::bench
