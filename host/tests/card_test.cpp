// SPDX-License-Identifier: Apache-2.0
// Opening, configuring, the ring protocol and its failures.
#include "sapulse/card.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "fake_device.h"
#include "test_sas.h"

namespace sapulse::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class CardTest : public testing::Test {
 protected:
  void open(const CardOptions& options = {}) {
    auto opened = Card::open(device_, options);
    ASSERT_TRUE(opened) << opened.error().message;
    card_ = std::move(*opened);
  }
  /// Error of opening with a register that reads `value`, whatever resets do.
  Error refusal(std::uint32_t offset, std::uint32_t value) {
    device_.set_reg(offset, value);
    auto opened = Card::open(device_);
    return opened ? Error{Errc::timeout, "opened"} : opened.error();
  }
  void TearDown() override {
    card_.reset();
    EXPECT_THAT(device_.violations, IsEmpty());
    EXPECT_EQ(device_.buffers, 0U);
  }

  FakeDevice device_;
  std::unique_ptr<Card> card_;
};

TEST_F(CardTest, ReadsWhatTheCardSays) {
  open();
  EXPECT_EQ(card_->info().sa_capacity, 64U);
  EXPECT_EQ(card_->info().index_buckets, 32U);
  EXPECT_EQ(card_->info().git_hash, 0x12345678U);
  EXPECT_EQ(card_->info().clock_khz, 322000U);
  EXPECT_EQ(card_->info().version_major, regs::kVersionMajor);
  EXPECT_EQ(device_.resets, 1U);
}

TEST_F(CardTest, RefusesWhatIsNotACard) {
  const Error foreign = refusal(regs::offset::kId, 0x10ee7028);
  EXPECT_EQ(foreign.code, Errc::incompatible);
  EXPECT_THAT(foreign.message, HasSubstr("0x10ee7028"));
  EXPECT_THAT(refusal(regs::offset::kId, 0xffffffff).message, HasSubstr("no card answers"));
  EXPECT_EQ(device_.resets, 0U) << "a foreign device must not be reset";
}

TEST_F(CardTest, RefusesAnotherMajorVersionNamingBoth) {
  const Error error = refusal(regs::offset::kVersion, 9U << 24 | 5U << 16 | 7);
  EXPECT_EQ(error.code, Errc::incompatible);
  EXPECT_THAT(error.message, HasSubstr("9.5.7 (commit 12345678)"));
  EXPECT_THAT(error.message,
              HasSubstr(fmt::format("{}.{}.{}", regs::kVersionMajor, regs::kVersionMinor, regs::kVersionPatch)));
  EXPECT_EQ(device_.resets, 0U);
}

TEST_F(CardTest, SaysWhatItIsWithoutBeingTouched) {
  const auto info = read_card_info(device_);
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(info->sa_capacity, 64U);
  EXPECT_EQ(info->git_hash, 0x12345678U);
  device_.set_reg(regs::offset::kVersion, 3U << 24);
  EXPECT_EQ(read_card_info(device_).error().code, Errc::incompatible);
  EXPECT_EQ(device_.resets, 0U);
  EXPECT_TRUE(device_.writes.empty());
}

TEST_F(CardTest, AnotherMinorVersionIsFine) {
  device_.set_reg(regs::offset::kVersion, regs::kVersionMajor << 24 | 9U << 16);
  open();
}

TEST_F(CardTest, GivesUpWhenTheCardDoesNotBecomeReady) {
  device_.relaxes_until_ready = static_cast<unsigned>(-1);
  const auto opened = Card::open(device_, {.ready_timeout = std::chrono::microseconds(50)});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::timeout);
  EXPECT_THAT(opened.error().message, HasSubstr("50000 ns"));
}

TEST_F(CardTest, RefusesBadOptions) {
  for (const CardOptions& options :
       {CardOptions{.command_entries = 48}, CardOptions{.command_entries = 0}, CardOptions{.exception_entries = 65536},
        CardOptions{.frame_buffers = 0}, CardOptions{.command_entries = 4, .frame_buffers = 5},
        CardOptions{.command_timeout = std::chrono::nanoseconds(0)}}) {
    EXPECT_EQ(Card::open(device_, options).error().code, Errc::invalid_argument);
  }
}

