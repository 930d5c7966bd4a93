// SPDX-License-Identifier: Apache-2.0
// A card of a virtual platform as a Device, for libsapulse on a host that is part of the platform.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include <tlm_utils/tlm_quantumkeeper.h>

#include <memory>
#include <string>
#include <systemc>

#include "sapulse/device.h"
#include "sapulse/registers.h"

namespace sapulse::model {
class HostMemory;
}

namespace sapulse::systemc {

/// The host's side of a card: bus, memory and interrupts. Bind `registers`, `memory`, `irq` and `reset_n` to those of a
/// CardModule, or to whatever stands between.
///
/// The functions of Device let simulated time pass, so they must be called from an SC_THREAD, one at a time. The thread
/// runs ahead of the rest of the platform by tlm_global_quantum.
class TlmDevice final : public sc_core::sc_module, public Device {
 public:
  tlm_utils::simple_initiator_socket<TlmDevice, 32> registers{"registers"};
  tlm_utils::simple_target_socket<TlmDevice, 512> memory{"memory"};
  sc_core::sc_vector<sc_core::sc_in<bool>> irq{"irq", regs::interrupt_status::kBits};
  sc_core::sc_out<bool> reset_n{"reset_n"};

  /// `period`: of the card's clock. The card is held in reset until the first reset().
  TlmDevice(const sc_core::sc_module_name& name, const sc_core::sc_time& period);
  ~TlmDevice() override;

  [[nodiscard]] std::string name() const override { return sc_module::name(); }
  [[nodiscard]] bool is_simulated() const override { return true; }
  Result<std::uint32_t> read32(std::uint32_t offset) override;
  Result<void> write32(std::uint32_t offset, std::uint32_t value) override;
  Result<std::unique_ptr<DmaBuffer>> allocate_dma(std::size_t bytes, std::size_t alignment) override;
  /// Memory and registers change only inside calls of the simulation's one thread: nothing can be reordered.
  void barrier() override {}
  Result<bool> wait_interrupt(unsigned vector, std::chrono::nanoseconds timeout) override;
  /// Also reports accesses of the card to memory it does not have: dma_fault with the address.
  Result<void> relax() override;
  Result<void> reset() override;

  /// Accesses of the card that were refused so far.
  [[nodiscard]] std::uint64_t faults() const { return faults_; }

 private:
  class Buffer;

  Result<void> access(tlm::tlm_command command, std::uint32_t offset, std::uint32_t& value);
  void serve_memory(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  Result<void> check_fault();

  sc_core::sc_time period_;
  tlm_utils::tlm_quantumkeeper local_time_;
  std::unique_ptr<model::HostMemory> host_memory_;
  std::string fault_;  // not reported yet
  std::uint64_t faults_ = 0;
};

}  // namespace sapulse::systemc
