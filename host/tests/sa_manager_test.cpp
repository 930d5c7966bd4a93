// SPDX-License-Identifier: Apache-2.0
// Adding, removing and replacing SAs: no lookup gap, nothing half-written, nothing left behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <random>
#include <set>
#include <unordered_map>

#include "crypto.h"
#include "fake_device.h"
#include "sapulse/card.h"
#include "sapulse/control_keys.h"
#include "sapulse/sa.h"
#include "test_sas.h"

namespace sapulse::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class SaManagerTest : public testing::Test {
 protected:
  void start(std::uint32_t capacity = 64, std::uint32_t buckets = 0, DeviceSecret secret = {}) {
    stop();
    device_ = std::make_unique<FakeDevice>(capacity, buckets);
    card_ = std::move(*Card::open(*device_));
    sas_ = std::make_unique<SaManager>(*card_, std::move(secret));
  }
  void stop() {
    sas_.reset();
    card_.reset();
    if (device_) {
      EXPECT_THAT(device_->violations, IsEmpty());
    }
  }
  void TearDown() override { stop(); }
  /// Lets the `nth` command (from 1) of an opcode be refused, counted from now.
  void refuse(Opcode opcode, unsigned nth) {
    device_->refuse = [opcode, nth](const regs::ConstCommand& command) mutable -> std::optional<Status> {
      if (command.opcode() != opcode || --nth != 0) return std::nullopt;
      return Status::bad_argument;
    };
  }

  std::unique_ptr<FakeDevice> device_;
  std::unique_ptr<Card> card_;
  std::unique_ptr<SaManager> sas_;
};

template <class View>
View half(const std::vector<std::byte>& bytes) {
  return View{std::span<const std::byte, regs::kCommandBytes>(bytes.data(), regs::kCommandBytes)};
}

TEST_F(SaManagerTest, WritesWhatTheProtocolSays) {
  const DeviceSecret secret(from_hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));
  start(64, 0, secret);
  const SaParameters sa = make_sa(0x1000, 41);
  const auto number = sas_->add(sa);
  ASSERT_TRUE(number) << number.error().message;
  const auto in = half<regs::ConstSaWriteIn>(device_->in_half(*number));
  EXPECT_EQ(in.spi(), 0x1000U);
  EXPECT_EQ(in.aes256(), 0);
  const auto inbound = control_keys(sa.in, false);
  EXPECT_EQ(to_hex(in.salt()), to_hex(inbound->salt.bytes()));
  EXPECT_EQ(to_hex(in.key()), to_hex(inbound->key.bytes()) + std::string(32, '0'));
  EXPECT_EQ(to_hex(in.h()), to_hex(inbound->hash_powers.bytes()));
  EXPECT_EQ(in.window_top(), 0U);
  EXPECT_EQ(in.token_valid(), 1);
  EXPECT_NE(to_hex(in.token_nonce()), std::string(16, '0'));
  TokenNonce nonce{};
  std::ranges::copy(from_hex(to_hex(in.token_nonce())), nonce.begin());
  EXPECT_EQ(to_hex(in.token()), to_hex(*crash_token(secret, 0x1000, nonce)));
  const auto out = half<regs::ConstSaWriteOut>(device_->out_half(*number));
  EXPECT_EQ(out.spi(), sa.out.spi);
  EXPECT_EQ(out.aes256(), 1);
  const auto outbound = control_keys(sa.out, false);
  EXPECT_EQ(to_hex(out.salt()), to_hex(outbound->salt.bytes()));
  EXPECT_EQ(to_hex(out.key()), to_hex(outbound->key.bytes()));
  EXPECT_EQ(out.next(), 42U);
  EXPECT_EQ(device_->lookup(0x1000), *number);
}

TEST_F(SaManagerTest, PlainKeysAndNoToken) {
  start();
  SaParameters sa = make_sa(0x1000);
  sa.plain = true;
  const auto number = sas_->add(sa);
  ASSERT_TRUE(number);
  const auto in = half<regs::ConstSaWriteIn>(device_->in_half(*number));
  EXPECT_EQ(to_hex(in.salt()), "a1b2c3d4");
  EXPECT_EQ(to_hex(in.key()), to_hex(sa.in.key.bytes()) + std::string(32, '0'));
  EXPECT_EQ(in.token_valid(), 0);
  EXPECT_EQ(to_hex(in.token_nonce()), std::string(16, '0'));
}

