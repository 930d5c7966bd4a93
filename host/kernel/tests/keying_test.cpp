// SPDX-License-Identifier: Apache-2.0
#include "keying.h"

#include <gmock/gmock.h>

#include "kernel_messages.h"

namespace sapulse::kernel::test {
namespace {

using testing::ElementsAreArray;
using testing::HasSubstr;

Algorithm make(const std::string& name, const std::vector<std::uint8_t>& key) {
  return {.name = name, .key = Key(key), .key_bytes = key.size(), .icv_bits = 0};
}

KernelSa with_aead(const std::string& name, std::size_t key_bytes) {
  KernelSa sa;
  sa.id.spi = 0x1000;
  sa.aead = make(name, counting(key_bytes));
  return sa;
}

KernelSa with_cipher(const std::string& cipher, std::size_t key_bytes, std::size_t mac_bytes) {
  KernelSa sa;
  sa.id.spi = 0x1000;
  sa.cipher = make(cipher, counting(key_bytes));
  if (mac_bytes != 0) sa.mac = make("hmac(sha256)", counting(mac_bytes, 101));
  return sa;
}

std::string reason(const KernelSa& sa) {
  const auto keying = keying_of(sa);
  return keying ? "watchable" : keying.error().message;
}

TEST(Keying, SaltsAreAtTheEndOfKeysOfAeads) {
  struct Case {
    const char* name;
    std::size_t key;
    std::size_t salt;
  };
  for (const auto& [name, key, salt] :
       {Case{"rfc4106(gcm(aes))", 16, 4}, Case{"rfc4106(gcm(aes))", 32, 4}, Case{"rfc4309(ccm(aes))", 16, 3},
        Case{"rfc4543(gcm(aes))", 16, 4}, Case{"rfc7539esp(chacha20,poly1305)", 32, 4}}) {
    const auto direction = keying_of(with_aead(name, key + salt));
    ASSERT_TRUE(direction.has_value()) << name << direction.error().message;
    EXPECT_EQ(direction->spi, 0x1000U);
    EXPECT_THAT(direction->key.bytes(), ElementsAreArray(counting(key)));
    EXPECT_THAT(direction->salt.bytes(), ElementsAreArray(counting(salt, static_cast<std::uint8_t>(key + 1))));
    EXPECT_TRUE(direction->integrity.empty());
  }
}

TEST(Keying, CiphersHaveAnIntegrityKeyBeside) {
  const auto cbc = keying_of(with_cipher("cbc(aes)", 16, 32));
  ASSERT_TRUE(cbc.has_value());
  EXPECT_THAT(cbc->key.bytes(), ElementsAreArray(counting(16)));
  EXPECT_TRUE(cbc->salt.empty());
  EXPECT_THAT(cbc->integrity.bytes(), ElementsAreArray(counting(32, 101)));
  const auto ctr = keying_of(with_cipher("rfc3686(ctr(aes))", 20, 32));
  EXPECT_THAT(ctr->key.bytes(), ElementsAreArray(counting(16)));
  EXPECT_THAT(ctr->salt.bytes(), ElementsAreArray(counting(4, 17)));
  const auto null = keying_of(with_cipher("ecb(cipher_null)", 0, 32));
  ASSERT_TRUE(null.has_value());
  EXPECT_TRUE(null->key.empty());
}

/// What is told as watchable can be installed.
TEST(Keying, TheLibraryTakesWhatIsTakenHere) {
  for (const KernelSa& sa : {with_aead("rfc4309(ccm(aes))", 19), with_cipher("cbc(aes)", 24, 20),
                             with_cipher("cipher_null", 0, 16), with_cipher("cbc(camellia)", 32, 64)}) {
    SaParameters parameters{.name = "x", .local = ip("192.0.2.1"), .peer = ip("192.0.2.2"), .in = {}, .out = {}};
    parameters.in = *keying_of(sa);
    parameters.out = parameters.in;
    parameters.out.spi = 0x2000;
    EXPECT_TRUE(validate(parameters).has_value()) << validate(parameters).error().message;
  }
}

TEST(Keying, SaysWhyAnSaCannotBeWatched) {
  EXPECT_THAT(reason(with_cipher("cbc(aes)", 16, 0)), HasSubstr("no integrity"));
  EXPECT_THAT(reason(with_aead("morus(aes)", 20)), HasSubstr("morus(aes): AEAD of unknown layout"));
  EXPECT_THAT(reason(with_cipher("cbc(des)", 8, 20)), HasSubstr("cbc(des): key of 8 bytes, must be 16 to 64"));
  EXPECT_THAT(reason(with_aead("rfc4106(gcm(aes))", 19)), HasSubstr("key of 19 bytes, must be 20 to 64"));
  KernelSa hidden = with_aead("rfc4106(gcm(aes))", 20);
  hidden.aead->key = Key(std::vector<std::uint8_t>(20));
  EXPECT_THAT(reason(hidden), HasSubstr("does not show the key"));
  KernelSa large = with_cipher("cbc(aes)", 16, 32);
  large.mac->key_bytes = 128;
  EXPECT_THAT(reason(large), HasSubstr("hmac(sha256): key of 128 bytes"));
}

}  // namespace
}  // namespace sapulse::kernel::test
