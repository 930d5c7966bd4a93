// SPDX-License-Identifier: Apache-2.0
// Entries of a card's rings, and ICMP packets inside of exceptions. The first byte chooses: exception, event or packet.
#include <cstddef>
#include <cstdint>
#include <span>

#include "icmp.h"
#include "packet.h"
#include "sapulse/event.h"
#include "sapulse/exception.h"

namespace {

using namespace sapulse;

void exception_entry(std::span<const std::uint8_t> bytes) {
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::span bytes(data + 1, size - 1);
  switch (data[0] % 3) {
    case 0:
      exception_entry(bytes);
      break;
    case 1:
      (void)decode_event(std::as_bytes(bytes));
      break;
    default:
      (void)parse_icmp_failure(bytes);
      (void)parse_icmp_failure(ipv4_packet(bytes));
  }
  return 0;
}