TEST_F(SaManagerTest, EveryInstallationHasATokenNonceOfItsOwn) {
  start(64, 0, DeviceSecret(std::vector<std::uint8_t>(32, 7)));
  std::set<std::string> seen;
  const auto take = [&](const Result<std::uint32_t>& number) {
    ASSERT_TRUE(number);
    seen.insert(to_hex(half<regs::ConstSaWriteIn>(device_->in_half(*number)).token_nonce()));
  };
  take(sas_->add(make_sa(0x1000)));
  take(sas_->replace(0x1000, make_sa(0x1000, 1)));
  ASSERT_TRUE(sas_->remove(0x1000));
  take(sas_->add(make_sa(0x1000)));
  const std::array together{make_sa(0x2000), make_sa(0x3000)};
  ASSERT_TRUE(sas_->add(together));
  for (const SaParameters& sa : together) take(sas_->find(sa.in.spi)->number);
  EXPECT_EQ(seen.size(), 5U);
  SaParameters given = make_sa(0x1001);
  given.token_nonce = TokenNonce{1, 2, 3, 4, 5, 6, 7, 8};
  const auto number = sas_->add(given);
  EXPECT_EQ(to_hex(half<regs::ConstSaWriteIn>(device_->in_half(*number)).token_nonce()), "0102030405060708");
}