TEST_F(CardTest, EveryAllocationMayFail) {
  unsigned failures = 0;
  for (std::size_t limit = 0;; limit += 64) {
    device_.dma_limit = limit;
    auto opened = Card::open(device_, {.command_entries = 1, .exception_entries = 1, .frame_buffers = 1});
    if (opened) break;
    EXPECT_EQ(opened.error().code, Errc::no_space);
    EXPECT_EQ(device_.buffers, 0U);
    EXPECT_EQ(device_.reg(regs::offset::kRingEnable), 0U);
    ++failures;
  }
  EXPECT_GT(failures, 4U);
}

TEST_F(CardTest, CloseStopsTheRingsBeforeTheMemoryGoes) {
  open();
  ASSERT_TRUE(card_->configure({.local = {IpAddress::v4(0xc0000201)}}));
  device_.writes.clear();
  ASSERT_TRUE(card_->close());
  EXPECT_EQ(device_.buffers, 0U);
  EXPECT_THAT(device_.writes, testing::ElementsAre(regs::offset::kControl, regs::offset::kRingEnable));
  EXPECT_EQ(device_.resets, 2U);
  EXPECT_TRUE(card_->close()) << "twice is harmless";
  EXPECT_EQ(card_->execute(Command::nop()).error().code, Errc::device_error);
}

TEST_F(CardTest, ConfigureWritesAddressesActionsAndLimits) {
  open();
  CardConfig config{.local = {*IpAddress::parse("192.0.2.1"), *IpAddress::parse("2001:db8::1")}, .control_spi = 200};
  config.reserved = {{9, Action::drop}, {7, Action::pass}};
  config.authoritative = true;
  config.limits[Cause::unsupported] = {std::chrono::nanoseconds(500), 3};
  ASSERT_TRUE(card_->configure(config));
  EXPECT_EQ(device_.reg(regs::offset::local_address_word2(0)), 0x0000ffffU);
  EXPECT_EQ(device_.reg(regs::offset::local_address_word3(0)), 0xc0000201U);
  EXPECT_EQ(device_.reg(regs::offset::local_address_word0(1)), 0x20010db8U);
  EXPECT_EQ(device_.reg(regs::offset::local_address_valid(1)), 1U);
  EXPECT_EQ(device_.reg(regs::offset::local_address_valid(2)), 0U);
  const auto action = [&](unsigned spi) { return static_cast<Action>(device_.reg(regs::offset::action(spi))); };
  EXPECT_EQ(action(200), Action::control);
  EXPECT_EQ(action(253), Action::pass);
  EXPECT_EQ(action(7), Action::pass);
  EXPECT_EQ(action(8), Action::echo_reply);
  EXPECT_EQ(action(9), Action::drop);
  EXPECT_EQ(device_.reg(regs::offset::rate_limit_interval(Cause::unsupported)), 500U);
  EXPECT_EQ(device_.reg(regs::offset::rate_limit_burst(Cause::unsupported)), 3U);
  EXPECT_EQ(device_.reg(regs::offset::kControl), 3U);

  // Another configuration takes back what the first one set.
  ASSERT_TRUE(card_->configure({.local = {*IpAddress::parse("192.0.2.9")}}));
  EXPECT_EQ(action(200), Action::pass);
  EXPECT_EQ(action(253), Action::control);
  EXPECT_EQ(action(7), Action::echo);
  EXPECT_EQ(action(9), Action::pass);
  EXPECT_EQ(device_.reg(regs::offset::local_address_valid(1)), 0U);
  EXPECT_EQ(device_.reg(regs::offset::kControl), 1U);
}

TEST_F(CardTest, ConfigurePassesEverythingMeanwhile) {
  open();
  device_.writes.clear();
  ASSERT_TRUE(card_->configure({.local = {IpAddress::v4(0xc0000201)}}));
  EXPECT_EQ(device_.writes.front(), regs::offset::kControl);
  EXPECT_EQ(device_.writes.back(), regs::offset::kControl);
}

