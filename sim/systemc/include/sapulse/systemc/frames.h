// SPDX-License-Identifier: Apache-2.0
// What one binds to the frame sockets of a card: a link with delay, a source, a sink.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <cstddef>
#include <deque>
#include <span>
#include <systemc>
#include <vector>

namespace sapulse::systemc {

using Frame = std::vector<std::byte>;

/// Takes whole frames.
class FrameSink : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<FrameSink, 512> in{"in"};

  explicit FrameSink(const sc_core::sc_module_name& name);
  /// Takes the frames that have come since the last call.
  [[nodiscard]] std::vector<Frame> take();

 private:
  void receive(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  std::vector<Frame> frames_;
};

/// Offers frames. Unused, it stands for a port with nothing behind it.
class FrameSource : public sc_core::sc_module {
 public:
  tlm_utils::simple_initiator_socket<FrameSource, 512> out{"out"};

  explicit FrameSource(const sc_core::sc_module_name& name);
  /// From an SC_THREAD. False: it was refused.
  bool send(Frame frame);
};

/// A one-way link: each frame comes out `delay` after it went in, unchanged and in order.
class Link : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<Link, 512> in{"in"};
  tlm_utils::simple_initiator_socket<Link, 512> out{"out"};

  Link(const sc_core::sc_module_name& name, const sc_core::sc_time& delay);

 private:
  struct UnderWay {
    Frame frame;
    sc_core::sc_time due;
  };
  void receive(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  void run();

  sc_core::sc_time delay_;
  std::deque<UnderWay> under_way_;
  sc_core::sc_event arrived_;
};

}  // namespace sapulse::systemc