/// Removed and added again, under the same keys.
TEST_F(SaManagerTest, AttackOnRepeatedNumbersFindsNone) {
  start();
  SaParameters sa = make_sa(0x1000);
  sa.next.reset();
  const auto unix_now = [] {
    return static_cast<std::uint64_t>(
        std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count());
  };
  std::uint64_t last = unix_now() - 1;
  for (unsigned i = 0; i < 100; ++i) {
    const auto number = i % 2 == 0 ? sas_->add(sa) : sas_->replace(sa.in.spi, sa);
    ASSERT_TRUE(number) << number.error().message;
    const std::uint64_t next = half<regs::ConstSaWriteOut>(device_->out_half(*number)).next();
    EXPECT_GT(next, last) << i;
    last = next;
    if (i % 2 != 0) ASSERT_TRUE(sas_->remove(sa.in.spi));
  }
  EXPECT_LT(last, unix_now() + 1'000'000'000) << "nanoseconds of the Unix time";
}

TEST_F(SaManagerTest, SasOfOtherCiphersHaveControlKeys) {
  start();
  SaParameters sa = make_sa(0x1000);
  sa.in.salt = {};
  sa.in.integrity = make_key(32, 5);  // AES-CBC with HMAC-SHA-256
  sa.out.key = {};
  sa.out.salt = {};
  sa.out.integrity = make_key(64, 6);  // no encryption, HMAC-SHA-512
  const auto number = sas_->add(sa);
  ASSERT_TRUE(number) << number.error().message;
  EXPECT_EQ(half<regs::ConstSaWriteIn>(device_->in_half(*number)).aes256(), 0);
  EXPECT_EQ(half<regs::ConstSaWriteOut>(device_->out_half(*number)).aes256(), 0);
}

TEST_F(SaManagerTest, RefusesBadParameters) {
  start();
  const auto refusal = [&](auto change) {
    SaParameters sa = make_sa(0x1000);
    change(sa);
    const auto added = sas_->add(sa);
    return added ? std::string("added") : added.error().message;
  };
  EXPECT_THAT(refusal([](SaParameters& sa) { sa.in.spi = 255; }), HasSubstr("in: SPI 255 is reserved"));
  EXPECT_THAT(refusal([](SaParameters& sa) { sa.out.spi = 0; }), HasSubstr("out: SPI 0 is reserved"));
  EXPECT_THAT(refusal([](SaParameters& sa) { sa.in.key = make_key(15, 0); }), HasSubstr("in: key of 15 bytes"));
  EXPECT_THAT(refusal([](SaParameters& sa) { sa.out.key = {}; }), HasSubstr("out: key of 0 bytes"));
  EXPECT_THAT(refusal([](SaParameters& sa) { sa.out.salt = {}; }), HasSubstr("out: salt of 0 bytes"));
  EXPECT_THAT(refusal([](SaParameters& sa) { sa.in.integrity = make_key(12, 0); }), HasSubstr("integrity key of 12"));
  EXPECT_THAT(refusal([](SaParameters& sa) {
                sa.plain = true;
                sa.in.key = make_key(24, 0);
              }),
              HasSubstr("in: plain: needs a key of 16 or 32 bytes"));
  EXPECT_THAT(refusal([](SaParameters& sa) {
                sa.plain = true;
                sa.out.integrity = make_key(16, 0);
              }),
              HasSubstr("out: plain"));
  EXPECT_THAT(refusal([](SaParameters& sa) { sa.token_nonce.emplace(); }), HasSubstr("token nonce 0"));
  EXPECT_THAT(refusal([](SaParameters& sa) { sa.out = sa.in; }), HasSubstr("same SPI and keys"));
  EXPECT_THAT(refusal([](SaParameters& sa) { sa.next = 0; }), HasSubstr("next control sequence number 0"));
  EXPECT_THAT(refusal([](SaParameters& sa) { sa.peer = *IpAddress::parse("2001:db8::1"); }), HasSubstr("families"));
  EXPECT_THAT(refusal([](SaParameters& sa) { sa.local = IpAddress::v4(0xe0000001); }), HasSubstr("local"));
  EXPECT_EQ(sas_->size(), 0U);
  EXPECT_THAT(device_->commands, IsEmpty()) << "nothing reached the card";
}

TEST_F(SaManagerTest, RefusesDuplicatesUnknownAndTooMany) {
  start(4);
  ASSERT_TRUE(sas_->add(make_sa(0x1000)));
  EXPECT_EQ(sas_->add(make_sa(0x1000)).error().code, Errc::exists);
  const std::vector<SaParameters> twins{make_sa(0x2000), make_sa(0x2000)};
  EXPECT_EQ(sas_->add(twins).error().code, Errc::exists);
  const std::vector<SaParameters> many{make_sa(0x2000), make_sa(0x2001), make_sa(0x2002), make_sa(0x2003)};
  EXPECT_EQ(sas_->add(many).error().code, Errc::no_space);
  EXPECT_EQ(sas_->remove(0x2000).error().code, Errc::not_found);
  EXPECT_EQ(sas_->replace(0x2000, make_sa(0x2000)).error().code, Errc::not_found);
  EXPECT_EQ(sas_->statistics(0x2000).error().code, Errc::not_found);
  EXPECT_EQ(sas_->size(), 1U);
}

TEST_F(SaManagerTest, ReplaceNeedsAFreeNumber) {
  start(2);
  ASSERT_TRUE(sas_->add(make_sa(0x1000)));
  ASSERT_TRUE(sas_->add(make_sa(0x1001)));
  EXPECT_EQ(sas_->replace(0x1000, make_sa(0x1000, 1)).error().code, Errc::no_space);
  EXPECT_EQ(sas_->replace(0x1000, make_sa(0x1002, 1)).error().code, Errc::no_space);
  EXPECT_TRUE(device_->lookup(0x1000));
}

TEST_F(SaManagerTest, StatisticsComeFromTheCard) {
  start();
  ASSERT_TRUE(sas_->add(make_sa(0x1000, 7)));
  const auto number = sas_->add(make_sa(0x1001, 8));
  const auto first = sas_->statistics(0x1000);
  const auto second = sas_->statistics(0x1001);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->next, 8U);
  EXPECT_EQ(first->accepted, 11U);
  EXPECT_EQ(first->replayed, 22U);
  EXPECT_EQ(first->rejected, 33U);
  EXPECT_EQ(first->data_sequence, std::nullopt);
  EXPECT_EQ(second->data_sequence, 44U);
  EXPECT_EQ(second->window_top, 0x100000000U + *number);
}

