// SPDX-License-Identifier: Apache-2.0
// A virtual platform: two cards back to back, each with a host that runs libsapulse.
#pragma once

#include <functional>
#include <string>
#include <systemc>

#include "sapulse/config.h"
#include "sapulse/systemc/card_module.h"
#include "sapulse/systemc/frames.h"
#include "sapulse/systemc/tlm_device.h"

namespace sapulse::systemc::example {

/// A clock that stands still unless it is wanted.
class GatedClock : public sc_core::sc_module {
 public:
  sc_core::sc_signal<bool> clk{"clk"};

  GatedClock(const sc_core::sc_module_name& name, const sc_core::sc_time& period);
  void set_running(bool running);

 private:
  void run();
  sc_core::sc_time period_;
  bool running_ = false;
  sc_core::sc_event started_;
};

/// A gateway: card, host with its bus and memory, nothing behind the core port.
class Site : public sc_core::sc_module {
 public:
  CardModule card;
  TlmDevice device;
  FrameSink core_out{"core_out"};
  FrameSource core_in{"core_in"};

  Site(const sc_core::sc_module_name& name, const CardModuleOptions& options);

 private:
  sc_core::sc_vector<sc_core::sc_signal<bool>> irq_{"irq_signal", kInterruptCount};
  sc_core::sc_signal<bool> reset_n_{"reset_n"};
};

/// Software of a host, an SC_THREAD.
class Software : public sc_core::sc_module {
 public:
  Software(const sc_core::sc_module_name& name, std::function<void()> body);

 private:
  void run() { body_(); }
  std::function<void()> body_;
};

/// Both sites and the links between their line ports.
class Platform : public sc_core::sc_module {
 public:
  GatedClock clock;
  Site west;
  Site east;
  Link eastward;
  Link westward;

  Platform(const sc_core::sc_module_name& name, const CardModuleOptions& options, const sc_core::sc_time& link_delay);
};

}  // namespace sapulse::systemc::example
