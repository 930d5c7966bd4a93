// SPDX-License-Identifier: Apache-2.0
// Key material leaves no trace in memory.
#include "sapulse/secret.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <concepts>
#include <new>
#include <sstream>

#include "sapulse/command.h"
#include "test_sas.h"

namespace sapulse::test {
namespace {

constexpr std::uint8_t kPattern = 0xa5;

template <class T>
concept Printable = requires(std::ostream& stream, const T& value) { stream << value; };
static_assert(!Printable<Key> && !std::equality_comparable<Key>, "keys can neither be printed nor compared");

/// Memory that an object lived in.
template <class T>
class Place {
 public:
  template <class... Arguments>
  T* make(Arguments&&... arguments) {
    return new (bytes_.data()) T(std::forward<Arguments>(arguments)...);
  }
  /// Whether any piece of a key made of the pattern is left.
  [[nodiscard]] bool has_pattern() const {
    const volatile std::byte* memory = bytes_.data();
    unsigned run = 0;
    for (std::size_t i = 0; i < bytes_.size(); ++i) {
      run = memory[i] == std::byte{kPattern} ? run + 1 : 0;
      if (run == 4) return true;
    }
    return false;
  }

 private:
  alignas(T) std::array<std::byte, sizeof(T)> bytes_{};
};

Key pattern_key() { return Key(std::vector<std::uint8_t>(32, kPattern)); }

TEST(Secret, DestroyedKeyIsZeroised) {
  Place<Key> place;
  Key* key = place.make(pattern_key());
  ASSERT_TRUE(place.has_pattern());
  key->~Key();
  EXPECT_FALSE(place.has_pattern());
}

TEST(Secret, MovedFromKeyIsZeroised) {
  Place<Key> place;
  Key* key = place.make(pattern_key());
  const Key other = std::move(*key);
  EXPECT_FALSE(place.has_pattern());
  EXPECT_EQ(other.size(), 32U);
  key->~Key();
}

TEST(Secret, OverwrittenKeyLeavesNoTail) {
  Place<Key> place;
  Key* key = place.make(pattern_key());
  *key = make_key(16, 0);
  EXPECT_FALSE(place.has_pattern());
  key->~Key();
}

TEST(Secret, DestroyedCommandIsZeroised) {
  const KeyMaterial keys{pattern_key(), Salt(std::vector<std::uint8_t>(4, kPattern)), {}};
  Place<Command> place;
  Command* command = place.make(Command::write_in(1, 256, keys, {}, 0));
  ASSERT_TRUE(place.has_pattern());
  command->~Command();
  EXPECT_FALSE(place.has_pattern());
}

TEST(Secret, DestroyedSaIsZeroised) {
  Place<SaParameters> place;
  SaParameters* sa = place.make();
  sa->in.key = pattern_key();
  sa->out.key = pattern_key();
  sa->in.salt = Salt(std::vector<std::uint8_t>(4, kPattern));
  ASSERT_TRUE(place.has_pattern());
  sa->~SaParameters();
  EXPECT_FALSE(place.has_pattern());
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