TEST_F(SaManagerTest, RemovedSaIsErasedAndItsNumberUsedAgain) {
  start(2);
  for (unsigned i = 0; i < 10; ++i) {
    const auto number = sas_->add(make_sa(0x1000 + i));
    ASSERT_TRUE(number) << number.error().message;
    ASSERT_TRUE(sas_->remove(0x1000 + i));
    EXPECT_FALSE(device_->lookup(0x1000 + i));
    EXPECT_TRUE(device_->in_half(*number).empty());
    EXPECT_TRUE(device_->out_half(*number).empty());
  }
  EXPECT_EQ(device_->commands[Opcode::fence], 10U);
}

TEST_F(SaManagerTest, RemovingManyTakesOneFence) {
  start();
  std::vector<SaParameters> sas;
  std::vector<std::uint32_t> spis;
  for (std::uint32_t i = 0; i < 64; ++i) {
    sas.push_back(make_sa(0x1000 + i));
    spis.push_back(0x1000 + i);
  }
  ASSERT_TRUE(sas_->add(sas));
  EXPECT_EQ(sas_->size(), 64U);
  EXPECT_EQ(sas_->list().size(), 64U);
  EXPECT_EQ(sas_->remove(std::vector<std::uint32_t>{0x1000, 0x9999}).error().code, Errc::not_found);
  EXPECT_TRUE(device_->lookup(0x1000));
  EXPECT_EQ(sas_->remove(std::vector<std::uint32_t>{0x1000, 0x1000}).error().code, Errc::invalid_argument);
  ASSERT_TRUE(sas_->remove(spis));
  EXPECT_EQ(device_->commands[Opcode::fence], 1U);
  ASSERT_TRUE(sas_->add(sas)) << "all numbers are free again";
  ASSERT_TRUE(sas_->clear());
  EXPECT_EQ(sas_->size(), 0U);
}

TEST_F(SaManagerTest, ReplaceInPlaceIsOneWrite) {
  start();
  const auto old = sas_->add(make_sa(0x1000));
  ASSERT_TRUE(old);
  device_->commands.clear();
  device_->executed = [&](const regs::ConstCommand&) { EXPECT_TRUE(device_->lookup(0x1000)); };
  const auto fresh = sas_->replace(0x1000, make_sa(0x1000, 1));
  ASSERT_TRUE(fresh);
  EXPECT_NE(*fresh, *old);
  EXPECT_EQ(device_->lookup(0x1000), *fresh);
  EXPECT_EQ(device_->commands[Opcode::index_write], 1U);
  EXPECT_TRUE(device_->in_half(*old).empty());
}

TEST_F(SaManagerTest, ReplaceWithAnotherSpiInstallsBeforeItRemoves) {
  start();
  ASSERT_TRUE(sas_->add(make_sa(0x1000)));
  device_->executed = [&](const regs::ConstCommand&) {
    EXPECT_TRUE(device_->lookup(0x1000) || device_->lookup(0x2000));
  };
  ASSERT_TRUE(sas_->replace(0x1000, make_sa(0x2000)));
  EXPECT_FALSE(device_->lookup(0x1000));
  EXPECT_TRUE(device_->lookup(0x2000));
}

