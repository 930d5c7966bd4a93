// SPDX-License-Identifier: Apache-2.0
// Captures, pcap and pcapng, and the link layers of their packets.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "capture.h"
#include "capture_records.h"
#include "link_layer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sapulse::command;
  const auto capture = parse_capture(std::as_bytes(std::span(data, size)));
  if (!capture) return 0;
  std::size_t position = 0;
  for (const CaptureRecord& record : capture->records) {
    // In the order of the file; no packet has more bytes than it is long.
    if (record.position <= position || record.bytes.size() > record.length) std::abort();
    position = record.position;
    if (!link_layer(record.link_type)) continue;
    const auto start = ethernet_start(record.link_type, record.bytes, kDefaultDestination);
    if (start && start->removed > record.bytes.size()) std::abort();
  }
  return 0;
}
