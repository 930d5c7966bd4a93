// SPDX-License-Identifier: Apache-2.0
#include "axil_master.h"

#include <gtest/gtest.h>

namespace sapulse::sim {
namespace {

/// A register file that takes address and data in either order.
class Registers {
 public:
  AxilResponse drive() const {
    AxilResponse pins;
    pins.awready = !have_address_;
    pins.wready = !have_data_;
    pins.arready = !reading_;
    pins.bvalid = have_address_ && have_data_;
    pins.bresp = address_ == 0xff8 ? 2 : 0;
    pins.rvalid = reading_;
    pins.rdata = value;
    return pins;
  }
  void observe(const AxilRequest& request, const AxilResponse& pins) {
    if (request.awvalid && pins.awready) {
      have_address_ = true;
      address_ = request.awaddr;
      address_first += have_data_ ? 0 : 1;
    }
    if (request.wvalid && pins.wready) {
      have_data_ = true;
      value = request.wdata;
    }
    if (pins.bvalid && request.bready) have_address_ = have_data_ = false;
    if (request.arvalid && pins.arready) reading_ = true;
    if (pins.rvalid && request.rready) reading_ = false;
  }
  std::uint32_t value = 0;
  unsigned address_first = 0;

 private:
  bool have_address_ = false;
  bool have_data_ = false;
  bool reading_ = false;
  std::uint16_t address_ = 0;
};

class AxilMasterTest : public testing::Test {
 protected:
  void finish() {
    for (int i = 0; i < 100 && !master_.idle(); ++i) {
      AxilRequest request;
      master_.drive(request);
      const AxilResponse pins = registers_.drive();
      registers_.observe(request, pins);
      master_.observe(request, pins);
    }
    EXPECT_TRUE(master_.idle());
  }
  AxilMaster master_{3};
  Registers registers_;
};

TEST_F(AxilMasterTest, WritesAndReads) {
  for (std::uint32_t i = 0; i < 200; ++i) {
    master_.start_write(0x10, i);
    finish();
    EXPECT_EQ(master_.response(), 0);
    master_.start_read(0x10);
    finish();
    EXPECT_EQ(master_.data(), i);
  }
  EXPECT_GT(registers_.address_first, 20U) << "address and data must come in both orders";
  EXPECT_LT(registers_.address_first, 180U);
}

TEST_F(AxilMasterTest, PassesErrorResponsesOn) {
  master_.start_write(0xff8, 1);
  finish();
  EXPECT_EQ(master_.response(), 2);
}

}  // namespace
}  // namespace sapulse::sim
