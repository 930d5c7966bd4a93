// SPDX-License-Identifier: Apache-2.0
// Datagrams of the kernel's XFRM and routing sockets.
#include <cstddef>
#include <cstdint>

#include "netlink_message.h"
#include "route_message.h"
#include "xfrm_message.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sapulse;
  const auto messages = kernel::split_messages({data, size});
  if (!messages) return 0;
  for (const kernel::NetlinkMessage& message : *messages) {
    (void)kernel::error_of(message);
    (void)kernel::parse_xfrm(message);
    (void)kernel::parse_address(message.payload);
    (void)kernel::parse_link(message.payload);
    (void)kernel::parse_route(message.payload);
    (void)kernel::parse_neighbour(message.payload);
  }
  return 0;
}
