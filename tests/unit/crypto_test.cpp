// SPDX-License-Identifier: Apache-2.0
// Published vectors through the wrappers around OpenSSL, and bytes.h.
#include "traffic/crypto.h"

#include <gtest/gtest.h>

#include "traffic/config.h"

namespace sapulse::traffic {
namespace {

// The Galois/Counter Mode of Operation (McGrew, Viega), test cases 4 (AES-128) and 16 (AES-256).
constexpr const char* kNonce = "cafebabefacedbaddecaf888";
constexpr const char* kAad = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
constexpr const char* kPlaintext =
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba"
    "637"
    "b39";

TEST(Gcm, McGrewViegaTestCase4) {
  const Bytes key = from_hex("feffe9928665731c6d6a8f9467308308");
  const Bytes sealed = gcm_seal(key, from_hex(kNonce), from_hex(kAad), from_hex(kPlaintext));
  EXPECT_EQ(
      to_hex(sealed),
      "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac97"
      "3d58e091"
      "5bc94fbc3221a5db94fae95ae7121a47");
  EXPECT_EQ(gcm_open(key, from_hex(kNonce), from_hex(kAad), sealed), from_hex(kPlaintext));
}

TEST(Gcm, McGrewViegaTestCase16) {
  const Bytes key = from_hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  const Bytes sealed = gcm_seal(key, from_hex(kNonce), from_hex(kAad), from_hex(kPlaintext));
  EXPECT_EQ(to_hex(View(sealed).last(16)), "76fc6ece0f4e1768cddf8853bb2d551b");
}

TEST(Gcm, EveryFlippedBitIsFound) {
  const Bytes key = from_hex("feffe9928665731c6d6a8f9467308308");
  Bytes sealed = gcm_seal(key, from_hex(kNonce), from_hex(kAad), from_hex("00010203"));
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    sealed[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    EXPECT_FALSE(gcm_open(key, from_hex(kNonce), from_hex(kAad), sealed));
    sealed[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
  }
}

TEST(Cmac, Sp80038bAes256) {
  const Bytes key = from_hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
  EXPECT_EQ(to_hex(cmac(key, {})), "028962f61b7bf89efc6b551f4667d983");
  EXPECT_EQ(to_hex(cmac(key, from_hex("6bc1bee22e409f96e93d7e117393172a"))), "28a7023f452e8f82bd4bf28d8c37c35c");
}

// RFC 5869 appendix A.3: no salt, no info.
TEST(Hkdf, Rfc5869TestCase3) {
  EXPECT_EQ(to_hex(hkdf_sha256(from_hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"), {}, 42)),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST(Bytes, InternetChecksumOfRfc1071) {
  EXPECT_EQ(internet_checksum(from_hex("0001f203f4f5f6f7")), 0x220d);
  EXPECT_EQ(internet_checksum(from_hex("0001f203f4f5f6f7220d")), 0);
}

TEST(Bytes, AddressesSurviveText) {
  for (const char* text : {"192.0.2.1", "2001:db8::1", "::"}) EXPECT_EQ(to_string(parse_address(text)), text);
  EXPECT_TRUE(is_ipv4(parse_address("192.0.2.1")));
  EXPECT_THROW(parse_address("192.0.2"), std::invalid_argument);
  EXPECT_THROW(from_hex("0g"), std::invalid_argument);
  EXPECT_THROW(get32(from_hex("000102"), 0), std::out_of_range);
}

}  // namespace
}  // namespace sapulse::traffic
