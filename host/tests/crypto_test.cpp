// SPDX-License-Identifier: Apache-2.0
// Powers of H, CMAC and HKDF against published vectors and OpenSSL; control keys against the project's.
#include "crypto.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "checksum.h"
#include "sapulse/control_keys.h"
#include "test_sas.h"

namespace sapulse::test {
namespace {

Block block(std::string_view hex) {
  Block result{};
  EXPECT_TRUE(decode_hex(hex, result));
  return result;
}

std::string power(const Key& key, unsigned exponent) {
  const auto powers = hash_powers(key);
  EXPECT_TRUE(powers);
  return to_hex(powers->bytes().subspan(std::size_t{16} * (exponent - 1), 16));
}

TEST(Crypto, HashSubkeyOfTheGcmSpecification) {
  // McGrew, Viega: The Galois/Counter Mode of Operation, test cases 1, 3, 13, 15.
  EXPECT_EQ(power(Key(std::vector<std::uint8_t>(16)), 1), "66e94bd4ef8a2c3b884cfa59ca342b2e");
  EXPECT_EQ(power(Key(from_hex("feffe9928665731c6d6a8f9467308308")), 1), "b83b533708bf535d0aa6e52980d53b78");
  EXPECT_EQ(power(Key(std::vector<std::uint8_t>(32)), 1), "dc95c078a2408989ad48a21492842087");
  EXPECT_EQ(power(Key(from_hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")), 1),
            "acbef20579b4b8ebce889bac8732dad7");
}

TEST(Crypto, ChecksumsAreTheBeginningOfSha256) {
  // FIPS 180-4, the examples of NIST.
  EXPECT_EQ(checksum_text("abc"), "ba7816bf8f01cfea");
  EXPECT_EQ(checksum_text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), "248d6a61d20638b8");
}

TEST(Crypto, ProductOfTheGcmSpecification) {
  // Test case 2: X1 = C * H.
  EXPECT_EQ(to_hex(gf_multiply(block("0388dace60b6a392f328c2b971b2fe78"), block("66e94bd4ef8a2c3b884cfa59ca342b2e"))),
            "5e2ec746917062882c85b0685353deb7");
}

/// The product as NIST SP 800-38D, algorithm 1, says it.
Block product_bit_by_bit(const Block& x, Block v) {
  Block product{};
  for (unsigned i = 0; i < 128; ++i) {
    if ((x[i / 8] >> (7 - i % 8) & 1) != 0) {
      for (unsigned j = 0; j < 16; ++j) product[j] ^= v[j];
    }
    const bool last = (v[15] & 1) != 0;
    for (unsigned j = 15; j > 0; --j) v[j] = static_cast<std::uint8_t>(v[j] >> 1 | v[j - 1] << 7);
    v[0] = static_cast<std::uint8_t>(v[0] >> 1 ^ (last ? 0xe1 : 0));
  }
  return product;
}

/// Of random blocks, of single coefficients, and of blocks full of ones, where sums of coefficients are largest.
TEST(Crypto, ProductIsThatOfTheDefinition) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::vector<Block> blocks{Block{}, block("ffffffffffffffffffffffffffffffff")};
  for (unsigned bit = 0; bit < 128; ++bit) blocks.emplace_back()[bit / 8] = static_cast<std::uint8_t>(1U << bit % 8);
  for (unsigned i = 0; i < 100; ++i) {
    for (std::uint8_t& byte : blocks.emplace_back()) byte = static_cast<std::uint8_t>(random());
  }
  for (const Block& x : blocks) {
    ASSERT_EQ(to_hex(gf_square(x)), to_hex(product_bit_by_bit(x, x))) << to_hex(x);
    for (const Block& y : blocks) ASSERT_EQ(to_hex(gf_multiply(x, y)), to_hex(product_bit_by_bit(x, y))) << to_hex(x);
  }
}

/// ICV of a message without plaintext by OpenSSL.
Block gmac(const Key& key, std::span<const std::uint8_t, 12> nonce, std::span<const std::uint8_t> aad) {
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  const EVP_CIPHER* cipher = key.size() == 16 ? EVP_aes_128_gcm() : EVP_aes_256_gcm();
  int length = 0;
  Block tag{};
  EXPECT_EQ(EVP_EncryptInit_ex(context, cipher, nullptr, key.bytes().data(), nonce.data()), 1);
  EXPECT_EQ(EVP_EncryptUpdate(context, nullptr, &length, aad.data(), static_cast<int>(aad.size())), 1);
  EXPECT_EQ(EVP_EncryptFinal_ex(context, tag.data(), &length), 1);
  EXPECT_EQ(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, 16, tag.data()), 1);
  EVP_CIPHER_CTX_free(context);
  return tag;
}

/// The sum of ICVs of two messages under one nonce is the sum of their hashes: the mask drops out.
TEST(Crypto, PowersMatchOpenSslGcm) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (const std::size_t key_bytes : {16, 32}) {
    const Key key = make_key(key_bytes, random());
    const std::array<std::uint8_t, 12> nonce{1, 2, 3};
    std::array<std::uint8_t, 48> aad{};
    for (auto& byte : aad) byte = static_cast<std::uint8_t>(random());
    const Block with = gmac(key, nonce, aad);
    const Block without = gmac(key, nonce, std::array<std::uint8_t, 48>{});

    // GHASH = A1 H^4 + A2 H^3 + A3 H^2 + L H; L is the same in both.
    const auto powers = hash_powers(key);
    ASSERT_TRUE(powers);
    Block expected{};
    for (std::size_t i = 0; i < 3; ++i) {
      Block a{};
      Block h{};
      std::copy_n(aad.begin() + 16 * i, 16, a.begin());
      std::copy_n(powers->bytes().begin() + 16 * (3 - i), 16, h.begin());
      const Block product = gf_multiply(a, h);
      for (unsigned j = 0; j < 16; ++j) expected[j] ^= product[j];
    }
    Block difference{};
    for (unsigned j = 0; j < 16; ++j) difference[j] = with[j] ^ without[j];
    EXPECT_EQ(to_hex(expected), to_hex(difference));
  }
}

