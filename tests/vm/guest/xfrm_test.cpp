// SPDX-License-Identifier: Apache-2.0
// The kernel's own ESP (xfrm, AES-GCM) beside and against the card's: two implementations, one format. plain makes
// the control channel of an SA ordinary ESP, and next header 144 is a protocol like any other to a raw socket.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "device/session.h"
#include "guest_rig.h"
#include "kernel_host.h"
#include "native_open.h"
#include "support/convert.h"
#include "support/seed.h"
#include "traffic/dissect.h"
#include "traffic/message.h"
#include "traffic/packet.h"
#include "traffic/random.h"
#include "traffic/reference.h"

namespace sapulse::test {
namespace {

using namespace sapulse::traffic;

constexpr std::uint64_t kPreset = 20264;
constexpr const char* kCoreNamespace = "core";
constexpr Mac kLineMac = {0x52, 0x54, 0, 0, 0, 5};
constexpr Mac kCoreMac = {0x52, 0x54, 0, 0, 0, 6};

/// An SA of each address family and key size, between the addresses of suites/xfrm.
traffic::Config sas_of_both_hosts(std::uint64_t seed) {
  traffic::Config config = sample_config(seed, 2);
  config.sas[0].peer = parse_address("192.0.2.2");
  config.sas[1].local = config.local[1];
  config.sas[1].peer = parse_address("2001:db8::2");
  for (Association& sa : config.sas) sa.plain = true;
  return config;
}

/// ESP packet of a frame, SPI to ICV.
Bytes esp_of(View frame) {
  const Dissected at = dissect(frame);
  const View packet = part(frame, at.esp, at.limit - at.esp);
  return {packet.begin(), packet.end()};
}

/// The nested packet of a control frame.
Bytes nested_of(View frame) {
  const Dissected at = dissect(frame);
  const std::size_t head = at.payload + kControlBytes;
  const View packet = part(frame, head, at.limit - head);
  return {packet.begin(), packet.end()};
}

class XfrmTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const Association& sa : config_.sas) {
      line_.send_protected(sa.peer, sa.local, sa.in);
      core_.receive_protected(sa.local, sa.peer, sa.in);
      core_.send_protected(sa.local, sa.peer, sa.out);
      line_.receive_protected(sa.peer, sa.local, sa.out);
    }
  }
  void TearDown() override {
    must(session_.endpoint().close(), "close");
    EXPECT_EQ(rig_.dma_faults(), 0U);
    EXPECT_THAT(rig_.complaints(), testing::IsEmpty());
  }

  [[nodiscard]] IpSocket line_socket(int protocol, const Association& sa) const {
    return line_.socket(protocol, sa.peer, sa.local);
  }
  [[nodiscard]] IpSocket core_socket(int protocol, const Association& sa) const {
    return core_.socket(protocol, sa.local, sa.peer);
  }

  /// Frames of an SPI among those that have left a side.
  std::vector<Bytes> seen(Side side, std::uint32_t spi) {
    const traffic::Run run = session_.result();
    std::vector<Bytes> frames;
    for (const Bytes& frame : side == Side::line ? run.line_out : run.core_out) {
      const Dissected at = dissect(frame);
      if (at.kind == Dissected::Kind::spi && at.wrap.spi == spi) frames.push_back(frame);
    }
    return frames;
  }
  std::vector<Bytes> until_seen(Side side, std::uint32_t spi, std::size_t count) {
    session_.until([&] { return seen(side, spi).size() >= count; }, "frames on the wire");
    return seen(side, spi);
  }
  Bytes until_received(IpSocket& socket) {
    std::optional<Bytes> payload;
    session_.until([&] { return (payload = socket.receive()).has_value(); }, "datagram");
    return *payload;
  }

  const std::uint64_t seed_ = test_seed(kPreset);
  const traffic::Config config_ = sas_of_both_hosts(seed_);
  GuestRig rig_{{}, kCoreNamespace};
  Session session_{rig_, config_};
  KernelHost line_{""};
  KernelHost core_{kCoreNamespace};
  Generator generator_{config_, seed_, kPlainPings};
  Random random_{seed_};
};