TEST_F(CardTest, RefusesBadConfigurations) {
  open();
  for (const unsigned spi : {0, 1, 2, 7, 8}) {
    const auto refused = card_->configure({.control_spi = static_cast<std::uint8_t>(spi)});
    EXPECT_THAT(refused.error().message, HasSubstr("control SPI " + std::to_string(spi)));
  }
  EXPECT_FALSE(card_->configure({.local = std::vector<IpAddress>(17, IpAddress::v4(0xc0000201))}));
  EXPECT_FALSE(card_->configure({.local = {IpAddress::v4(0xe0000001)}}));
  EXPECT_FALSE(card_->configure({.reserved = {{0, Action::drop}}}));
  EXPECT_FALSE(card_->configure({.reserved = {{253, Action::drop}}}));
  EXPECT_FALSE(card_->configure({.reserved = {{9, Action::echo}}}))
      << "two such cards would answer each other for ever";
  EXPECT_FALSE(card_->configure({.reserved = {{9, Action::echo_reply}}}));
  EXPECT_FALSE(card_->configure({.mac = std::vector<MacAddress>(5, *MacAddress::parse("02:aa:bb:cc:dd:01"))}));
  EXPECT_FALSE(card_->configure({.mac = {*MacAddress::parse("03:aa:bb:cc:dd:01")}}));
  EXPECT_FALSE(card_->configure({.udp_port = 0}));
  EXPECT_FALSE(card_->configure({.source_limit = {std::chrono::milliseconds(1), 256}}));
  EXPECT_FALSE(card_->configure({.source_limit = {std::chrono::milliseconds(20), 255}})) << "5 s until it is full";
  EXPECT_FALSE(card_->configure({.tx_share = 1U << 24}));
  CardConfig config;
  config.limits[Cause::reply] = {std::chrono::seconds(5), 1};
  EXPECT_FALSE(card_->configure(config));
  config.limits[Cause::reply] = {std::chrono::microseconds(5), 0};
  EXPECT_FALSE(card_->configure(config));
  EXPECT_EQ(device_.reg(regs::offset::kControl), 0U);
}

TEST_F(CardTest, RingsWrapAround) {
  open({.command_entries = 4, .frame_buffers = 1});
  const std::vector<Command> commands(1003, Command::nop());
  const auto completions = card_->execute(commands);
  ASSERT_TRUE(completions) << completions.error().message;
  ASSERT_EQ(completions->size(), commands.size());
  for (std::size_t i = 0; i < commands.size(); ++i) EXPECT_EQ((*completions)[i].cookie, i);
  EXPECT_EQ(device_.commands[Opcode::nop], commands.size());
}

TEST_F(CardTest, RingOfOneEntryWorks) {
  open({.command_entries = 1, .exception_entries = 1, .frame_buffers = 1});
  for (unsigned i = 0; i < 5; ++i) ASSERT_TRUE(card_->execute(Command::nop()));
}

TEST_F(CardTest, SubmitRefusesWhenTheRingIsFull) {
  open({.command_entries = 2, .frame_buffers = 1});
  unsigned done = 0;
  const auto count = [&](const Completion&) { ++done; };
  ASSERT_TRUE(card_->submit(Command::nop(), count));
  ASSERT_TRUE(card_->submit(Command::nop(), count));
  EXPECT_EQ(card_->submit(Command::nop(), count).error().code, Errc::no_space);
  ASSERT_TRUE(card_->drain());
  EXPECT_EQ(done, 2U);
  EXPECT_TRUE(card_->submit(Command::nop(), count));
  ASSERT_TRUE(device_.relax());
  EXPECT_EQ(*card_->poll({}), 1U);
  EXPECT_EQ(done, 3U);
}

TEST_F(CardTest, ErrorStatusNamesTheCommand) {
  open();
  const auto refused = card_->execute(Command::read(64));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::device_error);
  EXPECT_THAT(refused.error().message, HasSubstr("sa_read: bad_sa"));
  EXPECT_TRUE(card_->execute(Command::nop())) << "a refused command does no harm";
}

TEST_F(CardTest, TimesOutOnTheClockOfTheCard) {
  open({.command_timeout = std::chrono::microseconds(20)});
  device_.stall(true);
  const auto late = card_->execute(Command::nop());
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Errc::timeout);
  EXPECT_THAT(late.error().message, HasSubstr("1 commands in flight"));
  device_.stall(false);
  EXPECT_EQ(card_->execute(Command::nop()).error().code, Errc::timeout) << "the rings are not trusted any more";
}

