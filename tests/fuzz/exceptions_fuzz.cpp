// SPDX-License-Identifier: Apache-2.0
// Everything that reads bytes from the network, the card, the kernel, an IKE daemon or a file, under libFuzzer. The
// first byte chooses the parser.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include "icmp.h"
#include "netlink_message.h"
#include "packet.h"
#include "route_message.h"
#include "sa_record.h"
#include "sapulse/event.h"
#include "sapulse/exception.h"
#include "vici_message.h"
#include "xfrm_message.h"

namespace {

using namespace sapulse;

void exceptions(std::span<const std::uint8_t> bytes) {
  const auto exception = decode_exception(std::as_bytes(bytes));
  if (!exception) return;
  (void)parse_clear_error(*exception);
  (void)parse_protected_error(*exception);
  const auto packet = parse_offending(*exception);
  if (!packet) return;
  // What has been understood can be answered.
  (void)build_error(*packet, {});
  if (!packet->ipv6 && icmp_failure_ip_length(*exception, *packet) <= packet->ip_length) {
    const auto frame = build_icmp_failure(*exception, *packet, IcmpFailureCode::bad_spi);
    (void)parse_icmp_failure(ipv4_packet(frame));
  }
}

void journal(std::span<const std::uint8_t> bytes) {
  const auto decoded = decode_change(bytes);
  // A record has one encoding.
  if (decoded.kind != DecodedChange::Kind::change) return;
  const auto again = encode_change(decoded.change.removed, decoded.change.put);
  if (again.size() > decoded.size) std::abort();
}

void netlink(std::span<const std::uint8_t> datagram) {
  const auto messages = kernel::split_messages(datagram);
  if (!messages) return;
  for (const kernel::NetlinkMessage& message : *messages) {
    (void)kernel::error_of(message);
    (void)kernel::parse_xfrm(message);
    (void)kernel::parse_address(message.payload);
    (void)kernel::parse_link(message.payload);
    (void)kernel::parse_route(message.payload);
    (void)kernel::parse_neighbour(message.payload);
  }
}

void vici(std::span<const std::uint8_t> bytes) {
  const auto packet = sapulse::vici::decode(bytes);
  if (packet) (void)sapulse::vici::child_sas(packet->content);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::span bytes(data + 1, size - 1);
  switch (data[0] % 6) {
    case 0:
      exceptions(bytes);
      break;
    case 1:
      (void)decode_event(std::as_bytes(bytes));
      break;
    case 2:
      (void)parse_icmp_failure(bytes);
      (void)parse_icmp_failure(ipv4_packet(bytes));
      break;
    case 3:
      netlink(bytes);
      break;
    case 4:
      vici(bytes);
      break;
    default:
      journal(bytes);
  }
  return 0;
}
