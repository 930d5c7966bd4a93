// SPDX-License-Identifier: Apache-2.0
#include "sapulse/systemc/frames.h"

#include <utility>

namespace sapulse::systemc {
namespace {

/// The frame of a payload as frame_extension.h wants it; an empty one, and an error response, for any other.
Frame accept(tlm::tlm_generic_payload& payload) {
  tlm::tlm_response_status status = tlm::TLM_OK_RESPONSE;
  if (payload.get_byte_enable_ptr() != nullptr) {
    status = tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
  } else if (!payload.is_write()) {
    status = tlm::TLM_COMMAND_ERROR_RESPONSE;
  } else if (payload.get_streaming_width() < payload.get_data_length()) {
    status = tlm::TLM_BURST_ERROR_RESPONSE;
  }
  payload.set_response_status(status);
  if (status != tlm::TLM_OK_RESPONSE) return {};
  const auto* bytes = reinterpret_cast<const std::byte*>(payload.get_data_ptr());
  return {bytes, bytes + payload.get_data_length()};
}

template <class Socket>
bool offer(Socket& socket, Frame& frame) {
  tlm::tlm_generic_payload payload;
  payload.set_command(tlm::TLM_WRITE_COMMAND);
  payload.set_data_ptr(reinterpret_cast<unsigned char*>(frame.data()));
  payload.set_data_length(static_cast<unsigned>(frame.size()));
  payload.set_streaming_width(static_cast<unsigned>(frame.size()));
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  socket->b_transport(payload, delay);
  return payload.is_response_ok();
}

}  // namespace

FrameSink::FrameSink(const sc_core::sc_module_name& name) : sc_module(name) {
  in.register_b_transport(this, &FrameSink::receive);
}

void FrameSink::receive(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  (void)delay;
  Frame frame = accept(payload);
  if (!frame.empty()) frames_.push_back(std::move(frame));
}

std::vector<Frame> FrameSink::take() { return std::exchange(frames_, {}); }

FrameSource::FrameSource(const sc_core::sc_module_name& name) : sc_module(name) {}
bool FrameSource::send(Frame frame) { return offer(out, frame); }

Link::Link(const sc_core::sc_module_name& name, const sc_core::sc_time& delay) : sc_module(name), delay_(delay) {
  in.register_b_transport(this, &Link::receive);
  SC_HAS_PROCESS(Link);
  SC_THREAD(run);
  set_stack_size(std::size_t{1} << 20);  // what is behind the link may be a Verilated card
}

void Link::receive(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  Frame frame = accept(payload);
  if (frame.empty() || (filter_ && filter_(frame))) return;
  under_way_.push_back({std::move(frame), sc_core::sc_time_stamp() + delay + delay_});
  arrived_.notify(sc_core::SC_ZERO_TIME);
}

void Link::run() {
  for (;;) {
    while (under_way_.empty()) wait(arrived_);
    const sc_core::sc_time& now = sc_core::sc_time_stamp();
    if (under_way_.front().due > now) wait(under_way_.front().due - now);
    Frame frame = std::move(under_way_.front().frame);
    under_way_.pop_front();
    offer(out, frame);
  }
}

}  // namespace sapulse::systemc