TEST_F(CardTest, ClosingTellsOfACardThatDoesNotComeToRest) {
  open({.command_timeout = std::chrono::microseconds(20)});
  device_.stall(true);
  ASSERT_TRUE(card_->submit(Command::nop(), {}));
  const auto closed = card_->close();
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().code, Errc::timeout);
  EXPECT_EQ(device_.buffers, 0U) << "closed all the same";
}

TEST_F(CardTest, StandingClockDoesNotHang) {
  open();
  device_.stall(true);
  device_.stop_clock();
  const auto dead = card_->execute(Command::nop());
  ASSERT_FALSE(dead);
  EXPECT_THAT(dead.error().message, HasSubstr("clock of the card stands still"));
}

TEST_F(CardTest, DmaFaultIsReportedWithItsAddress) {
  open();
  device_.memory(0xdead0000beef, 64, true);
  const auto failed = card_->execute(Command::nop());
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Errc::dma_fault);
  EXPECT_THAT(failed.error().message, HasSubstr("write host memory at IOVA 0xdead0000beef (AXI response 2)"));
  EXPECT_EQ(card_->poll({}).error().code, Errc::dma_fault);
  EXPECT_EQ(card_->counters().error().code, Errc::dma_fault);
}

TEST_F(CardTest, PollNoticesADmaFault) {
  open();
  device_.memory(0x40, 64, false);
  Result<std::size_t> polled = 0;
  for (unsigned i = 0; i < 32 && polled; ++i) polled = card_->poll({});
  ASSERT_FALSE(polled);
  EXPECT_THAT(polled.error().message, HasSubstr("read host memory at IOVA 0x40"));
}

TEST_F(CardTest, ACardThatAFlippedBitHasStoppedIsReported) {
  open();
  device_.set_reg(regs::offset::kStatus, regs::status::kMemoryFault.mask());
  EXPECT_THAT(card_->poll({}).error().message, HasSubstr("MEMORY_FAULT): it passes customers' frames, but"));
  EXPECT_EQ(card_->counters().error().code, Errc::device_error);
}

TEST_F(CardTest, ImplausibleDoorbellIsReported) {
  open();
  device_.set_reg(regs::offset::kStatus, regs::status::kDoorbell.mask());
  EXPECT_THAT(card_->poll({}).error().message, HasSubstr("DOORBELL"));
}

TEST_F(CardTest, ForeignCompletionIsAnError) {
  open();
  device_.alter_completion = [](const regs::Completion& completion) { completion.set_cookie(77); };
  const auto failed = card_->execute(Command::nop());
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Errc::device_error);
  EXPECT_THAT(failed.error().message, HasSubstr("cookie 0x4d, expected nop with cookie 0x0"));
}

TEST_F(CardTest, MoreCompletionsThanCommandsIsAnError) {
  open();
  const std::uint64_t block =
      std::uint64_t{device_.reg(regs::offset::kStatusBlock + 4)} << 32 | device_.reg(regs::offset::kStatusBlock);
  const auto bytes = device_.memory(block, regs::StatusBlock::kSize, true);
  regs::StatusBlock{bytes.first<regs::StatusBlock::kSize>()}.set_completion_producer(5);
  EXPECT_THAT(card_->poll({}).error().message, HasSubstr("5 completions for 0 commands"));
}

TEST_F(CardTest, CompletedCommandsAreZeroisedInTheRing) {
  open({.command_entries = 4, .frame_buffers = 1});
  const KeyMaterial keys{make_key(32, 5), Salt(from_hex("01020304")), {}};
  ASSERT_TRUE(card_->execute(Command::write_in(3, 1000, keys, {}, 0)));
  EXPECT_FALSE(device_.in_half(3).empty());
  const std::uint64_t base =
      std::uint64_t{device_.reg(regs::offset::kCommandBase + 4)} << 32 | device_.reg(regs::offset::kCommandBase);
  for (const std::byte byte : device_.memory(base, std::size_t{4} * regs::kCommandBytes, false))
    EXPECT_EQ(byte, std::byte{0});
}

