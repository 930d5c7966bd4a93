// SPDX-License-Identifier: Apache-2.0
#include "axil_master.h"

namespace sapulse::sim {

void AxilMaster::start_read(std::uint16_t address) {
  state_ = State::read;
  address_ = address;
  address_pending_ = true;
  address_delay_ = 0;
  response_delay_ = static_cast<unsigned>(random_.between(0, 2));
}

void AxilMaster::start_write(std::uint16_t address, std::uint32_t data) {
  state_ = State::write;
  address_ = address;
  data_ = data;
  address_pending_ = true;
  data_pending_ = true;
  address_delay_ = static_cast<unsigned>(random_.between(0, 2));
  data_delay_ = static_cast<unsigned>(random_.between(0, 2));
  response_delay_ = static_cast<unsigned>(random_.between(0, 2));
}

void AxilMaster::drive(AxilRequest& pins) {
  const bool address = address_pending_ && address_delay_ == 0;
  pins.awvalid = state_ == State::write && address;
  pins.awaddr = address_;
  pins.wvalid = state_ == State::write && data_pending_ && data_delay_ == 0;
  pins.wdata = data_;
  pins.bready = state_ == State::write && response_delay_ == 0;
  pins.arvalid = state_ == State::read && address;
  pins.araddr = address_;
  pins.rready = state_ == State::read && response_delay_ == 0;
}

void AxilMaster::observe(const AxilRequest& request, const AxilResponse& response) {
  if ((request.awvalid && response.awready) || (request.arvalid && response.arready)) address_pending_ = false;
  if (request.wvalid && response.wready) data_pending_ = false;
  if (request.bready && response.bvalid) {
    response_ = response.bresp;
    state_ = State::idle;
  }
  if (request.rready && response.rvalid) {
    data_ = response.rdata;
    response_ = response.rresp;
    state_ = State::idle;
  }
  if (address_delay_ > 0) --address_delay_;
  if (data_delay_ > 0) --data_delay_;
  if (response_delay_ > 0) --response_delay_;
}

}  // namespace sapulse::sim
