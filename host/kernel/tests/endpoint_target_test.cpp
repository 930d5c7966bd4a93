// SPDX-License-Identifier: Apache-2.0
// What the card of an endpoint can be used for by the follower of the kernel's SAs.
#include <gmock/gmock.h>

#include "asking_card.h"
#include "sa_target.h"

namespace sapulse::kernel::test {
namespace {

using sapulse::test::FakeDevice;
using testing::AllOf;
using testing::HasSubstr;

const IpAddress kOwn = IpAddress::v4(0xc0000201);
const IpAddress kOther = IpAddress::v4(0xc0000202);

class EndpointTargetTest : public testing::Test {
 protected:
  EndpointTargetTest() {
    Config config;
    config.card.local = {kOwn};
    config.card.udp_port = 4444;
    auto opened = Endpoint::open(device_, config);
    if (!opened) throw std::runtime_error(opened.error().message);
    endpoint_ = std::move(*opened);
  }

  FakeDevice device_{2048, 0, FakeDevice::kAll};
  std::unique_ptr<Endpoint> endpoint_;
};

TEST_F(EndpointTargetTest, OnlySasOfTheCardsAddressesCanBeAnswered) {
  const EndpointTarget target(*endpoint_);
  EXPECT_EQ(target.obstacle(kOwn, std::nullopt), "");
  EXPECT_THAT(target.obstacle(kOther, std::nullopt), HasSubstr("192.0.2.2 is not one of the addresses"));
}

TEST_F(EndpointTargetTest, OnlyWithUdpTheOwnPortMustBeTheCards) {
  const EndpointTarget target(*endpoint_);
  Path path;
  path.encapsulation = Encapsulation::udp;
  path.own_port = 4444;
  EXPECT_EQ(target.obstacle(kOwn, path), "");
  path.own_port = 4500;
  EXPECT_THAT(target.obstacle(kOwn, path), AllOf(HasSubstr("UDP port 4500"), HasSubstr("(4444)")));
  path.encapsulation = Encapsulation::esp;
  EXPECT_EQ(target.obstacle(kOwn, path), "");
}

TEST_F(EndpointTargetTest, AddressesOfOtherCardsAreElsewhere) {
  EndpointTarget target(*endpoint_);
  EXPECT_FALSE(target.is_elsewhere(kOther));
  target.set_elsewhere({kOther});
  EXPECT_TRUE(target.is_elsewhere(kOther));
  EXPECT_FALSE(target.is_elsewhere(kOwn));
}

}  // namespace
}  // namespace sapulse::kernel::test