TEST_F(CardTest, CountersByName) {
  open();
  device_.set_reg(regs::offset::counter(Counter::line_rx_frames), 10);
  device_.set_reg(regs::offset::counter(Counter::line_rx_frames) + 4, 1);
  device_.set_reg(regs::offset::counter(Counter::passed), 4);
  device_.set_reg(regs::offset::counter(Counter::passed) + 4, 1);
  device_.set_reg(regs::offset::counter(Counter::drop_replay), 3);
  device_.set_reg(regs::offset::counter(Counter::drop_ring_full), 1);
  device_.set_reg(regs::offset::counter(Counter::answered), 1);
  const auto counters = card_->counters();
  ASSERT_TRUE(counters);
  EXPECT_EQ(counters->find("line_rx_frames"), 0x10000000aU);
  EXPECT_EQ(counters->find("nonsense"), std::nullopt);
  EXPECT_EQ(counters->dropped(), 4U);
  EXPECT_EQ(counters->unaccounted(), 1);
  EXPECT_EQ(Counters::name(0), "line_rx_frames");
}

TEST_F(CardTest, ClockIsReadAndSet) {
  open();
  ASSERT_TRUE(card_->set_time(0x123456789abcdef0));
  const auto time = card_->time();
  ASSERT_TRUE(time);
  EXPECT_GE(*time, 0x123456789abcdef0U);
  EXPECT_LT(*time, 0x123456789abcdef0U + 1000);
}

/// Nothing of an earlier life may fit into this one: the clock goes on, and transactions begin anywhere.
TEST_F(CardTest, EveryLifeBeginsElsewhere) {
  FakeDevice asking(64, 0, FakeDevice::kAll);
  std::set<std::uint32_t> seeds;
  std::set<std::uint64_t> keys;
  std::uint64_t last = 1'767'225'600'000'000'000;  // 2026
  for (unsigned life = 0; life < 3; ++life) {
    const auto card = Card::open(asking);
    ASSERT_TRUE(card) << card.error().message;
    const auto time = (*card)->time();
    EXPECT_GT(*time, last);
    last = *time;
    seeds.insert(asking.reg(regs::offset::kTransactionSeed));
    keys.insert(std::uint64_t{asking.reg(regs::offset::kSourceKey + 4)} << 32 | asking.reg(regs::offset::kSourceKey));
  }
  EXPECT_EQ(seeds.size(), 3U);
  EXPECT_EQ(keys.size(), 3U);
}

