// SPDX-License-Identifier: Apache-2.0
// What a software card beside the kernel's own traffic gets to see.
#include <gtest/gtest.h>

#include "patience.h"
#include "sapulse/endpoint.h"
#include "sapulse/net_device.h"
#include "sapulse/registers.h"
#include "support/convert.h"
#include "support/packet_port.h"
#include "support/seed.h"
#include "traffic/dissect.h"
#include "traffic/generator.h"
#include "traffic/reference.h"
#include "veth.h"

namespace sapulse::test {
namespace {

using traffic::Encapsulation;

constexpr std::uint64_t kPreset = 4711;
constexpr unsigned kSas = 8;
const std::vector<std::vector<std::uint32_t>> kTags{{}, {0x81000005}, {0x88a80007, 0x81000005}};

class FilterTest : public testing::Test {
 protected:
  void offer(const traffic::Bytes& frame) { far_.send({&frame, 1}); }

  /// How many of the frames offered since the last call have come up. Frames come up in their order: once the card has
  /// answered the last one, which it always does, no other is on its way.
  std::uint64_t count_come_up() {
    traffic::Bytes last;
    do last = generator_.good("clear echo").frame;
    while (traffic::dissect(last).wrap.kind == Encapsulation::udp);  // the port may be another one by now
    const traffic::Bytes answer = traffic::Reference(config_).judge(last).answer.value().frame();
    offer(last);
    await([&] { return far_.receive() == answer; }, "an answer to the last frame");
    const std::uint64_t all = device_->statistics().front().received - counted_;
    counted_ += all;
    return all - 1;
  }

  const std::uint64_t seed_ = test_seed(kPreset);
  const traffic::Config config_ = traffic::sample_config(seed_, kSas);
  traffic::Generator generator_{config_, seed_};
  Veth cable_{"line", "line-far"};
  PacketPort far_{cable_.other()};
  std::unique_ptr<NetDevice> device_ =
      must(NetDevice::open({.line = cable_.one(), .sa_capacity = 1024}), "software card");
  std::unique_ptr<Endpoint> endpoint_ = must(
      Endpoint::open(*device_, must(parse_config(traffic::to_yaml(config_), "test", 1024, NextField::allowed), "SAs")),
      "endpoint");

 private:
  std::uint64_t counted_ = 0;
};

TEST_F(FilterTest, CustomerPacketsNeverComeUp) {
  constexpr unsigned kEach = 100;
  for (const char* kind : {"customer ESP", "ESP of an unknown SPI", "ESP to another address", "customer AH", "TCP",
                           "UDP", "IKE over UDP 4500", "ARP", "IPv4 fragment", "IPv6 fragment",
                           "ESP in UDP to another port", "odd Ethernet frame"}) {
    for (unsigned i = 0; i < kEach; ++i) {
      offer(generator_.customer(kind).frame);
    }
    EXPECT_EQ(count_come_up(), 0U) << kind;
  }
}

/// Neighbours of what is reserved, in every wrapping.
TEST_F(FilterTest, OnlyReservedSpisComeUp) {
  const auto offer_each = [&](std::uint32_t spi) {
    for (const auto& tags : kTags) {
      for (const std::size_t sa : {0, 2}) {  // one of each IP version
        for (const Encapsulation kind : {Encapsulation::esp, Encapsulation::udp, Encapsulation::ah}) {
          const traffic::Association& pair = config_.sas.at(sa);
          offer(traffic::wrapped_frame({.to = config_.macs.empty() ? traffic::Mac{2} : config_.macs.front(),
                                        .from = traffic::Mac{2, 0, 0, 0, 0, 9},
                                        .tags = tags},
                                       {.from = pair.peer, .to = pair.local}, {.kind = kind, .spi = spi},
                                       traffic::Bytes(40)));
        }
      }
    }
  };
  constexpr std::uint64_t kFrames = 18;
  for (const std::uint32_t spi : {1U, 7U, 253U, 255U}) {
    offer_each(spi);
    EXPECT_EQ(count_come_up(), kFrames) << spi;
  }
  for (const std::uint32_t spi : {0U, 256U, 0x0100'00fdU, 0xffff'ffffU}) {
    offer_each(spi);
    EXPECT_EQ(count_come_up(), 0U) << spi;
  }
}

TEST_F(FilterTest, EveryControlFrameComesUp) {
  std::uint64_t offered = 0;
  for (const std::string& kind : traffic::Generator::good_kinds()) {
    for (unsigned i = 0; i < 50; ++i, ++offered) offer(generator_.good(kind).frame);
  }
  for (std::size_t sa = 0; sa < kSas; ++sa) {
    for (const auto& tags : kTags) {
      for (const Encapsulation wrap : {Encapsulation::esp, Encapsulation::udp, Encapsulation::ah}) {
        for (const std::size_t options : {0, 8, 40}) {
          offer(generator_.ping(sa, {.tags = tags, .wrap = wrap, .options = options}));
          ++offered;
        }
      }
    }
  }
  EXPECT_EQ(count_come_up(), offered);
}

TEST_F(FilterTest, FollowsTheUdpPortOfTheCard) {
  constexpr std::uint32_t kPort = 4600;
  const auto offer_to = [&](unsigned port) {
    const traffic::Association& sa = config_.sas.front();
    offer(traffic::wrapped_frame({.to = traffic::Mac{2}, .from = traffic::Mac{2, 0, 0, 0, 0, 9}},
                                 {.from = sa.peer, .to = sa.local},
                                 {.kind = Encapsulation::udp, .to_port = port, .spi = 253}, traffic::Bytes(40)));
  };
  must(device_->write32(regs::offset::kUdpPort, kPort), "UDP_PORT");
  offer_to(traffic::kNatPort);
  EXPECT_EQ(count_come_up(), 0U);
  offer_to(kPort);
  EXPECT_EQ(count_come_up(), 1U);
}

}  // namespace
}  // namespace sapulse::test