/// Contexts that go from one computation to the next, of other keys and of the same ones.
TEST(Crypto, ContextsGiveWhatFreshOnesGive) {
  std::mt19937 random(5);
  CryptoContexts contexts;
  const std::array secrets{DeviceSecret(make_key(32, 1).bytes()), DeviceSecret(make_key(32, 2).bytes())};
  for (int i = 0; i < 60; ++i) {
    const Key key = make_key(random() % 2 == 0 ? 16 : 32, random());
    ASSERT_EQ(to_hex(contexts.hash_powers(key)->bytes()), to_hex(hash_powers(key)->bytes())) << i;
    std::vector<std::uint8_t> expected(1 + random() % 80);
    std::vector<std::uint8_t> output(expected.size());
    const std::span<const std::uint8_t> info = key.bytes().first(random() % 16);
    ASSERT_TRUE(hkdf_sha256(key.bytes(), info, expected));
    ASSERT_TRUE(contexts.hkdf_sha256(key.bytes(), info, output));
    ASSERT_EQ(to_hex(output), to_hex(expected)) << i;
    const DeviceSecret& secret = secrets.at(random() % 2);
    ASSERT_EQ(to_hex(*contexts.aes256_cmac(secret, output)), to_hex(*aes256_cmac(secret, output))) << i;
    if (i % 7 == 0) {
      EXPECT_FALSE(contexts.aes256_cmac(DeviceSecret(), output));
      EXPECT_FALSE(contexts.hash_powers(make_key(24, 0)));
    }
  }
}

