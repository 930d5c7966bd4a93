// SPDX-License-Identifier: Apache-2.0
#include "sapulse/systemc/card_module.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "sapulse/systemc/frame_extension.h"

namespace sapulse::systemc {
namespace {

// The Verilated card, and whatever memory does inside an access.
constexpr std::size_t kStackBytes = std::size_t{1} << 20;
constexpr unsigned kRegisterBytes = 4;
constexpr std::uint64_t kRegisterWindow = 0x10000;

sc_core::sc_time period_of(double clock_mhz) { return {1e6 / clock_mhz, sc_core::SC_PS}; }

}  // namespace

CardModule::CardModule(const sc_core::sc_module_name& name, const CardModuleOptions& options)
    : sc_module(name),
      quantum_(options.quantum),
      period_(period_of(options.card.clock_mhz)),
      cycle_accurate_(options.card.model == sim::ModelKind::rtl) {
  auto card = sim::Card::create(options.card, this);
  if (!card) SC_REPORT_FATAL("sapulse/card", card.error().message.c_str());
  card_ = std::move(*card);
  origin_cycle_ = card_->cycle();

  registers_checker_.out.bind(register_target_);
  memory_initiator_.bind(memory_checker_.in);
  line_rx_checker_.out.bind(line_rx_target_);
  core_rx_checker_.out.bind(core_rx_target_);
  line_tx_initiator_.bind(line_tx_checker_.in);
  core_tx_initiator_.bind(core_tx_checker_.in);
  register_target_.register_b_transport(this, &CardModule::access_register);
  line_rx_target_.register_b_transport(this, &CardModule::receive, static_cast<int>(sim::Port::line));
  core_rx_target_.register_b_transport(this, &CardModule::receive, static_cast<int>(sim::Port::core));

  SC_HAS_PROCESS(CardModule);
  SC_THREAD(run);
  set_stack_size(kStackBytes);
  SC_METHOD(note_reset);
  sensitive << reset_n.neg();
  dont_initialize();
  SC_METHOD(drive_interrupts);
  sensitive << interrupts_changed_;
  dont_initialize();
}

CardModule::~CardModule() = default;

void CardModule::run() {
  for (;;) {
    if (reset_pending_) {
      occupy();
      reset_pending_ = false;
      card_->reset();
      release();
    }
    if (!reset_n.read()) {
      wait(reset_n.posedge_event());
      origin_ = sc_core::sc_time_stamp();
      origin_cycle_ = card_->cycle();
      continue;
    }
    if (cycle_accurate_) {
      wait(clk.posedge_event() | reset_n.negedge_event());
    } else {
      wait(quantum_, reset_n.negedge_event());
    }
    occupy();
    catch_up(sc_core::sc_time_stamp());
    send_frames(sim::Port::line);
    send_frames(sim::Port::core);
    release();
  }
}

void CardModule::occupy() {
  while (occupied_) wait(released_);
  occupied_ = true;
}

void CardModule::release() {
  occupied_ = false;
  released_.notify();
  interrupts_changed_.notify(sc_core::SC_ZERO_TIME);
  report_violations();
}

void CardModule::catch_up(const Time& moment) {
  if (!reset_n.read() || moment <= origin_) return;
  const std::uint64_t target = origin_cycle_ + static_cast<std::uint64_t>((moment - origin_) / period_);
  if (target > card_->cycle()) card_->step(target - card_->cycle());
}

void CardModule::note_reset() { reset_pending_ = true; }

void CardModule::drive_interrupts() {
  for (unsigned i = 0; i < kInterruptCount; ++i) irq[i].write((card_->interrupts() >> i & 1) != 0);
}

void CardModule::report_violations() {
  for (; reported_ < card_->violations().size(); ++reported_) {
    SC_REPORT_WARNING("sapulse/card", card_->violations()[reported_].message.c_str());
  }
}

// ---- registers

void CardModule::access_register(Payload& payload, Time& delay) {
  occupy();
  catch_up(sc_core::sc_time_stamp() + delay);
  const std::uint64_t begin = card_->cycle();
  payload.set_response_status(carry_out(payload));
  delay += period_ * static_cast<double>(card_->cycle() - begin);
  release();
}

tlm::tlm_response_status CardModule::carry_out(Payload& payload) {
  if (payload.get_byte_enable_ptr() != nullptr) return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
  if (payload.get_data_length() != kRegisterBytes || payload.get_streaming_width() < kRegisterBytes) {
    return tlm::TLM_BURST_ERROR_RESPONSE;
  }
  const std::uint64_t address = payload.get_address();
  if (address >= kRegisterWindow || address % kRegisterBytes != 0) return tlm::TLM_ADDRESS_ERROR_RESPONSE;
  const auto offset = static_cast<std::uint32_t>(address);
  std::uint32_t value = 0;
  switch (payload.get_command()) {
    case tlm::TLM_READ_COMMAND: {
      const auto read = card_->read32(offset);
      if (!read) return tlm::TLM_ADDRESS_ERROR_RESPONSE;
      value = *read;
      std::memcpy(payload.get_data_ptr(), &value, kRegisterBytes);
      return tlm::TLM_OK_RESPONSE;
    }
    case tlm::TLM_WRITE_COMMAND:
      std::memcpy(&value, payload.get_data_ptr(), kRegisterBytes);
      return card_->write32(offset, value) ? tlm::TLM_OK_RESPONSE : tlm::TLM_ADDRESS_ERROR_RESPONSE;
    default:
      return tlm::TLM_OK_RESPONSE;
  }
}

// ---- host memory

bool CardModule::read(std::uint64_t iova, std::span<std::byte> data) {
  return access_memory(tlm::TLM_READ_COMMAND, iova, data);
}

bool CardModule::write(std::uint64_t iova, std::span<const std::byte> data) {
  std::vector<std::byte> copy(data.begin(), data.end());  // a payload's data is never const
  return access_memory(tlm::TLM_WRITE_COMMAND, iova, copy);
}

bool CardModule::access_memory(tlm::tlm_command command, std::uint64_t iova, std::span<std::byte> data) {
  Payload payload;
  payload.set_command(command);
  payload.set_address(iova);
  payload.set_data_ptr(reinterpret_cast<unsigned char*>(data.data()));
  payload.set_data_length(static_cast<unsigned>(data.size()));
  payload.set_streaming_width(static_cast<unsigned>(data.size()));
  Time delay = sc_core::SC_ZERO_TIME;
  memory_initiator_->b_transport(payload, delay);
  return payload.is_response_ok();
}

// ---- frames

void CardModule::receive(int port, Payload& payload, Time& delay) {
  if (payload.get_byte_enable_ptr() != nullptr) {
    payload.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
    return;
  }
  if (payload.get_command() != tlm::TLM_WRITE_COMMAND) {
    payload.set_response_status(tlm::TLM_COMMAND_ERROR_RESPONSE);
    return;
  }
  if (payload.get_address() != 0) {
    payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    return;
  }
  if (payload.get_streaming_width() < payload.get_data_length()) {
    payload.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
    return;
  }
  occupy();
  catch_up(sc_core::sc_time_stamp() + delay);
  const auto* bytes = reinterpret_cast<const std::byte*>(payload.get_data_ptr());
  const auto* extension = payload.get_extension<FrameExtension>();
  const auto sent = card_->send(static_cast<sim::Port>(port), {bytes, bytes + payload.get_data_length()},
                                extension != nullptr && extension->bad);
  release();
  payload.set_response_status(sent ? tlm::TLM_OK_RESPONSE : tlm::TLM_GENERIC_ERROR_RESPONSE);
}

void CardModule::send_frames(sim::Port port) {
  auto& socket = port == sim::Port::line ? line_tx_initiator_ : core_tx_initiator_;
  for (sim::OutputFrame& frame : card_->take_output(port)) {
    FrameExtension extension;
    extension.bad = frame.bad;
    extension.first_cycle = frame.first_cycle;
    Payload payload;
    payload.set_command(tlm::TLM_WRITE_COMMAND);
    payload.set_address(0);
    payload.set_data_ptr(reinterpret_cast<unsigned char*>(frame.bytes.data()));
    payload.set_data_length(static_cast<unsigned>(frame.bytes.size()));
    payload.set_streaming_width(static_cast<unsigned>(frame.bytes.size()));
    payload.set_extension(&extension);
    Time delay = sc_core::SC_ZERO_TIME;
    socket->b_transport(payload, delay);
    payload.clear_extension(&extension);
  }
}

// ---- protocol

std::array<const TransactionRules*, 6> CardModule::rules() const {
  return {&registers_checker_.rules(), &memory_checker_.rules(),  &line_rx_checker_.rules(),
          &core_rx_checker_.rules(),   &line_tx_checker_.rules(), &core_tx_checker_.rules()};
}

std::vector<std::string> CardModule::protocol_violations() const {
  std::vector<std::string> all;
  for (const TransactionRules* rules : rules()) {
    all.insert(all.end(), rules->violations().begin(), rules->violations().end());
  }
  return all;
}

std::uint64_t CardModule::transactions() const {
  std::uint64_t sum = 0;
  for (const TransactionRules* rules : rules()) sum += rules->completed();
  return sum;
}

}  // namespace sapulse::systemc
