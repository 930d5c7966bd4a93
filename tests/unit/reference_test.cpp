// SPDX-License-Identifier: Apache-2.0
// What the reference says about each kind of frame, apart from the vectors.
#include "traffic/reference.h"

#include <gtest/gtest.h>

#include <map>

#include "traffic/generator.h"

namespace sapulse::traffic {
namespace {

TEST(ReplayWindow, Is128Wide) {
  ReplayWindow window;
  EXPECT_TRUE(window.fresh(1));
  window.accept(1);
  EXPECT_FALSE(window.fresh(1));
  window.accept(200);
  EXPECT_TRUE(window.fresh(73));
  EXPECT_FALSE(window.fresh(72));
  EXPECT_FALSE(window.fresh(200));
  window.accept(73);
  EXPECT_FALSE(window.fresh(73));
  EXPECT_TRUE(window.fresh(74));
}

TEST(ReplayWindow, ForgetsNothingOnLongJumps) {
  ReplayWindow window;
  for (std::uint64_t n = 1; n <= 128; ++n) window.accept(n);
  window.accept(0x1'0000'0005ULL);
  EXPECT_FALSE(window.fresh(0x1'0000'0005ULL));
  EXPECT_TRUE(window.fresh(0x1'0000'0004ULL));
  EXPECT_TRUE(window.fresh(0xffff'ffffULL));
  EXPECT_FALSE(window.fresh(0x1'0000'0005ULL - 128));
}

/// Counters that frames of one kind end in, over many random ones.
std::map<std::string, unsigned> ends(const std::string& kind, Sample (Generator::*make)(const std::string&)) {
  const Config config = sample_config(1, 6);
  Generator generator(config, 7);
  Reference reference(config);
  std::map<std::string, unsigned> counters;
  for (int i = 0; i < 300; ++i) reference.process(generator.good("ping").frame);
  for (int i = 0; i < 300; ++i) ++counters[reference.process((generator.*make)(kind).frame).counter];
  return counters;
}

struct End {
  const char* kind;
  const char* counter;
};

void PrintTo(const End& end, std::ostream* out) { *out << end.kind; }

class BadKinds : public testing::TestWithParam<End> {};

TEST_P(BadKinds, EndInTheirCounterMostly) {
  const auto counters = ends(GetParam().kind, &Generator::bad);
  EXPECT_FALSE(counters.contains("PASSED"));
  EXPECT_FALSE(counters.contains("ANSWERED")) << counters.at("ANSWERED");
  EXPECT_FALSE(counters.contains("ECHO_ANSWERED"));
  ASSERT_TRUE(counters.contains(GetParam().counter)) << counters.begin()->first;
  EXPECT_GE(counters.at(GetParam().counter), 150U);
}

INSTANTIATE_TEST_SUITE_P(
    Reference, BadKinds,
    testing::Values(End{"forged ICV", "DROP_ICV"}, End{"wrong key", "DROP_ICV"}, End{"replay", "DROP_REPLAY"},
                    End{"too old", "DROP_REPLAY"}, End{"bad padding", "DROP_PADDING"}, End{"bad sub-type", "DROP_BODY"},
                    End{"bad data length", "DROP_BODY"}, End{"odd size", "DROP_BODY"},
                    End{"IV and sequence differ", "DROP_SEQUENCE"}, End{"reserved SPI to drop", "DROP_ACTION"},
                    End{"bad IP checksum", "DROP_IP_CHECKSUM"}, End{"bad IP length", "DROP_IP_LENGTH"},
                    End{"return SPI in the body", "DROP_BODY"}, End{"unusable source", "DROP_ADDRESS"},
                    End{"bad clear echo", "DROP_LENGTH"}, End{"clear echo without UDP checksum", "DROP_CHECKSUM"},
                    End{"bad encapsulation", "DROP_ENCAPSULATION"}, End{"too short", "DROP_SHORT"},
                    End{"bad version", "DROP_VERSION"}, End{"bad control checksum", "DROP_CHECKSUM"},
                    End{"bad control length", "DROP_LENGTH"}, End{"bad nested packet", "DROP_NESTED"}));

TEST(BadKindsTable, IsCoveredWhole) { EXPECT_EQ(Generator::bad_kinds().size(), 22U); }

TEST(GoodKinds, AreAnsweredOrDelivered) {
  for (const std::string& kind : Generator::good_kinds()) {
    for (const auto& [counter, count] : ends(kind, &Generator::good)) {
      // A reply whose transaction is one of the card's own answers nothing that was asked; the others are the host's.
      if (kind == "reply" && counter == "DROP_UNASKED") continue;
      EXPECT_FALSE(counter.starts_with("DROP_")) << kind << ": " << counter;
      EXPECT_NE(counter, "PASSED") << kind;
    }
  }
}

TEST(CustomerKinds, ArePassed) {
  for (const std::string& kind : Generator::customer_kinds()) {
    for (const auto& [counter, count] : ends(kind, &Generator::customer)) EXPECT_EQ(counter, "PASSED") << kind;
  }
}

TEST(Reference, SerialNumbersOfCustomersWrapAround) {
  const Config config = sample_config(2, 1);
  const Association& sa = config.sas[0];
  Reference reference(config);
  Generator generator(config, 1, {.wrappings = false});
  const Link link{.to = config.macs[0], .from = {2}};
  const auto told = [&](std::uint32_t sequence) {
    const Network network{.from = sa.peer, .to = sa.local};
    reference.process(wrapped_frame(link, network, {.spi = sa.in.spi, .sequence = sequence}, Bytes(40)));
    return read_telemetry(reference.process(generator.ping(0, true, kTelemetryBytes)).answer->plaintext).data_sequence;
  };
  EXPECT_EQ(told(0xffff'fff0U), 0xffff'fff0U);
  EXPECT_EQ(told(0xffff'ffe0U), 0xffff'fff0U);
  EXPECT_EQ(told(5), 5U);
  EXPECT_EQ(told(0xffff'ffffU), 5U);
}

TEST(Reference, SaysNothingToWhomWantsNoAnswer) {
  const Config config = sample_config(2, 1);
  Association stranger = config.sas[0];
  stranger.in.spi ^= 0x10000;
  const auto ask = [&](const Association& sa, unsigned flags, unsigned type) {
    const Bytes nested = nested_packet(sa, sa.in, 1, padded(echo_message({.data = Bytes(60)})));
    const Control control{.type = type, .flags = flags, .subject = sa.in.spi, .token_nonce = 7};
    return Reference(config).process(wrapped_frame({.to = config.macs[1], .from = {2}},
                                                   {.from = sa.peer, .to = sa.local}, {.spi = config.control_spi},
                                                   control_message(control, nested)));
  };
  EXPECT_EQ(ask(config.sas[0], kFlagNested, type_echo_request).counter, "ANSWERED");
  EXPECT_EQ(ask(config.sas[0], kFlagNested | kFlagNoAnswer, type_echo_request).counter, "KEEPALIVE");
  for (const unsigned type : {unsigned{type_echo_request}, 77U}) {
    const Verdict asked = ask(stranger, kFlagNested, type);
    const Verdict kept_quiet = ask(stranger, kFlagNested | kFlagNoAnswer, type);
    EXPECT_EQ(asked.counter, "HOST");
    EXPECT_TRUE(asked.answer);
    EXPECT_EQ(kept_quiet.counter, "HOST");
    EXPECT_FALSE(kept_quiet.answer);
  }
}

TEST(Reference, TheTokenOfAnUnknownSpiIsMadeFromTheNonceOfTheRequest) {
  const Config config = sample_config(2, 1);
  Association stranger = config.sas[0];
  stranger.in.spi ^= 0x10000;
  const auto token = [&](std::uint64_t nonce) {
    const Bytes nested = nested_packet(stranger, stranger.in, 1, padded(echo_message({.data = Bytes(60)})));
    const Control control{.subject = stranger.in.spi, .token_nonce = nonce};
    const Bytes frame =
        wrapped_frame({.to = config.macs[0], .from = {2}}, {.from = stranger.peer, .to = stranger.local},
                      {.spi = config.control_spi}, control_message(control, nested));
    const Bytes error = Reference(config).process(frame).answer->head;
    const View told = part(error, dissect(error).payload + kControlBytes, 16);
    return Bytes(told.begin(), told.end());
  };
  EXPECT_EQ(token(0), Bytes(16));
  EXPECT_EQ(token(0x0102030405060708), crash_token(*config.secret, stranger.in.spi, from_hex("0102030405060708")));
}

TEST(Reference, FramesToAnotherPortAreForOthers) {
  Config config = sample_config(2, 1);
  config.udp_port = 4501;
  const Association& sa = config.sas[0];
  const auto counter = [&](unsigned port) {
    const Wrap wrap{.kind = Encapsulation::udp, .from_port = 4500, .to_port = port, .spi = 7};
    return Reference(config)
        .process(wrapped_frame({.to = config.macs[0], .from = {2}}, {.from = sa.peer, .to = sa.local}, wrap,
                               echo_message({})))
        .counter;
  };
  EXPECT_EQ(counter(4501), "ECHO_ANSWERED");
  EXPECT_EQ(counter(4500), "PASSED");
}

TEST(Reference, NoErrorGoesToAnUnusableSource) {
  Config config = sample_config(2, 1);
  config.authoritative = true;
  Generator generator(config, 1, {.wrappings = false});
  for (int i = 0; i < 50; ++i) {
    const Verdict verdict = Reference(config).process(generator.customer("customer ESP from an unusable source").frame);
    EXPECT_EQ(verdict.cause, "UNKNOWN_SPI_DATA");
    EXPECT_FALSE(verdict.answer);
  }
}

/// What has an SPI that is ours does not go on to the core side, however little follows.
TEST(Reference, AFrameThatEndsBehindItsSpiIsMalformed) {
  const Config config = sample_config(1, 2);
  Generator generator(config, 4);
  Reference reference(config);
  const Bytes ping = generator.ping(0, PingForm{.options = 40});
  const std::size_t spi = dissect(ping).esp;
  ASSERT_GE(spi, kMinFrame);
  const auto end_of = [&](std::size_t bytes) { return reference.judge(part(ping, 0, bytes)).counter; };
  EXPECT_EQ(end_of(spi + 3), "PASSED") << "an SPI that is cut is none";
  for (std::size_t more = 4; more < 9; ++more) EXPECT_EQ(end_of(spi + more), "DROP_IP_LENGTH") << more;
}

TEST(Reference, AnswersUnderAReplacedSaOnly) {
  const Config config = sample_config(2, 2);
  Generator generator(config, 1);
  Reference reference(config);
  const Bytes ping = generator.ping(0, false, 20);
  EXPECT_EQ(reference.process(ping).counter, "ANSWERED");
  reference.install(config.sas[0]);  // fresh window
  EXPECT_EQ(reference.process(ping).counter, "ANSWERED");
  reference.remove(config.sas[0].in.spi);
  EXPECT_EQ(reference.process(ping).cause, "UNKNOWN_SPI");
}

TEST(Reference, AuthoritativeAnswersCustomerPacketsOfUnknownSpi) {
  Config config = sample_config(2, 1);
  config.authoritative = true;
  Generator generator(config, 1, {.wrappings = false});
  Reference reference(config);
  const Verdict verdict = reference.process(generator.customer("ESP of an unknown SPI").frame);
  EXPECT_EQ(verdict.outcome, Outcome::passed);
  EXPECT_EQ(verdict.cause, "UNKNOWN_SPI_DATA");
  EXPECT_TRUE(verdict.host_copy);
  EXPECT_FALSE(reference.process(generator.customer("customer ESP").frame).host_copy);
}

}  // namespace
}  // namespace sapulse::traffic
