// SPDX-License-Identifier: Apache-2.0
// How Ethernet frames travel over TLM-2.0 sockets.
//
// A frame is one generic payload: command WRITE, address 0, data the whole frame without preamble and FCS (first byte
// first), streaming width its length, no byte enables. It is there when its last beat is: the annotated delay counts
// until then.
#pragma once

#include <cstdint>
#include <tlm>

namespace sapulse::systemc {

/// What a MAC knows of a frame besides its bytes. May be missing: a good frame. Ignorable, as TLM-2.0 wants it.
struct FrameExtension : tlm::tlm_extension<FrameExtension> {
  bool bad = false;               ///< the MAC has found the frame damaged
  std::uint64_t first_cycle = 0;  ///< card to MAC: cycle of the card in which its first beat left

  [[nodiscard]] tlm::tlm_extension_base* clone() const override { return new FrameExtension(*this); }
  void copy_from(const tlm::tlm_extension_base& other) override {
    const auto& frame = static_cast<const FrameExtension&>(other);
    bad = frame.bad;
    first_cycle = frame.first_cycle;
  }
};

}  // namespace sapulse::systemc
