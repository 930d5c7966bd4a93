// SPDX-License-Identifier: Apache-2.0
// Both models of the card ask: the same commands and the same frames of the peer, one after the other. The clocks stand
// still, so that everything is equal to the last bit: frames on the line, completions, events, exceptions, counters.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "requester_bench.h"
#include "support/seed.h"
#include "traffic/dissect.h"
#include "traffic/generator.h"

namespace sapulse::test {
namespace {

using namespace sapulse::traffic;

constexpr std::uint32_t kSas = 8;
constexpr std::uint32_t kPaths = 7;  // the last SA has none at first; there the peer asks
constexpr int kSteps = 200;
constexpr std::uint64_t kMoment = 0x1234'5678'9abc;  // ns: the time that both clocks show
constexpr std::uint64_t kTimeout = 1'000'000;        // ns
constexpr std::uint32_t kPace = 1000;                // ns per cycle, to make time pass

std::vector<std::string> texts(const std::vector<Bytes>& frames) {
  std::vector<std::string> all;
  for (const Bytes& frame : frames) all.push_back(to_hex(frame));
  return all;
}

std::vector<std::string> texts(const std::vector<Event>& events) {
  std::vector<Bytes> all;
  for (const Event& event : events) {
    Bytes& bytes = all.emplace_back();
    for (const std::byte byte : event.bytes) bytes.push_back(std::to_integer<std::uint8_t>(byte));
  }
  return texts(all);
}

std::string text(const Completion& done) {
  return fmt::format("opcode {} status {} cookie {} sa {} top {} next {} {} {} {} transaction {:x} n {} time {}",
                     static_cast<unsigned>(done.opcode), regs::name(done.status), done.cookie, done.sa, done.window_top,
                     done.next, done.accepted, done.replayed, done.rejected, done.transaction, done.n, done.time);
}

/// Both models behind the same host and the same peer.
class LockstepRequests : public testing::Test {
 protected:
  LockstepRequests()
      : random_(test_seed(61)),
        config_(sample_config(62, kSas)),
        cards_{RequesterBench(config_, 9, sim::ModelKind::rtl, sim::KernelKind::rtl),
               RequesterBench(config_, 9, sim::ModelKind::fast)},
        peer_(config_, 63, {.wrappings = false, .replays = false}) {
    for (RequesterBench& card : cards_) stop_clock(card);
  }

  static void set64(RequesterBench& card, std::uint32_t offset, std::uint64_t value) {
    ASSERT_TRUE(card.device().write32(offset, static_cast<std::uint32_t>(value)));
    ASSERT_TRUE(card.device().write32(offset + 4, static_cast<std::uint32_t>(value >> 32)));
  }

  static void stop_clock(RequesterBench& card) {
    set64(card, regs::offset::kTimeIncrement, 0);
    set64(card, regs::offset::kTime, kMoment);
  }

  /// Does the same to both cards; what it returns has to be the same.
  template <class Act>
  Completion command(Act act) {
    const Completion rtl = act(cards_[0]);
    const Completion fast = act(cards_[1]);
    EXPECT_EQ(text(rtl), text(fast));
    settle_and_compare();
    return rtl;
  }

  void line(const Bytes& frame) {
    for (RequesterBench& card : cards_) card.line(frame);
    settle_and_compare();
  }

  void settle_and_compare() {
    for (RequesterBench& card : cards_) card.settle();
    const std::vector<Bytes> rtl = cards_[0].sent();
    EXPECT_EQ(texts(rtl), texts(cards_[1].sent()));
    frames_ += rtl.size();
    for (const Bytes& frame : rtl) {
      if (is_request(frame)) replies_.push_back(cards_[0].answer(frame));
    }
    const std::vector<Event> events = cards_[0].events();
    EXPECT_EQ(texts(events), texts(cards_[1].events()));
    events_ += events.size();
    const std::vector<Exception> exceptions = cards_[0].exceptions();
    EXPECT_EQ(exceptions, cards_[1].exceptions());
    moves_ += std::ranges::count(exceptions, Cause::peer_moved, &Exception::cause);
  }

  static bool is_request(const Bytes& frame) {
    constexpr std::size_t kType = 1;  // in the control header
    return frame.at(dissect(frame).payload + kType) == type_echo_request;
  }

  void compare_counters() {
    for (std::size_t i = 0; i < Counters::size(); ++i) {
      const auto which = static_cast<regs::Counter>(i);
      EXPECT_EQ(cards_[0].counter(which), cards_[1].counter(which)) << Counters::name(i);
    }
  }

  std::uint32_t any_sa() { return static_cast<std::uint32_t>(random_.below(kSas)); }
  PeerPath any_path(std::uint32_t sa);
  void random_step();
  void deliver_one();

