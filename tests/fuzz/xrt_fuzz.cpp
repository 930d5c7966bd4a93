// SPDX-License-Identifier: Apache-2.0
// What the simulator reads from XRT and from the traffic of a card behind it. The first byte chooses: calls and answers
// with their headers, the fields of a body, or a list of frames.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "frame_list.h"
#include "rpc.h"

namespace {

using namespace sapulse::sim::xrt;

void fields(std::string_view body) {
  const auto parsed = Fields::parse(body);
  if (!parsed) return;
  FieldWriter writer;
  for (unsigned field = 1; field < 16; ++field) {
    writer.number(field, parsed->number(field)).bytes(field, parsed->bytes(field));
  }
  const auto again = Fields::parse(writer.body());
  for (unsigned field = 1; field < 16; ++field) {
    if (!again || again->number(field) != parsed->number(field) || again->bytes(field) != parsed->bytes(field))
      std::abort();
  }
}

void messages(std::string_view text) {
  if (const auto call = parse_call_header(text.substr(0, kCallHeaderBytes))) {
    if (call->bytes > kBodyLimit) std::abort();
    fields(text.substr(kCallHeaderBytes));
  }
  if (const auto bytes = parse_answer_header(text.substr(0, kAnswerHeaderBytes)); bytes && *bytes > kBodyLimit)
    std::abort();
}

void frames(std::span<const std::byte> list) {
  const auto read = read_frames(list);
  if (!read) return;
  std::vector<std::byte> packet;
  for (const auto& frame : *read) {
    if (!append_frame(packet, frame)) return;
  }
  const auto again = read_frames(packet);
  if (!again || *again != *read) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  switch (data[0] % 3) {
    case 0:
      messages(text);
      break;
    case 1:
      fields(text);
      break;
    default:
      frames(std::as_bytes(std::span(data + 1, size - 1)));
  }
  return 0;
}