TEST_F(CardTest, ARunCanBeRepeated) {
  FakeDevice asking(64, 0, FakeDevice::kAll);
  const auto card =
      Card::open(asking, {.start = CardStart{.time = 5000, .transaction_seed = 77, .source_key = 0x1122334455667788}});
  ASSERT_TRUE(card);
  EXPECT_LT(*(*card)->time(), 10'000U);
  EXPECT_EQ(asking.reg(regs::offset::kTransactionSeed), 77U);
  EXPECT_EQ(asking.reg(regs::offset::kSourceKey), 0x55667788U);
  EXPECT_EQ(asking.reg(regs::offset::kSourceKey + 4), 0x11223344U);
}

TEST_F(CardTest, ConfigureWritesMacsPortShareAndSourceLimit) {
  open();
  CardConfig config{.mac = {*MacAddress::parse("02:aa:bb:cc:dd:01"), *MacAddress::parse("02:11:22:33:44:55")}};
  config.udp_port = 4501;
  config.tx_share = 9000;
  config.source_limit = {std::chrono::microseconds(7), 9};
  ASSERT_TRUE(card_->configure(config));
  EXPECT_EQ(device_.reg(regs::offset::local_mac_high(0)), 0x800002aaU);
  EXPECT_EQ(device_.reg(regs::offset::local_mac_low(0)), 0xbbccdd01U);
  EXPECT_EQ(device_.reg(regs::offset::local_mac_high(1)), 0x80000211U);
  EXPECT_EQ(device_.reg(regs::offset::local_mac_high(2)), 0U);
  EXPECT_EQ(device_.reg(regs::offset::kUdpPort), 4501U);
  EXPECT_EQ(device_.reg(regs::offset::kTxShare), 9000U);
  EXPECT_EQ(device_.reg(regs::offset::kSourceLimitInterval), 7000U);
  EXPECT_EQ(device_.reg(regs::offset::kSourceLimitBurst), 9U);
  ASSERT_TRUE(card_->configure({}));
  EXPECT_EQ(device_.reg(regs::offset::local_mac_high(0)), 0U);
  EXPECT_EQ(device_.reg(regs::offset::kUdpPort), 4500U);
  EXPECT_EQ(device_.reg(regs::offset::kTxShare), 65536U);
  EXPECT_EQ(device_.reg(regs::offset::rate_limit_interval(Cause::echo)), 10'000U) << "100,000 clear echoes a second";
  EXPECT_EQ(device_.reg(regs::offset::rate_limit_burst(Cause::echo)), 1024U);
}

TEST_F(CardTest, FramesArePaddedAndQueuedWithFewBuffers) {
  open({.command_entries = 2, .frame_buffers = 2});
  std::vector<std::uint8_t> frame(9216);
  for (unsigned i = 0; i < 20; ++i) {
    std::ranges::fill(frame, static_cast<std::uint8_t>(i));
    ASSERT_TRUE(card_->send_frame(std::span(frame).first(i == 0 ? 9216 : 14 + i)));
  }
  ASSERT_TRUE(card_->drain());
  ASSERT_EQ(device_.frames.size(), 20U);
  EXPECT_EQ(device_.frames[0].size(), 9216U);
  for (unsigned i = 1; i < 20; ++i) {
    ASSERT_EQ(device_.frames[i].size(), 60U);
    EXPECT_EQ(device_.frames[i][13 + i], static_cast<std::byte>(i));
    EXPECT_EQ(device_.frames[i][14 + i], std::byte{0}) << "padding must not leak older frames";
    EXPECT_EQ(device_.frames[i][59], std::byte{0});
  }
  EXPECT_EQ(card_->failed_frames(), 0U);
  EXPECT_EQ(card_->send_frame(std::span(frame).first(13)).error().code, Errc::invalid_argument);
  EXPECT_EQ(card_->send_frame(std::vector<std::uint8_t>(9217)).error().code, Errc::invalid_argument);
}

TEST_F(CardTest, FrameThatCouldNotBeSentIsCounted) {
  open();
  device_.refuse = [](const regs::ConstCommand&) { return Status::dma_error; };
  ASSERT_TRUE(card_->send_frame(std::vector<std::uint8_t>(64)));
  ASSERT_TRUE(card_->drain());
  EXPECT_EQ(card_->failed_frames(), 1U);
}

/// An exception that carries a number.
std::array<std::byte, regs::kExceptionBytes> numbered_exception(std::uint32_t number) {
  std::array<std::byte, regs::kExceptionBytes> bytes{};
  const regs::Exception entry{std::span(bytes)};
  entry.set_cause(Cause::host_action);
  entry.set_count(number);
  entry.set_captured(60);
  return bytes;
}

TEST_F(CardTest, ExceptionRingWrapsAroundAndFillsUp) {
  open({.exception_entries = 8});
  std::uint32_t sent = 0;
  std::uint32_t received = 0;
  for (unsigned round = 0; round < 50; ++round) {
    const unsigned burst = round % 10;
    unsigned fitted = 0;
    for (unsigned i = 0; i < burst; ++i) {
      if (!device_.deliver(numbered_exception(sent))) continue;
      ++sent;
      ++fitted;
    }
    EXPECT_EQ(fitted, std::min(burst, 8U)) << "full exactly when producer - consumer = size";
    ASSERT_TRUE(card_->poll([&](const Exception& exception) { EXPECT_EQ(exception.count, received++); }));
    EXPECT_EQ(received, sent);
  }
}

TEST_F(CardTest, ExceptionsAreDecoded) {
  open();
  auto bytes = numbered_exception(1);
  const regs::Exception entry{std::span(bytes)};
  entry.set_cause(Cause::error_protected);
  entry.set_flags(3);
  entry.set_sa(17);
  entry.set_time(0x1122334455667788);
  entry.set_spi(0xdeadbeef);
  entry.set_sequence(99);
  entry.set_n(0x100000002);
  entry.set_transaction(4711);
  entry.set_message(3);
  entry.set_code(5);
  entry.set_control_flags(wire::control_flag_no_answer);
  entry.token_nonce()[7] = std::byte{0x77};
  entry.set_frame_length(1514);
  entry.set_payload_end(1500);
  entry.set_esp_offset(62);
  entry.set_encapsulation(0x91);
  entry.set_captured(192);
  entry.snapshot()[191] = std::byte{0x5a};
  ASSERT_TRUE(device_.deliver(bytes));
  unsigned seen = 0;
  ASSERT_TRUE(card_->poll([&](const Exception& exception) {
    ++seen;
    EXPECT_EQ(exception.cause, Cause::error_protected);
    EXPECT_EQ(exception.sa, 17U);
    EXPECT_TRUE(exception.decrypted);
    EXPECT_EQ(exception.time, 0x1122334455667788U);
    EXPECT_EQ(exception.spi, 0xdeadbeefU);
    EXPECT_EQ(exception.sequence, 99U);
    EXPECT_EQ(exception.n, 0x100000002U);
    EXPECT_EQ(exception.transaction, 4711U);
    EXPECT_EQ(exception.message, 3);
    EXPECT_EQ(exception.code, 5);
    EXPECT_FALSE(exception.answer_wanted);
    EXPECT_EQ(exception.token_nonce, (TokenNonce{0, 0, 0, 0, 0, 0, 0, 0x77}));
    EXPECT_EQ(exception.frame_length, 1514U);
    EXPECT_EQ(exception.payload_end, 1500U);
    EXPECT_EQ(exception.esp_offset, 62U);
    EXPECT_EQ(exception.encapsulation, Encapsulation::udp);
    EXPECT_TRUE(exception.ipv6);
    EXPECT_EQ(exception.vlan_tags, 2U);
    ASSERT_EQ(exception.snapshot.size(), 192U);
    EXPECT_EQ(exception.snapshot[191], 0x5a);
  }));
  EXPECT_EQ(seen, 1U);
}

TEST_F(CardTest, SenselessExceptionIsAnError) {
  for (const unsigned field : {0, 27, 28}) {
    auto bytes = numbered_exception(1);
    bytes[field] = std::byte{0xff};
    const auto decoded = decode_exception(bytes);
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().code, Errc::parse_error);
  }
  EXPECT_FALSE(decode_exception(std::array<std::byte, 255>{}));
  open();
  auto bytes = numbered_exception(1);
  bytes[0] = std::byte{200};
  ASSERT_TRUE(device_.deliver(bytes));
  EXPECT_EQ(card_->poll({}).error().code, Errc::device_error);
}

TEST_F(CardTest, WaitsForExceptions) {
  for (const bool interrupts : {false, true}) {
    open({.interrupts = interrupts});
    EXPECT_FALSE(*card_->wait_exception(std::chrono::microseconds(10)));
    ASSERT_TRUE(device_.deliver(numbered_exception(0)));
    EXPECT_TRUE(*card_->wait_exception(std::chrono::microseconds(10)));
    EXPECT_EQ(*card_->poll({}), 1U);
    EXPECT_FALSE(*card_->wait_exception(std::chrono::microseconds(10)));
    ASSERT_TRUE(card_->close());
  }
}

TEST_F(CardTest, AnAcknowledgementDoesNotOvertakeAnInterrupt) {
  constexpr std::chrono::microseconds kTimeout(10);
  open({.interrupts = true});
  device_.sleeping = [this] { ASSERT_TRUE(device_.deliver(numbered_exception(0))); };
  const std::uint64_t before = device_.now();
  EXPECT_TRUE(*card_->wait_exception(kTimeout));
  EXPECT_LT(device_.now() - before, std::chrono::nanoseconds(kTimeout).count()) << "slept through the interrupt";
}

TEST_F(CardTest, QuietOnlyWhenNothingWaits) {
  open();
  EXPECT_TRUE(*card_->quiet());
  ASSERT_TRUE(device_.deliver(numbered_exception(0)));
  EXPECT_FALSE(*card_->quiet());
  ASSERT_TRUE(card_->poll({}));
  EXPECT_TRUE(*card_->quiet());
  ASSERT_TRUE(card_->submit(Command::nop(), {}));
  EXPECT_FALSE(*card_->quiet());
  ASSERT_TRUE(card_->drain());
  EXPECT_TRUE(*card_->quiet());
}

}  // namespace
}  // namespace sapulse::test