  Random random_;
  traffic::Config config_;
  std::array<RequesterBench, 2> cards_;  ///< Verilated, fast
  Generator peer_;
  std::vector<Bytes> replies_;  ///< of the peer, on their way
  std::size_t frames_ = 0;
  std::size_t events_ = 0;
  std::ptrdiff_t moves_ = 0;  ///< exceptions about peers that have moved
};

PeerPath LockstepRequests::any_path(std::uint32_t sa) {
  PeerPath path = cards_[0].path(sa);
  for (std::uint64_t tags = random_.below(4); tags > 0; --tags) path.link.tags.push_back(0x8100'0000U | tags);
  path.network.dscp = static_cast<unsigned>(random_.below(66));
  path.wrap.kind = static_cast<traffic::Encapsulation>(random_.below(3));
  path.wrap.from_port = kNatPort;
  path.wrap.to_port = kNatPort;
  if (random_.below(10) == 0) path.wrap.spi = static_cast<std::uint32_t>(random_.below(2) * 256);
  return path;
}

/// The same frame from another source; those with VLAN tags from another MAC address alone, which is no move.
Bytes elsewhere(const Bytes& frame) {
  constexpr std::size_t kSourceMacEnd = 11;
  if (dissect(frame).link.tags.empty()) return from_elsewhere(frame);
  Bytes changed = frame;
  changed.at(kSourceMacEnd) ^= 1;
  return changed;
}

/// One of the replies on their way arrives, damaged, twice, or as it is.
void LockstepRequests::deliver_one() {
  if (replies_.empty()) return;
  const auto which = replies_.begin() + static_cast<std::ptrdiff_t>(random_.below(replies_.size()));
  Bytes reply = *which;
  const std::uint64_t fate = random_.below(8);
  if (fate == 0) {
    reply.back() ^= 1;
  } else {
    replies_.erase(which);
  }
  if (fate == 2) reply = elsewhere(reply);
  line(reply);
  if (fate == 1) line(reply);
}

void LockstepRequests::random_step() {
  const std::uint32_t sa = any_sa();
  switch (random_.below(10)) {
    case 0:
    case 1:
    case 2:
    case 3: {
      const std::size_t size = random_.below(12) == 0 ? random_.between(8990, 9003) : random_.below(400);
      command([&](RequesterBench& card) { return card.ping(sa, size, kTimeout); });
      break;
    }
    case 4:
    case 5:
      deliver_one();
      break;
    case 6: {
      const Bytes body = random_.bytes(random_.below(8) == 0 ? random_.below(54) : 4 * random_.between(4, 12));
      const auto transaction = static_cast<std::uint32_t>(random_.bits());
      const auto type = static_cast<unsigned>(random_.between(3, 255));
      command([&](RequesterBench& card) { return card.send(sa, type, 1, transaction, body); });
      break;
    }
    case 7: {
      const PeerPath path = any_path(sa);
      const bool valid = random_.below(6) != 0;
      command([&](RequesterBench& card) { return card.write_path(sa, path, valid); });
      break;
    }
    case 8: {
      const bool down = random_.below(3) == 0;
      command([&](RequesterBench& card) { return card.admin(sa, down); });
      break;
    }
    default: {
      const Bytes request = peer_.ping(kPaths, true, random_.below(200));
      line(random_.below(2) == 0 ? from_elsewhere(request) : request);
    }
  }
}

TEST_F(LockstepRequests, EverythingIsEqualToTheLastBit) {
  for (std::uint32_t sa = 0; sa < kPaths; ++sa) {
    command([&](RequesterBench& card) { return card.write_path(sa, card.path(sa)); });
  }
  for (int step = 0; step < kSteps && !HasFailure(); ++step) {
    SCOPED_TRACE(fmt::format("step {}", step));
    random_step();
  }
  for (std::uint32_t sa = 0; sa < kSas; ++sa) {
    command([&](RequesterBench& card) { return card.execute(Command::read(sa).bytes().first<regs::kCommandBytes>()); });
  }
  EXPECT_GT(events_, 20U);
  EXPECT_GT(moves_, 10);
  EXPECT_GT(frames_, 60U);

  // What is still outstanding times out; in which order depends on the moment.
  std::array<std::vector<std::string>, 2> ended;
  for (std::size_t i = 0; i < cards_.size(); ++i) {
    set64(cards_[i], regs::offset::kTimeIncrement, std::uint64_t{kPace} << 32);
    cards_[i].step(kTimeout / kPace + 5000);  // a sweep of the table
    cards_[i].settle();
    stop_clock(cards_[i]);
    for (const Event& event : cards_[i].events()) {
      const regs::ConstEvent view = *event;
      EXPECT_EQ(view.kind(), regs::EventKind::ping_timeout);
      ended[i].push_back(
          fmt::format("{:x} sa {} cookie {} {}", view.transaction(), view.sa(), view.cookie(), view.t_origin()));
    }
    std::ranges::sort(ended[i]);
  }
  EXPECT_EQ(ended[0], ended[1]);
  EXPECT_GT(ended[0].size(), 5U);
  while (!replies_.empty() && !HasFailure()) deliver_one();
  EXPECT_GT(cards_[0].counter(regs::Counter::drop_late), 3U);
  compare_counters();
}

}  // namespace
}  // namespace sapulse::test
