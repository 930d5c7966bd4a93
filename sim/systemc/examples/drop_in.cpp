// SPDX-License-Identifier: Apache-2.0
// The card in someone else's platform: a bus with an address map, a RAM, and a processor model that knows nothing of
// libsapulse.
#include <array>
#include <cstdio>
#include <cstring>
#include <systemc>
#include <vector>

#include "sapulse/registers.h"
#include "sapulse/systemc/card_module.h"
#include "sapulse/systemc/frames.h"

namespace {

namespace card = sapulse::systemc;

constexpr sc_dt::uint64 kRamBase = 0x8000'0000;
constexpr sc_dt::uint64 kCardBase = 0x4000'0000;
constexpr sc_dt::uint64 kCardBytes = 0x10000;

/// RAM for the processor and, as host memory, for the card.
class Ram : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<Ram, 32> from_bus{"from_bus"};
  tlm_utils::simple_target_socket<Ram, 512> from_card{"from_card"};

  explicit Ram(const sc_core::sc_module_name& name) : sc_module(name) {
    from_bus.register_b_transport(this, &Ram::access);
    from_card.register_b_transport(this, &Ram::access);
  }

 private:
  void access(tlm::tlm_generic_payload& payload, sc_core::sc_time&) {
    const sc_dt::uint64 offset = payload.get_address() - kRamBase;
    const unsigned length = payload.get_data_length();
    if (offset > bytes_.size() || length > bytes_.size() - offset) {
      payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
      return;
    }
    if (payload.is_read()) std::memcpy(payload.get_data_ptr(), &bytes_[offset], length);
    if (payload.is_write()) std::memcpy(&bytes_[offset], payload.get_data_ptr(), length);
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
  }

  std::vector<unsigned char> bytes_ = std::vector<unsigned char>(1 << 20);
};

/// Decodes addresses: the window of the card, else RAM.
class Bus : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<Bus, 32> from_processor{"from_processor"};
  tlm_utils::simple_initiator_socket<Bus, 32> to_card{"to_card"};
  tlm_utils::simple_initiator_socket<Bus, 32> to_ram{"to_ram"};

  explicit Bus(const sc_core::sc_module_name& name) : sc_module(name) {
    from_processor.register_b_transport(this, &Bus::route);
  }

 private:
  void route(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    const sc_dt::uint64 address = payload.get_address();
    if (address < kCardBase || address >= kCardBase + kCardBytes) {
      to_ram->b_transport(payload, delay);
      return;
    }
    payload.set_address(address - kCardBase);
    to_card->b_transport(payload, delay);
    payload.set_address(address);
  }
};

/// What a driver's first steps look like from a processor's bus.
class Processor : public sc_core::sc_module {
 public:
  tlm_utils::simple_initiator_socket<Processor, 32> bus{"bus"};
  sc_core::sc_out<bool> reset_n{"reset_n"};
  bool good = false;

  explicit Processor(const sc_core::sc_module_name& name) : sc_module(name) {
    SC_HAS_PROCESS(Processor);
    SC_THREAD(run);
  }

 private:
  unsigned access(tlm::tlm_command command, sc_dt::uint64 address, unsigned value = 0) {
    tlm::tlm_generic_payload payload;
    payload.set_command(command);
    payload.set_address(address);
    payload.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
    payload.set_data_length(4);
    payload.set_streaming_width(4);
    sc_core::sc_time delay;
    bus->b_transport(payload, delay);
    wait(delay);
    if (!payload.is_response_ok()) SC_REPORT_ERROR("processor", payload.get_response_string().c_str());
    return value;
  }
  unsigned read(sc_dt::uint64 address) { return access(tlm::TLM_READ_COMMAND, address); }
  void write(sc_dt::uint64 address, unsigned value) { access(tlm::TLM_WRITE_COMMAND, address, value); }

  void run() {
    using namespace sapulse::regs;
    reset_n.write(false);
    wait(100, sc_core::SC_NS);
    reset_n.write(true);
    wait(100, sc_core::SC_NS);
    while (status::kReady.get(read(kCardBase + offset::kStatus)) == 0) wait(1, sc_core::SC_US);
    // A command ring of one entry in RAM, which is all zeros: a NOP.
    write(kCardBase + offset::kCommandBase, kRamBase);
    write(kCardBase + offset::kCommandBase + 4, 0);
    write(kCardBase + offset::kCompletionBase, kRamBase + 0x1000);
    write(kCardBase + offset::kCompletionBase + 4, 0);
    write(kCardBase + offset::kStatusBlock, kRamBase + 0x2000);
    write(kCardBase + offset::kStatusBlock + 4, 0);
    write(kCardBase + offset::kRingEnable, ring_enable::kCommand.mask());
    write(kCardBase + offset::kCommandProducer, 1);
    while (read(kRamBase + 0x2004) == 0) wait(1, sc_core::SC_US);  // completions written, in the status block
    good = read(kCardBase + offset::kId) == kDeviceId;
    std::printf("card found at %#llx, NOP completed at %s\n", static_cast<unsigned long long>(kCardBase),
                sc_core::sc_time_stamp().to_string().c_str());
    sc_core::sc_stop();
  }
};

}  // namespace

int sc_main(int, char**) {
  card::CardModuleOptions options;
  options.card.model = sapulse::sim::ModelKind::fast;  // rtl: cycle accurate, and a clock on `clk`
  card::CardModule sapulse("sapulse", options);
  Processor processor("processor");
  Bus bus("bus");
  Ram ram("ram");
  card::FrameSource network_in("network_in"), gateway_in("gateway_in");
  card::FrameSink network_out("network_out"), gateway_out("gateway_out");
  sc_core::sc_signal<bool> clk, reset_n;
  sc_core::sc_vector<sc_core::sc_signal<bool>> irq("irq", card::kInterruptCount);

  processor.bus.bind(bus.from_processor);
  processor.reset_n.bind(reset_n);
  bus.to_ram.bind(ram.from_bus);
  bus.to_card.bind(sapulse.registers);
  sapulse.memory.bind(ram.from_card);
  network_in.out.bind(sapulse.line_rx);
  sapulse.line_tx.bind(network_out.in);
  gateway_in.out.bind(sapulse.core_rx);
  sapulse.core_tx.bind(gateway_out.in);
  sapulse.clk.bind(clk);
  sapulse.reset_n.bind(reset_n);
  sapulse.irq.bind(irq);

  sc_core::sc_start();
  return processor.good && sapulse.protocol_violations().empty() ? 0 : 1;
}
