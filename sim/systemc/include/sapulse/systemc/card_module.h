// SPDX-License-Identifier: Apache-2.0
// The card as a SystemC module with TLM-2.0 sockets.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <systemc>
#include <vector>

#include "sapulse/registers.h"
#include "sapulse/sim/card.h"
#include "sapulse/systemc/protocol_checker.h"

namespace sapulse::systemc {

inline constexpr unsigned kRegisterBusBits = 32;
inline constexpr unsigned kMemoryBusBits = 512;
inline constexpr unsigned kFrameBusBits = 512;
inline constexpr unsigned kInterruptCount = regs::interrupt_status::kBits;

struct CardModuleOptions {
  /// `card.model`: rtl is cycle accurate, fast loosely timed. `card.clock_mhz`: of the assumed clock.
  sim::CardOptions card{};
  /// Loosely timed: how far the rest of the platform runs ahead of the card; frames and interrupts appear at its
  /// multiples. Ignored when cycle accurate.
  sc_core::sc_time quantum{1, sc_core::SC_US};
};

/// Sockets (each behind a protocol checker of its own):
///   registers  target, 32-bit accesses, little-endian; DMI, bursts and byte enables are refused
///   memory     initiator, accesses of the card to host memory, up to 9216 bytes; no byte enables
///   line_rx, core_rx  target, line_tx, core_tx  initiator: frames, see FrameExtension
/// Ports: clk (rising edges; cycle accurate only, else it may be bound to a signal that never changes), reset_n
/// (active low; while it is low the card stands still, its falling edge resets it), irq (levels, as INTERRUPT_STATUS).
///
/// Time the card takes for a register access is added to the annotated delay. Its memory latency is that of
/// CardOptions; delays that memory annotates are not added. Violations are reported as warnings.
class CardModule : public sc_core::sc_module, private sim::DmaTarget {
 private:
  // Before the sockets that are part of them.
  ProtocolChecker<kRegisterBusBits> registers_checker_{"registers_checker"};
  ProtocolChecker<kMemoryBusBits> memory_checker_{"memory_checker"};
  ProtocolChecker<kFrameBusBits> line_rx_checker_{"line_rx_checker"};
  ProtocolChecker<kFrameBusBits> core_rx_checker_{"core_rx_checker"};
  ProtocolChecker<kFrameBusBits> line_tx_checker_{"line_tx_checker"};
  ProtocolChecker<kFrameBusBits> core_tx_checker_{"core_tx_checker"};

 public:
  sc_core::sc_in<bool> clk{"clk"};
  sc_core::sc_in<bool> reset_n{"reset_n"};
  sc_core::sc_vector<sc_core::sc_out<bool>> irq{"irq", kInterruptCount};
  tlm::tlm_target_socket<kRegisterBusBits>& registers = registers_checker_.in;
  tlm::tlm_initiator_socket<kMemoryBusBits>& memory = memory_checker_.out;
  tlm::tlm_target_socket<kFrameBusBits>& line_rx = line_rx_checker_.in;
  tlm::tlm_target_socket<kFrameBusBits>& core_rx = core_rx_checker_.in;
  tlm::tlm_initiator_socket<kFrameBusBits>& line_tx = line_tx_checker_.out;
  tlm::tlm_initiator_socket<kFrameBusBits>& core_tx = core_tx_checker_.out;

  /// Options that make no card are an SC_REPORT_FATAL, as a wrong construction is in SystemC.
  CardModule(const sc_core::sc_module_name& name, const CardModuleOptions& options);
  ~CardModule() override;

  /// The card behind the sockets, for its counts and violations.
  [[nodiscard]] const sim::Card& card() const { return *card_; }
  /// Time of a clock cycle.
  [[nodiscard]] sc_core::sc_time period() const { return period_; }
  /// Rules of TLM-2.0 that have been broken at any of the sockets, by either side.
  [[nodiscard]] std::vector<std::string> protocol_violations() const;
  /// Transactions completed at all sockets.
  [[nodiscard]] std::uint64_t transactions() const;

 private:
  using Payload = tlm::tlm_generic_payload;
  using Time = sc_core::sc_time;

  void run();
  void note_reset();
  void drive_interrupts();
  void access_register(Payload& payload, Time& delay);
  tlm::tlm_response_status carry_out(Payload& payload);
  void receive(int port, Payload& payload, Time& delay);

  bool read(std::uint64_t iova, std::span<std::byte> data) override;
  bool write(std::uint64_t iova, std::span<const std::byte> data) override;
  bool access_memory(tlm::tlm_command command, std::uint64_t iova, std::span<std::byte> data);

  void occupy();
  void release();
  /// Lets the card reach a moment, unless it is held in reset; it is occupied.
  void catch_up(const Time& moment);
  void send_frames(sim::Port port);
  void report_violations();
  [[nodiscard]] std::array<const TransactionRules*, 6> rules() const;

  std::unique_ptr<sim::Card> card_;
  Time quantum_;
  Time period_;
  bool cycle_accurate_;
  // Cycle `origin_cycle_` of the card begins at `origin_`.
  Time origin_ = sc_core::SC_ZERO_TIME;
  std::uint64_t origin_cycle_ = 0;
  bool reset_pending_ = false;
  bool occupied_ = false;  // a process is inside the card, perhaps waiting for memory
  sc_core::sc_event released_;
  sc_core::sc_event interrupts_changed_;
  std::size_t reported_ = 0;  // violations of the card

  tlm_utils::simple_target_socket<CardModule, kRegisterBusBits> register_target_{"register_target"};
  tlm_utils::simple_initiator_socket<CardModule, kMemoryBusBits> memory_initiator_{"memory_initiator"};
  tlm_utils::simple_target_socket_tagged<CardModule, kFrameBusBits> line_rx_target_{"line_rx_target"};
  tlm_utils::simple_target_socket_tagged<CardModule, kFrameBusBits> core_rx_target_{"core_rx_target"};
  tlm_utils::simple_initiator_socket<CardModule, kFrameBusBits> line_tx_initiator_{"line_tx_initiator"};
  tlm_utils::simple_initiator_socket<CardModule, kFrameBusBits> core_tx_initiator_{"core_tx_initiator"};
};

}  // namespace sapulse::systemc