/// Every command of every operation may be refused: the operation fails, and everything is as before.
TEST_F(SaManagerTest, RefusedCommandsAreUndone) {
  struct Operation {
    std::string name;
    std::function<bool(SaManager&)> run;
    bool loses_card_on_erase;  ///< an erase that fails cannot be undone
  };
  const std::vector<SaParameters> batch{make_sa(0x3000), make_sa(0x3001), make_sa(0x3002)};
  const std::vector<std::uint32_t> pair{0x1000, 0x1001};
  const std::vector<Operation> operations{
      {"add", [](SaManager& sas) { return sas.add(make_sa(0x2000)).has_value(); }, false},
      {"add batch", [&](SaManager& sas) { return sas.add(batch).has_value(); }, false},
      {"remove", [](SaManager& sas) { return sas.remove(0x1000).has_value(); }, true},
      {"remove batch", [&](SaManager& sas) { return sas.remove(pair).has_value(); }, true},
      {"replace", [](SaManager& sas) { return sas.replace(0x1000, make_sa(0x1000, 1)).has_value(); }, true},
      {"replace SPI", [](SaManager& sas) { return sas.replace(0x1000, make_sa(0x2000)).has_value(); }, true}};
  const std::vector<Opcode> opcodes{Opcode::sa_write_in, Opcode::sa_write_out, Opcode::index_write, Opcode::fence,
                                    Opcode::sa_erase};
  for (const auto& operation : operations) {
    for (const Opcode opcode : opcodes) {
      for (unsigned nth = 1;; ++nth) {
        SCOPED_TRACE(operation.name + ", " + std::string(regs::name(opcode)) + " " + std::to_string(nth));
        start();
        ASSERT_TRUE(sas_->add(make_sa(0x1000)));
        ASSERT_TRUE(sas_->add(make_sa(0x1001)));
        refuse(opcode, nth);
        const bool done = operation.run(*sas_);
        device_->refuse = nullptr;
        if (done) break;
        EXPECT_THAT(device_->violations, IsEmpty());
        const bool in_place_fence = operation.name == "replace" && opcode == Opcode::fence;
        if (opcode == Opcode::sa_erase || in_place_fence) {
          const auto refused = sas_->add(make_sa(0x5000));
          EXPECT_THAT(refused ? "" : refused.error().message, HasSubstr("unknown state since"));
          continue;
        }
        EXPECT_EQ(sas_->size(), 2U);
        EXPECT_TRUE(device_->lookup(0x1000));
        EXPECT_TRUE(device_->lookup(0x1001));
        for (const std::uint32_t spi : {0x2000U, 0x3000U, 0x3001U, 0x3002U}) EXPECT_FALSE(device_->lookup(spi));
        // Nothing is used up: the table still takes all it can hold.
        std::vector<SaParameters> rest;
        for (std::uint32_t i = 0; i < 62; ++i) rest.push_back(make_sa(0x4000 + i));
        EXPECT_TRUE(sas_->add(rest));
      }
    }
  }
}

TEST_F(SaManagerTest, TimeoutLeavesTheTablesUnknown) {
  start();
  ASSERT_TRUE(sas_->add(make_sa(0x1000)));
  device_->stall(true);
  EXPECT_EQ(sas_->add(make_sa(0x1001)).error().code, Errc::timeout);
  device_->stall(false);
  EXPECT_THAT(sas_->remove(0x1000).error().message, HasSubstr("unknown state since"));
}

TEST_F(SaManagerTest, MovingEntriesNeverHidesOne) {
  // A small index that is filled beyond what the card is built for, so that entries have to move.
  start(128, 32);
  std::mt19937 random(11);
  std::unordered_map<std::uint32_t, std::uint32_t> installed;
  unsigned moved = 0;
  device_->executed = [&](const regs::ConstCommand& command) {
    moved += command.opcode() == Opcode::index_write ? 1 : 0;
    for (const auto& [spi, number] : installed) ASSERT_EQ(device_->lookup(spi), number);
  };
  for (;;) {
    const std::uint32_t spi = random() | 256;
    const auto number = sas_->add(make_sa(spi));
    if (!number) {
      EXPECT_EQ(number.error().code, Errc::no_space);
      break;
    }
    installed.emplace(spi, *number);
  }
  EXPECT_GT(installed.size(), 90U);
  EXPECT_GT(moved, installed.size()) << "no entry had to move: the test is blind";
  for (const auto& [spi, number] : installed) EXPECT_EQ(device_->lookup(spi), number);
}

