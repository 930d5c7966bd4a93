// SPDX-License-Identifier: Apache-2.0
// Key material leaves no trace in memory.
#include "sapulse/secret.h"

#include <gtest/gtest.h>

#include <array>
#include <concepts>
#include <new>
#include <optional>
#include <sstream>

#include "sapulse/command.h"
#include "test_sas.h"

namespace sapulse::test {
namespace {

constexpr std::uint8_t kPattern = 0xa5;

template <class T>
concept Printable = requires(std::ostream& stream, const T& value) { stream << value; };
static_assert(!Printable<Key> && !std::equality_comparable<Key>, "keys can neither be printed nor compared");

/// Whether any piece of a key made of the pattern is in some memory, which must be mapped.
bool has_pattern(const void* memory, std::size_t size) {
  const auto* bytes = static_cast<const volatile std::byte*>(memory);
  unsigned run = 0;
  for (std::size_t i = 0; i < size; ++i) {
    run = bytes[i] == std::byte{kPattern} ? run + 1 : 0;
    if (run == 4) return true;
  }
  return false;
}

/// Whether any piece of a key made of the pattern is left where a key was; slots stay mapped.
bool has_pattern(const std::uint8_t* slot) { return has_pattern(slot, kSecretSlotBytes); }

Key pattern_key() { return Key(std::vector<std::uint8_t>(32, kPattern)); }

TEST(Secret, DestroyedKeyIsZeroised) {
  std::optional<Key> key = pattern_key();
  const std::uint8_t* const slot = key->bytes().data();
  ASSERT_TRUE(has_pattern(slot));
  key.reset();
  EXPECT_FALSE(has_pattern(slot));
}

TEST(Secret, MovedKeyIsAtOnePlace) {
  std::optional<Key> key = pattern_key();
  const std::uint8_t* const slot = key->bytes().data();
  std::optional<Key> other(std::in_place, std::move(*key));
  EXPECT_EQ(key->size(), 0U);
  EXPECT_EQ(other->bytes().data(), slot);
  other.reset();
  EXPECT_FALSE(has_pattern(slot));
}

TEST(Secret, OverwrittenKeyLeavesNoTail) {
  Key key = pattern_key();
  const std::uint8_t* const slot = key.bytes().data();
  key = make_key(16, 0);
  EXPECT_FALSE(has_pattern(slot));
}

TEST(Secret, DestroyedCommandIsZeroised) {
  const KeyMaterial keys{pattern_key(), Salt(std::vector<std::uint8_t>(4, kPattern)), {}};
  alignas(Command) std::array<std::byte, sizeof(Command)> place{};
  auto* const command = new (place.data()) Command(Command::write_in(1, 256, keys, {}, 0));
  ASSERT_TRUE(has_pattern(place.data(), place.size()));
  command->~Command();
  EXPECT_FALSE(has_pattern(place.data(), place.size()));
}

TEST(Secret, DestroyedSaIsZeroised) {
  std::optional<SaParameters> sa(std::in_place);
  sa->in.key = pattern_key();
  sa->out.key = pattern_key();
  sa->in.salt = Salt(std::vector<std::uint8_t>(4, kPattern));
  const std::array slots{sa->in.key.bytes().data(), sa->out.key.bytes().data(), sa->in.salt.bytes().data()};
  for (const std::uint8_t* slot : slots) ASSERT_TRUE(has_pattern(slot));
  sa.reset();
  for (const std::uint8_t* slot : slots) EXPECT_FALSE(has_pattern(slot));
}

TEST(Secret, FromHexTakesWholeBytesThatFit) {
  EXPECT_EQ(Key::from_hex("00fF10")->size(), 3U);
  EXPECT_EQ(to_hex(Key::from_hex("00fF10")->bytes()), "00ff10");
  EXPECT_FALSE(Key::from_hex("0"));
  EXPECT_FALSE(Key::from_hex("0g"));
  EXPECT_FALSE(Salt::from_hex("0011223344"));
}

TEST(Secret, ConstantTimeComparison) {
  const auto a = from_hex("001122");
  EXPECT_TRUE(equal_constant_time(a, from_hex("001122")));
  EXPECT_FALSE(equal_constant_time(a, from_hex("001123")));
  EXPECT_FALSE(equal_constant_time(a, from_hex("0011")));
}

}  // namespace
}  // namespace sapulse::test