TEST_F(XfrmTest, CustomerTrafficPassesWhileItsSasArePinged) {
  constexpr std::size_t kRounds = 10;
  constexpr std::size_t kMostPayload = 1200;
  Reference reference(config_);
  std::vector<Bytes> answers;
  for (std::size_t i = 0; i < config_.sas.size(); ++i) {
    const Association& sa = config_.sas[i];
    IpSocket line = line_socket(next_udp, sa);
    IpSocket core = core_socket(next_udp, sa);
    std::vector<Bytes> inbound;
    std::vector<Bytes> outbound;
    for (std::size_t round = 0; round < kRounds; ++round) {
      line.send(inbound.emplace_back(random_.bytes(random_.between(1, kMostPayload))));
      const Bytes ping = generator_.ping(i, false, 8);
      session_.line(ping);
      core.send(outbound.emplace_back(random_.bytes(random_.between(1, kMostPayload))));
      answers.push_back(reference.process(ping).answer.value().frame());
    }
    for (const Bytes& payload : inbound) EXPECT_EQ(until_received(core), payload);
    for (const Bytes& payload : outbound) EXPECT_EQ(until_received(line), payload);
    EXPECT_EQ(core_.packets(sa.peer, sa.local, sa.in.spi), kRounds);
    EXPECT_EQ(line_.packets(sa.local, sa.peer, sa.out.spi), kRounds);
    EXPECT_EQ(until_seen(Side::core, sa.in.spi, kRounds).size(), kRounds) << "in ESP";
    EXPECT_EQ(until_seen(Side::line, sa.out.spi, kRounds).size(), kRounds) << "in ESP";
  }
  EXPECT_EQ(until_seen(Side::line, config_.control_spi, answers.size()), answers);
  EXPECT_EQ(line_.errors(), 0U);
  EXPECT_EQ(core_.errors(), 0U);
}

TEST_F(XfrmTest, NestedPacketsAreEspToTheKernel) {
  for (std::size_t i = 0; i < config_.sas.size(); ++i) {
    SCOPED_TRACE(config_.sas[i].name);
    const Association& sa = config_.sas[i];
    IpSocket line = line_socket(next_nested_message, sa);
    IpSocket core = core_socket(next_nested_message, sa);
    const Bytes ping = generator_.ping(i, false, 40);
    session_.line(ping);
    const Bytes answer = until_seen(Side::line, config_.control_spi, i + 1).back();

    const Network inwards{.from = sa.peer, .to = sa.local};
    session_.line(ip_frame({.to = kCoreMac, .from = kLineMac}, inwards, next_esp, nested_of(ping)));
    const Bytes request = until_received(core);
    EXPECT_EQ(padded(request), open_nested(sa, sa.in, nested_of(ping)));

    // What the card has sealed, and then with one wrong bit.
    const Network outwards{.from = sa.local, .to = sa.peer};
    Bytes sealed = nested_of(answer);
    session_.core(ip_frame({.to = kLineMac, .from = kCoreMac}, outwards, next_esp, sealed));
    const Bytes reply = until_received(line);
    EXPECT_EQ(get8(reply, 0), sub_reply);
    EXPECT_EQ(Bytes(reply.begin() + kEchoHeader, reply.end()), Bytes(request.begin() + kEchoHeader, request.end()));
    EXPECT_EQ(line_.errors(), i);
    sealed.back() ^= 1;
    session_.core(ip_frame({.to = kLineMac, .from = kCoreMac}, outwards, next_esp, sealed));
    session_.until([&] { return line_.errors() > i; }, "refused by the kernel");
    EXPECT_EQ(line.receive(), std::nullopt);
    EXPECT_EQ(core_.packets(sa.peer, sa.local, sa.in.spi), 1U) << "the request";
    EXPECT_EQ(line_.packets(sa.local, sa.peer, sa.out.spi), 1U) << "the reply, not its damaged copy";
  }
  EXPECT_EQ(line_.errors(), config_.sas.size());
  EXPECT_EQ(core_.errors(), 0U);
}

TEST_F(XfrmTest, OpenDecryptsWhatTheKernelHasSent) {
  for (const Association& sa : config_.sas) {
    SCOPED_TRACE(sa.name);
    const Bytes body = echo_message({.identifier = 1, .sequence = 2, .data = random_.bytes(101)});
    core_socket(next_nested_message, sa).send(body);
    const Bytes packet = esp_of(until_seen(Side::line, sa.out.spi, 1).front());
    EXPECT_EQ(open_natively(sa.out, packet), padded(body));

    Direction other = sa.out;
    other.salt[0] ^= 1;
    EXPECT_EQ(open_natively(other, packet), std::nullopt);
  }
}

}  // namespace
}  // namespace sapulse::test