/// A refused write in the middle of a chain of moves leaves every entry in exactly one slot.
TEST_F(SaManagerTest, RefusedMoveIsUndone) {
  for (unsigned nth = 2; nth <= 4; ++nth) {
    SCOPED_TRACE("refused write " + std::to_string(nth));
    start(128, 32);
    std::mt19937 random(11);
    std::vector<std::uint32_t> installed;
    bool refused = false;
    while (!refused && installed.size() < 128) {
      const std::uint32_t spi = random() | 256;
      refuse(Opcode::index_write, nth);
      const auto number = sas_->add(make_sa(spi));
      device_->refuse = nullptr;
      refused = !number;
      if (number) {
        installed.push_back(spi);
      } else {
        ASSERT_EQ(number.error().code, Errc::device_error) << number.error().message;
        EXPECT_FALSE(device_->lookup(spi));
      }
    }
    ASSERT_TRUE(refused) << "no chain was that long";
    for (const std::uint32_t spi : installed) EXPECT_TRUE(device_->lookup(spi));
    EXPECT_EQ(device_->slots_in_use(), installed.size()) << "a copy was left behind";
    ASSERT_TRUE(sas_->clear()) << "each entry can be removed";
    EXPECT_EQ(device_->slots_in_use(), 0U);
  }
}

class RandomTest : public SaManagerTest, public testing::WithParamInterface<std::pair<std::uint32_t, unsigned>> {
 protected:
  /// After every command: SAs that stay are found under their number; the one being changed as the operation allows.
  void check_after_every_command() {
    device_->executed = [this](const regs::ConstCommand& command) {
      if (reference_.size() > 256 && command.opcode() != Opcode::index_write && command.opcode() != Opcode::sa_erase)
        return;
      check_lookups();
    };
  }
  void check_lookups() {
    for (const auto& [spi, number] : reference_) {
      const auto found = device_->lookup(spi);
      if (spi != changing_) {
        ASSERT_EQ(found, number) << spi;
      } else if (replacing_) {
        ASSERT_TRUE(found) << spi;
      }
    }
  }
  std::uint32_t any() {
    auto it = reference_.begin();
    std::advance(it, random_() % reference_.size());
    return it->first;
  }
  void step(unsigned capacity) {
    const unsigned choice = random_() % 3;
    replacing_ = false;
    if (choice == 0 && reference_.size() < capacity) {
      changing_ = random_() | 256;
      const auto number = sas_->add(make_sa(changing_));
      ASSERT_TRUE(number) << number.error().message;
      reference_[changing_] = *number;
    } else if (choice == 1 && !reference_.empty()) {
      changing_ = any();
      ASSERT_TRUE(sas_->remove(changing_));
      ASSERT_FALSE(device_->lookup(changing_));
      reference_.erase(changing_);
    } else if (!reference_.empty() && reference_.size() < capacity) {
      changing_ = any();
      replacing_ = true;
      const auto number = sas_->replace(changing_, make_sa(changing_, random_()));
      ASSERT_TRUE(number) << number.error().message;
      reference_[changing_] = *number;
    }
  }

  std::mt19937 random_;
  std::unordered_map<std::uint32_t, std::uint32_t> reference_;
  std::uint32_t changing_ = 0;
  bool replacing_ = false;
};

TEST_P(RandomTest, NeverMissesAnInstalledSa) {
  const auto [capacity, steps] = GetParam();
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  random_.seed(seed);
  start(capacity);
  // Filled to the last SA first, in one go, so that all later steps happen at high load.
  std::vector<SaParameters> initial;
  std::set<std::uint32_t> spis;
  while (spis.size() < capacity) spis.insert(random_() | 256);
  for (const std::uint32_t spi : spis) initial.push_back(make_sa(spi));
  ASSERT_TRUE(sas_->add(initial));
  EXPECT_EQ(sas_->add(make_sa(0x00000101)).error().code, Errc::no_space);
  for (const SaInfo& info : sas_->list()) reference_[info.spi_in] = info.number;
  check_lookups();
  check_after_every_command();
  for (unsigned i = 0; i < steps; ++i) {
    step(capacity);
    if (HasFatalFailure() || !device_->violations.empty()) break;
  }
  EXPECT_EQ(sas_->size(), reference_.size());
}
INSTANTIATE_TEST_SUITE_P(Capacities, RandomTest,
                         testing::Values(std::pair{64U, 2000U}, std::pair{1024U, 500U}, std::pair{16384U, 20U}));

}  // namespace
}  // namespace sapulse::test
