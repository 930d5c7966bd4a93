// SPDX-License-Identifier: Apache-2.0
// The card asks: every message that it sends is exactly the reference's, every reply is matched or counted, every ping
// ends in one event.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "requester_bench.h"
#include "support/seed.h"
#include "traffic/dissect.h"
#include "traffic/generator.h"

namespace sapulse::test {
namespace {

using namespace sapulse::traffic;
using regs::Counter;
using regs::EventKind;

constexpr std::uint64_t kShort = 20'000;  // ns: a time-out that comes soon

class Requester : public testing::Test {
 protected:
  explicit Requester(unsigned event_log2 = 8)
      : random_(test_seed(1)),
        config_(sample_config(11, 6)),
        bench_(config_, event_log2),
        pings_(config_, 1, {.wrappings = false, .replays = false}) {
    for (std::uint32_t i = 0; i < 6; ++i) EXPECT_EQ(bench_.write_path(i, bench_.path(i)).status, Status::ok);
  }

  ~Requester() override {
    bench_.settle();
    EXPECT_EQ(bench_.unaccounted(), 0);
  }

  /// A ping that must be sent; its frame.
  Bytes ping(std::uint32_t sa, std::size_t data_bytes = kTelemetryBytes, std::uint64_t timeout = 1'000'000'000) {
    completion_ = bench_.ping(sa, data_bytes, timeout);
    EXPECT_EQ(completion_.status, Status::ok);
    bench_.settle();
    const std::vector<Bytes> sent = bench_.sent();
    EXPECT_EQ(sent.size(), 1U);
    if (sent.size() != 1) return {};
    if (const auto asked = read_request(bench_.sa(sa), sent.front())) t_origin_ = asked->t_origin;
    return sent.front();
  }

  /// The reply to the last ping with one thing changed, sealed with the right key.
  Bytes forge(std::uint32_t sa, std::uint64_t n, std::uint32_t transaction, std::uint32_t inside,
              std::size_t data = kTelemetryBytes) {
    Association peer = bench_.sa(sa);
    std::swap(peer.in, peer.out);
    PeerPath path = bench_.path(sa);
    std::swap(path.network.from, path.network.to);
    std::swap(path.link.from, path.link.to);
    const Echo echo{.subtype = sub_reply,
                    .identifier = inside >> 16,
                    .sequence = inside & 0xffff,
                    .data = telemetry_request(t_origin_, Bytes(data - kTelemetryBytes))};
    return message_frame(peer, path, {.type = type_echo_reply, .transaction = transaction, .n = n},
                         padded(echo_message(echo)));
  }

  void expect_no_event() {
    bench_.settle();
    EXPECT_TRUE(bench_.events().empty());
  }

  Random random_;
  traffic::Config config_;
  RequesterBench bench_;
  Generator pings_;  ///< of the peer
  Completion completion_;
  std::uint64_t t_origin_ = 0;  ///< of the last ping
};

TEST_F(Requester, PingIsAnsweredAndTold) {
  const Bytes frame = ping(0);
  const auto asked = read_request(bench_.sa(0), frame);
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->n, bench_.sa(0).out.next);
  EXPECT_EQ(completion_.n, asked->n);
  EXPECT_EQ(completion_.transaction, asked->transaction);
  EXPECT_EQ(asked->transaction >> 30, 2U);
  EXPECT_EQ(to_hex(frame), to_hex(request_frame(bench_.sa(0), bench_.path(0), *asked)));
  EXPECT_LE(asked->t_origin, completion_.time);
  EXPECT_GT(asked->t_origin, 0U);

