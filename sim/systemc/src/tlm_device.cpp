// SPDX-License-Identifier: Apache-2.0
#include "sapulse/systemc/tlm_device.h"

#include <fmt/format.h>

#include <utility>

#include "host_memory.h"

namespace sapulse::systemc {
namespace {

constexpr unsigned kRelaxCycles = 32;
constexpr unsigned kResetCycles = 16;

}  // namespace

class TlmDevice::Buffer final : public DmaBuffer {
 public:
  Buffer(model::HostMemory& memory, std::uint64_t iova) : memory_(memory), iova_(iova), bytes_(memory.region(iova)) {}
  ~Buffer() override { memory_.unmap(iova_); }

  [[nodiscard]] std::span<std::byte> bytes() override { return bytes_; }
  [[nodiscard]] std::uint64_t iova() const override { return iova_; }

 private:
  model::HostMemory& memory_;
  std::uint64_t iova_;
  std::span<std::byte> bytes_;
};

TlmDevice::TlmDevice(const sc_core::sc_module_name& name, const sc_core::sc_time& period)
    : sc_module(name), period_(period), host_memory_(std::make_unique<model::HostMemory>()) {
  memory.register_b_transport(this, &TlmDevice::serve_memory);
  reset_n.initialize(false);
}

TlmDevice::~TlmDevice() = default;

Result<void> TlmDevice::access(tlm::tlm_command command, std::uint32_t offset, std::uint32_t& value) {
  if (offset > 0xfffc || offset % 4 != 0) {
    return failure(Errc::invalid_argument, fmt::format("register {:#x}: not a multiple of 4 below 0x10000", offset));
  }
  tlm::tlm_generic_payload payload;
  payload.set_command(command);
  payload.set_address(offset);
  payload.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
  payload.set_data_length(sizeof(value));
  payload.set_streaming_width(sizeof(value));
  sc_core::sc_time delay = local_time_.get_local_time();
  registers->b_transport(payload, delay);
  local_time_.set(delay);
  if (local_time_.need_sync()) local_time_.sync();
  if (payload.is_response_ok()) return {};
  return failure(Errc::device_error,
                 fmt::format("{} register {:#06x}: {}", command == tlm::TLM_READ_COMMAND ? "read of" : "write to",
                             offset, payload.get_response_string()));
}

Result<std::uint32_t> TlmDevice::read32(std::uint32_t offset) {
  std::uint32_t value = 0;
  if (auto done = access(tlm::TLM_READ_COMMAND, offset, value); !done) return tl::unexpected(done.error());
  return value;
}

Result<void> TlmDevice::write32(std::uint32_t offset, std::uint32_t value) {
  return access(tlm::TLM_WRITE_COMMAND, offset, value);
}

Result<std::unique_ptr<DmaBuffer>> TlmDevice::allocate_dma(std::size_t bytes, std::size_t alignment) {
  const auto iova = host_memory_->map(bytes, alignment);
  if (!iova) return tl::unexpected(iova.error());
  return std::make_unique<Buffer>(*host_memory_, *iova);
}

void TlmDevice::serve_memory(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  (void)delay;  // the card counts the latency of memory itself
  if (payload.get_byte_enable_ptr() != nullptr) {
    payload.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
    return;
  }
  if (payload.get_streaming_width() < payload.get_data_length()) {
    payload.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
    return;
  }
  const std::span data(reinterpret_cast<std::byte*>(payload.get_data_ptr()), payload.get_data_length());
  bool good = true;
  if (payload.is_read()) good = host_memory_->read(payload.get_address(), data);
  if (payload.is_write()) good = host_memory_->write(payload.get_address(), data);
  payload.set_response_status(good ? tlm::TLM_OK_RESPONSE : tlm::TLM_ADDRESS_ERROR_RESPONSE);
  if (good) return;
  ++faults_;
  fault_ = fmt::format("{} of {} bytes at IOVA {:#x}", payload.is_read() ? "read" : "write", data.size(),
                       payload.get_address());
}

Result<void> TlmDevice::check_fault() {
  if (fault_.empty()) return {};
  return failure(Errc::dma_fault, std::exchange(fault_, {}));
}

Result<bool> TlmDevice::wait_interrupt(unsigned vector, std::chrono::nanoseconds timeout) {
  if (vector >= irq.size()) {
    return failure(Errc::invalid_argument,
                   fmt::format("interrupt {} does not exist; there are {}", vector, irq.size()));
  }
  local_time_.sync();
  if (!irq[vector].read() && timeout.count() > 0) {
    wait(sc_core::sc_time(static_cast<double>(timeout.count()), sc_core::SC_NS), irq[vector].posedge_event());
  }
  if (auto good = check_fault(); !good) return tl::unexpected(good.error());
  return irq[vector].read();
}

Result<void> TlmDevice::relax() {
  local_time_.inc(period_ * kRelaxCycles);
  if (local_time_.need_sync()) local_time_.sync();
  return check_fault();
}

Result<void> TlmDevice::reset() {
  local_time_.sync();
  reset_n.write(false);
  wait(period_ * kResetCycles);
  reset_n.write(true);
  wait(period_ * kResetCycles);
  fault_.clear();  // of the life before
  return {};
}

}  // namespace sapulse::systemc
