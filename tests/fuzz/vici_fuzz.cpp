// SPDX-License-Identifier: Apache-2.0
// Packets of strongSwan's charon.
#include <cstddef>
#include <cstdint>

#include "vici_message.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto packet = sapulse::vici::decode({data, size});
  if (packet) (void)sapulse::vici::child_sas(packet->content);
  return 0;
}