TEST(Crypto, CmacOfSp80038b) {
  // NIST SP 800-38B, examples for AES-256.
  const DeviceSecret key(from_hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"));
  const auto message = from_hex(
      "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17"
      "ad2b417be66c3710");
  const std::vector<std::pair<std::size_t, std::string>> cases{{0, "028962f61b7bf89efc6b551f4667d983"},
                                                               {16, "28a7023f452e8f82bd4bf28d8c37c35c"},
                                                               {40, "aaf3d8f1de5640c232f5b169b9c911e6"},
                                                               {64, "e1992190549f6ed5696a2c056c315410"}};
  for (const auto& [length, expected] : cases) {
    const auto mac = aes256_cmac(key, std::span(message).first(length));
    ASSERT_TRUE(mac);
    EXPECT_EQ(to_hex(*mac), expected) << length;
  }
}

// RFC 5869, appendix A: test cases with SHA-256. Case 1 has a salt, which the protocol does not use.
TEST(Crypto, HkdfOfRfc5869) {
  SecretBuffer output(42);
  ASSERT_TRUE(hkdf_sha256(from_hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"), {}, output));
  EXPECT_EQ(to_hex(output), "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

/// What OpenSSL's HMAC makes of RFC 5869 section 2, for material, info and lengths as the protocol has them.
TEST(Crypto, HkdfIsExtractAndExpand) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto hmac = [](std::span<const std::uint8_t> key, std::span<const std::uint8_t> message) {
    std::vector<std::uint8_t> mac(32);
    unsigned length = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), message.data(), message.size(), mac.data(), &length);
    return mac;
  };
  for (unsigned i = 0; i < 100; ++i) {
    std::vector<std::uint8_t> material(16 + random() % 100), info(random() % 40);
    for (auto* bytes : {&material, &info})
      for (std::uint8_t& byte : *bytes) byte = static_cast<std::uint8_t>(random());
    const auto extracted = hmac(std::vector<std::uint8_t>(32), material);
    std::vector<std::uint8_t> expected, block;
    for (std::uint8_t round = 1; expected.size() < 80; ++round) {
      block.insert(block.end(), info.begin(), info.end());
      block.push_back(round);
      block = hmac(extracted, block);
      expected.insert(expected.end(), block.begin(), block.end());
    }
    SecretBuffer output(1 + random() % 80);
    ASSERT_TRUE(hkdf_sha256(material, info, output));
    EXPECT_EQ(to_hex(output), to_hex(std::span(expected).first(output.size())));
  }
}

SaDirection direction_of(const nlohmann::json& half) {
  const auto bytes = [&](const char* field) { return from_hex(half.value(field, std::string())); };
  return {.spi = half.at("spi").get<std::uint32_t>(),
          .key = Key(bytes("key")),
          .salt = Salt(bytes("salt")),
          .integrity = Key(bytes("integrity"))};
}

TEST(Crypto, ControlKeysOfTheVectors) {
  const auto vectors = nlohmann::json::parse(std::ifstream(SAPULSE_VECTORS));
  unsigned halves = 0;
  unsigned with_integrity = 0;
  for (const auto& sa : vectors.at("sas")) {
    for (const char* half : {"in", "out"}) {
      const auto direction = direction_of(sa.at(half));
      const auto keys = control_keys(direction, sa.at("plain").get<bool>());
      ASSERT_TRUE(keys) << keys.error().message;
      EXPECT_EQ(to_hex(keys->key.bytes()), sa.at(half).at("control_key").get<std::string>()) << sa.at("name");
      EXPECT_EQ(to_hex(keys->salt.bytes()), sa.at(half).at("control_salt").get<std::string>()) << sa.at("name");
      EXPECT_EQ(to_hex(keys->hash_powers.bytes()), to_hex(hash_powers(keys->key)->bytes()));
      ++halves;
      with_integrity += direction.integrity.empty() ? 0 : 1;
    }
  }
  EXPECT_EQ(halves, 24U);
  EXPECT_GT(with_integrity, 0U) << "SAs whose cipher is no AEAD are among them";
}

TEST(Crypto, ControlKeysOfTwoSpisDiffer) {
  SaDirection direction{.spi = 256, .key = make_key(16, 1), .salt = Salt(from_hex("00ff1234")), .integrity = {}};
  const auto first = control_keys(direction, false);
  ++direction.spi;
  const auto second = control_keys(direction, false);
  EXPECT_NE(to_hex(first->key.bytes()), to_hex(second->key.bytes()));
  EXPECT_NE(to_hex(first->key.bytes()), to_hex(direction.key.bytes())) << "and are not the customers'";
  const auto plain = control_keys(direction, true);
  EXPECT_EQ(to_hex(plain->key.bytes()), to_hex(direction.key.bytes()));
  EXPECT_EQ(to_hex(plain->salt.bytes()), "00ff1234");
}

TEST(Crypto, CrashTokenIsOfSpiAndNonce) {
  const DeviceSecret secret(from_hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));
  const TokenNonce nonce{1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_EQ(to_hex(*crash_token(secret, 0x1234, nonce)),
            to_hex(*aes256_cmac(secret, from_hex("000012340102030405060708"))));
}

TEST(Crypto, BadLengthsAreErrors) {
  EXPECT_EQ(hash_powers(make_key(24, 0)).error().code, Errc::invalid_argument);
  EXPECT_EQ(aes256_cmac(DeviceSecret(from_hex("00")), {}).error().code, Errc::invalid_argument);
  const SaDirection ccm{.spi = 256, .key = make_key(16, 0), .salt = Salt(from_hex("000102")), .integrity = {}};
  EXPECT_EQ(control_keys(ccm, true).error().code, Errc::invalid_argument);
  EXPECT_TRUE(control_keys(ccm, false)) << "AES-CCM";
}

TEST(Crypto, KeyedHashOfTheReferenceImplementation) {
  // First entries of vectors_sip64 in the reference implementation of SipHash: key 00..0f, messages of 0 and 15 bytes.
  std::array<std::uint8_t, 16> bytes{};
  for (unsigned i = 0; i < 16; ++i) bytes[i] = static_cast<std::uint8_t>(i);
  EXPECT_EQ(keyed_hash(bytes, {}), 0x726fdb47dd0e0e31U);
  EXPECT_EQ(keyed_hash(bytes, std::span(bytes).first(15)), 0xa129ca6149be45e5U);
}

}  // namespace
}  // namespace sapulse::test
