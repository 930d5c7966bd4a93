// SPDX-License-Identifier: Apache-2.0
// What one binds to the frame sockets of a card: a link with delay, a source, a sink.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <cstddef>
#include <deque>
#include <functional>
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

/// A one-way link: each frame comes out `delay` after it went in, unchanged and in order, unless a filter takes it
/// away.
class Link : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<Link, 512> in{"in"};
  tlm_utils::simple_initiator_socket<Link, 512> out{"out"};

  /// True for a frame that shall vanish.
  using Filter = std::function<bool(std::span<const std::byte> frame)>;

  Link(const sc_core::sc_module_name& name, const sc_core::sc_time& delay);
  /// For frames that go in from now on; empty: none vanishes.
  void set_filter(Filter filter) { filter_ = std::move(filter); }

 private:
  struct UnderWay {
    Frame frame;
    sc_core::sc_time due;
  };
  void receive(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  void run();

  sc_core::sc_time delay_;
  Filter filter_;
  std::deque<UnderWay> under_way_;
  sc_core::sc_event arrived_;
};

}  // namespace sapulse::systemc