  const std::uint64_t before = bench_.card().time().value();
  const Bytes reply = bench_.answer(frame);
  bench_.line(reply);
  const auto events = bench_.wait_events();
  ASSERT_EQ(events.size(), 1U);
  const regs::ConstEvent event = *events[0];
  EXPECT_EQ(event.kind(), EventKind::ping_reply);
  EXPECT_EQ(event.sa(), 0U);
  EXPECT_EQ(event.cookie(), completion_.cookie);
  EXPECT_EQ(event.transaction(), asked->transaction);
  EXPECT_EQ(event.t_origin(), asked->t_origin);
  EXPECT_GE(event.t_arrival(), before);
  EXPECT_GE(event.time(), event.t_arrival());
  EXPECT_LE(event.time(), bench_.card().time().value());
  EXPECT_EQ(event.flags(), bench_.filled().flags);
  EXPECT_EQ(event.t_receive(), bench_.filled().t_receive);
  EXPECT_EQ(event.t_transmit(), bench_.filled().t_transmit);
  EXPECT_EQ(event.n(), bench_.sa(0).in.next);
  EXPECT_EQ(event.frame_length(), reply.size());
  EXPECT_EQ(event.count(), 0U);
  Bytes token(16);
  for (std::size_t i = 0; i < token.size(); ++i) token[i] = std::to_integer<std::uint8_t>(event.token()[i]);
  EXPECT_EQ(to_hex(token), to_hex(bench_.filled().token));
  Bytes nonce(kTokenNonceBytes);
  for (std::size_t i = 0; i < nonce.size(); ++i) nonce[i] = std::to_integer<std::uint8_t>(event.token_nonce()[i]);
  EXPECT_EQ(to_hex(nonce), to_hex(bench_.filled().token_nonce));
  EXPECT_EQ(bench_.counter(Counter::requests), 1U);
  EXPECT_EQ(bench_.counter(Counter::replies), 1U);
}

TEST_F(Requester, ArrivalIsTheFirstBeatOfTheReply) {
  const Bytes frame = ping(0, 9000);
  (void)bench_.device().card().take_input_times(sim::Port::line);
  const std::uint64_t ns = bench_.card().time().value();
  const std::uint64_t cycle = bench_.device().card().cycle();
  bench_.line(bench_.answer(frame));
  const auto events = bench_.wait_events();
  ASSERT_EQ(events.size(), 1U);
  const auto times = bench_.device().card().take_input_times(sim::Port::line);
  ASSERT_EQ(times.size(), 1U);
  // The read of the clock takes some cycles, the frame itself more than 140.
  const double elapsed = static_cast<double>(times[0].first_cycle - cycle) * 1e6 / 322266;
  EXPECT_NEAR(static_cast<double>((*events[0]).t_arrival() - ns), elapsed, 60.0);
}

TEST_F(Requester, EverySize) {
  std::vector<std::size_t> sizes;
  for (std::size_t size = 0; size <= 70; ++size) sizes.push_back(size);
  for (int i = 0; i < 12; ++i) sizes.push_back(random_.below(9001));
  sizes.push_back(9000);
  std::uint32_t number = 0;
  for (const std::size_t size : sizes) {
    const std::uint32_t sa = number++ % 6;
    const Bytes frame = ping(sa, size);
    const auto asked = read_request(bench_.sa(sa), frame);
    ASSERT_TRUE(asked) << size;
    EXPECT_EQ(asked->data_bytes, size);
    ASSERT_EQ(to_hex(frame), to_hex(request_frame(bench_.sa(sa), bench_.path(sa), *asked))) << size;
    bench_.line(bench_.answer(frame));
    const auto events = bench_.wait_events();
    ASSERT_EQ(events.size(), 1U) << size;
    EXPECT_EQ((*events[0]).kind(), EventKind::ping_reply);
    EXPECT_EQ((*events[0]).flags(), size >= kTelemetryBytes ? bench_.filled().flags : 0U) << size;
    EXPECT_EQ((*events[0]).transaction(), asked->transaction);
  }
  EXPECT_EQ(bench_.ping(0, 9001).status, Status::bad_argument);
  EXPECT_EQ(bench_.counter(Counter::replies), sizes.size());
}

TEST_F(Requester, EveryWrapping) {
  for (const std::uint32_t sa : {0U, 1U, 2U, 5U}) {
    for (const auto kind : {traffic::Encapsulation::esp, traffic::Encapsulation::udp, traffic::Encapsulation::ah}) {
      for (std::size_t tags = 0; tags <= 2; ++tags) {
        PeerPath path = bench_.path(sa);
        path.link.tags = {0x8100'0abcU, 0x8100'0123U};
        if (tags == 2) path.link.tags[0] = 0x88a8'0fffU;
        path.link.tags.resize(tags);
        path.network.dscp = static_cast<unsigned>(random_.below(64));
        path.wrap.kind = kind;
        path.wrap.from_port = kNatPort;
        path.token_nonce = random_.bytes(kTokenNonceBytes);
        path.wrap.to_port = kNatPort;
        ASSERT_EQ(bench_.write_path(sa, path).status, Status::ok);
        const Bytes frame = ping(sa);
        const auto asked = read_request(bench_.sa(sa), frame);
        ASSERT_TRUE(asked);
        ASSERT_EQ(to_hex(frame), to_hex(request_frame(bench_.sa(sa), path, *asked)));
        bench_.line(bench_.answer(frame));
        EXPECT_EQ(bench_.wait_events().size(), 1U);
      }
    }
  }
}

TEST_F(Requester, RefusesWhatItCannotSend) {
  const Bytes text = padded(Bytes(30, 7));
  EXPECT_EQ(bench_.write_path(1, bench_.path(1), false).status, Status::ok);
  EXPECT_EQ(bench_.ping(1, kTelemetryBytes).status, Status::unusable);
  EXPECT_EQ(bench_.send(1, 4, 3, 0, text).status, Status::unusable);
  EXPECT_EQ(bench_.write_path(1, bench_.path(1)).status, Status::ok);
  EXPECT_EQ(bench_.ping(1024, kTelemetryBytes).status, Status::bad_sa);
  EXPECT_EQ(bench_.ping(7, kTelemetryBytes).status, Status::unusable);  // never written
  ASSERT_TRUE(bench_.sas().remove(bench_.sa(2).in.spi));
  EXPECT_EQ(bench_.ping(2, kTelemetryBytes).status, Status::unusable);
  EXPECT_EQ(bench_.send(0, 4, 3, 0, Bytes(12)).status, Status::bad_argument);
  EXPECT_EQ(bench_.send(0, 4, 3, 0, Bytes(18)).status, Status::bad_argument);
  EXPECT_EQ(bench_.send(0, 4, 3, 0, Bytes(52)).status, Status::bad_argument);
  PeerPath path = bench_.path(0);
  path.wrap.spi = 256;
  EXPECT_EQ(bench_.write_path(0, path).status, Status::bad_argument);
  path = bench_.path(0);
  path.network.dscp = 64;
  EXPECT_EQ(bench_.write_path(0, path).status, Status::bad_argument);
  path = bench_.path(0);
  path.link.tags = {1, 2, 3};
  EXPECT_EQ(bench_.write_path(0, path).status, Status::bad_argument);
  expect_no_event();
  EXPECT_TRUE(bench_.sent().empty());
  // Nothing of this has used up a control sequence number, and the old path is still there.
  EXPECT_EQ(read_request(bench_.sa(0), ping(0))->n, bench_.sa(0).out.next);
  EXPECT_EQ(read_request(bench_.sa(1), ping(1))->n, bench_.sa(1).out.next);
}

TEST_F(Requester, SendsAnyMessage) {
  for (const std::size_t size : {16U, 20U, 36U, 44U, 48U}) {
    const Bytes text = random_.bytes(size);
    const auto transaction = static_cast<std::uint32_t>(random_.bits());
    const Completion done = bench_.send(3, 4, 5, transaction, text);
    ASSERT_EQ(done.status, Status::ok);
    const Envelope envelope{.type = 4, .code = 5, .transaction = transaction, .n = done.n};
    bench_.settle();
    const auto sent = bench_.sent();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(to_hex(sent[0]), to_hex(message_frame(bench_.sa(3), bench_.path(3), envelope, text)));
  }
  EXPECT_EQ(bench_.counter(Counter::sent), 5U);
  expect_no_event();
}

TEST_F(Requester, TimesOut) {
  const Bytes frame = ping(0, kTelemetryBytes, kShort);
  const auto asked = read_request(bench_.sa(0), frame);
  const auto events = bench_.wait_events();
  ASSERT_EQ(events.size(), 1U);
  const regs::ConstEvent event = *events[0];
  EXPECT_EQ(event.kind(), EventKind::ping_timeout);
  EXPECT_EQ(event.transaction(), asked->transaction);
  EXPECT_EQ(event.cookie(), completion_.cookie);
  EXPECT_EQ(event.t_origin(), asked->t_origin);
  EXPECT_GE(event.time(), asked->t_origin + kShort);
  EXPECT_LE(event.time(), asked->t_origin + kShort + 20'000);  // a sweep of the table and the commands before it
  bench_.line(bench_.answer(frame));
  expect_no_event();
  EXPECT_EQ(bench_.counter(Counter::drop_late), 1U);
  EXPECT_EQ(bench_.counter(Counter::replies), 0U);
}

TEST_F(Requester, DuplicatesAreNotMatched) {
  const Bytes reply = bench_.answer(ping(0));
  bench_.line(reply);
  bench_.line(reply);
  bench_.settle();
  EXPECT_EQ(bench_.events().size(), 1U);
  EXPECT_EQ(bench_.counter(Counter::drop_replay), 1U);
  // The same answer under a fresh number.
  bench_.line(forge(0, 5000, completion_.transaction, completion_.transaction));
  expect_no_event();
  EXPECT_EQ(bench_.counter(Counter::drop_unasked), 1U);
  EXPECT_EQ(bench_.counter(Counter::replies), 1U);
}

TEST_F(Requester, ForgedAndUnaskedRepliesAreNotMatched) {
  const Bytes frame = ping(0);
  const std::uint32_t transaction = completion_.transaction;
  Bytes damaged = bench_.answer(frame);
  damaged.back() ^= 1;
  bench_.line(damaged);
  bench_.line(forge(0, 6000, transaction, transaction ^ 1));                            // another echo inside
  bench_.line(forge(0, 6001, transaction ^ 1, transaction ^ 1));                        // another index, never used
  bench_.line(forge(0, 6002, transaction + 1024, transaction + 1024));                  // a generation to come
  bench_.line(forge(0, 6003, transaction | 0x4000'0000U, transaction | 0x4000'0000U));  // a probe
  bench_.line(forge(1, 6004, transaction, transaction));                                // of another SA
  t_origin_ -= 1;
  bench_.line(forge(0, 6006, transaction, transaction));  // of another time
  t_origin_ += 1;
  expect_no_event();
  EXPECT_EQ(bench_.counter(Counter::drop_icv), 1U);
  EXPECT_EQ(bench_.counter(Counter::drop_unasked), 6U);
  EXPECT_EQ(bench_.counter(Counter::replies), 0U);
  // The ping is as outstanding as before.
  bench_.line(forge(0, 6005, transaction, transaction, 300));
  const auto events = bench_.wait_events();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ((*events[0]).transaction(), transaction);
}

TEST_F(Requester, HostsOwnTransactionsStayExceptions) {
  bench_.line(forge(0, 7000, 0x1234'5678, 0x1234'5678));
  bench_.settle();
  const auto exceptions = bench_.exceptions();
  ASSERT_EQ(exceptions.size(), 1U);
  EXPECT_EQ(exceptions[0].cause, Cause::reply);
  EXPECT_EQ(exceptions[0].transaction, 0x1234'5678U);
}

TEST_F(Requester, OutstandingPingsAreLimited) {
  std::set<std::uint32_t> transactions;
  for (unsigned i = 0; i < regs::kPings; ++i) {
    const Completion done = bench_.ping(i % 6, 0);
    ASSERT_EQ(done.status, Status::ok) << i;
    transactions.insert(done.transaction);
  }
  EXPECT_EQ(transactions.size(), regs::kPings);
  EXPECT_EQ(bench_.ping(0, 0).status, Status::busy);
  bench_.settle();
  const auto sent = bench_.sent();
  ASSERT_EQ(sent.size(), regs::kPings);
  // One reply makes room for one, and the index comes back with another generation.
  bench_.line(bench_.answer(sent[7]));
  ASSERT_EQ(bench_.wait_events().size(), 1U);
  const Completion again = bench_.ping(1, 0);
  EXPECT_EQ(again.status, Status::ok);
  EXPECT_FALSE(transactions.contains(again.transaction));
  EXPECT_EQ(bench_.ping(0, 0).status, Status::busy);
  // An answer to its earlier use is late.
  const auto earlier = read_request(bench_.sa(7 % 6), sent[7]);
  bench_.line(forge(7 % 6, 1'000'000, earlier->transaction, earlier->transaction));
  expect_no_event();
  EXPECT_EQ(bench_.counter(Counter::drop_late), 1U);
}

class SmallRing : public Requester {
 protected:
  SmallRing() : Requester(1) {}
};

TEST_F(SmallRing, WithoutRoomAReplyIsLostAndThePingTimesOut) {
  std::vector<Bytes> replies;
  for (int i = 0; i < 3; ++i) replies.push_back(bench_.answer(ping(0, kTelemetryBytes, 300'000)));
  for (const Bytes& reply : replies) bench_.line(reply);
  bench_.settle();
  EXPECT_EQ(bench_.events(true).size(), 2U);
  EXPECT_EQ(bench_.counter(Counter::replies), 2U);
  EXPECT_EQ(bench_.counter(Counter::drop_ring_full), 1U);
  bench_.step(200'000);
  EXPECT_TRUE(bench_.events().empty());  // the time-out waits for room, which there is from now on
  const auto events = bench_.wait_events();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ((*events[0]).kind(), EventKind::ping_timeout);
  EXPECT_EQ((*events[0]).transaction(), completion_.transaction);
  EXPECT_EQ((*events[0]).count(), 2U);
}

TEST_F(Requester, DownSasHandRequestsToTheHost) {
  ASSERT_EQ(bench_.admin(0, true).status, Status::ok);
  bench_.line(pings_.ping(0, true, kTelemetryBytes));
  bench_.line(pings_.ping(1, true, kTelemetryBytes));
  bench_.settle();
  EXPECT_EQ(bench_.sent().size(), 1U);
  const auto exceptions = bench_.exceptions();
  ASSERT_EQ(exceptions.size(), 1U);
  EXPECT_EQ(exceptions[0].cause, Cause::sa_down);
  EXPECT_EQ(exceptions[0].sa, 0U);
  EXPECT_TRUE(exceptions[0].decrypted);
  EXPECT_EQ(exceptions[0].spi, bench_.sa(0).in.spi);
  EXPECT_EQ(exceptions[0].snapshot.at(16), sub_request);
  ASSERT_EQ(bench_.admin(0, false).status, Status::ok);
  bench_.line(pings_.ping(0, true, kTelemetryBytes));
  bench_.settle();
  EXPECT_EQ(bench_.sent().size(), 1U);
  EXPECT_EQ(bench_.counter(Counter::answered), 2U);
  EXPECT_EQ(bench_.counter(Counter::host), 1U);
}

TEST_F(Requester, RefusedRequestsAreCopiedIfWanted) {
  const Bytes good = pings_.ping(0, true, kTelemetryBytes);
  Bytes damaged = pings_.ping(0, true, kTelemetryBytes);
  damaged.back() ^= 1;
  Bytes version = pings_.ping(0, true, kTelemetryBytes);
  const std::size_t control = dissect(version).payload;
  Bytes malformed = version;
  version[control] = 0x24;
  malformed[control + 7] ^= 1;  // checksum
  const auto all = [&] {
    for (const Bytes& frame : {good, damaged, version, malformed}) bench_.line(frame);
    bench_.settle();
  };
  all();
  EXPECT_TRUE(bench_.exceptions().empty());
  ASSERT_TRUE(bench_.device().write32(regs::offset::kExceptionCopies, 0x3c00));
  all();
  std::map<Cause, Exception> copies;
  for (const Exception& exception : bench_.exceptions()) copies[exception.cause] = exception;
  ASSERT_EQ(copies.size(), 4U);
  const Exception& integrity = copies.at(Cause::integrity);
  EXPECT_EQ(integrity.sa, 0U);
  EXPECT_EQ(integrity.spi, bench_.sa(0).in.spi);
  EXPECT_TRUE(integrity.snapshot.empty());
  EXPECT_FALSE(integrity.decrypted);
  EXPECT_NE(integrity.n, 0U);
  EXPECT_EQ(copies.at(Cause::replayed).sa, 0U);
  EXPECT_TRUE(copies.at(Cause::replayed).snapshot.empty());
  EXPECT_EQ(to_hex(copies.at(Cause::version).snapshot), to_hex(part(version, 0, version.size())));
  EXPECT_EQ(to_hex(copies.at(Cause::malformed).snapshot), to_hex(part(malformed, 0, malformed.size())));
  EXPECT_EQ(bench_.counter(Counter::host_copies), 4U);
  EXPECT_EQ(bench_.counter(Counter::drop_icv), 2U);
  EXPECT_EQ(bench_.counter(Counter::drop_replay), 1U);
  EXPECT_EQ(bench_.counter(Counter::drop_version), 2U);
  EXPECT_EQ(bench_.counter(Counter::drop_checksum), 2U);
  EXPECT_EQ(bench_.counter(Counter::host), 0U);
}

/// Requests wait behind a line that does not take them: a fence waits for them.
TEST_F(Requester, NothingLeavesAfterTheFence) {
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 8; ++i) ASSERT_EQ(bench_.ping(1, 9000).status, Status::ok);
    ASSERT_EQ(bench_.write_path(1, bench_.path(1), false).status, Status::ok);
    ASSERT_EQ(bench_.fence().status, Status::ok);
    EXPECT_EQ(bench_.sent().size(), 8U) << "a request was still in the card after the fence";
    bench_.settle();
    EXPECT_TRUE(bench_.sent().empty());
    ASSERT_EQ(bench_.write_path(1, bench_.path(1)).status, Status::ok);
  }
}

/// Pings without gaps fill line TX with their answers; requests take their turn between them and cost no more than
/// their beats.
TEST_F(Requester, AnswersKeepTheirPace) {
  constexpr std::size_t kPings = 1500;
  constexpr std::uint64_t kBeats = 3;  // of a telemetry ping
  for (std::size_t i = 0; i < kPings; ++i) bench_.line(pings_.ping(0, true, kTelemetryBytes));
  bench_.step(500);
  std::uint64_t requests = 0;
  while (bench_.device().card().pending(sim::Port::line) > 100) {
    ASSERT_EQ(bench_.ping(4, kTelemetryBytes).status, Status::ok);
    ++requests;
  }
  bench_.settle();
  const auto frames = bench_.device().card().take_output(sim::Port::line);
  ASSERT_EQ(frames.size(), kPings + requests);
  const std::uint64_t cycles = frames.back().last_cycle - frames.front().first_cycle + 1;
  fmt::print("{} answers and {} requests in {} cycles\n", kPings, requests, cycles);
  EXPECT_GT(requests, 3U);
  EXPECT_LE(cycles, kBeats * (kPings + requests) + kBeats);
  EXPECT_EQ(bench_.counter(Counter::answered), kPings);
}

/// Answers and requests in one stream: nothing is mixed up, nothing lost.
TEST_F(Requester, AsksWhileItAnswers) {
  std::map<std::uint32_t, std::uint32_t> outstanding;  // transaction, SA
  std::size_t answers = 0;
  std::size_t requests = 0;
  std::size_t told = 0;
  for (int round = 0; round < 60; ++round) {
    for (std::uint64_t i = random_.below(6); i > 0; --i) {
      bench_.line(pings_.ping(random_.below(3), true, random_.below(1500)));
    }
    // SAs of its own: the numbers of replies would make the peer's requests look old.
    const auto sa = static_cast<std::uint32_t>(3 + random_.below(3));
    const Completion done = bench_.ping(sa, random_.one_in(3) ? random_.below(1500) : random_.below(100));
    ASSERT_EQ(done.status, Status::ok);
    outstanding[done.transaction] = sa;
    bench_.step(random_.below(300));
    for (const Bytes& frame : bench_.sent()) {
      const std::uint32_t transaction = get32(frame, dissect(frame).payload + 12);
      const auto asked = outstanding.find(transaction);
      if (asked == outstanding.end()) {
        ++answers;
        continue;
      }
      ++requests;
      const auto fields = read_request(bench_.sa(asked->second), frame);
      ASSERT_TRUE(fields);
      ASSERT_EQ(to_hex(frame), to_hex(request_frame(bench_.sa(asked->second), bench_.path(asked->second), *fields)));
      bench_.line(bench_.answer(frame));
    }
    told += bench_.events().size();
  }
  bench_.settle();
  for (const Bytes& frame : bench_.sent()) {
    const auto asked = outstanding.find(get32(frame, dissect(frame).payload + 12));
    (asked == outstanding.end() ? answers : requests) += 1;
    if (asked != outstanding.end()) bench_.line(bench_.answer(frame));
  }
  bench_.settle();
  told += bench_.events().size();
  EXPECT_EQ(requests, 60U);
  EXPECT_EQ(told, 60U);
  EXPECT_EQ(answers, bench_.counter(Counter::answered));
  EXPECT_EQ(bench_.counter(Counter::replies), 60U);
}

/// Messages from elsewhere than where the path leads.
class MovedPeer : public Requester {
 protected:
  /// The exceptions since the last call, all of which must be about SA 0 and its peer at the source of `frame`.
  std::size_t told(const Bytes& frame, unsigned message) {
    bench_.settle();
    const std::vector<Exception> exceptions = bench_.exceptions();
    const Dissected at = dissect(frame);
    for (const Exception& exception : exceptions) {
      EXPECT_EQ(exception.cause, Cause::peer_moved);
      EXPECT_EQ(exception.sa, 0U);
      EXPECT_EQ(exception.spi, bench_.sa(0).in.spi);
      EXPECT_EQ(exception.message, message);
      EXPECT_FALSE(exception.decrypted);
      const auto place = decode_place(exception);
      if (!place) {
        ADD_FAILURE() << place.error().message;
        continue;
      }
      EXPECT_EQ(place->peer.to_string(), to_string(at.network.from));
      EXPECT_EQ(place->path.own_mac, MacAddress(at.link.to));
      EXPECT_EQ(place->path.peer_mac, MacAddress(at.link.from));
      EXPECT_EQ(place->path.encapsulation, sapulse::Encapsulation::esp);
      EXPECT_TRUE(place->path.tags.empty());
    }
    return exceptions.size();
  }
};

TEST_F(MovedPeer, ReplyFromElsewhereIsTakenAndTold) {
  const Bytes reply = from_elsewhere(bench_.answer(ping(0)));
  bench_.line(reply);
  EXPECT_EQ(told(reply, type_echo_reply), 1U);
  EXPECT_EQ(bench_.events().size(), 1U);
  EXPECT_EQ(bench_.counter(Counter::replies), 1U);
  EXPECT_EQ(bench_.counter(Counter::host_copies), 1U);
  bench_.line(reply);
  EXPECT_EQ(told(reply, type_echo_reply), 0U) << "a replay";
  bench_.line(bench_.answer(ping(0)));
  EXPECT_EQ(told(reply, type_echo_reply), 0U) << "from where the path leads";
}

TEST_F(MovedPeer, ReplyThatNobodyWaitsForTellsNothing) {
  const Bytes request = ping(0, kTelemetryBytes, kShort);
  bench_.step(kShort);
  ASSERT_EQ(bench_.wait_events().size(), 1U) << "time-out";
  const Bytes late = from_elsewhere(bench_.answer(request));
  bench_.line(late);
  const std::uint64_t n = bench_.sa(0).in.next + 10;
  const Bytes unasked = from_elsewhere(forge(0, n, 0x8000'1234U, 0x8000'1234U));
  bench_.line(unasked);
  EXPECT_EQ(told(late, type_echo_reply), 0U);
  EXPECT_EQ(bench_.counter(Counter::drop_late), 1U);
  EXPECT_EQ(bench_.counter(Counter::drop_unasked), 1U);
}

TEST_F(MovedPeer, RequestFromElsewhereIsAnsweredThereAndTold) {
  const Bytes request = from_elsewhere(pings_.ping(0, true, 0));
  bench_.line(request);
  EXPECT_EQ(told(request, type_echo_request), 1U);
  const std::vector<Bytes> sent = bench_.sent();
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(dissect(sent.front()).network.to, dissect(request).network.from);
  bench_.line(request);
  EXPECT_EQ(told(request, type_echo_request), 0U) << "a replay";
  EXPECT_TRUE(bench_.sent().empty());
  bench_.line(pings_.ping(0, true, 0));
  EXPECT_EQ(told(request, type_echo_request), 0U) << "from where the path leads";
}

TEST_F(MovedPeer, PathThatHasFollowedIsTheMeasure) {
  const Bytes request = from_elsewhere(pings_.ping(0, true, 0));
  PeerPath path = bench_.path(0);
  path.network.to = dissect(request).network.from;
  ASSERT_EQ(bench_.write_path(0, path).status, Status::ok);
  bench_.line(request);
  EXPECT_EQ(told(request, type_echo_request), 0U);
  const Bytes from_before = pings_.ping(0, true, 0);
  bench_.line(from_before);
  EXPECT_EQ(told(from_before, type_echo_request), 1U);
  ASSERT_EQ(bench_.write_path(0, path, false).status, Status::ok);
  bench_.line(pings_.ping(0, true, 0));
  EXPECT_EQ(told(request, type_echo_request), 0U) << "without a path there is nothing to move";
}

TEST_F(MovedPeer, LimitHoldsBackWhatIsToldAndNoAnswer) {
  CardConfig settings;
  for (const Address& local : config_.local) settings.local.push_back(*IpAddress::parse(to_string(local)));
  settings.limits[Cause::peer_moved] = {.interval = std::chrono::seconds(1), .burst = 2};
  ASSERT_TRUE(bench_.card().configure(settings));
  for (int i = 0; i < 5; ++i) bench_.line(from_elsewhere(pings_.ping(0, true, 0)));
  bench_.settle();
  EXPECT_EQ(bench_.exceptions().size(), 2U);
  EXPECT_EQ(bench_.sent().size(), 5U);
  EXPECT_EQ(bench_.counter(Counter::host_copies), 2U);
  EXPECT_EQ(bench_.counter(Counter::copies_limited), 3U);
}

}  // namespace
}  // namespace sapulse::test
